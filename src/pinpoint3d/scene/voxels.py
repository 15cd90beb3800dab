"""A scene's occupied voxels and the maps between them and its points."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pinpoint3d.arrays import Float32, Int32, Int64
from pinpoint3d.errors import SceneError
from pinpoint3d.scene.scene import Scene

T = TypeVar("T", np.uint16, np.int32, np.float32)
_GREY = 0.5  # the network's colour channels for scans without colour: halfway between black and white
_BITS = 21  # three voxel coordinates of 21 bits fill an int64


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
        grid = np.floor(scene.xyz[rows].astype(np.float64) / size)
        shifted = grid - grid.min(axis=0)
        if shifted.max() >= 2**_BITS:
            x, y, z = scene.extent
            raise SceneError(
                f"{scene.name}: {x:g} x {y:g} x {z:g} m is too large for voxels of {size} m; "
                "check its unit and look for stray points far away"
            )
        cells = shifted.astype(np.int64)
        key = (cells[:, 0] << 2 * _BITS) | (cells[:, 1] << _BITS) | cells[:, 2]
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        order = np.argsort(first)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        representative = rows[first[order]]
        point_to_voxel = np.full(len(scene), -1, dtype=np.int64)
        point_to_voxel[rows] = rank[inverse.ravel()]
        if scene.rgb is None:
            feat = np.full((len(representative), 3), _GREY, dtype=np.float32)
        else:
            feat = (scene.rgb[representative] / 255.0).astype(np.float32)
        return cls(
            size=size,
            grid_coord=grid[first[order]].astype(np.int32),
            coord=scene.xyz[representative],
            feat=feat,
            voxel_to_point=representative,
            point_to_voxel=point_to_voxel,
        )

    def on_points(self, values: NDArray[T], outside: float) -> NDArray[T]:
        """Carry [V] values of voxels to [N] points, of the same type; points without a voxel get `outside`."""
        nearest, lost = self._carry
        carried = values[nearest]
        carried[lost] = outside
        return carried

    @cached_property
    def _carry(self) -> tuple[Int64, Int64]:
        """i64 [N]: voxel of every point, any where it has none; and the rows of points that have none."""
        return np.maximum(self.point_to_voxel, 0), np.flatnonzero(self.point_to_voxel < 0)
