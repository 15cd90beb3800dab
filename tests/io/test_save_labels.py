"""Written and read back: scenes, labels, names, in the order of the points."""

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import laspy
import numpy as np
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d.errors import FileError
from pinpoint3d.io import load_labelled, load_labels, load_scene, save_labels, save_scene
from pinpoint3d.io.formats import LABEL_FORMATS
from pinpoint3d.io.label_runs import labels_to_json
from pinpoint3d.io.labels import mosd, objects_only
from pinpoint3d.scene import Hierarchy, Scene

HOLDS_SCENES = [".ply", ".npz", ".h5", ".las", ".laz", ".xyz", ".csv", ".txt", ".asc"]
HOLDS_LABELS = [".ply", ".npz", ".h5", ".las", ".laz"]
HOLDS_LABELS_ALONE = [suffix for suffix, form in LABEL_FORMATS.items() if form.whole]


def assert_same_labels(left: Hierarchy, right: Hierarchy) -> None:
    np.testing.assert_array_equal(left.object, right.object)
    np.testing.assert_array_equal(left.part, right.part)
    assert left.object.dtype == left.part.dtype == np.int32
    assert left.object_names == right.object_names
    assert left.part_names == right.part_names


@pytest.mark.parametrize("suffix", HOLDS_SCENES)
def test_scenes_come_back(tmp_path: Path, scan: Scene, suffix: str) -> None:
    save_scene(tmp_path / f"scan{suffix}", scan)
    back = load_scene(tmp_path / f"scan{suffix}")
    if suffix in (".las", ".laz"):
        np.testing.assert_allclose(back.xyz, scan.xyz, atol=0.5e-4)
    else:
        np.testing.assert_array_equal(back.xyz, scan.xyz)
    np.testing.assert_array_equal(back.rgb, scan.rgb)
    assert back.name == "scan"


