"""Floor, walls with their openings, skirting, frames and built-ins: what a room is made of before anyone moves in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.mesh import PartMesh, Pattern

_FACES = np.array(
    [
        (0, 1, 3),
        (0, 3, 2),
        (4, 6, 7),
        (4, 7, 5),
        (0, 4, 5),
        (0, 5, 1),
        (2, 3, 7),
        (2, 7, 6),
        (0, 2, 6),
        (0, 6, 4),
        (1, 5, 7),
        (1, 7, 3),
    ],
    dtype=np.int32,
)  # of a box whose corners count z fastest, then y, then x
_FLOORS = (
    (Pattern.BOARDS, (176, 136, 96)),
    (Pattern.BOARDS, (126, 90, 62)),
    (Pattern.BOARDS, (205, 176, 138)),
    (Pattern.TILES, (206, 200, 190)),
    (Pattern.TILES, (128, 124, 120)),
    (Pattern.FABRIC, (120, 122, 130)),
    (Pattern.FABRIC, (158, 144, 126)),
    (Pattern.SPECKLE, (150, 150, 146)),
)
_WALLS = (
    (228, 224, 214),
    (214, 220, 222),
    (226, 214, 190),
    (198, 208, 196),
    (236, 234, 230),
    (190, 200, 214),
    (222, 200, 186),
    (160, 168, 160),
    (176, 158, 138),
    (122, 134, 150),
)
_DADOS = (
    (Pattern.PLASTER, (150, 160, 150)),
    (Pattern.PLASTER, (178, 150, 120)),
    (Pattern.TILES, (200, 206, 206)),
    (Pattern.TILES, (150, 176, 186)),
    (Pattern.WOOD, (150, 108, 72)),
)  # of lower walls
THICK = 0.08  # metres of a wall, outwards
SKIRTING, SKIRTING_HEIGHT = 0.012, 0.08  # metres


@dataclass(frozen=True)
class Opening:
    """A hole in a wall: a window or a doorway.

    Attributes:
        wall: 0..3.
        left, right: metres along the wall.
        bottom, top: metres above the floor.
    """

    wall: int
    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True, eq=False)
class Walls:
    """The bare room.

    Attributes:
        size: f64 [3], width, depth and height in metres. Wall 0 lies at y = depth, 1 at x = width, 2 at y = 0 and
            3 at x = 0.
        standing: which of the walls are there.
        openings: their windows and doorways.
    """

    size: Float64
    standing: tuple[int, ...]
    openings: tuple[Opening, ...]

    def length(self, wall: int) -> float:
        return float(self.size[wall % 2])

    def frame(self, wall: int) -> tuple[Float64, Float64, Float64]:
        """Of a wall: one end of it f64 [2], the direction along it f64 [2], and the direction into the room f64 [2]."""
        wide, deep = self.size[:2]
        start = ((0.0, deep), (wide, deep), (wide, 0.0), (0.0, 0.0))[wall]
        along = ((1.0, 0.0), (0.0, -1.0), (-1.0, 0.0), (0.0, 1.0))[wall]
        return np.array(start), np.array(along), np.array([along[1], -along[0]])

    def free(self, wall: int, left: float, right: float, bottom: float, top: float) -> bool:
        """Whether a rectangle of a wall has no opening."""
        return not any(
            o.wall == wall and o.left < right and left < o.right and o.bottom < top and bottom < o.top
            for o in self.openings
        )


def random_walls(size: Float64, rng: np.random.Generator) -> Walls:
    """A room of that size with two to four walls, a doorway and perhaps a window."""
    first = int(rng.integers(4))
    count = int(rng.choice([2, 3, 4], p=[0.6, 0.3, 0.1]))
    standing = tuple(sorted((first + k) % 4 for k in range(count)))
    openings: list[Opening] = []
    walls = Walls(size, standing, ())
    if count > 2 or rng.random() < 0.4:
        wall = standing[int(rng.integers(count))]
        left = float(rng.uniform(0.15, max(walls.length(wall) - 1.05, 0.2)))
        openings.append(Opening(wall, left, left + 0.85, 0.0, 2.03))
    if rng.random() < 0.6:
        wall = standing[int(rng.integers(count))]
        wide = float(rng.uniform(0.7, 1.3))
        left = float(rng.uniform(0.3, max(walls.length(wall) - wide - 0.3, 0.35)))
        if Walls(size, standing, tuple(openings)).free(wall, left - 0.15, left + wide + 0.15, 0.9, 2.1):
            openings.append(Opening(wall, left, left + wide, float(rng.uniform(0.8, 1.1)), 2.05))
    return Walls(size, standing, tuple(openings))


class ShellBuilder:
    """Boxes that become the background."""

    def __init__(self) -> None:
        self._low: list[Float64] = []
        self._high: list[Float64] = []
        self._rgb: list[tuple[int, int, int]] = []
        self._pattern: list[Pattern] = []

    def box(
        self, low: Sequence[float], high: Sequence[float], rgb: tuple[int, int, int], pattern: Pattern = Pattern.PLAIN
    ) -> None:
        """Add a box between two corners f64 [3]."""
        a, b = np.array(low, dtype=np.float64), np.array(high, dtype=np.float64)
        self._low.append(np.minimum(a, b))
        self._high.append(np.maximum(a, b))
        self._rgb.append(rgb)
        self._pattern.append(pattern)

    def add(self, other: "ShellBuilder") -> None:
        """Add all boxes of another."""
        self._low += other._low
        self._high += other._high
        self._rgb += other._rgb
        self._pattern += other._pattern

    def build(self) -> PartMesh:
        n = len(self._low)
        unit = np.array(list(np.ndindex(2, 2, 2)), dtype=np.float64)
        low, high = (np.array(ends).reshape(-1, 1, 3) for ends in (self._low, self._high))
        return PartMesh(
            name="shell",
            category="room",
            vertices=(low + unit * (high - low)).reshape(-1, 3).astype(np.float32),
            faces=(_FACES[None] + 8 * np.arange(n, dtype=np.int32)[:, None, None]).reshape(-1, 3),
            part=np.zeros(12 * n, dtype=np.int32),
            part_names={},
            rgb=np.repeat(np.array(self._rgb, dtype=np.uint8).reshape(-1, 3), 12, axis=0),
            pattern=np.repeat(np.array([p.value for p in self._pattern], dtype=np.uint8), 12),
            inner=np.zeros(12 * n, dtype=bool),
        )


def build_walls(shell: ShellBuilder, walls: Walls, rng: np.random.Generator) -> None:
    """Floor, ceiling, walls with holes, skirting and frames."""
    wide, deep, high = walls.size
    pattern, rgb = _FLOORS[int(rng.integers(len(_FLOORS)))]
    shell.box((0, 0, -0.05), (wide, deep, 0), _varied(rgb, rng), pattern)
    shell.box((0, 0, high), (wide, deep, high + 0.05), (238, 238, 236))
    paint = _varied(_WALLS[int(rng.integers(len(_WALLS)))], rng)
    accent = paint if rng.random() < 0.7 else _varied(_WALLS[int(rng.integers(len(_WALLS)))], rng)
    surface = Pattern.STRIPES if rng.random() < 0.06 else Pattern.PLASTER
    dado = float(rng.uniform(0.85, 1.4)) if rng.random() < 0.3 else 0.0
    lower, lower_rgb = _DADOS[int(rng.integers(len(_DADOS)))]
    lower_rgb = _varied(lower_rgb, rng)
    trim = _varied((240, 238, 232), rng) if rng.random() < 0.7 else _varied((110, 78, 54), rng)
    for number, wall in enumerate(walls.standing):
        holes = [o for o in walls.openings if o.wall == wall]
        colour = accent if number == 0 else paint
        for left, right, bottom, top in _around_holes(walls.length(wall), high, holes):
            seam = float(np.clip(dado, bottom, top))
            if seam > bottom:
                _panel(shell, walls, wall, (left, right, bottom, seam), (-THICK, 0), lower_rgb, lower)
            if seam < top:
                _panel(shell, walls, wall, (left, right, seam, top), (-THICK, 0), colour, surface)
        for left, right, _, _ in _around_holes(
            walls.length(wall), SKIRTING_HEIGHT, [o for o in holes if o.bottom <= 0]
        ):
            _panel(shell, walls, wall, (left, right, 0.0, SKIRTING_HEIGHT), (0, SKIRTING), trim)
        for hole in holes:
            _build_frame(shell, walls, hole, trim)
        _build_sockets(shell, walls, wall, rng)
    if rng.random() < 0.4:
        x, y = rng.uniform(0.3, 0.7, 2) * (wide, deep)
        half = rng.uniform(0.5, 1.0, 2)
        middle = np.array([x, y])
        near, far = np.maximum(middle - half, 0.05), np.minimum(middle + half, walls.size[:2] - 0.05)
        rug = _varied(((120, 60, 60), (70, 90, 120), (170, 160, 140), (90, 110, 90))[int(rng.integers(4))], rng)
        shell.box((*near, -0.01), (*far, 0.004), rug, Pattern.STRIPES if rng.random() < 0.4 else Pattern.FABRIC)


def build_counter(shell: ShellBuilder, walls: Walls, rng: np.random.Generator) -> tuple[int, float, float] | None:
    """A run of kitchen counter along a wall, perhaps with shelves above: the wall, and where it begins and ends."""
    wall = max(walls.standing, key=lambda w: (walls.length(w), w))
    length = min(float(rng.uniform(1.4, 2.6)), walls.length(wall) - 0.1)
    left = 0.05 if rng.random() < 0.5 else walls.length(wall) - length - 0.05
    if not walls.free(wall, left, left + length, 0.0, 0.9):
        return None
    front, top = _varied((215, 212, 205), rng), _varied((92, 86, 82), rng)
    _panel(shell, walls, wall, (left, left + length, 0.1, 0.86), (0.0, 0.58), front)
    _panel(shell, walls, wall, (left, left + length, 0.0, 0.1), (0.0, 0.52), (60, 58, 56))
    _panel(shell, walls, wall, (left, left + length, 0.86, 0.9), (0.0, 0.61), top, Pattern.SPECKLE)
    doors = max(1, round(length / 0.6))
    for i in range(doors):
        a, b = left + length * i / doors + 0.006, left + length * (i + 1) / doors - 0.006
        _panel(shell, walls, wall, (a, b, 0.12, 0.84), (0.58, 0.598), front)
    if walls.free(wall, left, left + length, 1.3, 2.1):
        for height in (1.4, 1.72):
            _panel(shell, walls, wall, (left + 0.1, left + length - 0.1, height, height + 0.025), (0.0, 0.26), top)
    return wall, left, left + length


def build_shelf(shell: ShellBuilder, walls: Walls, rng: np.random.Generator) -> None:
    """A board or two on a wall."""
    wall = walls.standing[int(rng.integers(len(walls.standing)))]
    length = float(rng.uniform(0.6, 1.2))
    left = float(rng.uniform(0.2, max(walls.length(wall) - length - 0.2, 0.25)))
    if not walls.free(wall, left, left + length, 1.2, 2.0):
        return
    colour = _varied((150, 110, 74), rng)
    for height in (1.35, 1.7)[: int(rng.integers(1, 3))]:
        _panel(shell, walls, wall, (left, left + length, height, height + 0.03), (0.0, 0.24), colour, Pattern.WOOD)


def _panel(
    shell: ShellBuilder,
    walls: Walls,
    wall: int,
    rectangle: tuple[float, float, float, float],
    depth: tuple[float, float],
    rgb: tuple[int, int, int],
    pattern: Pattern = Pattern.PLAIN,
) -> None:
    """A box on a wall: left, right, bottom, top along it, and how far it reaches into the room."""
    start, along, inward = walls.frame(wall)
    left, right, bottom, top = rectangle
    shell.box(
        (*(start + left * along + depth[0] * inward), bottom),
        (*(start + right * along + depth[1] * inward), top),
        rgb,
        pattern,
    )


def _around_holes(length: float, height: float, holes: Sequence[Opening]) -> list[tuple[float, float, float, float]]:
    """Rectangles left, right, bottom, top that cover a wall without its holes."""
    cuts_x = sorted({0.0, length, *(x for o in holes for x in (o.left, o.right) if 0 < x < length)})
    cuts_z = sorted({0.0, height, *(z for o in holes for z in (o.bottom, o.top) if 0 < z < height)})
    cells = [(a, b, c, d) for a, b in pairwise(cuts_x) for c, d in pairwise(cuts_z)]
    return [
        (a, b, c, d)
        for a, b, c, d in cells
        if not any(o.left < (a + b) / 2 < o.right and o.bottom < (c + d) / 2 < o.top for o in holes)
    ]


def _build_frame(shell: ShellBuilder, walls: Walls, hole: Opening, rgb: tuple[int, int, int]) -> None:
    edge, depth = 0.06, (-THICK, 0.02)
    a, b, c, d = hole.left, hole.right, hole.bottom, hole.top
    _panel(shell, walls, hole.wall, (a, a + edge, c, d), depth, rgb)
    _panel(shell, walls, hole.wall, (b - edge, b, c, d), depth, rgb)
    _panel(shell, walls, hole.wall, (a, b, d - edge, d), depth, rgb)
    if hole.bottom > 0:
        _panel(shell, walls, hole.wall, (a, b, c, c + edge), depth, rgb)
        middle = (a + b) / 2
        _panel(shell, walls, hole.wall, (middle - 0.025, middle + 0.025, c, d), (-THICK, -0.03), rgb)


def _build_sockets(shell: ShellBuilder, walls: Walls, wall: int, rng: np.random.Generator) -> None:
    """Sockets near the floor and switches at hand height, so flat that things can hang before them."""
    for low, high in ((0.24, 0.32), (0.24, 0.32), (1.06, 1.14)):
        left = float(rng.uniform(0.1, walls.length(wall) - 0.3))
        right = left + 0.08 * int(rng.integers(1, 3))
        if rng.random() < 0.6 and walls.free(wall, left - 0.05, right + 0.05, low, high):
            _panel(shell, walls, wall, (left, right, low, high), (0, 0.002), _varied((226, 224, 218), rng))


def _varied(rgb: tuple[int, int, int], rng: np.random.Generator) -> tuple[int, int, int]:
    shade = np.clip(np.array(rgb) * rng.uniform(0.88, 1.08) + rng.normal(0, 5, 3), 5, 250)
    return int(shade[0]), int(shade[1]), int(shade[2])
