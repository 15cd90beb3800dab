"""Rays against triangles: which one each ray meets first, and how far away."""

import ctypes
from functools import cache
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from pinpoint3d.native.library import load

Float64: TypeAlias = NDArray[np.float64]  # this layer stands beside `arrays` and does not know it
Int32: TypeAlias = NDArray[np.int32]
_POINTER, _INT, _INT32, _INT64 = ctypes.c_void_p, ctypes.c_int, ctypes.c_int32, ctypes.c_int64
_ARGUMENTS = {
    "pp_rays_build": [_POINTER, _INT32, _POINTER, _POINTER],
    "pp_rays_cast": [*[_POINTER] * 5, _INT64, _POINTER, _POINTER, _INT],
}
_EDGE = 1e-9  # as in rays.cpp
_NEAREST = 1e-9
_GRAZING = 1e-9
_SLIVER = 1e-7  # sine of the least angle of a triangle that can be met
_TABLE = 2_000_000  # pairs of ray and triangle that the plain path looks at together


class RayCaster:
    """Triangles that rays can be cast at.

    The compiled path walks a tree of boxes; the plain path tries every triangle. Both give the same bits, whatever the
    number of threads.
    """

    def __init__(self, triangles: Float64) -> None:
        """Look at f64 [T, 3, 3], the corners of T triangles.

        Raises:
            ValueError: the array has another shape, or holds a value that is not finite.
        """
        if triangles.ndim != 3 or triangles.shape[1:] != (3, 3) or not np.isfinite(triangles).all():
            raise ValueError(f"triangles of shape {triangles.shape}: expected [T, 3, 3], all finite")
        self.triangles = _without_slivers(triangles)
        self._tree: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None = None
        native = _library()
        if native is not None and len(triangles):
            n = len(triangles)
            nodes = np.empty(n * native.pp_rays_node_bytes(), dtype=np.uint8)
            corners = np.empty(n * native.pp_rays_corner_bytes(), dtype=np.uint8)
            native.pp_rays_build(self.triangles.ctypes.data, n, nodes.ctypes.data, corners.ctypes.data)
            self._tree = nodes, corners

    def cast(
        self, start: Float64, along: Float64, limit: Float64 | None = None, *, threads: int | None = None
    ) -> tuple[Float64, Int32]:
        """What each ray meets first.

        Args:
            start: f64 [R, 3] or [3] for all rays.
            along: f64 [R, 3], of any length.
            limit: f64 [R], how far to look, in lengths of `along`; infinitely far by default.
            threads: how many share the work; as many as PyTorch uses by default.

        Returns:
            Distance f64 [R] in lengths of `along`, infinity where nothing is met, and triangle i32 [R], -1 where
            nothing is met. Of triangles at one distance it is the first.
        """
        along = np.ascontiguousarray(along, dtype=np.float64)
        start = np.ascontiguousarray(np.broadcast_to(start, along.shape), dtype=np.float64)
        far = None if limit is None else np.ascontiguousarray(np.broadcast_to(limit, len(along)), dtype=np.float64)
        native = _library()
        if self._tree is None or native is None:
            return _cast_plainly(self.triangles, start, along, far)
        distance, triangle = np.empty(len(along)), np.empty(len(along), dtype=np.int32)
        native.pp_rays_cast(
            *(part.ctypes.data for part in self._tree),
            start.ctypes.data,
            along.ctypes.data,
            None if far is None else far.ctypes.data,
            len(along),
            distance.ctypes.data,
            triangle.ctypes.data,
            threads or torch.get_num_threads(),
        )
        return distance, triangle


@cache
def _library() -> ctypes.CDLL | None:
    return load("_rays", _ARGUMENTS)


def _cast_plainly(triangles: Float64, start: Float64, along: Float64, limit: Float64 | None) -> tuple[Float64, Int32]:
    """Every ray against every triangle (Moeller and Trumbore, 1997), in the order of operations of rays.cpp."""
    n_rays = len(along)
    distance, triangle = np.full(n_rays, np.inf), np.full(n_rays, -1, dtype=np.int32)
    if limit is not None:
        distance[:] = limit
    if len(triangles) == 0:
        return np.full(n_rays, np.inf), triangle
    at = triangles[:, 0]
    first, second = triangles[:, 1] - at, triangles[:, 2] - at
    normal, length = _cross(first, second), np.sqrt(_dot(along, along))
    area = np.sqrt(_dot(normal, normal))
    step = max(1, _TABLE // len(triangles))
    for begin in range(0, n_rays, step):
        rows = slice(begin, begin + step)
        ray = along[rows, None]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            p = _cross(ray, second)
            volume = _dot(first, p)
            scale = 1.0 / volume
            away = start[rows, None] - at
            u = _dot(away, p) * scale
            q = _cross(away, first)
            v = _dot(ray, q) * scale
            t = _dot(second, q) * scale
            met = (u >= -_EDGE) & (u <= 1 + _EDGE) & (v >= -_EDGE) & (u + v <= 1 + _EDGE) & (t > _NEAREST)
            met &= np.abs(volume) > _GRAZING * area * length[rows, None]
        t = np.where(met, t, np.inf)
        nearest = t.argmin(axis=1)
        found = t[np.arange(len(t)), nearest]
        closer = found < distance[rows]
        triangle[rows] = np.where(closer, nearest, -1)
        distance[rows] = np.where(closer, found, np.inf)
    return distance, triangle


def _without_slivers(triangles: Float64) -> Float64:
    """A copy in which triangles that are next to a line have shrunk to a point, which no ray meets."""
    copy = np.array(triangles, dtype=np.float64, order="C")
    first, second = copy[:, 1] - copy[:, 0], copy[:, 2] - copy[:, 0]
    normal = _cross(first, second)
    longest = np.maximum(_dot(first, first), _dot(second, second))
    thin = _dot(normal, normal) <= _SLIVER**2 * longest * longest
    copy[thin] = copy[thin, :1]
    return copy


def _dot(a: Float64, b: Float64) -> Float64:
    return np.asarray(a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2])


def _cross(a: Float64, b: Float64) -> Float64:
    x = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    y = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    z = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return np.stack([x, y, z], axis=-1)


def plain(caster: RayCaster) -> RayCaster:
    """The same triangles on the plain path, to compare the two."""
    other = RayCaster(np.empty((0, 3, 3)))
    other.triangles = caster.triangles
    return other