@pytest.mark.parametrize("suffix", [".ply", ".npz", ".h5"])
def test_ply_npz_and_hdf5_keep_everything(tmp_path: Path, scan: Scene, suffix: str) -> None:
    xyz = scan.xyz.copy()
    xyz[5], xyz[6, 1] = np.nan, np.inf
    full = replace(scan, xyz=xyz, faces=np.array([[0, 1, 2], [9, 3, 4]], dtype=np.int32))
    save_scene(tmp_path / f"a{suffix}", full)
    back = load_scene(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(back.xyz, xyz)
    np.testing.assert_array_equal(back.normal, full.normal)
    np.testing.assert_array_equal(back.faces, full.faces)


@pytest.mark.parametrize("suffix", HOLDS_SCENES)
def test_large_offsets_come_back(tmp_path: Path, scan: Scene, suffix: str) -> None:
    world = scan.xyz.astype(np.float64).round(4) * 100 + [500_000, 5_400_000, 12]
    np.save(tmp_path / "utm.npy", world)
    utm = load_scene(tmp_path / "utm.npy")
    save_scene(tmp_path / f"b{suffix}", utm)
    back = load_scene(tmp_path / f"b{suffix}")
    np.testing.assert_array_equal(back.origin, utm.origin)
    if suffix in (".las", ".laz"):
        np.testing.assert_array_equal(back.world().round(4), world.round(4))
    else:
        np.testing.assert_array_equal(back.world(), utm.world())


def test_las_integers_round_trip(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    header = laspy.LasHeader(point_format=0, version="1.2")
    header.scales, header.offsets = np.full(3, 0.001), np.array([500_000.0, 5_400_000.0, 0.0])
    las = laspy.LasData(header)
    las.X, las.Y, las.Z = (rng.integers(0, 1_000_000, 200) for _ in range(3))
    las.write(str(tmp_path / "a.las"))
    save_scene(tmp_path / "b.laz", load_scene(tmp_path / "a.las"))
    back = laspy.read(str(tmp_path / "b.laz"))
    for axis in "xyz":
        np.testing.assert_array_equal(np.rint(back[axis] * 1000), np.rint(las[axis] * 1000))


def test_las_refuses_points_it_cannot_hold(tmp_path: Path, scan: Scene) -> None:
    xyz = scan.xyz.copy()
    xyz[5] = np.nan
    with pytest.raises(FileError, match=r"cannot hold the 1 points without finite coordinates; choose \.ply or \.npz"):
        save_scene(tmp_path / "a.las", replace(scan, xyz=xyz))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [*HOLDS_LABELS, *HOLDS_LABELS_ALONE])
def test_labels_and_names_come_back(tmp_path: Path, scan: Scene, labels: Hierarchy, suffix: str) -> None:
    save_labels(tmp_path / f"a{suffix}", scan, labels)
    assert_same_labels(load_labels(tmp_path / f"a{suffix}"), labels)


@pytest.mark.parametrize("suffix", HOLDS_LABELS_ALONE)
def test_labels_alone_keep_their_order_and_points_without_coordinates(
    tmp_path: Path, scan: Scene, rng: np.random.Generator, suffix: str
) -> None:
    xyz = scan.xyz.copy()
    xyz[3] = np.nan
    objects = rng.integers(0, 4, len(scan)).astype(np.int32)
    parts = np.where(objects > 0, rng.integers(0, 3, len(scan)), 0).astype(np.int32)
    objects[3] = parts[3] = -1
    mixed = Hierarchy(objects, parts, {2: "chair 2"}, {(2, 1): "leg"})
    full = replace(scan, xyz=xyz, faces=np.array([[0, 1, 2], [9, 3, 4], [5, 6, 7]], dtype=np.int32))
    save_labels(tmp_path / f"a{suffix}", full, mixed)
    assert_same_labels(load_labels(tmp_path / f"a{suffix}"), mixed)


def test_semantic_kitti_holds_kinds_and_objects(tmp_path: Path, scan: Scene) -> None:
    objects = np.array([-1, 0, 1, 2, 3, 3, 0, 0, 0, 0, 0, 0], dtype=np.int32)
    labels = Hierarchy(objects, np.minimum(objects, 0), {1: "chair", 2: "table", 3: "chair 2"})
    save_labels(tmp_path / "a.label", scan, labels)
    whole = np.fromfile(tmp_path / "a.label", dtype="<u4")
    assert (whole & 0xFFFF).tolist()[:6] == [0, 1, 2, 3, 2, 2], "both chairs are of one kind"
    assert (whole >> 16).tolist()[:6] == [0, 0, 1, 2, 3, 3]
    assert load_labels(tmp_path / "a.label").object.tolist() == objects.tolist()


def test_glb_opens_with_a_node_a_part(tmp_path: Path, scan: Scene, labels: Hierarchy) -> None:
    save_labels(tmp_path / "a.glb", scan, labels)
    back = trimesh.load_scene(tmp_path / "a.glb")
    assert sum(len(geometry.vertices) for geometry in back.geometry.values()) == len(scan)
    assert set(labels.part_names.values()) <= set(back.graph.nodes)
    np.testing.assert_allclose(
        np.sort(load_scene(tmp_path / "a.glb").xyz, axis=0), np.sort(scan.xyz, axis=0), atol=1e-6
    )


def test_las_classes_are_kinds_of_objects(tmp_path: Path, scan: Scene) -> None:
    objects = np.array([-1, 0, 1, 2, 3, 3, 0, 0, 0, 0, 0, 0], dtype=np.int32)
    labels = Hierarchy(objects, np.minimum(objects, 0), {1: "chair", 2: "table", 3: "chair 2"})
    save_labels(tmp_path / "a.las", scan, labels)
    assert np.asarray(laspy.read(tmp_path / "a.las").classification).tolist()[:6] == [0, 1, 64, 65, 64, 64]


@pytest.mark.parametrize("suffix", HOLDS_LABELS)
@pytest.mark.parametrize("convention", ["pair", "partscan"])
def test_scene_and_labels_in_one_reading(
    tmp_path: Path, scan: Scene, labels: Hierarchy, suffix: str, convention: str
) -> None:
    save_labels(tmp_path / f"a{suffix}", scan, labels, convention=convention)  # type: ignore[arg-type]
    scene, back = load_labelled(tmp_path / f"a{suffix}")
    assert_same_labels(back, labels)
    np.testing.assert_array_equal(scene.rgb, scan.rgb)


def test_partscan_ply_has_the_columns_its_readers_expect(tmp_path: Path, scan: Scene, labels: Hierarchy) -> None:
    save_labels(tmp_path / "a.ply", replace(scan, rgb=None, normal=None), labels, convention="partscan")
    header = (tmp_path / "a.ply").read_bytes().split(b"end_header")[0].decode().splitlines()
    properties = [line.split()[1:] for line in header if line.startswith("property")]
    assert properties == [
        *(["float", axis] for axis in "xyz"),
        *(["uchar", channel] for channel in ("red", "green", "blue")),
        ["int", "label"],
    ]
    scene, _ = load_labelled(tmp_path / "a.ply")
    assert (scene.rgb == 128).all()  # type: ignore[union-attr]


def test_partscan_ends_at_99_parts(tmp_path: Path, scan: Scene) -> None:
    many = Hierarchy(np.ones(12, dtype=np.int32), np.full(12, 100, dtype=np.int32))
    with pytest.raises(FileError, match=r"a\.ply: part id 100: .* write object and part as a pair"):
        save_labels(tmp_path / "a.ply", scan, many, convention="partscan")
    save_labels(tmp_path / "a.ply", scan, many)
    assert_same_labels(load_labels(tmp_path / "a.ply"), many)


def test_labels_of_another_scene_are_refused(tmp_path: Path, scan: Scene) -> None:
    few = Hierarchy(np.ones(3, dtype=np.int32), np.zeros(3, dtype=np.int32))
    with pytest.raises(FileError, match="3 labels for the 12 points of scan"):
        save_labels(tmp_path / "a.ply", scan, few)


def test_json_counts_and_runs(scan: Scene, labels: Hierarchy) -> None:
    content = json.loads(labels_to_json(labels, "scan"))
    assert content["points"] == 12
    assert content["runs"][:3] == [[0, 0, 2], [1, 1, 1], [1, 2, 2]]
    assert content["objects"][0] == {
        "id": 1,
        "name": "chair",
        "points": 3,
        "parts": [{"id": 1, "name": "seat", "points": 1}, {"id": 2, "name": "leg", "points": 2}],
    }
    assert content["objects"][2]["parts"][1] == {"id": 8, "name": None, "points": 1}


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def hierarchies(draw: st.DrawFn) -> Hierarchy:
    pairs = draw(
        st.lists(st.tuples(st.integers(1, 5), st.integers(0, 99)) | st.sampled_from([(0, 0), (-1, -1)]), min_size=2)
    )
    objects = draw(st.dictionaries(st.integers(1, 9), NAMES, max_size=3))
    parts = draw(st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 99)), NAMES, max_size=3))
    array = np.array(pairs, dtype=np.int32)
    return Hierarchy(array[:, 0], array[:, 1], objects, parts)


