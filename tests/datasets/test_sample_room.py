from importlib.resources import files

import numpy as np
import pytest

from pinpoint3d.datasets import sample_room as room
from pinpoint3d.datasets.raycast import Box, Cone, Ellipsoid, Solid, cast, turned
from pinpoint3d.io import load_labelled
from pinpoint3d.session import read_clicks


@pytest.fixture(scope="module")
def shipped():
    return load_labelled(files("pinpoint3d") / "assets" / "sample_room.ply")


def test_shipped_room_is_small_and_complete(shipped):
    scene, labels = shipped
    assert (files("pinpoint3d") / "assets" / "sample_room.ply").stat().st_size < 3_000_000
    assert 80_000 < len(scene) < 150_000
    assert dict(labels.object_names) == room.OBJECTS
    assert dict(labels.part_names) == room.PARTS
    for (o, p), name in room.PARTS.items():
        assert ((labels.object == o) & (labels.part == p)).sum() >= 100, name


def test_undersides_are_not_seen(shipped):
    scene, labels = shipped
    table = labels.object == 1
    within = (np.abs(scene.xyz[:, :2] - (1.45, 2.05)) < (0.55, 0.27)).all(axis=1)
    z = scene.xyz[table & within & (scene.xyz[:, 2] > 0.68), 2]
    assert (z > 0.74).sum() > 1000
    assert (z < 0.72).sum() == 0


def test_generator_makes_a_room_of_the_same_kind(monkeypatch):
    monkeypatch.setattr(room, "_PIXELS", (60, 50))
    scene, labels = room.sample_room(np.random.default_rng(5))
    again, _ = room.sample_room(np.random.default_rng(5))
    assert np.array_equal(scene.xyz, again.xyz)
    assert set(labels.objects()) >= {1, 2, 3, 4}
    assert scene.rgb.std() > 20


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


@pytest.mark.parametrize(
    ("shape", "distance"),
    [
        (Box((0.5, 0.5, 0.5)), 1.5),
        (Ellipsoid((0.5, 1.0, 1.0)), 1.5),
        (Cone(0.5, 0.5, 2.0), 1.5),
        (Cone(1.0, 0.0, 2.0), 1.5),
    ],
)
def test_rays_meet_shapes_where_they_should(shape, distance):
    at = (0, 0, -1.0 if isinstance(shape, Cone) else 0.0)
    start = np.array([[2.0, 0, 0], [2.0, 3.0, 0], [-2.0, 0, 0]])
    ray = np.array([[-1.0, 0, 0]] * 3)
    found, which, normal = cast([Solid(shape, at, (1, 1, 1))], start, ray)
    np.testing.assert_allclose(found, [distance, np.inf, np.inf])
    assert which[0] == 0
    assert normal[0, 0] > 0


def test_turning_a_box_turns_its_face():
    long = Solid(Box((1.0, 0.1, 0.1)), (0, 0, 0), (1, 1, 1), turned(yaw=90))
    found, _, _ = cast([long], np.array([[0, 3.0, 0]]), np.array([[0, -1.0, 0]]))
    np.testing.assert_allclose(found, 2.0)
