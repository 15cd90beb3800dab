"""Outlines and paths from which shapes are made, in metres."""

from collections.abc import Sequence

import numpy as np

from pinpoint3d.arrays import Float64


def rectangle(width: float, depth: float, radius: float = 0.0, steps: int = 4) -> Float64:
    """Outline [n, 2] about the origin with rounded corners, counter-clockwise."""
    corners = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    half = np.array([width, depth]) / 2
    if radius <= 0:
        return corners * half
    r = min(radius, half.min() * 0.999)
    bend = np.radians(np.linspace(0, 90, steps + 1))
    bends = [bend + quarter * np.pi / 2 for quarter in range(4)]
    arcs = [c * (half - r) + r * np.stack([np.cos(a), np.sin(a)], axis=1) for c, a in zip(corners, bends, strict=True)]
    return np.concatenate(arcs)


def ellipse(width: float, depth: float, segments: int = 28) -> Float64:
    """Outline [segments, 2] about the origin, counter-clockwise."""
    return circle(1.0, segments) * [width / 2, depth / 2]


def circle(radius: float = 1.0, segments: int = 24) -> Float64:
    """Outline [segments, 2] about the origin, counter-clockwise."""
    around = np.arange(segments) * 2 * np.pi / segments
    return radius * np.stack([np.cos(around), np.sin(around)], axis=1)


def hoop(radius: float, height: float, segments: int = 24) -> Float64:
    """A level path [segments, 3] around the z axis."""
    return np.column_stack([circle(radius, segments), np.full(segments, height)])


def spokes(count: int, radius: float, first: float = 0.0) -> list[tuple[float, float]]:
    """Points (x, y) evenly around the origin, the first at an angle in degrees."""
    around = np.radians(first) + np.arange(count) * 2 * np.pi / count
    return [(radius * float(np.cos(a)), radius * float(np.sin(a))) for a in around]


def bent(points: Sequence[Sequence[float]], radius: float, steps: int = 4) -> Float64:
    """A path whose inner corners are rounded: each is replaced by a curve that starts `radius` before it."""
    at = [np.asarray(point, dtype=np.float64) for point in points]
    path = [at[0]]
    for before, corner, after in zip(at, at[1:], at[2:], strict=False):
        reach = min(radius, *(np.linalg.norm(end - corner) * 0.49 for end in (before, after)))
        start = corner + (before - corner) / np.linalg.norm(before - corner) * reach
        end = corner + (after - corner) / np.linalg.norm(after - corner) * reach
        t = np.linspace(0, 1, steps + 1)[:, None]
        path += list((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    return np.array([*path, at[-1]])
