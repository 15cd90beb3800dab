"""Collects shapes into the named parts of an object."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.mesh import Mount, PartMesh
from pinpoint3d.synthesis.modelling.materials import Finish, Material
from pinpoint3d.synthesis.modelling.shapes import Solid

_T = TypeVar("_T")
_LEAST_AREA = 1e-9  # m2


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
        """The finished object, standing about the origin, without faces that have no area."""
        solids, parts, finishes, inner = zip(*self._pieces, strict=True)
        starts = np.cumsum([0, *(len(solid.vertices) for solid in solids)])
        faces = np.concatenate([solid.faces + start for solid, start in zip(solids, starts, strict=False)])
        at = np.concatenate([solid.vertices for solid in solids])
        low, high = at.min(axis=0), at.max(axis=0)
        vertices = (at - [*(low + high)[:2] / 2, low[2]]).astype(np.float32)
        a, b, c = vertices.astype(np.float64)[faces].transpose(1, 0, 2)
        kept = np.linalg.norm(np.cross(b - a, c - a), axis=1) > 2 * _LEAST_AREA
        piece = np.repeat(np.arange(len(solids)), [len(solid.faces) for solid in solids])[kept]
        return PartMesh(
            name=name,
            category=category,
            vertices=vertices,
            faces=faces[kept].astype(np.int32),
            part=np.array(parts, dtype=np.int32)[piece],
            part_names={part: name for name, part in self._ids.items()},
            rgb=np.array([finish.rgb for finish in finishes], dtype=np.uint8)[piece],
            pattern=np.array([finish.pattern.value for finish in finishes], dtype=np.uint8)[piece],
            inner=np.array(inner, dtype=np.bool_)[piece],
            mount=mount,
            source=source,
        )


def numbered(name: str, number: int, count: int) -> str:
    """ "leg 2" where there are several, "leg" where there is one."""
    return f"{name} {number}" if count > 1 else name
