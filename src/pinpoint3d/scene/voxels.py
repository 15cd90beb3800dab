"""A scene's occupied voxels and the maps between them and its points."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pinpoint3d.arrays import Float32, Float64, Int32, Int64
from pinpoint3d.errors import SceneError
from pinpoint3d.scene.scene import Scene

T = TypeVar("T", np.uint16, np.int32, np.float32)
_GREY = 0.5  # the network's colour channels for scans without colour: halfway between black and white
_BITS = 21  # three voxel coordinates of 21 bits fill an int64
_GOLDEN = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio, odd: multiplicative hashing (Knuth, TAOCP 3, section 6.4)


@dataclass(frozen=True, eq=False)
class VoxelGrid:
    """The occupied cells of a regular grid, in order of first appearance among the points.

    Attributes:
        size: edge of a voxel in metres.
        grid_coord: i32 [V, 3], `floor(xyz / size)` computed in float64.
        coord: f32 [V, 3], the raw coordinate of the voxel's representative, its first point.
        feat: f32 [V, 3], colour of the representative, 0..1; grey where the scene has no colour.
        voxel_to_point: i64 [V], row of the representative.
        point_to_voxel: i64 [N], -1 for points that are not finite.
    """

    size: float
    grid_coord: Int32
    coord: Float32
    feat: Float32
    voxel_to_point: Int64
    point_to_voxel: Int64

    def __len__(self) -> int:
        return len(self.grid_coord)

    @classmethod
    def from_scene(cls, scene: Scene, size: float) -> "VoxelGrid":
        """Voxelise as the published code does (AGILE3D and PinPoint3D `sparse_quantize`).

        Raises:
            SceneError: no finite point, or the scene spans more than 2^21 voxels along an axis.
        """
        rows = np.flatnonzero(scene.finite)
        if len(rows) == 0:
            raise SceneError(f"{scene.name}: no finite point")
        grid = scene.xyz[rows].astype(np.float64)
        grid /= size
        np.floor(grid, out=grid)
        lower = [column.min() for column in grid.T]  # column by column: a reduction along rows of three is slow
        if max(column.max() - low for column, low in zip(grid.T, lower, strict=True)) >= 2**_BITS:
            x, y, z = scene.extent
            raise SceneError(
                f"{scene.name}: {x:g} x {y:g} x {z:g} m is too large for voxels of {size} m; "
                "check its unit and look for stray points far away"
            )
        key = np.zeros(len(grid), dtype=np.int64)
        for column, low in zip(grid.T, lower, strict=True):
            key <<= _BITS
            key |= (column - low).astype(np.int64)
        first = first_rows(key)
        is_first = first == np.arange(len(first))
        representative = rows[is_first]
        point_to_voxel = np.full(len(scene), -1, dtype=np.int64)
        point_to_voxel[rows] = (np.cumsum(is_first) - 1)[first]
        if scene.rgb is None:
            feat = np.full((len(representative), 3), _GREY, dtype=np.float32)
        else:
            feat = (scene.rgb[representative] / 255.0).astype(np.float32)
        return cls(
            size=size,
            grid_coord=grid[is_first].astype(np.int32),
            coord=scene.xyz[representative],
            feat=feat,
            voxel_to_point=representative,
            point_to_voxel=point_to_voxel,
        )

    def on_points(self, values: NDArray[T], outside: float) -> NDArray[T]:
        """Carry [V] values of voxels to [N] points, of the same type; points without a voxel get `outside`."""
        nearest, lost = self._carry
        carried = values.take(nearest)
        carried[lost] = outside
        return carried

    @cached_property
    def points_per_voxel(self) -> Float64:
        """f64 [V]: how many points lie in every voxel, as a weight."""
        inside = self.point_to_voxel[self.point_to_voxel >= 0]
        return np.bincount(inside, minlength=len(self)).astype(np.float64)

    @cached_property
    def _carry(self) -> tuple[Int64, Int64]:
        """i64 [N]: voxel of every point, any where it has none; and the rows of points that have none."""
        return np.maximum(self.point_to_voxel, 0), np.flatnonzero(self.point_to_voxel < 0)


def first_rows(key: Int64) -> Int64:
    """i64 [N], for each of N keys the row in which it appears first, in time linear in N.

    A hash table filled from the last row to the first, so that a slot keeps the first row that falls into it; keys
    that share a slot with an earlier one fall apart in a later round, under another hash.
    """
    bits = len(key).bit_length()
    row_type = np.int32 if bits < 32 else np.int64  # a small table stays in the cache
    table, rows = np.empty(1 << bits, dtype=row_type), np.arange(len(key), dtype=row_type)
    first = np.empty(len(key), dtype=np.int64)
    remaining, multiplier = key, _GOLDEN
    while len(rows):
        slot = ((remaining.view(np.uint64) * np.uint64(multiplier)) >> np.uint64(64 - bits)).view(np.int64)
        table[slot[::-1]] = rows[::-1]
        owner = table[slot]
        same = key[owner] == remaining
        first[rows] = owner  # those that are not the same are written again
        rows, remaining = rows[~same], remaining[~same]
        multiplier = multiplier * _GOLDEN % 2**64
    return first
