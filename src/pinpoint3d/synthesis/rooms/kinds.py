"""Kinds of rooms, and what people put where in each."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pinpoint3d.synthesis.rooms.furnisher import Furnisher
from pinpoint3d.synthesis.rooms.space import SHELL

SMALL = ("mug", "bottle", "box", "plant", "book", "bowl", "vase", "teapot", "cup", "can", "toy", "clock", "speaker")
ON_FLOOR = ("bin", "bag", "box", "plant", "fan", "stool", "basket")
ON_WALL = ("door", "window", "curtain", "clock", "picture", "mirror", "cabinet", "shelf", "lamp", "radiator")
STORAGE = ("cabinet", "drawers", "bookcase", "shelf", "wardrobe", "sideboard")


@dataclass(frozen=True)
class RoomKind:
    """A kind of room.

    Attributes:
        name: "office".
        least, most: width and depth in metres.
        furnish: puts things into one.
        counter: whether it has a run of kitchen counter.
    """

    name: str
    least: float
    most: float
    furnish: Callable[[Furnisher], None]
    counter: bool = False


def _living(f: Furnisher) -> None:
    sofa = f.against_wall("sofa")
    if sofa is not None:
        f.before(sofa, 0.3, "coffee table", "table")
    f.against_wall(*STORAGE)
    media = f.against_wall("sideboard", "drawers", "cabinet", "table")
    if media is not None:
        f.on(media, "television", "monitor", "speaker", "radio", facing=True)
    for _ in range(_count(f, 1, 3)):
        f.on_floor("armchair", "chair", "stool")
    if f.rng.random() < 0.6:
        f.against_wall("bookcase", "shelf")
    f.on_floor("lamp")
    _leftovers(f, small=(3, 7), floor=(1, 3))


def _bedroom(f: Furnisher) -> None:
    bed = f.against_wall("bed")
    if bed is not None:
        for _ in range(_count(f, 1, 2)):
            stand = f.beside(bed, "night stand", "drawers", "stool")
            if stand is not None:
                f.on(stand, "lamp", *SMALL)
    f.against_wall("wardrobe", "cabinet", "drawers")
    f.against_wall("drawers", "desk", "bookcase")
    f.on_floor("chair", "armchair", "stool")
    _leftovers(f, small=(2, 6), floor=(1, 3))


def _office(f: Furnisher) -> None:
    for _ in range(_count(f, 1, 3)):
        desk = f.against_wall("desk", "table") if f.rng.random() < 0.7 else f.in_middle("desk", "table")
        if desk is None:
            continue
        f.at_front(desk, "chair")
        f.on(desk, "monitor", "laptop", facing=True)
        if f.rng.random() < 0.7:
            f.on(desk, "keyboard", facing=True)
            f.on(desk, "mouse", facing=True)
        if f.rng.random() < 0.5:
            f.on(desk, "lamp", *SMALL)
    for _ in range(_count(f, 1, 2)):
        f.against_wall(*STORAGE)
    f.on_floor("chair")
    _leftovers(f, small=(2, 6), floor=(1, 3))


def _kitchen(f: Furnisher) -> None:
    for kind in ("fridge", "oven", "washing machine", "dishwasher"):
        if f.rng.random() < 0.65:
            f.against_wall(kind, wall=None)
    table = f.in_middle("table")
    if table is not None:
        f.around(table, _count(f, 2, 4), "chair", "stool")
        for _ in range(_count(f, 1, 4)):
            f.on(table, "mug", "bottle", "teapot", "bowl", "plate", "pan", "laptop")
    for _ in range(_count(f, 3, 6)):
        f.on(SHELL, "microwave", "pan", "teapot", "mug", "bottle", "kettle", "toaster", "pot", "bowl", "plant", "box")
    _leftovers(f, small=(1, 4), floor=(1, 2))


def _bathroom(f: Furnisher) -> None:
    f.against_wall("toilet")
    f.against_wall("sink", "washbasin", "bathtub")
    f.against_wall("washing machine", "cabinet")
    f.against_wall("cabinet", "shelf", "drawers", "bathtub")
    _leftovers(f, small=(3, 6), floor=(2, 4))


def _dining(f: Furnisher) -> None:
    table = f.in_middle("table")
    if table is not None:
        f.around(table, _count(f, 3, 6), "chair", "stool")
        for _ in range(_count(f, 2, 5)):
            f.on(table, "mug", "bottle", "teapot", "bowl", "vase", "plant", "pan")
    for _ in range(_count(f, 1, 2)):
        f.against_wall(*STORAGE)
    _leftovers(f, small=(2, 5), floor=(1, 2))


def _leftovers(f: Furnisher, small: tuple[int, int], floor: tuple[int, int]) -> None:
    """What any room has: a lamp, things on the walls, on tops and on the floor."""
    if f.rng.random() < 0.5:
        f.from_ceiling("lamp", "fan")
    for _ in range(_count(f, 0, 3)):
        f.hang(*ON_WALL)
    for _ in range(_count(f, *floor)):
        f.on_floor(*ON_FLOOR)
    f.scatter(_count(f, *small), *SMALL)


def _count(f: Furnisher, least: int, most: int) -> int:
    return int(f.rng.integers(least, most + 1))


KINDS = (
    RoomKind("living room", 2.8, 3.7, _living),
    RoomKind("bedroom", 2.7, 3.5, _bedroom),
    RoomKind("office", 2.6, 3.6, _office),
    RoomKind("kitchen", 2.5, 3.4, _kitchen, counter=True),
    RoomKind("bathroom", 2.1, 2.8, _bathroom),
    RoomKind("dining room", 2.7, 3.5, _dining),
)


def random_kind(rng: np.random.Generator) -> RoomKind:
    return KINDS[int(rng.integers(len(KINDS)))]
