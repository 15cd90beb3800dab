"""Points on the surfaces of a design, from which places on it and collisions with it are found."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from pinpoint3d.arrays import Bool, Float64, Int64
from pinpoint3d.native.rays import RayCaster
from pinpoint3d.synthesis.mesh import PartMesh

STEP = 0.02  # metres between points on a surface
_LEVEL = 0.004  # metres within which horizontal pieces are one level
_LEAST = 0.006  # square metres that something can stand on
_HEADROOM = 0.05  # metres of air that anything needs over what it stands on
_SKIN = 0.001  # metres above a surface that a ray starts from
_FLAT = 0.985  # cosine of the steepest slope that things stay on


@dataclass(frozen=True, eq=False)
class Level:
    """A horizontal piece of a design that things can stand on.

    Attributes:
        height: metres.
        xy: f64 [M, 2], points on it `STEP` apart or less.
    """

    height: float
    xy: Float64


@lru_cache(maxsize=2048)
def surface_points(mesh: PartMesh) -> tuple[Float64, Float64, Int64]:
    """Points f64 [M, 3] on a mesh, `STEP` apart or less, unit normals f64 [M, 3] there, and their faces i64 [M]."""
    corners = mesh.vertices.astype(np.float64)[mesh.faces]
    edges = np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
    shortest = edges.argmin(axis=1)
    rows = np.arange(len(corners))
    a, b, c = (corners[rows, (shortest + k) % 3] for k in range(3))
    first, second = b - a, c - a
    normal = np.cross(first, second)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = np.divide(normal, length, out=np.zeros_like(normal), where=length > 0)
    steps = [np.ceil(np.linalg.norm(edge, axis=1) / STEP).astype(np.int64) + 1 for edge in (first, second)]
    count = steps[0] * steps[1]
    face = np.repeat(rows, count)
    place = np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count)
    u = (place % steps[0][face]) / np.maximum(steps[0][face] - 1, 1)
    v = (place // steps[0][face]) / np.maximum(steps[1][face] - 1, 1)
    inside = u + v <= 1 + 1e-9
    face, u, v = face[inside], u[inside, None], v[inside, None]
    return a[face] + u * first[face] + v * second[face], normal[face], face


@lru_cache(maxsize=2048)
def levels(mesh: PartMesh) -> tuple[Level, ...]:
    """Where things can stand on a mesh, the largest first; whether others left room there is another question."""
    at, normal, _ = surface_points(mesh)
    at = at[np.abs(normal[:, 2]) > _FLAT]
    at = at[_open_above(mesh, at)]
    if len(at) == 0:
        return ()
    order = np.argsort(at[:, 2], kind="stable")
    at = at[order]
    group = np.concatenate([[0], np.cumsum(np.diff(at[:, 2]) > _LEVEL)])
    found = []
    for number in range(group[-1] + 1):
        piece = at[group == number]
        cells = np.unique(np.floor(piece[:, :2] / STEP).astype(np.int64), axis=0)
        if len(cells) * STEP**2 >= _LEAST and np.ptp(piece[:, 2]) <= 2 * _LEVEL:
            found.append((len(cells), Level(float(piece[:, 2].max()), piece[:, :2])))
    return tuple(level for _, level in sorted(found, key=lambda pair: -pair[0]))


def _open_above(mesh: PartMesh, at: Float64) -> Bool:
    """Points f64 [M, 3] of a mesh that have air over them, and are not inside a closed body."""
    triangles = mesh.vertices.astype(np.float64)[mesh.faces]
    up = np.broadcast_to(np.array([0.0, 0.0, 1.0]), at.shape)
    distance, face = RayCaster(triangles).cast(at + _SKIN * up, up)
    rises = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])[:, 2]
    return np.asarray((distance > _HEADROOM) & ~((face >= 0) & (rises[face] > 0)))


def posed(at: Float64, pose: Float64) -> Float64:
    """f64 [M, 3] points under a pose f64 [4, 4]."""
    return np.asarray(at @ pose[:3, :3].T + pose[:3, 3])


def pose_at(x: float, y: float, z: float, yaw: float) -> Float64:
    """f64 [4, 4]: turned by `yaw` radians about z, then moved."""
    pose = np.eye(4)
    cosine, sine = np.cos(yaw), np.sin(yaw)
    pose[:2, :2] = [[cosine, -sine], [sine, cosine]]
    pose[:3, 3] = x, y, z
    return pose
