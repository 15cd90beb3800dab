"""Families of household things: every seed gives another design of a kind, the same one each time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.random import Generator

from pinpoint3d.synthesis.builder import Builder
from pinpoint3d.synthesis.families import beds, chairs, cups, sofas, storage, tables
from pinpoint3d.synthesis.mesh import Mount, PartMesh


@dataclass(frozen=True)
class Family:
    """A kind of thing.

    Attributes:
        name: of the family.
        category: what a person calls a member.
        mount: where its members are put.
        draw: adds the parts of a random member to a builder.
        held_out: kept from training, so that tests can show it to a network that never saw one.
    """

    name: str
    category: str
    mount: Mount
    draw: Callable[[Builder], None]
    held_out: bool = False

    def make(self, rng: Generator) -> PartMesh:
        """A member; its name and source are those of the family."""
        builder = Builder(rng)
        self.draw(builder)
        return builder.build(self.name, self.category, self.mount, self.name)


_FLOOR = (
    Family("dining chair", "chair", Mount.FLOOR, chairs.dining_chair),
    Family("stool", "stool", Mount.FLOOR, chairs.stool),
    Family("table", "table", Mount.FLOOR, tables.table),
    Family("desk", "desk", Mount.FLOOR, tables.desk),
    Family("cabinet", "cabinet", Mount.FLOOR, storage.cabinet),
    Family("chest of drawers", "drawers", Mount.FLOOR, storage.chest),
    Family("bookcase", "bookcase", Mount.FLOOR, storage.bookcase),
    Family("bed", "bed", Mount.FLOOR, beds.bed),
    Family("sofa", "sofa", Mount.FLOOR, sofas.sofa),
)
_TOP = (
    Family("mug", "mug", Mount.TOP, cups.mug),
    Family("bottle", "bottle", Mount.TOP, cups.bottle),
)

FAMILIES: dict[str, Family] = {family.name: family for family in (*_FLOOR, *_TOP)}


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
