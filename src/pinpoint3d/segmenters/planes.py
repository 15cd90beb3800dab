"""The large planes of a scan: table, floor, walls."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Float64, Int64

_HYPOTHESES = 300
_THICKNESS = 1.2  # voxels to either side
_AREA = 0.25  # square metres; a smaller plane is the side of an object
_MOST_PLANES = 12
_PARALLEL = 0.8  # cosine between a voxel's normal and its plane's
_HIGH = 4.0  # voxels; what is farther from a plane stands on it


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane and its voxels.

    Attributes:
        normal: f64 [3], unit length, to the side where more of the scene lies.
        voxels: i64 [M], voxels on the plane, ascending.
    """

    normal: Float64
    voxels: Int64


def dominant_planes(position: Float64, normal: Float64, size: float) -> tuple[Plane, ...]:
    """Planes of a quarter of a square metre or more, largest first.

    RANSAC with one oriented point a hypothesis (Schnabel et al., Efficient RANSAC for Point-Cloud Shape Detection,
    2007), each found plane refitted by least squares. The seed is fixed: the same scan has the same planes.

    Args:
        position: f64 [V, 3], metres.
        normal: f64 [V, 3], unit length, of either sign.
        size: edge of a voxel, metres.
    """
    rng = np.random.default_rng(0)
    left = np.arange(len(position))
    found: list[Plane] = []
    while len(found) < _MOST_PLANES and len(left) > 3:
        best = np.zeros(0, dtype=np.int64)
        sample = rng.choice(left, min(len(left), 4_000), replace=False)  # enough to rank hypotheses by
        for seed in rng.choice(sample, _HYPOTHESES):
            inliers = _inliers(position, normal, sample, position[seed], normal[seed], size)
            if len(inliers) > len(best):
                best = inliers
        if len(best) < max(3.0, _AREA / size**2 * len(sample) / len(left)):
            break
        centre = position[best].mean(axis=0)
        direction = np.linalg.svd(position[best] - centre, full_matrices=False)[2][2]
        voxels = _inliers(position, normal, left, centre, direction, size)
        height = (position - centre) @ direction
        above = (height > _HIGH * size).sum() >= (height < -_HIGH * size).sum()
        found.append(Plane(direction if above else -direction, voxels))
        left = np.setdiff1d(left, voxels, assume_unique=True)
    return tuple(found)


def _inliers(
    position: Float64, normal: Float64, among: Int64, centre: Float64, direction: Float64, size: float
) -> Int64:
    near = np.abs((position[among] - centre) @ direction) < _THICKNESS * size
    return among[near & (np.abs(normal[among] @ direction) > _PARALLEL)]
