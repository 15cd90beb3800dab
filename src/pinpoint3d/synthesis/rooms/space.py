"""Which part of a room is taken, and by whom."""

import numpy as np

from pinpoint3d.arrays import Bool, Float64, Int64
from pinpoint3d.synthesis.mesh import Mount, PartMesh, Placed
from pinpoint3d.synthesis.rooms.surfaces import levels, pose_at, posed, surface_points

CELL = 0.025  # metres
FREE, SHELL = -2, -1
_TRIES = 12


class Space:
    """A room as a grid of cells; objects come in one by one.

    Attributes:
        size: f64 [3], width, depth and height in metres; a corner of the floor is the origin.
        objects: what stands in it so far.
        supports: for each, what it stands on; `SHELL` for floor, walls, ceiling and built-ins.
        fittings: built-ins that take room, and that things can stand on.
    """

    def __init__(self, size: Float64, fittings: PartMesh) -> None:
        self.size = size
        self.objects: list[Placed] = []
        self.supports: list[int] = []
        self.fittings = Placed(fittings, np.eye(4))
        self._cells = np.full(np.ceil(size / CELL).astype(int) + 1, FREE, dtype=np.int16)
        at = surface_points(fittings)[0]
        self._cells[tuple(self._cell(at).T)] = SHELL

    def fits(self, mesh: PartMesh, pose: Float64, support: int = SHELL) -> bool:
        """Whether an object touches nothing in a pose but what it stands on, right below it."""
        at = posed(surface_points(mesh)[0], pose)
        if (at < -1e-6).any() or (at > self.size + 1e-6).any():
            return False
        cells = self._cell(at)
        owner = self._cells[tuple(cells.T)]
        below = cells[:, 2] <= self._cell(at.min(axis=0))[2]
        return bool(((owner == FREE) | ((owner == support) & below)).all())

    def add(self, mesh: PartMesh, pose: Float64, support: int = SHELL) -> int:
        """Put an object there; its index."""
        at = posed(surface_points(mesh)[0], pose)
        self._cells[tuple(self._cell(at).T)] = len(self.objects)
        self.objects.append(Placed(mesh, pose))
        self.supports.append(support)
        return len(self.objects) - 1

    def put(self, mesh: PartMesh, pose: Float64, support: int = SHELL) -> int | None:
        """`add` where it `fits`."""
        return self.add(mesh, pose, support) if self.fits(mesh, pose, support) else None

    def put_on(
        self,
        mesh: PartMesh,
        support: int,
        rng: np.random.Generator,
        yaw: float | None = None,
        near: float = np.inf,
    ) -> int | None:
        """Put an object somewhere on another one, or on a built-in, with a free choice among its levels.

        Args:
            mesh: stands on its z = 0.
            support: what it shall stand on.
            rng: chooses.
            yaw: radians against the support's own; any by default.
            near: metres from the middle of the room at most.
        """
        below = self.fittings if support == SHELL else self.objects[support]
        offered = [level for level in levels(below.design) if level.height + below.pose[2, 3] > 0.05]
        turn = float(np.arctan2(below.pose[1, 0], below.pose[0, 0]))
        for level in (offered[i] for i in rng.permutation(len(offered))[:4]):
            angle = turn + (float(rng.uniform(-np.pi, np.pi)) if yaw is None else yaw)
            flat = np.column_stack([level.xy, np.full(len(level.xy), level.height)])
            there = posed(flat, below.pose)
            spots = _spots(there[:, :2], _base(mesh, angle))
            spots = spots[np.linalg.norm(spots - self.size[:2] / 2, axis=1) < near]
            for i in rng.permutation(len(spots))[:_TRIES]:
                x, y = spots[i]
                found = self.put(mesh, pose_at(x, y, float(there[0, 2]), angle), support)
                if found is not None:
                    return found
        return None

    def stands(self) -> list[Float64]:
        """f64 [2] each: places 30 cm apart where a person can stand, nothing within 20 cm from knee to head."""
        taken = (self._cells[:, :, int(0.3 / CELL) : int(1.9 / CELL)] != FREE).any(axis=2)
        reach = int(0.2 / CELL)
        places: list[Float64] = []
        for x in np.arange(0.3, self.size[0] - 0.25, 0.3):
            for y in np.arange(0.3, self.size[1] - 0.25, 0.3):
                i, j = int(x / CELL), int(y / CELL)
                if not taken[max(i - reach, 0) : i + reach, max(j - reach, 0) : j + reach].any():
                    places.append(np.array([x, y]))
        return places or [self.size[:2] / 2]

    def _cell(self, at: Float64) -> Int64:
        return np.clip(np.floor(at / CELL + 1e-6).astype(np.int64), 0, np.array(self._cells.shape) - 1)


def footprint(mesh: PartMesh, yaw: float) -> Float64:
    """f64 [2, 2]: least and greatest x and y of a mesh turned by `yaw` radians."""
    at = posed(mesh.vertices.astype(np.float64), pose_at(0, 0, 0, yaw))[:, :2]
    return np.stack([at.min(axis=0), at.max(axis=0)])


def _base(mesh: PartMesh, yaw: float) -> Float64:
    """As `footprint`, of what touches the ground."""
    at = mesh.vertices.astype(np.float64)
    at = posed(at[at[:, 2] < at[:, 2].min() + 0.02], pose_at(0, 0, 0, yaw))[:, :2]
    return np.stack([at.min(axis=0), at.max(axis=0)])


def _spots(surface: Float64, base: Float64) -> Float64:
    """f64 [M, 2]: where the origin can be so that the whole base lies over points f64 [N, 2] of a surface."""
    low = surface.min(axis=0)
    cell = np.floor((surface - low) / CELL).astype(np.int64)
    shape = cell.max(axis=0) + 1
    mask = np.zeros(shape, dtype=bool)
    mask[tuple(cell.T)] = True
    reach = np.ceil((base[1] - base[0]) / CELL).astype(np.int64) + 1
    if (reach > shape).any():
        return np.empty((0, 2))
    full = _all_within(mask, reach)
    corner = np.argwhere(full) * CELL + low
    slack = reach * CELL - (base[1] - base[0])
    return np.asarray(corner + slack / 2 - base[0])


def _all_within(mask: Bool, reach: Int64) -> Bool:
    """Corners of windows of `reach` cells that are full, by sums over the table (Crow, 1984)."""
    table = np.zeros(np.array(mask.shape) + 1, dtype=np.int64)
    table[1:, 1:] = mask.cumsum(axis=0).cumsum(axis=1)
    a, b = reach
    total = table[a:, b:] - table[:-a, b:] - table[a:, :-b] + table[:-a, :-b]
    return np.asarray(total == a * b)


def hangs(mesh: PartMesh) -> bool:
    """Whether it is held by a wall or the ceiling."""
    return mesh.mount in (Mount.WALL, Mount.CEILING)