@pytest.mark.parametrize("suffix", [".ply", ".npz", ".json"])
def test_any_labels_come_back(tmp_path_factory: pytest.TempPathFactory, suffix: str) -> None:
    path = tmp_path_factory.mktemp("labels") / f"a{suffix}"

    @given(hierarchies(), st.sampled_from(["pair", "partscan"]))
    def come_back(labels: Hierarchy, convention: str) -> None:
        xyz = np.arange(len(labels) * 3, dtype=np.float32).reshape(-1, 3) / 8
        save_labels(path, Scene("s", xyz), labels, convention=convention)  # type: ignore[arg-type]
        assert_same_labels(load_labels(path), labels)

    come_back()


def test_conventions_of_one_label_field(tmp_path: Path) -> None:
    codes = np.array([0, 3, 20, 71, 74, 1], dtype=np.int64)
    np.savez(tmp_path / "a.npz", xyz=np.eye(6, 3), label=codes)
    assert load_labels(tmp_path / "a.npz", convention="mosd").object.tolist() == [-1, 0, 2, 7, 7, 0]
    assert load_labels(tmp_path / "a.npz", convention="mosd").part.tolist() == [-1, 0, 0, 0, 0, 0]
    assert load_labels(tmp_path / "a.npz", convention="objects").object.tolist() == codes.tolist()
    with pytest.raises(FileError, match="unknown label convention 'x'; known are partscan, objects, mosd"):
        load_labels(tmp_path / "a.npz", convention="x")
    assert objects_only(np.array([-7, 0, 4])).part.tolist() == [-1, 0, 0]
    assert mosd(np.array([9, 10, 19])).object.tolist() == [0, 0, 0]


