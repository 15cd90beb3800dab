from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from pinpoint3d.datasets import sample_room as room
from pinpoint3d.io import load_labelled
from pinpoint3d.session import read_clicks
from pinpoint3d.synthesis.rooms.check import check_assembly


@pytest.fixture(scope="module")
def shipped():
    return load_labelled(files("pinpoint3d") / "assets" / "sample_room.ply")


def test_shipped_room_is_small_and_complete(shipped):
    scene, labels = shipped
    assert (files("pinpoint3d") / "assets" / "sample_room.ply").stat().st_size < 3_000_000
    assert 80_000 < len(scene) < 150_000
    parts = {
        labels.object_name(o): {
            labels.part_name(o, p): int(((labels.object == o) & (labels.part == p)).sum()) for p in labels.parts(o)
        }
        for o in labels.objects().tolist()
    }
    assert {name: set(counts) for name, counts in parts.items()} == {
        "table": {"top", "legs"},
        "chair": {"seat", "back", "legs"},
        "cabinet": {"body", "upper drawer", "middle drawer", "lower drawer"},
        "lamp": {"foot", "pole", "shade"},
        "mug": {"body", "handle"},
        "laptop": {"base", "screen"},
        "plant": {"pot", "leaves"},
    }
    assert min(count for counts in parts.values() for count in counts.values()) >= 100


def test_undersides_are_not_seen(shipped):
    scene, labels = shipped
    table = labels.object == 1
    within = (np.abs(scene.xyz[:, :2] - (1.45, 2.05)) < (0.55, 0.27)).all(axis=1)
    z = scene.xyz[table & within & (scene.xyz[:, 2] > 0.68), 2]
    assert (z > 0.74).sum() > 1000
    assert (z < 0.72).sum() == 0


def test_everything_stands_and_nothing_runs_into_another():
    check = check_assembly(room.furnished(np.random.default_rng(0)))
    assert np.abs(check.gaps).max() < 0.01
    assert max(check.overlaps.values(), default=0.0) < 0.01


def test_the_same_seed_makes_the_same_room(monkeypatch):
    monkeypatch.setattr(room, "_CAMERA", replace(room._CAMERA, width=160, height=120))
    monkeypatch.setattr(room, "_CELL", 0.02)
    one, other = (room.sample_room(np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.scene.xyz, other.scene.xyz)
    assert np.array_equal(one.scene.rgb, other.scene.rgb)
    assert len(one.labels.objects()) == len(room.PLACES)


def test_every_click_lies_on_what_it_names(shipped):
    scene, labels = shipped
    requests = read_clicks(files("pinpoint3d") / "assets" / "sample_clicks.json")
    for request in requests:
        near = np.linalg.norm(scene.xyz - request.xyz, axis=1).argmin()
        o, p = int(labels.object[near]), int(labels.part[near])
        if not request.positive:
            assert (labels.object_name(o), labels.part_name(o, p)) != (request.object, request.part)
        elif request.object is None:
            assert o == 0
        else:
            assert labels.object_name(o) == request.object
            assert request.part in (None, labels.part_name(o, p))
