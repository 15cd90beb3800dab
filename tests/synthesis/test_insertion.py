import numpy as np
import pytest

from pinpoint3d.errors import SceneError
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.families import make_object
from pinpoint3d.synthesis.insertion import insert, supports

HIGH = 0.75  # of the table


@pytest.fixture
def room(rng):
    """A floor of 3 x 3 m and a table top of 1.2 x 0.8 m in its middle, as points 1 cm apart; the table is object 4."""

    def sheet(low, high, z):
        x, y = np.meshgrid(np.arange(low[0], high[0], 0.01), np.arange(low[1], high[1], 0.01))
        return np.column_stack([x.ravel(), y.ravel(), np.full(x.size, z)])

    floor, top = sheet((0, 0), (3, 3), 0.0), sheet((0.9, 1.1), (2.1, 1.9), HIGH)
    xyz = np.concatenate([floor, top]) + rng.normal(0, 0.001, (len(floor) + len(top), 3))
    table = np.repeat([0, 4], [len(floor), len(top)]).astype(np.int32)
    scene = Scene("room", xyz.astype(np.float32), rgb=np.full(xyz.shape, 160, dtype=np.uint8))
    return LabelledScene(scene, Hierarchy(table, (table > 0).astype(np.int32), {4: "table"}, {(4, 1): "top"}))


def test_floor_and_table_carry_things(room, rng):
    found = supports(room.scene.xyz.astype(np.float64), rng)
    assert [round(support.height, 2) for support in found[:2]] == [0.0, HIGH]
    assert len(found[0].xy) * 0.03**2 == pytest.approx(9.0, rel=0.05)


def test_objects_stand_on_what_is_there(room, rng):
    meshes = [make_object("mug", 1), make_object("stool", 2), make_object("bottle", 3)]
    filled, placed = insert(room, meshes, rng)
    labels = filled.labels
    assert [one.design.name for one in placed] == [mesh.name for mesh in meshes]
    assert labels.object_names[4] == "table"
    assert set(labels.objects()) == {4, 5, 6, 7}
    for number, one in enumerate(placed, 5):
        height = one.pose[2, 3]
        assert min(abs(height), abs(height - HIGH)) < 0.005
        low, high = one.mesh.bounds
        own = filled.scene.xyz[labels.object == number]
        assert (own > low - 0.02).all()
        assert (own < high + 0.02).all()
        assert {labels.part_names[number, p] for p in labels.parts(number)} <= set(one.design.part_names.values())


def test_what_an_object_hides_is_gone_and_nothing_else(room, rng):
    eye = np.array([1.5, -0.8, 1.6])
    filled, (box,) = insert(room, [make_object("carton", 4)], rng, eyes=[eye])
    left = {tuple(point) for point in filled.scene.xyz[filled.labels.object != 5].tolist()}
    gone = np.array([point for point in room.scene.xyz.tolist() if tuple(point) not in left])
    assert len(gone) > 50
    low, high = box.mesh.bounds
    # Every hidden point lies in the shadow: on the way to it the ray passes through the box's bounds.
    steps = np.linspace(0, 1, 400)[None, :, None]
    way = eye + steps * (gone[:, None] - eye)
    assert ((way >= low - 1e-3) & (way <= high + 1e-3)).all(axis=2).any(axis=1).all()


def test_density_is_that_of_the_scan(room, rng):
    filled, (one,) = insert(room, [make_object("carton", 4)], rng)
    own = filled.scene.xyz[filled.labels.object == 5]
    top = own[np.abs(own[:, 2] - one.mesh.bounds[1, 2]) < 0.004]
    cells = len(np.unique(np.floor(top[:, :2] / 0.03), axis=0))
    assert len(top) / (cells * 0.03**2) == pytest.approx(1e4, rel=0.6)


def test_a_scan_without_a_level_surface_is_refused(rng):
    wall = np.column_stack([np.zeros(4000), rng.uniform(0, 2, (4000, 2))]).astype(np.float32)
    none = np.zeros(4000, dtype=np.int32)
    with pytest.raises(SceneError, match="is z up"):
        insert(LabelledScene(Scene("wall", wall), Hierarchy(none, none)), [make_object("mug", 1)], rng)
