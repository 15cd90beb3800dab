import json

import numpy as np
import pytest

from pinpoint3d.datasets.partscan import read_list
from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.io import save_labels, save_scene
from pinpoint3d.scene import Hierarchy, Scene


@pytest.fixture
def folder(tmp_path, rng):
    """A folder with two labelled scans."""
    for name in ("b", "a"):
        xyz = rng.uniform(size=(50, 3)).astype(np.float32)
        labels = Hierarchy(
            object=rng.integers(-1, 3, 50, dtype=np.int32), part=np.zeros(50, np.int32), object_names={1: "chair"}
        )
        save_labels(tmp_path / f"{name}.ply", Scene(name, xyz), labels)
    return tmp_path


def test_a_folder_of_scans(folder):
    dataset = open_dataset(f"folder:{folder}")
    assert list(dataset.scenes()) == ["a", "b"]
    labelled = dataset.load("b")
    assert len(labelled.scene) == len(labelled.labels) == 50
    assert labelled.labels.object_names == {1: "chair"}
    assert list(dataset.listed()) == []


@pytest.mark.parametrize("name", ["mosd", "mosd:", "cupboard:/tmp", "/tmp"])
def test_an_unknown_data_set_names_the_known(name):
    with pytest.raises(PinPointError, match="folder, mosd, multiscan, objects, partnet, partscan"):
        open_dataset(name)


def test_a_folder_without_scans(tmp_path):
    with pytest.raises(FileError, match=r"no \.ply file"):
        open_dataset(f"folder:{tmp_path}").scenes()
    with pytest.raises(FileError, match="is no folder"):
        open_dataset(f"folder:{tmp_path / 'nowhere'}").scenes()


def test_a_scan_without_labels_is_named(tmp_path):
    save_scene(tmp_path / "bare.ply", Scene("bare", np.zeros((3, 3), np.float32) + np.eye(3, dtype=np.float32)))
    with pytest.raises(FileError, match=r"bare\.ply.*no integer field object"):
        open_dataset(f"folder:{tmp_path}").load("bare")


def test_table_tops_are_turned_upright(shared):
    dataset = open_dataset(f"mosd:{shared / 'data' / 'scans' / 'mosd'}")
    assert len(dataset.scenes()) == 8
    labelled = dataset.load("test43")
    scene, labels = labelled.scene, labelled.labels
    assert labels.objects().tolist() == [2, 3, 4, 5, 6, 7, 8]
    assert (labels.object[~scene.finite] == -1).all()
    # Seen from a camera, the far end of the table is higher in the picture, and objects rise above the table.
    table = scene.xyz[labels.object == 0]
    assert np.corrcoef(table[:, 1], table[:, 2])[0, 1] > 0.9
    on_table = np.polyfit(table[:, 1], table[:, 2], 1)
    things = scene.xyz[labels.object > 0]
    assert np.median(things[:, 2] - np.polyval(on_table, things[:, 1])) > 0.02


def test_cad_objects_stand_on_a_floor(shared):
    dataset = open_dataset(f"objects:{shared / 'data' / 'objects'}")
    names = list(dataset.scenes())
    assert len(names) == len(set(names)) == 40
    assert not any("islands" in name for name in names)  # their parts are loose pieces that nobody labelled
    labelled, again = dataset.load(names[0]), dataset.load(names[0])
    np.testing.assert_array_equal(labelled.scene.xyz, again.scene.xyz)
    labels, xyz = labelled.labels, labelled.scene.xyz
    assert labels.objects().tolist() == [1]
    assert len(labels.parts(1)) >= 2
    floor = xyz[labels.object == 0]
    assert floor[:, 2].std() == pytest.approx(0.003, rel=0.2)
    assert (np.ptp(floor[:, :2], axis=0) > np.ptp(xyz[labels.object == 1][:, :2], axis=0) + 0.9).all()
    cells = np.floor(xyz.astype(np.float64) / 0.02)
    assert len(np.unique(cells, axis=0)) == len(cells)


def write_list(path, samples):
    path.write_text(json.dumps({key: {"clicks": {}, "obj": codes} for key, codes in samples.items()}, indent=1))


def test_a_published_list_gives_the_samples(tmp_path, rng):
    codes = np.array([3401] * 30 + [3402] * 30 + [0] * 40)
    xyz = rng.uniform(size=(100, 3)).astype(np.float32)
    save_labels(tmp_path / "s_01.ply", Scene("s_01", xyz), Hierarchy.from_codes(codes), convention="partscan")
    write_list(tmp_path / "val_list.json", {"s_01_obj_1_34": {"1": 3402.0, "2": 3401.0}})
    dataset = open_dataset(f"partscan:{tmp_path}")
    assert list(dataset.scenes()) == ["s_01"]
    (sample,) = dataset.listed()
    assert (sample.id, sample.scene, sample.codes) == ("s_01_obj_1_34", "s_01", (3402, 3401))
    assert dataset.load("s_01").labels.parts(34).tolist() == [1, 2]


def test_a_list_that_names_a_missing_scene_says_where(tmp_path, rng):
    save_scene(tmp_path / "here.ply", Scene("here", rng.uniform(size=(9, 3)).astype(np.float32)))
    write_list(tmp_path / "list.json", {"here_obj_1": {"1": 101.0}, "gone_obj_1": {"1": 101.0}})
    lines = (tmp_path / "list.json").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "gone_obj_1" in text)
    with pytest.raises(FileError, match=rf"list\.json:{line}: names scene gone"):
        open_dataset(f"partscan:{tmp_path}").scenes()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "no sound JSON"),
        ("[1, 2]", "no list of samples"),
        ('{\n"kitchen": {"obj": {"1": 101}}}', "list.json:2: sample kitchen is not named"),
        ('{\n\n"a_obj_1": {"clicks": {}}}', "list.json:3: sample a_obj_1 has no labels"),
        ('{"a_obj_1": {"obj": {"1": 101}},\n"a_obj_1": {"obj": {"1": 102}}}', "a second time"),
    ],
)
def test_damaged_lists(tmp_path, text, problem):
    (tmp_path / "list.json").write_text(text)
    with pytest.raises(FileError, match=problem):
        read_list(tmp_path / "list.json")
