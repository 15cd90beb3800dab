"""Voxels of a scene against a plain sort."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.scene.voxels import first_rows

KEYS = st.one_of(st.integers(0, 5), st.integers(0, 2**63 - 1), st.integers(0, 40).map(lambda i: i << 42))


@given(arrays(np.int64, st.integers(0, 300), elements=KEYS))
def test_first_rows(key: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    assert np.array_equal(first_rows(key), first[inverse])


def test_voxels_in_order_of_first_appearance(rng: np.random.Generator) -> None:
    xyz = rng.normal(size=(5000, 3)).astype(np.float32)
    xyz[7] = np.nan
    grid = VoxelGrid.from_scene(Scene("cloud", xyz), 0.2)
    finite = np.delete(np.arange(5000), 7)
    cells, first, inverse = np.unique(
        np.floor(xyz[finite].astype(np.float64) / 0.2), axis=0, return_index=True, return_inverse=True
    )
    order = np.argsort(first)
    assert np.array_equal(grid.grid_coord, cells[order])
    assert np.array_equal(grid.voxel_to_point, finite[first[order]])
    assert np.array_equal(grid.point_to_voxel[finite], np.argsort(order)[inverse.ravel()])
    assert grid.point_to_voxel[7] == -1
