"""Points drawn into a z-buffer with NumPy, without a display or a graphics card."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial import KDTree

from pinpoint3d.arrays import Float32, Float64, Int32

_FIELD = 36.0  # vertical field of view in degrees
_NEIGHBOURS = 5
_CHUNK = 100_000


@dataclass(frozen=True, eq=False)
class Camera:
    """A perspective camera.

    Attributes:
        eye: f64 [3], metres.
        axes: f64 [3, 3], unit rows right, down, forward.
        focal: in pixels.
        width, height: of the image in pixels.
    """

    eye: Float64
    axes: Float64
    focal: float
    width: int
    height: int

    @classmethod
    def around(cls, xyz: Float32, azimuth: float, elevation: float, width: int, height: int) -> "Camera":
        """Look at f32 [N, 3] from `azimuth` and `elevation` degrees, as near as keeps every point in view."""
        a, e = np.radians([azimuth, elevation])
        forward = -np.array([np.cos(a) * np.cos(e), np.sin(a) * np.cos(e), np.sin(e)])
        right = np.cross(forward, (0.0, 0.0, 1.0))
        right /= np.linalg.norm(right)
        axes = np.stack([right, np.cross(forward, right), forward])
        tangent = np.tan(np.radians(_FIELD / 2))
        slope = tangent * np.array([width / height, 1.0]) * 0.97
        turned = xyz.astype(np.float64) @ axes.T
        # Each side of the view bounds the eye's distance and shift along that axis; the widest axis decides.
        least, most = turned[:, :2, None], turned[:, 2, None]
        high = (least[..., 0] - most * slope).max(axis=0)
        low = (least[..., 0] + most * slope).min(axis=0)
        back = ((high - low) / (2 * slope)).max()
        shift = (high + low) / 2
        near = turned[:, 2].min() - 1e-2
        eye = np.array([*shift, min(-back, near)])
        return cls(eye @ axes, axes, height / 2 / tangent, width, height)

    def project(self, xyz: Float64) -> tuple[Float64, Float64]:
        """Pixel f64 [M, 2] and depth f64 [M] in metres of f64 [M, 3] points."""
        turned = (xyz - self.eye) @ self.axes.T
        depth = np.maximum(turned[:, 2], 1e-6)
        return turned[:, :2] / depth[:, None] * self.focal + (self.width / 2, self.height / 2), depth


class Splat:
    """Every point a disc wide enough to reach its neighbours.

    Attributes:
        owner: i64 [height, width], the point seen at each pixel, -1 where none is.
        depth: f64 [height, width], metres, infinity where there is no point.
    """

    def __init__(self, camera: Camera, xyz: Float32, spacing: Float64) -> None:
        """Draw f32 [N, 3] points whose neighbours lie `spacing` f64 [N] metres away."""
        self.camera = camera
        pixel, depth = camera.project(xyz.astype(np.float64))
        centre = np.rint(np.clip(pixel, -1e6, 1e6)).astype(np.int32)
        half = np.clip(np.ceil(0.62 * spacing * camera.focal / depth), 1, 14).astype(np.int32)
        owner = np.full(camera.height * camera.width, -1, dtype=np.int64)
        far_first = np.argsort(-depth, kind="stable")  # of what is written to a pixel the last, nearest, stays
        for start in range(0, len(far_first), _CHUNK):
            rows = far_first[start : start + _CHUNK]
            point, dx, dy = _discs(half[rows])
            x, y = centre[rows[point], 0] + dx, centre[rows[point], 1] + dy
            inside = (x >= 0) & (x < camera.width) & (y >= 0) & (y < camera.height)
            owner[(y * camera.width + x)[inside]] = rows[point[inside]]
        self.owner = owner.reshape(camera.height, camera.width)
        self.depth = np.where(self.owner >= 0, depth[self.owner], np.inf)

    @cached_property
    def shade(self) -> Float32:
        """f32 [height, width], 0..1: eye-dome lighting (Boucheny 2009, thesis, chapter 4).

        A pixel darkens by how much nearer than itself its surroundings lie, so that outlines and creases show.
        """
        seen = self.owner >= 0
        # Emptiness lies infinitely far, so it never hides anything.
        log = np.log2(self.depth.astype(np.float32))
        hidden = np.zeros_like(log)
        for reach, weight in ((2, 1.0), (6, 0.7)):
            around = np.pad(log, reach, mode="edge")
            height, width = log.shape
            for dy, dx in ((0, 1), (2, 1), (1, 0), (1, 2)):
                other = around[dy * reach : dy * reach + height, dx * reach : dx * reach + width]
                rise = np.subtract(log, other, out=np.zeros_like(log), where=seen)
                hidden += weight * np.clip(rise - 0.004, 0, 0.06)
        return np.exp(-7.0 * hidden)

    def sees(self, pixel: Float64, depth: float) -> bool:
        """Whether something at a pixel f64 [2] and a depth in metres is in view and not behind points."""
        x, y = np.rint(pixel).astype(int)
        if not (0 <= x < self.camera.width and 0 <= y < self.camera.height):
            return False
        return bool(depth <= self.depth[y, x] * 1.01 + 0.02)


def spacing_of(xyz: Float32) -> Float64:
    """f64 [N]: distance from each of f32 [N, 3] points to its fifth neighbour, in metres; bounded against strays."""
    count = min(_NEIGHBOURS + 1, len(xyz))
    distance = np.asarray(KDTree(xyz).query(xyz, k=[count])[0])[:, 0]
    return np.asarray(np.minimum(distance, 4 * np.median(distance)))


def _discs(half: Int32) -> tuple[Int32, Int32, Int32]:
    """The pixels of discs of radius i32 [P]: which disc, and the offsets x and y from its middle."""
    stencils = [_disc(radius) for radius in range(int(half.max()) + 1)]
    begin = np.cumsum([0, *(len(stencil) for stencil in stencils)], dtype=np.int32)
    count = np.diff(begin)[half]
    point = np.repeat(np.arange(len(half), dtype=np.int32), count)
    ends = np.cumsum(count, dtype=np.int32)
    place = np.arange(ends[-1], dtype=np.int32) + np.repeat(begin[half] - (ends - count), count)
    dx, dy = np.concatenate(stencils)[place].T
    return point, dx, dy


def _disc(radius: int) -> Int32:
    """i32 [M, 2]: the pixels of one disc."""
    offset = np.arange(-radius, radius + 1, dtype=np.int32)
    dx, dy = (grid.ravel() for grid in np.meshgrid(offset, offset))
    return np.stack([dx, dy], axis=1)[dx**2 + dy**2 <= (radius + 0.5) ** 2]
