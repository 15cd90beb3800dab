"""Counting the points of labels."""

import numpy as np

from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.session.answers import Answer, OnPoints
from pinpoint3d.session.palette import Palette


def test_labels_carried_from_voxels_count_as_any_others() -> None:
    rng = np.random.default_rng(0)
    xyz = rng.random((5000, 3), dtype=np.float32)
    xyz[::97] = np.nan
    grid = VoxelGrid.from_scene(Scene("cube", xyz), 0.1)
    objects = rng.integers(0, 4, len(grid)).astype(np.int32)
    parts = np.where(objects > 0, rng.integers(0, 3, len(grid)), 0).astype(np.int32)
    answer = Answer(objects, parts, rng.random(len(grid), dtype=np.float32), {})
    carried = answer.on_points(grid, Palette())
    counted = OnPoints(carried.label, carried.confidence, carried.status).totals
    np.testing.assert_array_equal(carried.totals[0], counted[0])
    np.testing.assert_allclose(carried.totals[1], counted[1])
    assert carried.totals[0].sum() == len(xyz)
