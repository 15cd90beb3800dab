"""Where a scanner stands and looks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Float64


@dataclass(frozen=True, eq=False)
class View:
    """A pose of the scanner.

    Attributes:
        eye: f64 [3], metres.
        axes: f64 [3, 3], unit rows right, down, forward.
    """

    eye: Float64
    axes: Float64

    @classmethod
    def towards(cls, eye: Float64, goal: Float64, roll: float = 0.0) -> "View":
        """Look from `eye` at `goal`, turned by `roll` radians about the line of sight."""
        forward = (goal - eye) / np.linalg.norm(goal - eye)
        side = np.cross(forward, (0.0, 0.0, 1.0))
        side = side / np.linalg.norm(side) if np.linalg.norm(side) > 1e-6 else np.array([1.0, 0, 0])
        down = np.cross(forward, side)
        right = np.cos(roll) * side + np.sin(roll) * down
        return cls(eye, np.stack([right, np.cross(forward, right), forward]))

    def drifted(self, turn: Float64, shift: Float64) -> "View":
        """As a tracker believes it to be: off by f64 [3] small angles in radians and f64 [3] metres."""
        x, y, z = turn
        small = np.array([[1, -z, y], [z, 1, -x], [-y, x, 1.0]])
        rows = self.axes @ small.T
        right = rows[0] / np.linalg.norm(rows[0])
        down = rows[1] - (rows[1] @ right) * right
        down /= np.linalg.norm(down)
        return View(self.eye + shift, np.stack([right, down, np.cross(right, down)]))


def walk(
    bounds: Float64, goals: Sequence[Float64], free: Sequence[Float64], frames: int, rng: np.random.Generator
) -> list[View]:
    """A person walks from place to place and points a camera at things.

    Args:
        bounds: f64 [2, 3] of the room.
        goals: f64 [3] each, what to look at; every one at least once where there are frames enough.
        free: f64 [2] each, places on the floor where a person can stand.
        frames: how many.
        rng: chooses.
    """
    centre = (bounds[0] + bounds[1]) / 2
    around = [_random_goal(bounds, rng) for _ in range(max(frames // 3, frames - 2 * len(goals)))]
    wanted = [*goals, *goals][: frames - len(around)] + around
    stands = np.array(free)
    views = []
    for goal in wanted:
        away = np.linalg.norm(stands - goal[:2], axis=1)
        best = rng.uniform(1.0, 2.4)
        stand = stands[np.argsort(np.abs(away - best), kind="stable")[int(rng.integers(0, min(6, len(stands))))]]
        eye = np.array([*(stand + rng.normal(0, 0.08, 2)), bounds[0, 2] + rng.uniform(1.15, 1.8)])
        view = View.towards(eye, goal + rng.normal(0, 0.12, 3), rng.normal(0, 0.06))
        views.append((np.arctan2(*(stand - centre[:2])), view))
    return [view for _, view in sorted(views, key=lambda pair: pair[0])]


def around(
    goal: Float64,
    side: float,
    frames: int,
    rng: np.random.Generator,
    *,
    spread: float = 0.9,
    far: float = 1.7,
    high: float = np.inf,
) -> list[View]:
    """A few looks at one place.

    Args:
        goal: f64 [3], the place.
        side: radians, the direction to look from.
        frames: how many looks.
        rng: jitters.
        spread: radians to both sides of it.
        far: metres, the greatest distance; the least is 0.65 of it.
        high: metres above which nobody holds a camera: below the ceiling.
    """
    views = []
    for i in range(frames):
        angle = side + spread * ((2 * i + 1) / frames - 1) + rng.normal(0, 0.1)
        distance, rise = far * rng.uniform(0.65, 1.0), rng.uniform(0.4, 0.8)
        away = np.array([np.cos(angle) * np.cos(rise), np.sin(angle) * np.cos(rise), np.sin(rise)])
        eye = goal + distance * away
        eye[2] = min(eye[2], high)
        views.append(View.towards(eye, goal + rng.normal(0, 0.04 * far, 3), rng.normal(0, 0.06)))
    return views


def stations(free: Sequence[Float64], floor: float, count: int, rng: np.random.Generator) -> list[View]:
    """Places of a tripod, far from one another, among f64 [2] places on a floor at `floor` metres."""
    places = np.array(free)
    chosen = [places[int(rng.integers(len(places)))]]
    while len(chosen) < min(count, len(places)):
        nearest = np.min([np.linalg.norm(places - other, axis=1) for other in chosen], axis=0)
        chosen.append(places[int(nearest.argmax())])
    views = []
    for place in chosen:
        eye, angle = np.array([*place, floor + rng.uniform(1.2, 1.6)]), rng.uniform(0, 2 * np.pi)
        views.append(View.towards(eye, eye + np.array([np.cos(angle), np.sin(angle), 0.0])))
    return views


def _random_goal(bounds: Float64, rng: np.random.Generator) -> Float64:
    """Somewhere on the floor or the lower walls."""
    low, high = bounds
    goal = rng.uniform(low, high)
    if rng.random() < 0.6:
        axis, end = int(rng.integers(2)), int(rng.integers(2))
        goal[axis] = bounds[end, axis]
    goal[2] = low[2] + rng.uniform(0, 0.5) * (high[2] - low[2])
    return np.asarray(goal)
