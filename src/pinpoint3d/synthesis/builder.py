"""Collects shapes into the named parts of an object."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from pinpoint3d.arrays import AnyArray, Float64
from pinpoint3d.synthesis.materials import Finish, Material
from pinpoint3d.synthesis.mesh import Mount, PartMesh
from pinpoint3d.synthesis.shapes import Solid

_T = TypeVar("_T")


class Builder:
    """An object in the making, and the dice that decide its design.

    Args:
        rng: all that is random about the object.
    """

    def __init__(self, rng: Generator) -> None:
        self.rng = rng
        self._pieces: list[tuple[Solid, int, Finish, bool]] = []
        self._ids: dict[str, int] = {}
        self._frame = np.eye(4)

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def count(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def pick(self, *options: _T) -> _T:
        return options[int(self.rng.integers(len(options)))]

    def finish(self, *materials: Material) -> Finish:
        """Of one of the materials."""
        return self.pick(*materials)(self.rng)

    def accent(self, body: Finish, *materials: Material) -> Finish:
        """Of one of the materials, or every third time the same as the body, so that colour does not tell."""
        return body if self.chance(0.33) else self.finish(*materials)

    def add(self, name: str, solid: Solid, finish: Finish, *, inner: bool = False) -> None:
        """Put a shape into a part, which is begun where there is none of that name.

        Args:
            name: of the part.
            solid: in the coordinates of the enclosing `within`.
            finish: colour and surface.
            inner: no scanner can ever see it.
        """
        part = self._ids.setdefault(name, len(self._ids) + 1)
        self._pieces.append((solid.moved(self._frame), part, finish, inner))

    def each(self, name: str, solids: Iterable[Solid], finish: Finish) -> None:
        """Every shape a part of its own: "leg 1", "leg 2"; a single one is plain "leg"."""
        several = list(solids)
        for number, solid in enumerate(several, 1):
            self.add(numbered(name, number, len(several)), solid, finish)

    @contextmanager
    def within(self, *matrices: Float64) -> Iterator[None]:
        """What is added inside is moved by these transforms, the last one first."""
        outer = self._frame
        for matrix in matrices:
            self._frame = self._frame @ matrix
        yield
        self._frame = outer

    def build(self, name: str, category: str, mount: Mount, source: str = "") -> PartMesh:
        """The finished object, standing about the origin."""
        counts = [len(solid.faces) for solid, *_ in self._pieces]
        offsets = np.cumsum([0, *(len(solid.vertices) for solid, *_ in self._pieces)])
        faces = [solid.faces + offset for (solid, *_), offset in zip(self._pieces, offsets[:-1], strict=True)]

        def spread(values: Sequence[object], kind: type[np.generic]) -> AnyArray:
            return np.repeat(np.array(values, dtype=kind), counts, axis=0)

        mesh = PartMesh(
            name=name,
            category=category,
            vertices=np.concatenate([solid.vertices for solid, *_ in self._pieces]).astype(np.float32),
            faces=np.concatenate(faces).astype(np.int32),
            part=spread([part for _, part, _, _ in self._pieces], np.int32),
            part_names={part: name for name, part in self._ids.items()},
            rgb=spread([finish.rgb for _, _, finish, _ in self._pieces], np.uint8),
            pattern=spread([finish.pattern.value for _, _, finish, _ in self._pieces], np.uint8),
            inner=spread([inner for *_, inner in self._pieces], np.bool_),
            mount=mount,
            source=source,
        )
        return mesh.standing()


def numbered(name: str, number: int, count: int) -> str:
    """ "leg 2" where there are several, "leg" where there is one."""
    return f"{name} {number}" if count > 1 else name
