"""Faces that no scanner can see from outside, whatever the pose: the inside of a drawer box, a tenon in its hole."""

from dataclasses import replace

import numpy as np

from pinpoint3d.arrays import Bool, Float64
from pinpoint3d.native.rays import RayCaster
from pinpoint3d.synthesis.mesh import PartMesh

_OFF = 1e-4  # of the longest side, how far above a face a ray starts
# Barycentric places from which a face looks out: the middle, then near the corners.
_PLACES = np.array([[1, 1, 1], [8, 1, 1], [1, 8, 1], [1, 1, 8]], dtype=np.float64)
_LARGE = 0.02  # of the longest side; smaller faces look out from their middle alone
_FEW, _MANY = 12, 48  # directions tried for all faces, and for those that none of the few sees


def mark_inner(mesh: PartMesh) -> PartMesh:
    """The same object with its inner faces marked.

    A face is outer when from its middle, of a large face also from near its corners, one of 48 directions on either
    side meets nothing.
    """
    corners = mesh.vertices.astype(np.float64)[mesh.faces]
    caster = RayCaster(corners)
    edges = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    large = edges > _LARGE * float(np.ptp(mesh.bounds, axis=0).max())
    outer = np.zeros(len(corners), dtype=np.bool_)
    for directions, places in ((_spread(_FEW), _PLACES[:1]), (_spread(_MANY), _PLACES)):
        for number, place in enumerate(places / places.sum(axis=1, keepdims=True)):
            hidden = np.flatnonzero(~outer & (large | (number == 0)))
            outer[hidden] = _looks_out(caster, corners[hidden], place, directions)
    return replace(mesh, inner=~outer)


def _looks_out(caster: RayCaster, corners: Float64, place: Float64, directions: Float64) -> Bool:
    """bool [F]: faces f64 [F, 3, 3] from a place on which a direction is free."""
    if not len(corners):
        return np.zeros(0, dtype=np.bool_)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-300)
    side = np.sign(normal @ directions.T)
    extent = float(np.ptp(caster.triangles.reshape(-1, 3), axis=0).max())
    start = np.einsum("k,fkd->fd", place, corners)[:, None] + side[..., None] * normal[:, None] * (_OFF * extent)
    along = np.broadcast_to(directions, start.shape)
    distance, _ = caster.cast(start.reshape(-1, 3), along.reshape(-1, 3))
    return np.asarray(np.isinf(distance).reshape(side.shape).any(axis=1))


def _spread(count: int) -> Float64:
    """f64 [count, 3]: unit directions spread evenly over the sphere (a Fibonacci lattice)."""
    z = 1 - (2 * np.arange(count) + 1) / count
    around = np.pi * (1 + 5**0.5) * np.arange(count)
    flat = np.sqrt(1 - z * z)
    return np.stack([flat * np.cos(around), flat * np.sin(around), z], axis=1)
