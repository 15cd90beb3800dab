"""Which designs a split may use, and drawing one of a wanted kind.

A design belongs to one split for ever, by a hash of its name: 8 of 10 train, 1 val, 1 test. Held-out families have no
training designs at all.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Protocol
from zlib import crc32

import numpy as np

from pinpoint3d.synthesis.families import FAMILIES, make_object, merged_parts
from pinpoint3d.synthesis.mesh import Mount, PartMesh

SPLITS = ("train", "val", "test")
_SEEDS = 10_000  # designs a family


class ObjectLibrary(Protocol):
    """Designs from elsewhere, CAD files say; hashable, and small enough to be sent to another process."""

    def __hash__(self) -> int: ...

    def names(self) -> Sequence[str]:
        """Of all designs, in a fixed order."""
        ...

    def load(self, name: str) -> PartMesh:
        """One of them, in metres, standing, its front towards -y."""
        ...


def split_of(design: str, *, held_out: bool = False) -> str:
    """The split that a design belongs to."""
    tenth = crc32(f"split:{design}".encode()) % 10
    if held_out:
        return SPLITS[1 + tenth % 2]
    return SPLITS[max(0, tenth - 7)]


class Catalogue:
    """The designs of one split."""

    def __init__(self, split: str, library: ObjectLibrary | None = None, library_share: float = 0.3) -> None:
        """Look at the families, and at a library that gives `library_share` of the objects whose kind it has.

        Raises:
            ValueError: there is no such split.
        """
        if split not in SPLITS:
            raise ValueError(f"split {split}: expected one of {', '.join(SPLITS)}")
        self.split = split
        self._library = library
        self._share = library_share if library is not None else 0.0
        self._shelves: Mapping[tuple[str, Mount], Sequence[str]] = {} if library is None else _shelves(library, split)

    def draw(
        self, categories: Sequence[str], mount: Mount, rng: np.random.Generator, *, merged: bool
    ) -> PartMesh | None:
        """A random design of one of the categories; None where the split has none.

        Args:
            categories: to choose among.
            mount: where it shall be put; a lamp may stand or hang.
            rng: chooses.
            merged: whether parts that differ by a number alone are one.
        """
        own = [c for c in categories if self._families(c, mount)]
        foreign = [c for c in categories if (c, mount) in self._shelves]
        if self._library is not None and foreign and (not own or rng.random() < self._share):
            names = self._shelves[foreign[int(rng.integers(len(foreign)))], mount]
            return _loaded(self._library, names[int(rng.integers(len(names)))])
        if not own:
            return None
        families = self._families(own[int(rng.integers(len(own)))], mount)
        family = families[int(rng.integers(len(families)))]
        while True:
            seed = int(rng.integers(_SEEDS))
            if split_of(f"{family} {seed}", held_out=FAMILIES[family].held_out) == self.split:
                return _designed(family, seed, merged)

    def kinds(self) -> list[tuple[str, Mount]]:
        """Categories and where they are put, of the families that the split has; sorted."""
        return sorted(_by_kind(self.split == "train"), key=lambda kind: (kind[0], kind[1].value))

    def _families(self, category: str, mount: Mount) -> list[str]:
        return _by_kind(self.split == "train").get((category, mount), [])


@lru_cache(maxsize=1024)
def _designed(family: str, seed: int, merged: bool) -> PartMesh:
    mesh = make_object(family, seed).compact().standing()
    return merged_parts(mesh) if merged else mesh


@lru_cache(maxsize=1024)
def _loaded(library: ObjectLibrary, name: str) -> PartMesh:
    return library.load(name).compact().standing()


@cache
def _by_kind(training: bool) -> dict[tuple[str, Mount], list[str]]:
    found: dict[tuple[str, Mount], list[str]] = {}
    for name, family in sorted(FAMILIES.items()):
        if not (training and family.held_out):
            found.setdefault((family.category, family.mount), []).append(name)
    return found


@lru_cache(maxsize=16)
def _shelves(library: ObjectLibrary, split: str) -> dict[tuple[str, Mount], list[str]]:
    found: dict[tuple[str, Mount], list[str]] = {}
    for name in library.names():
        if split_of(name) == split:
            mesh = _loaded(library, name)
            found.setdefault((mesh.category, mesh.mount), []).append(name)
    return found
