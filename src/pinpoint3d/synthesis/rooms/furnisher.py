"""Moves that put objects where people put them."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.families import FAMILIES
from pinpoint3d.synthesis.mesh import Mount, PartMesh
from pinpoint3d.synthesis.rooms.shell import SKIRTING, SKIRTING_HEIGHT, Walls
from pinpoint3d.synthesis.rooms.space import SHELL, Space, footprint
from pinpoint3d.synthesis.rooms.surfaces import pose_at

Draw = Callable[[Sequence[str], Mount], PartMesh | None]
_TRIES = 25
_NEAR = 0.2  # metres


class Furnisher:
    """Furnishes one room. Every move returns the object's index, or None where there was no room or no such design."""

    def __init__(self, space: Space, walls: Walls, draw: Draw, rng: np.random.Generator) -> None:
        self.space = space
        self.walls = walls
        self.rng = rng
        self._draw = draw

    def against_wall(self, *categories: str, wall: int | None = None) -> int | None:
        """Its back to a wall, its front into the room."""
        mesh = self._draw(categories, Mount.FLOOR)
        if mesh is None:
            return None
        for _ in range(_TRIES):
            chosen = self._some_wall() if wall is None else wall
            length = self.walls.length(chosen)
            low, high = footprint(mesh, 0.0)
            if high[0] - low[0] > length - 0.1:
                continue
            place = float(self.rng.uniform(0.05 - low[0], length - 0.05 - high[0]))
            top = float(mesh.bounds[1, 2])
            if not self.walls.free(chosen, place + low[0] - 0.05, place + high[0] + 0.05, 0.0, top):
                continue
            found = self._back_to(mesh, chosen, place, SKIRTING + float(self.rng.uniform(0.003, 0.03)))
            if found is not None:
                return found
        return None

    def in_middle(self, *categories: str) -> int | None:
        """On the floor, away from the walls where there is room for that, square to them."""
        return self._anywhere(
            categories, lambda: int(self.rng.integers(4)) * np.pi / 2 + float(self.rng.normal(0, 0.03)), (0.5, 0.1)
        )

    def on_floor(self, *categories: str) -> int | None:
        """Anywhere on the floor, turned any way."""
        return self._anywhere(categories, lambda: float(self.rng.uniform(-np.pi, np.pi)), (0.03,))

    def near(self, other: int, *categories: str) -> int | None:
        """On the floor, turned any way, with less than `_NEAR` metres between its box and that of another thing."""
        mesh = self._draw(categories, Mount.FLOOR)
        if mesh is None:
            return None
        box = self._box(other)
        for _ in range(8):
            yaw = float(self.rng.uniform(-np.pi, np.pi))
            low, high = footprint(mesh, yaw)
            least = np.maximum(box[0] - _NEAR - high, 0.03 - low)
            most = np.minimum(box[1] + _NEAR - low, self.space.size[:2] - 0.03 - high)
            if (least > most).any():
                return None
            x, y = self.rng.uniform(least, most)
            found = self.space.put(mesh, pose_at(x, y, 0.0, yaw))
            if found is not None:
                return found
        return None

    def _anywhere(
        self, categories: tuple[str, ...], turn: Callable[[], float], margins: tuple[float, ...]
    ) -> int | None:
        """On the floor, as far from the walls as the first of the margins in metres that leaves a place."""
        mesh = self._draw(categories, Mount.FLOOR)
        if mesh is None:
            return None
        for _ in range(_TRIES):
            yaw = turn()
            low, high = footprint(mesh, yaw)
            ranges = ((margin - low, self.space.size[:2] - margin - high) for margin in margins)
            fitting = next(((least, most) for least, most in ranges if (least <= most).all()), None)
            if fitting is None:
                return None
            x, y = self.rng.uniform(*fitting)
            found = self.space.put(mesh, pose_at(x, y, 0.0, yaw))
            if found is not None:
                return found
        return None

    def around(self, table: int, count: int, *categories: str) -> None:
        """Chairs at the sides of a table, of one design, facing it, pulled out more or less."""
        mesh = self._draw(categories, Mount.FLOOR)
        if mesh is None:
            return
        low, high = self._box(table)
        sides = [
            (axis, sign)
            for axis in (0, 1)
            for sign in (-1, 1)
            for _ in range(1 + (high[axis - 1] - low[axis - 1] > 1.2))
        ]
        for i in self.rng.permutation(len(sides))[:count]:
            axis, sign = sides[i]
            outward = np.zeros(2)
            outward[axis] = sign
            spread = max(float(high[1 - axis] - low[1 - axis]) / 2 - 0.25, 0.0)
            for _ in range(6):
                sideways = np.zeros(2)
                sideways[1 - axis] = self.rng.uniform(-spread, spread)
                if self._seat(mesh, table, outward, sideways) is not None:
                    break

    def at_front(self, desk: int, *categories: str) -> int | None:
        """A chair before a desk, facing it."""
        mesh = self._draw(categories, Mount.FLOOR)
        if mesh is None:
            return None
        pose = self.space.objects[desk].pose
        return self._seat(mesh, desk, -pose[:2, 1], np.zeros(2))

    def before(self, sofa: int, gap: float, *categories: str) -> int | None:
        """Something in front of a sofa or a bed, parallel to it."""
        mesh = self._draw(categories, Mount.FLOOR)
        if mesh is None:
            return None
        other = self.space.objects[sofa]
        yaw = float(np.arctan2(other.pose[1, 0], other.pose[0, 0]))
        front = -float(other.design.bounds[0, 1])
        for _ in range(6):
            ahead = front + gap + float(mesh.bounds[1, 1]) + float(self.rng.uniform(0, 0.15))
            x, y = (other.pose @ np.array([self.rng.uniform(-0.25, 0.25), -ahead, 0, 1]))[:2]
            found = self.space.put(mesh, pose_at(x, y, 0.0, yaw))
            if found is not None:
                return found
        return None

    def beside(self, other: int, *categories: str) -> int | None:
        """Next to something, their backs in line: a night stand by a bed."""
        mesh = self._draw(categories, Mount.FLOOR)
        if mesh is None:
            return None
        placed = self.space.objects[other]
        yaw = float(np.arctan2(placed.pose[1, 0], placed.pose[0, 0]))
        box, own = placed.design.bounds, mesh.bounds
        for side in self.rng.permutation(2):
            gap = float(self.rng.uniform(0.03, 0.12))
            across = box[0, 0] - own[1, 0] - gap if side else box[1, 0] - own[0, 0] + gap
            x, y = (placed.pose @ np.array([across, box[1, 1] - own[1, 1], 0, 1]))[:2]
            found = self.space.put(mesh, pose_at(x, y, 0.0, yaw))
            if found is not None:
                return found
        return None

    def on(self, support: int, *categories: str, facing: bool = False, near: float = np.inf) -> int | None:
        """On a top or a shelf of something, of the built-ins for `SHELL`.

        Args:
            support: what to put it on.
            categories: what to put there.
            facing: whether it faces as its support does, more or less.
            near: metres from the middle of the room at most.
        """
        mesh = self._draw(categories, Mount.TOP)
        if mesh is None:
            return None
        yaw = float(self.rng.normal(0, 0.12)) if facing else None
        return self.space.put_on(mesh, support, self.rng, yaw, near)

    def scatter(self, count: int, *categories: str) -> None:
        """Small things on whatever has a top."""
        supports = [
            i
            for i, one in enumerate(self.space.objects)
            if one.design.mount is Mount.FLOOR and self.space.supports[i] == SHELL
        ]
        supports = [*supports, SHELL]
        for _ in range(count):
            self.on(supports[int(self.rng.integers(len(supports)))], *categories)

    def hang(self, *categories: str) -> int | None:
        """On a wall: a door from the floor on, a window at breast height, things of no family at eye height."""
        mesh = self._draw(categories, Mount.WALL)
        if mesh is None:
            return None
        low, high = mesh.bounds.astype(np.float64)
        for _ in range(_TRIES):
            wall = self._some_wall()
            length = self.walls.length(wall)
            highest = self.space.size[2] - 0.03 - (high[2] - low[2])
            if high[0] - low[0] > length - 0.1 or highest < 0:
                continue
            bottom = min(float(self.rng.uniform(*_hung(mesh.category))), float(highest))
            place = float(self.rng.uniform(0.05 - low[0], length - 0.05 - high[0]))
            if not self.walls.free(wall, place + low[0], place + high[0], bottom, bottom + high[2]):
                continue
            found = self._back_to(mesh, wall, place, SKIRTING if bottom < SKIRTING_HEIGHT else 0.0, bottom - low[2])
            if found is not None:
                return found
        return None

    def from_ceiling(self, *categories: str) -> int | None:
        """Under the ceiling, near the middle."""
        mesh = self._draw(categories, Mount.CEILING)
        if mesh is None:
            return None
        for _ in range(6):
            x, y = self.space.size[:2] * self.rng.uniform(0.35, 0.65, 2)
            z = float(self.space.size[2] - mesh.bounds[1, 2])
            found = self.space.put(mesh, pose_at(x, y, z, float(self.rng.uniform(-np.pi, np.pi))))
            if found is not None:
                return found
        return None

    def _some_wall(self) -> int:
        return self.walls.standing[int(self.rng.integers(len(self.walls.standing)))]

    def _back_to(self, mesh: PartMesh, wall: int, place: float, gap: float, height: float = 0.0) -> int | None:
        start, along, inward = self.walls.frame(wall)
        x, y = start + along * place + inward * (gap + float(mesh.bounds[1, 1]))
        return self.space.put(mesh, pose_at(x, y, height, float(np.arctan2(inward[0], -inward[1]))))

    def _seat(self, mesh: PartMesh, table: int, outward: Float64, sideways: Float64) -> int | None:
        low, high = self._box(table)
        middle = (low + high) / 2
        reach = float(np.abs(outward) @ (high - low)) / 2
        yaw = float(np.arctan2(-outward[0], outward[1])) + float(self.rng.normal(0, 0.15))
        front = -float(mesh.bounds[0, 1])
        for tuck in self.rng.permutation([-0.3, -0.15, 0.0, 0.1, 0.3]):
            x, y = middle + sideways + outward * (reach + front + float(tuck))
            found = self.space.put(mesh, pose_at(x, y, 0.0, yaw))
            if found is not None:
                return found
        return None

    def _box(self, index: int) -> tuple[Float64, Float64]:
        bounds = self.space.objects[index].mesh.bounds.astype(np.float64)
        return bounds[0, :2], bounds[1, :2]


@cache
def _hung(category: str) -> tuple[float, float]:
    """How high above the floor things of a kind hang, metres from and to."""
    ranges = [one.hung for one in FAMILIES.values() if (one.category, one.mount) == (category, Mount.WALL)]
    return ranges[0] if ranges else (1.0, 1.6)
