import numpy as np

from pinpoint3d.synthesis.generate import generate_spread, room_of
from pinpoint3d.synthesis.spread import spread_points


def test_points_fall_evenly_on_every_object_and_the_shell() -> None:
    assembly = room_of(3, 0).assembly
    spread = spread_points(assembly, 500.0, np.random.default_rng(0), "room")
    number = np.bincount(spread.labels.object, minlength=1 + len(assembly.objects))
    area = [float(mesh.outer_area.sum()) for mesh in (assembly.shell, *(one.mesh for one in assembly.objects))]
    np.testing.assert_allclose(number, 500.0 * np.array(area), atol=0.5)


def test_points_lie_on_their_object_and_parts_have_names() -> None:
    spread = generate_spread(3, 1)
    labels = spread.labels
    on_objects = labels.object > 0
    assert on_objects.any()
    pairs = np.unique(np.stack([labels.object, labels.part], axis=1)[on_objects & (labels.part > 0)], axis=0)
    assert all((int(o), int(p)) in labels.part_names for o, p in pairs)


def test_the_same_seed_gives_the_same_points() -> None:
    one, two = generate_spread(3, 2), generate_spread(3, 2)
    np.testing.assert_array_equal(one.scene.xyz, two.scene.xyz)
    np.testing.assert_array_equal(one.labels.part, two.labels.part)
