"""Solids made of boxes, cones and ellipsoids, and a scanner that sees only what faces it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from pinpoint3d.arrays import Bool, Float64, Int64

_FAR = np.inf
_EPS = 1e-9


def turned(yaw: float = 0.0, pitch: float = 0.0) -> Float64:
    """f64 [3, 3]: a rotation by `pitch` degrees about x, then by `yaw` degrees about z."""
    a, b = np.radians([yaw, pitch])
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    return np.asarray(about_z @ about_x)


@dataclass(frozen=True, eq=False)
class Box:
    """A box about its centre; `half` are half its edges in metres."""

    half: tuple[float, float, float]

    @property
    def radius(self) -> float:
        return float(np.linalg.norm(self.half))

    def hit(self, start: Float64, ray: Float64) -> tuple[Float64, Float64]:
        """Where rays [R, 3] from `start` [R, 3] meet it: distance f64 [R], infinity if never, and normal f64 [R, 3]."""
        half = np.array(self.half)
        with np.errstate(divide="ignore"):
            slope = 1.0 / np.where(ray == 0, _EPS, ray)
        near, far = (-half - start) * slope, (half - start) * slope
        enter, leave = np.minimum(near, far), np.maximum(near, far)
        axis = enter.argmax(axis=1)
        distance = enter.max(axis=1)
        missed = (distance > leave.min(axis=1)) | (distance <= _EPS)
        normal = np.zeros_like(ray)
        rows = np.arange(len(ray))
        normal[rows, axis] = -np.sign(ray[rows, axis])
        return np.where(missed, _FAR, distance), normal


@dataclass(frozen=True, eq=False)
class Cone:
    """A thin-walled cone about z from `bottom` radius at z = 0 to `top` radius at z = `height`, closed where told."""

    bottom: float
    top: float
    height: float
    closed_bottom: bool = True
    closed_top: bool = True

    @property
    def radius(self) -> float:
        return float(np.hypot(max(self.bottom, self.top), self.height))

    def hit(self, start: Float64, ray: Float64) -> tuple[Float64, Float64]:
        """As `Box.hit`."""
        slope = (self.top - self.bottom) / self.height
        wall = self.bottom + slope * start[:, 2]
        a = (ray[:, :2] ** 2).sum(axis=1) - (slope * ray[:, 2]) ** 2
        b = (start[:, :2] * ray[:, :2]).sum(axis=1) - slope * ray[:, 2] * wall
        c = (start[:, :2] ** 2).sum(axis=1) - wall**2
        inside = b * b - a * c
        root = np.sqrt(np.maximum(inside, 0))
        a = np.where(np.abs(a) < _EPS, _EPS, a)
        best, normal = np.full(len(ray), _FAR), np.zeros_like(ray)
        for distance in ((-b - root) / a, (-b + root) / a):
            z = start[:, 2] + distance * ray[:, 2]
            closer = (inside > 0) & (distance > _EPS) & (z >= 0) & (z <= self.height) & (distance < best)
            at = start[closer] + distance[closer, None] * ray[closer]
            at[:, 2] = -slope * np.linalg.norm(at[:, :2], axis=1)
            best[closer], normal[closer] = distance[closer], at
        for level, size, closed in ((0.0, self.bottom, self.closed_bottom), (self.height, self.top, self.closed_top)):
            if closed:
                distance = (level - start[:, 2]) / np.where(ray[:, 2] == 0, _EPS, ray[:, 2])
                at = start[:, :2] + distance[:, None] * ray[:, :2]
                closer = (distance > _EPS) & (distance < best) & ((at**2).sum(axis=1) <= size**2)
                best[closer], normal[closer] = distance[closer], (0, 0, 1)
        return best, normal


@dataclass(frozen=True, eq=False)
class Ellipsoid:
    """An ellipsoid about its centre with the given half axes in metres."""

    half: tuple[float, float, float]

    @property
    def radius(self) -> float:
        return max(self.half)

    def hit(self, start: Float64, ray: Float64) -> tuple[Float64, Float64]:
        """As `Box.hit`."""
        half = np.array(self.half)
        s, r = start / half, ray / half
        a, b, c = (r * r).sum(axis=1), (s * r).sum(axis=1), (s * s).sum(axis=1) - 1
        inside = b * b - a * c
        distance = (-b - np.sqrt(np.maximum(inside, 0))) / a
        distance = np.where((inside > 0) & (distance > _EPS), distance, _FAR)
        return distance, (s + np.where(np.isfinite(distance), distance, 0)[:, None] * r) / half


@dataclass(frozen=True, eq=False)
class Solid:
    """A shape somewhere in the room.

    Attributes:
        shape: what it is.
        at: its place in metres.
        colour: 0..1 a channel.
        turn: f64 [3, 3], its rotation.
        label: (object, part), 0 where there is none.
        texture: local coordinates f64 [N, 3] -> brightness f64 [N], 1 where plain.
    """

    shape: Box | Cone | Ellipsoid
    at: tuple[float, float, float]
    colour: tuple[float, float, float]
    turn: Float64 = field(default_factory=lambda: np.eye(3))
    label: tuple[int, int] = (0, 0)
    texture: Callable[[Float64], Float64] | None = None


def cast(solids: Sequence[Solid], start: Float64, ray: Float64) -> tuple[Float64, Int64, Float64]:
    """The first solid on each ray.

    Args:
        solids: the room.
        start: f64 [R, 3].
        ray: f64 [R, 3], unit length.

    Returns:
        Distance f64 [R] (infinity where nothing is met), index of the solid i64 [R], unit normal facing the ray's
        origin f64 [R, 3].
    """
    best, which, normal = np.full(len(ray), _FAR), np.zeros(len(ray), dtype=np.int64), np.zeros_like(ray)
    for i, solid in enumerate(solids):
        rows = np.flatnonzero(_near(solid, start, ray))
        distance, local = solid.shape.hit((start[rows] - solid.at) @ solid.turn, ray[rows] @ solid.turn)
        closer = distance < best[rows]
        rows = rows[closer]
        best[rows], which[rows], normal[rows] = distance[closer], i, local[closer] @ solid.turn.T
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), _EPS)
    return best, which, normal * -np.sign((normal * ray).sum(axis=1, keepdims=True))


def _near(solid: Solid, start: Float64, ray: Float64) -> Bool:
    """bool [R]: rays that pass the solid's bounding sphere."""
    to = np.array(solid.at) - start
    along = (to * ray).sum(axis=1)
    return np.asarray((to * to).sum(axis=1) - along**2 <= solid.shape.radius**2)