def test_a_file_without_labels_says_what_it_has(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", xyz=np.eye(3), segment=np.arange(3))
    with pytest.raises(FileError, match=r"no integer field object or label \(integer fields: segment\)"):
        load_labelled(tmp_path / "a.npz")


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", "no json", '{"runs":[[1,1]],"objects":[],"points":1}', '{"runs":[[1,1,-4]],"objects":[],"points":1}'],
)
def test_json_that_holds_no_labels(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(FileError, match=r"a\.json: holds no labels of this program"):
        load_labels(tmp_path / "a.json")
    (tmp_path / "a.json").write_text('{"runs":[[1,1,3]],"objects":[],"points":4}')
    with pytest.raises(FileError, match="says it has 4 points, its runs make 3"):
        load_labels(tmp_path / "a.json")


def test_unknown_targets_list_the_known(tmp_path: Path, scan: Scene, labels: Hierarchy) -> None:
    with pytest.raises(FileError, match=r"scenes cannot be written as '\.pcd'; choose one of .*\.las.*\.ply"):
        save_scene(tmp_path / "a.pcd", scan)
    with pytest.raises(FileError, match=r"labels cannot be written as '\.xyz'; choose one of .*\.ply, .*\.json"):
        save_labels(tmp_path / "a.xyz", scan, labels)


WRITERS: list[Callable[[Path, Scene, Hierarchy], None]] = [
    lambda path, scene, labels: save_scene(path / "a.ply", scene),
    lambda path, scene, labels: save_labels(path / "a.json", scene, labels),
]


@pytest.mark.parametrize("write", WRITERS)
def test_folders_that_cannot_be_written(
    tmp_path: Path, scan: Scene, labels: Hierarchy, write: Callable[[Path, Scene, Hierarchy], None]
) -> None:
    with pytest.raises(FileError, match="does not exist; make it first"):
        write(tmp_path / "missing", scan, labels)
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError):
        write(tmp_path / "file", scan, labels)


@pytest.mark.parametrize("write", WRITERS)
def test_a_refused_or_full_disk(
    tmp_path: Path,
    scan: Scene,
    labels: Hierarchy,
    write: Callable[[Path, Scene, Hierarchy], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FileError, match="cannot be written: No space left on device"):
        write(tmp_path, scan, labels)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_writing_leaves_the_older_file(tmp_path: Path, scan: Scene) -> None:
    save_scene(tmp_path / "a.las", scan)
    before = (tmp_path / "a.las").read_bytes()
    with pytest.raises(FileError):
        save_scene(tmp_path / "a.las", replace(scan, xyz=np.full((12, 3), np.nan, dtype=np.float32)))
    assert (tmp_path / "a.las").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_real_labels(shared: Path) -> None:
    scene, labels = load_labelled(shared / "data/scans/mosd/test43.pcd", convention="mosd", up="-y")
    assert len(labels) == len(scene)
    assert len(labels.objects()) >= 2
    assert (labels.object == 0).any()
