from dataclasses import replace

import numpy as np
import pytest

from pinpoint3d.datasets.check import check, check_scene
from pinpoint3d.io import save_labels
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene

NAMES = {1: "chair", 2: "table"}
PARTS = {(1, 1): "seat", (2, 1): "top"}


@pytest.fixture
def sound(rng):
    """A floor and two objects of 200 points, the first with a part on half of them."""
    xyz = np.concatenate([rng.uniform(0, 2, (200, 3)) * (1, 1, 0), rng.uniform(0.5, 1, (400, 3))]).astype(np.float32)
    whole = np.repeat([0, 1, 2], 200).astype(np.int32)
    part = np.repeat([0, 1, 0, 1], [200, 100, 100, 200]).astype(np.int32)
    return LabelledScene(Scene("sound", xyz), Hierarchy(whole, part, NAMES, PARTS))


def changed(labelled, row, **values):
    """With some labels of one row changed."""
    arrays = {name: getattr(labelled.labels, name).copy() for name in ("object", "part")}
    for name, value in values.items():
        arrays[name][row] = value
    return replace(labelled, labels=replace(labelled.labels, **arrays))


def told(labelled, fault=True):
    return [problem for problem, is_fault in check_scene(labelled) if is_fault is fault]


def test_a_sound_scan_has_no_finding(sound):
    assert list(check_scene(sound)) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"object": -7}, "object label -7 is out of range at 1 points"),
        ({"part": -2}, "part label -2 is out of range at 1 points"),
        ({"part": 4}, "1 points have a part and no object"),
        ({"object": 3}, "object 3 has no name"),
        ({"object": 1, "part": 9}, r"part 9 of object 1 (chair) has no name"),
    ],
)
def test_labels_that_cannot_be(sound, values, problem):
    assert problem in " ".join(told(changed(sound, 0, **values)))


def test_an_object_too_small_to_click_on(sound):
    labels = sound.labels
    few = replace(labels, object=np.where(np.arange(600) < 595, np.minimum(labels.object, 1), 2).astype(np.int32))
    assert told(replace(sound, labels=few)) == ["object 2 (table) has 5 points, fewer than 10"]


def test_labels_without_any_name_are_a_note(sound):
    bare = replace(sound, labels=replace(sound.labels, object_names={}, part_names={}))
    assert told(bare) == []
    assert told(bare, fault=False) == ["its labels have no names"]


def test_a_scan_without_objects(sound):
    empty = replace(sound, labels=Hierarchy(np.zeros(600, np.int32), np.zeros(600, np.int32)))
    assert told(empty) == ["no point belongs to an object"]


@pytest.mark.parametrize("size_mm", [100, 600, 8000])
def test_a_scan_in_millimetres(sound, size_mm):
    large = replace(sound, scene=replace(sound.scene, xyz=sound.scene.xyz / 2 * size_mm))
    assert [problem for problem in told(large) if "its unit is not metres" in problem]


def test_a_scan_without_coordinates(sound):
    lost = replace(sound, scene=replace(sound.scene, xyz=np.full_like(sound.scene.xyz, np.nan)))
    assert told(lost) == ["has no point with coordinates"]


def save(folder, name, labelled):
    folder.mkdir(exist_ok=True)
    save_labels(folder / f"{name}.ply", labelled.scene, labelled.labels)


def faults(report):
    return [(finding.where, finding.problem) for finding in report.findings if finding.fault]


def moved(labelled, rng, by):
    """The same scan, its points in another order and elsewhere."""
    order = rng.permutation(len(labelled.scene))
    scene, labels = labelled.scene, labelled.labels
    return LabelledScene(
        replace(scene, xyz=scene.xyz[order] + np.float32(by)),
        replace(labels, object=labels.object[order], part=labels.part[order]),
    )


