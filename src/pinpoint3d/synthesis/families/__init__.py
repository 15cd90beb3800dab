"""Families of household things: every seed gives another design of a kind, the same one each time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.random import Generator

from pinpoint3d.synthesis.families import (
    appliances,
    bathroom,
    beds,
    carried,
    chairs,
    counter,
    cups,
    decor,
    electronics,
    household,
    kitchen,
    lamps,
    openings,
    plants,
    seats,
    sofas,
    storage,
    tables,
)
from pinpoint3d.synthesis.mesh import Mount, PartMesh
from pinpoint3d.synthesis.modelling.builder import Builder


@dataclass(frozen=True)
class Family:
    """A kind of thing.

    Attributes:
        name: of the family.
        category: what a person calls a member.
        mount: where its members are put.
        draw: adds the parts of a random member to a builder.
        hung: on a wall, how high above the floor its lowest point is, metres from and to.
        held_out: kept from training, so that tests can show it to a network that never saw one.
    """

    name: str
    category: str
    mount: Mount
    draw: Callable[[Builder], None]
    hung: tuple[float, float] = (0.0, 0.0)
    held_out: bool = False

    def make(self, rng: Generator) -> PartMesh:
        """A member; its name and source are those of the family."""
        builder = Builder(rng)
        self.draw(builder)
        return builder.build(self.name, self.category, self.mount, self.name)


_FLOOR = (
    Family("dining chair", "chair", Mount.FLOOR, chairs.dining_chair),
    Family("office chair", "chair", Mount.FLOOR, seats.office_chair),
    Family("cantilever chair", "chair", Mount.FLOOR, seats.cantilever_chair),
    Family("folding chair", "chair", Mount.FLOOR, seats.folding_chair, held_out=True),
    Family("armchair", "armchair", Mount.FLOOR, sofas.armchair),
    Family("bench", "bench", Mount.FLOOR, seats.bench),
    Family("stool", "stool", Mount.FLOOR, chairs.stool),
    Family("table", "table", Mount.FLOOR, tables.table),
    Family("desk", "desk", Mount.FLOOR, tables.desk),
    Family("cabinet", "cabinet", Mount.FLOOR, storage.cabinet),
    Family("chest of drawers", "drawers", Mount.FLOOR, storage.chest),
    Family("wardrobe", "wardrobe", Mount.FLOOR, storage.wardrobe),
    Family("bookcase", "bookcase", Mount.FLOOR, storage.bookcase),
    Family("bed", "bed", Mount.FLOOR, beds.bed),
    Family("sofa", "sofa", Mount.FLOOR, sofas.sofa),
    Family("floor lamp", "lamp", Mount.FLOOR, lamps.floor_lamp),
    Family("bin", "bin", Mount.FLOOR, household.bin_),
    Family("fan", "fan", Mount.FLOOR, household.fan, held_out=True),
    Family("carton", "box", Mount.FLOOR, household.carton),
    Family("bag", "bag", Mount.FLOOR, carried.bag, held_out=True),
    Family("shoe", "shoe", Mount.FLOOR, carried.shoe),
    Family("coat rack", "coat rack", Mount.FLOOR, household.coat_rack),
    Family("basket", "basket", Mount.FLOOR, carried.basket),
    Family("suitcase", "suitcase", Mount.FLOOR, carried.suitcase),
    Family("stepladder", "ladder", Mount.FLOOR, household.stepladder),
    Family("rug", "rug", Mount.FLOOR, decor.rug),
    Family("plant", "plant", Mount.FLOOR, plants.plant),
    Family("fridge", "fridge", Mount.FLOOR, appliances.fridge),
    Family("oven", "oven", Mount.FLOOR, appliances.oven),
    Family("washing machine", "washing machine", Mount.FLOOR, appliances.washing_machine, held_out=True),
    Family("toilet", "toilet", Mount.FLOOR, bathroom.toilet, held_out=True),
    Family("sink", "sink", Mount.FLOOR, bathroom.sink),
    Family("bathtub", "bathtub", Mount.FLOOR, bathroom.bathtub),
)
_TOP = (
    Family("mug", "mug", Mount.TOP, cups.mug),
    Family("bottle", "bottle", Mount.TOP, cups.bottle),
    Family("table lamp", "lamp", Mount.TOP, lamps.table_lamp),
    Family("desk lamp", "lamp", Mount.TOP, lamps.desk_lamp, held_out=True),
    Family("monitor", "monitor", Mount.TOP, electronics.monitor),
    Family("television", "television", Mount.TOP, electronics.television),
    Family("laptop", "laptop", Mount.TOP, electronics.laptop),
    Family("keyboard", "keyboard", Mount.TOP, electronics.keyboard),
    Family("mouse", "mouse", Mount.TOP, electronics.mouse),
    Family("speaker", "speaker", Mount.TOP, electronics.speaker),
    Family("vase", "vase", Mount.TOP, plants.vase),
    Family("books", "books", Mount.TOP, decor.books),
    Family("pillow", "pillow", Mount.TOP, decor.pillow),
    Family("candle", "candle", Mount.TOP, decor.candle),
    Family("bowl", "bowl", Mount.TOP, kitchen.bowl),
    Family("plate", "plate", Mount.TOP, kitchen.plate),
    Family("pan", "pan", Mount.TOP, kitchen.pan),
    Family("pot", "pot", Mount.TOP, kitchen.pot),
    Family("teapot", "teapot", Mount.TOP, kitchen.teapot, held_out=True),
    Family("kettle", "kettle", Mount.TOP, counter.kettle),
    Family("jug", "jug", Mount.TOP, kitchen.jug),
    Family("wine glass", "glass", Mount.TOP, kitchen.wine_glass),
    Family("knife block", "knife block", Mount.TOP, counter.knife_block),
    Family("cutting board", "cutting board", Mount.TOP, counter.cutting_board),
    Family("microwave", "microwave", Mount.TOP, appliances.microwave),
    Family("toaster", "toaster", Mount.TOP, counter.toaster),
    Family("coffee maker", "coffee maker", Mount.TOP, counter.coffee_maker),
)
_WALL = (
    Family("wall cabinet", "cabinet", Mount.WALL, storage.wall_cabinet, hung=(1.3, 1.5)),
    Family("wall shelf", "shelf", Mount.WALL, storage.wall_shelf, hung=(1.0, 1.4)),
    Family("picture", "picture", Mount.WALL, decor.picture, hung=(1.1, 1.5)),
    Family("clock", "clock", Mount.WALL, decor.clock, hung=(1.5, 1.9)),
    Family("door", "door", Mount.WALL, openings.interior_door),
    Family("window", "window", Mount.WALL, openings.window, hung=(0.7, 1.0)),
    Family("radiator", "radiator", Mount.WALL, openings.radiator, hung=(0.1, 0.2)),
    Family("curtain", "curtain", Mount.WALL, openings.curtain, hung=(0.02, 0.6)),
    Family("blind", "blind", Mount.WALL, openings.blind, hung=(0.9, 1.3)),
    Family("mirror", "mirror", Mount.WALL, bathroom.mirror, hung=(0.6, 1.2)),
)
_CEILING = (
    Family("pendant lamp", "lamp", Mount.CEILING, lamps.pendant_lamp),
    Family("ceiling lamp", "lamp", Mount.CEILING, lamps.ceiling_lamp),
)

FAMILIES: dict[str, Family] = {family.name: family for family in (*_FLOOR, *_TOP, *_WALL, *_CEILING)}


def make_object(family: str, seed: int) -> PartMesh:
    """Member `seed` of a family; the same bytes every time.

    Raises:
        KeyError: there is no such family.
    """
    kind = FAMILIES[family]
    rng = np.random.default_rng([crc32(family.encode()), seed])
    return replace(kind.make(rng), name=f"{family} {seed}", source=f"{family}:{seed}")


def merged_parts(mesh: PartMesh) -> PartMesh:
    """With parts that differ by their number alone made one: "leg 1" and "leg 2" become "leg"."""
    plain = {part: _without_number(name) for part, name in mesh.part_names.items()}
    ids = {name: part for part, name in sorted(plain.items(), reverse=True)}
    lookup = np.zeros(max(plain, default=0) + 1, dtype=np.int32)
    for part, name in plain.items():
        lookup[part] = ids[name]
    return replace(mesh, part=lookup[mesh.part], part_names={part: name for name, part in sorted(ids.items())})


def _without_number(name: str) -> str:
    head, _, tail = name.rpartition(" ")
    return head if head and tail.isdecimal() else name
