"""A furnished room, or a table top, from a generator of random numbers."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.mesh import Assembly, Mount
from pinpoint3d.synthesis.modelling.materials import fabric, paint, powder_coated, wood
from pinpoint3d.synthesis.rooms.check import check_assembly
from pinpoint3d.synthesis.rooms.furnisher import Draw, Furnisher
from pinpoint3d.synthesis.rooms.kinds import ON_FLOOR, SMALL, random_kind
from pinpoint3d.synthesis.rooms.shell import ShellBuilder, Walls, build_counter, build_shelf, build_walls, random_walls
from pinpoint3d.synthesis.rooms.space import SHELL, Space

LEAST, MOST = 8, 25  # objects a room
_ATTEMPTS = 8
_GAP, _OVERLAP = 0.009, 0.009  # metres, and share of the smaller box, that an object may be off
_TRIES = 3
_TABLE_TOPS = (wood, wood, wood, paint, powder_coated, fabric)
_COMPANY = (*ON_FLOOR, "chair", "lamp", "drawers", "armchair", "coffee table")


@dataclass(frozen=True, eq=False)
class Room:
    """What can be scanned, and where a scanner can stand.

    Attributes:
        kind: "office".
        assembly: objects and shell.
        size: f64 [3], width, depth and height in metres.
        stands: f64 [2] each, free places on the floor.
    """

    kind: str
    assembly: Assembly
    size: Float64
    stands: list[Float64]


def furnished_room(draw: Draw, rng: np.random.Generator, least: int = LEAST) -> Room:
    """A room of a random kind with `least` to 25 objects; fewer where the catalogue has too few kinds of them."""
    best: Room | None = None
    for _ in range(_ATTEMPTS):
        room = _attempt(draw, rng)
        if best is None or len(room.assembly.objects) > len(best.assembly.objects):
            best = room
        if len(best.assembly.objects) >= least:
            break
    assert best is not None
    return best


def _attempt(draw: Draw, rng: np.random.Generator) -> Room:
    kind = random_kind(rng)
    size = np.array([*rng.uniform(kind.least, kind.most, 2), rng.uniform(2.3, 2.7)])
    walls = random_walls(size, rng)
    shell, fittings = ShellBuilder(), ShellBuilder()
    build_walls(shell, walls, rng)
    if kind.counter:
        build_counter(fittings, walls, rng)
    elif rng.random() < 0.4:
        build_shelf(fittings, walls, rng)
    shell.add(fittings)
    space = Space(size, fittings.build())
    kind.furnish(Furnisher(space, walls, draw, rng))
    kept = list(range(min(len(space.objects), MOST)))  # supports come before what they carry
    supports = [space.supports[i] for i in kept]
    assembly, _ = _sound(Assembly([space.objects[i] for i in kept], shell.build(), supports))
    return Room(kind.name, assembly, size, space.stands())


def _sound(assembly: Assembly) -> tuple[Assembly, dict[int, int]]:
    """Without what a measurement finds to float, to sink in or to run into another, and without what stands on it.

    Returns:
        The assembly, and the new index of every object that is left.
    """
    check = check_assembly(assembly)
    bad = set(np.flatnonzero(np.abs(check.gaps) > _GAP).tolist())
    bad |= {second for (_, second), share in check.overlaps.items() if share > _OVERLAP}
    number: dict[int, int] = {SHELL: SHELL}
    for i, support in enumerate(assembly.supports):  # supports come before what they carry
        if i not in bad and support in number:
            number[i] = len(number) - 1
    kept = [i for i in number if i != SHELL]
    objects, supports = [assembly.objects[i] for i in kept], [number[assembly.supports[i]] for i in kept]
    return Assembly(objects, assembly.shell, supports), number


def table_top(draw: Draw, rng: np.random.Generator) -> Room:
    """A table with things on it and nothing else: what a fixed depth camera looks at."""
    size = np.array([2.4, 2.4, 2.4])
    shell, fittings = ShellBuilder(), ShellBuilder()
    table = rng.uniform((1.2, 1.0), (2.0, 1.6))
    low, high = size[:2] / 2 - table / 2, size[:2] / 2 + table / 2
    top = float(rng.uniform(0.6, 0.8))
    board = _TABLE_TOPS[int(rng.integers(len(_TABLE_TOPS)))](rng)
    grey = int(rng.uniform(60, 180))
    fittings.box((*low, top - 0.04), (*high, top), *board)
    fittings.box((*(size[:2] / 2 - 0.1), 0.0), (*(size[:2] / 2 + 0.1), top - 0.04), (40, 40, 40))
    shell.box((0, 0, -0.05), (*size[:2], 0), (grey, grey, grey))
    shell.add(fittings)
    walls = Walls(size, (0,), ())
    space = Space(size, fittings.build())
    f = Furnisher(space, walls, draw, rng)
    for _ in range(int(rng.integers(4, 12))):
        f.on(SHELL, *SMALL, "pan", "pot", "kettle", "jug", "pillow", near=0.45)
    kept = [i for i, one in enumerate(space.objects) if one.pose[2, 3] > 0.3]
    assembly, _ = _sound(Assembly([space.objects[i] for i in kept], shell.build(), [SHELL] * len(kept)))
    return Room("table top", assembly, size, [size[:2] / 2])


def corner(draw: Draw, category: str, mount: Mount, rng: np.random.Generator) -> tuple[Room, int] | None:
    """One object of a kind with what is near: floor, perhaps walls, something it stands on, neighbours.

    Returns:
        The room, and the index of the object; None where no such object finds a place.
    """
    for _ in range(_TRIES):
        size = np.array([3.0, 3.0, 2.4])
        shell = ShellBuilder()
        walls = random_walls(size, rng)
        build_walls(shell, walls, rng)
        space = Space(size, ShellBuilder().build())
        f = Furnisher(space, walls, draw, rng)
        main = _main_object(f, category, mount)
        if main is None:
            continue
        _neighbours(f, main)
        assembly, number = _sound(Assembly(space.objects, shell.build(), space.supports))
        if main in number:
            return Room("corner", assembly, size, []), number[main]
    return None


def _main_object(f: Furnisher, category: str, mount: Mount) -> int | None:
    if mount is Mount.WALL:
        return f.hang(category)
    if mount is Mount.CEILING:
        return f.from_ceiling(category)
    if mount is Mount.TOP:
        below = f.against_wall("table", "desk", "drawers", "cabinet", "sideboard", "bookcase")
        return None if below is None else f.on(below, category, facing=f.rng.random() < 0.6)
    if category in ("table", "chair", "stool", "coffee table") or f.rng.random() < 0.3:
        return f.in_middle(category)
    return f.against_wall(category)


def _neighbours(f: Furnisher, main: int) -> None:
    """Things on, at and beside an object, and on what stands beside it."""
    design = f.space.objects[main].design
    if design.category in ("table", "desk") and f.rng.random() < 0.7:
        f.around(main, int(f.rng.integers(1, 4)), "chair", "stool")
    if design.category == "bed" and f.rng.random() < 0.5:
        f.beside(main, "night stand", "drawers", "stool")
    if f.space.supports[main] != SHELL:
        for _ in range(int(f.rng.integers(1, 4))):
            f.on(f.space.supports[main], *SMALL, "laptop", "keyboard", "lamp")
    elif design.mount is Mount.FLOOR:
        for _ in range(int(f.rng.integers(0, 4))):
            f.on(main, *SMALL)
    for _ in range(int(f.rng.integers(1, 3))):
        other = f.near(main, *_COMPANY)
        if other is not None and f.rng.random() < 0.6:
            f.on(other, *SMALL)