def test_copies_and_leaks_are_named(sound, rng, tmp_path):
    train, test = f"folder:{tmp_path / 'train'}", f"folder:{tmp_path / 'test'}"
    other = replace(sound, scene=replace(sound.scene, xyz=rng.uniform(0, 2, (600, 3)).astype(np.float32)))
    save(tmp_path / "train", "a", sound)
    save(tmp_path / "train", "b", other)
    assert check([train], workers=1).findings == []
    save(tmp_path / "train", "c", moved(sound, rng, 2.0))
    assert faults(check([train], workers=1)) == [(f"{train}/c", f"is there twice: the same scan as {train}/a")]
    save(tmp_path / "test", "z", moved(other, rng, -1.0))
    report = check([train, test], workers=1)
    assert faults(report)[1:] == [(f"{test}/z", f"leaks: the same scan as {train}/b")]
    assert [count.scenes for count in report.counts.values()] == [3, 1]
    assert report.counts[test].points == 600
    assert report.counts[test].parts == 2


def test_an_object_in_two_splits_leaks_and_in_one_is_a_note(sound, rng, tmp_path):
    train, test = f"folder:{tmp_path / 'train'}", f"folder:{tmp_path / 'test'}"
    xyz = rng.uniform(0, 2, (600, 3)).astype(np.float32)
    table = sound.labels.object == 2
    xyz[table] = sound.scene.xyz[table] + np.float32(0.5)
    same_table = replace(sound, scene=replace(sound.scene, xyz=xyz))
    save(tmp_path / "train", "a", sound)
    save(tmp_path / "test", "z", same_table)
    assert faults(check([train, test], workers=1)) == [
        (f"{test}/z", f"leaks: the same points of object 2 as {train}/a")
    ]
    save(tmp_path / "train", "b", same_table)
    report = check([train], workers=1)
    assert report.faults == 0
    assert [finding.problem for finding in report.findings] == [
        f"is there twice: the same points of object 2 as {train}/a"
    ]


def test_two_scans_of_one_room_leak(sound, rng, tmp_path):
    train, test = f"folder:{tmp_path / 'train'}", f"folder:{tmp_path / 'test'}"
    save(tmp_path / "train", "scene0012_00", sound)
    again = replace(sound, scene=replace(sound.scene, xyz=rng.uniform(0, 2, (600, 3)).astype(np.float32)))
    save(tmp_path / "test", "scene0012_01", again)
    (finding,) = check([train, test], workers=1).findings
    assert finding.problem == f"leaks: the same place, by its name, as {train}/scene0012_00"


def test_a_scene_that_cannot_be_read_is_a_finding(sound, tmp_path):
    save(tmp_path / "train", "a", sound)
    (tmp_path / "train" / "b.ply").write_bytes((tmp_path / "train" / "a.ply").read_bytes()[:-50])
    report = check([f"folder:{tmp_path / 'train'}"], workers=1)
    ((where, problem),) = faults(report)
    assert where == f"folder:{tmp_path / 'train'}/b"
    assert "b.ply" in problem
    assert next(iter(report.counts.values())).scenes == 1


def test_a_copy_that_lost_points_and_moved_is_still_a_copy(sound, rng, tmp_path):
    train, test = f"folder:{tmp_path / 'train'}", f"folder:{tmp_path / 'test'}"
    save(tmp_path / "train", "a", sound)
    kept = np.sort(rng.permutation(600)[:570])
    corner = sound.scene.xyz.argmin(axis=0)
    kept = np.union1d(kept, corner)
    scene = replace(sound.scene, xyz=sound.scene.xyz[kept] + np.float32(0.0123))
    labels = replace(sound.labels, object=sound.labels.object[kept], part=sound.labels.part[kept])
    save(tmp_path / "test", "z", LabelledScene(scene, labels))
    (finding,) = check([train, test], workers=1).findings
    assert finding.problem == f"leaks: the same scan as {train}/a"


def test_objects_that_are_alike_are_no_copies(sound, rng, tmp_path):
    """Two scans of one box: the same shape, other points."""
    for name in ("a", "b"):
        xyz = np.concatenate([sound.scene.xyz[:200] + rng.uniform(0, 1), rng.uniform(0.5, 1, (400, 3))])
        save(tmp_path / name, name, replace(sound, scene=replace(sound.scene, xyz=xyz.astype(np.float32))))
    assert check([f"folder:{tmp_path / 'a'}", f"folder:{tmp_path / 'b'}"], workers=1).findings == []
