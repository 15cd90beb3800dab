import json

import numpy as np
import pytest

from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.errors import PinPointError
from pinpoint3d.evaluation.samples import Level, Selection, samples_of
from pinpoint3d.io import save_labels
from pinpoint3d.scene import Hierarchy, Scene


def targets(folder, level, selection, seed=0):
    return {s.id: s.targets for s in samples_of(open_dataset(f"folder:{folder}"), level, selection, seed)}


def test_objects(scans):
    assert targets(scans, Level.OBJECT, Selection.ALL) == {
        "left/all objects": ((1, 0), (2, 0)),
        "right/all objects": ((1, 0), (2, 0)),
    }
    single = targets(scans, Level.OBJECT, Selection.SINGLE)
    assert single["right/object 2"] == ((2, 0),)
    assert len(single) == 4


def test_parts_and_objects_with_their_parts(scans):
    assert targets(scans, Level.PART, Selection.ALL)["left/object 2/all parts"] == ((2, 1), (2, 2))
    assert targets(scans, Level.PART, Selection.SINGLE)["left/object 2/part 1"] == ((2, 1),)
    whole = targets(scans, Level.HIERARCHICAL, Selection.ALL)
    assert whole["left/object 2 and all parts"] == ((2, 0), (2, 1), (2, 2))


def test_random_choices_follow_the_seed_and_hold_two_to_ten(tmp_path, rng):
    for name in "abcdef":
        labels = rng.integers(0, 16, 400).astype(np.int32)
        scene = Scene(name, rng.uniform(size=(400, 3)).astype(np.float32))
        save_labels(tmp_path / f"{name}.ply", scene, Hierarchy(labels, np.zeros_like(labels)))
    once = targets(tmp_path, Level.OBJECT, Selection.RANDOM)
    assert once == targets(tmp_path, Level.OBJECT, Selection.RANDOM)
    assert once != targets(tmp_path, Level.OBJECT, Selection.RANDOM, seed=1)
    sizes = [len(chosen) for chosen in once.values()]
    assert len(sizes) == 6
    assert 2 <= min(sizes) < max(sizes) <= 10


def test_nothing_of_the_level_is_said(tmp_path, rng):
    scene = Scene("bare", rng.uniform(size=(9, 3)).astype(np.float32))
    nothing = np.zeros(9, np.int32)
    save_labels(tmp_path / "bare.ply", scene, Hierarchy(nothing, nothing))
    with pytest.raises(PinPointError, match="labelled object"):
        targets(tmp_path, Level.OBJECT, Selection.ALL)
    with pytest.raises(PinPointError, match="vertex field part"):
        targets(tmp_path, Level.PART, Selection.ALL)


def test_a_published_list_prescribes_the_parts(scans, tmp_path):
    codes = {"left_obj_1_2": {"1": 202.0}, "right_obj_1_1": {"1": 102.0, "2": 101.0}}
    (scans / "list.json").write_text(json.dumps({key: {"obj": obj} for key, obj in codes.items()}))
    samples = list(samples_of(open_dataset(f"partscan:{scans}"), Level.PART, Selection.ALL, 0))
    assert [(s.id, s.scene, s.targets) for s in samples] == [
        ("left_obj_1_2", "left", ((2, 2),)),
        ("right_obj_1_1", "right", ((1, 2), (1, 1))),
    ]
    (scans / "list.json").write_text(json.dumps({"left_obj_2": {"obj": {"1": 101, "2": 201}}}))
    with pytest.raises(PinPointError, match="parts of 2 objects"):
        list(samples_of(open_dataset(f"partscan:{scans}"), Level.PART, Selection.ALL, 0))


def test_a_few_samples_of_every_scene(scans):
    dataset = open_dataset(f"folder:{scans}")
    every = [s.id for s in samples_of(dataset, Level.OBJECT, Selection.SINGLE, 0)]
    few = {seed: [s.id for s in samples_of(dataset, Level.OBJECT, Selection.SINGLE, seed, 1)] for seed in range(8)}
    assert all([sample.split("/")[0] for sample in chosen] == ["left", "right"] for chosen in few.values())
    assert set(few[0]) < set(every)
    assert len({tuple(chosen) for chosen in few.values()}) > 1
    assert [s.id for s in samples_of(dataset, Level.OBJECT, Selection.SINGLE, 0, 9)] == every
