"""The planes a scan stands on or is bounded by: table, floor, walls."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Bool, Float64, Int64

_HYPOTHESES = 300
_THICKNESS = 1.2  # voxels to either side
_AREA = 0.25  # square metres; a smaller plane is the side of an object
_MOST_PLANES = 12
_PARALLEL = 0.8  # cosine between a voxel's normal and its plane's
_HIGH = 4.0  # voxels; what is farther from a plane stands on it
_BEHIND = 0.02  # share of the scene's voxels that may lie behind a plane that bounds it
_NOISE = 4.0  # standard deviations; what is farther from a plane than that is a thing on it, however thin
_DEVIATION = 1.4826  # of normal noise, in median absolute deviations
_THIN = 0.25  # voxels; nothing thinner is a thing, however flat the plane


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane and its voxels.

    Attributes:
        normal: f64 [3], unit length, to the side where more of the scene lies.
        voxels: i64 [M], voxels on the plane, ascending.
    """

    normal: Float64
    voxels: Int64

    def is_seen_from_inside(self, outward: Float64) -> bool:
        """Whether the scan's outward normals, f64 [V, 3], face the rest of the scan, as those of floor and walls do.

        Those of a table top with nothing on it, or of the sides of a cupboard that stands alone, face away.
        """
        return float((outward[self.voxels] @ self.normal).sum()) > 0

    def without_things(self, position: Float64, size: float) -> Int64:
        """i64 [K]: its voxels, of positions f64 [V, 3], but for those farther from it than noise explains.

        The foot of a cabinet and what lies flat on a table are as close to the plane as a voxel is wide.
        """
        height = position[self.voxels] @ self.normal
        off = np.abs(height - np.median(height))
        return self.voxels[off <= max(_NOISE * _DEVIATION * float(np.median(off)), _THIN * size)]


def background_planes(position: Float64, normal: Float64, size: float, most: int = _MOST_PLANES) -> tuple[Plane, ...]:
    """The largest plane, and others that bound the scan; a quarter of a square metre or more, largest first.

    A wall or ceiling has nothing behind it. The side of a cupboard or the top of a second table has.

    RANSAC with one oriented point a hypothesis (Schnabel et al., Efficient RANSAC for Point-Cloud Shape Detection,
    2007), each found plane refitted by least squares. The seed is fixed: the same scan has the same planes.

    Args:
        position: f64 [V, 3], metres.
        normal: f64 [V, 3], unit length, of either sign.
        size: edge of a voxel, metres.
        most: how many planes are looked for.
    """
    rng = np.random.default_rng(0)
    left = np.arange(len(position))
    found: list[Plane] = []
    for _ in range(most):
        if len(left) < 3:
            break
        sample = rng.choice(left, min(len(left), 4_000), replace=False)  # enough to rank hypotheses by
        seeds = rng.choice(sample, _HYPOTHESES)
        on = _on_planes(position[sample], normal[sample], position[seeds], normal[seeds], size)
        best = sample[on[on.sum(axis=1).argmax()]]
        if len(best) < max(3.0, _AREA / size**2 * len(sample) / len(left)):
            break
        centre = position[best].mean(axis=0)
        direction = np.linalg.svd(position[best] - centre, full_matrices=False)[2][2]
        voxels = left[_on_planes(position[left], normal[left], centre[None], direction[None], size)[0]]
        height = (position - centre) @ direction
        above, below = (height > _HIGH * size).sum(), (height < -_HIGH * size).sum()
        if not found or min(above, below) <= _BEHIND * len(position):
            found.append(Plane(direction if above >= below else -direction, voxels))
        left = np.setdiff1d(left, voxels, assume_unique=True)
    return tuple(found)


def _on_planes(position: Float64, normal: Float64, centre: Float64, direction: Float64, size: float) -> Bool:
    """bool [H, V]: which voxels lie on the planes through each centre f64 [H, 3], and turn their way, f64 [H, 3]."""
    height = direction @ position.T - (direction * centre).sum(axis=1)[:, None]
    return np.asarray((np.abs(height) < _THICKNESS * size) & (np.abs(direction @ normal.T) > _PARALLEL))
