"""A click and an ordered set of clicks, both immutable."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import overload

from pinpoint3d.errors import ClickError


@dataclass(frozen=True)
class Click:
    """One click on the scan.

    Attributes:
        xyz: metres, in the scene's own frame (relative to its origin).
        object: object id from 1; 0 is the background.
        part: part id from 1 within the object; None clicks the object as a whole.
        positive: False says "not this": a negative click on a part marks a point of the object outside that part,
            a negative click on an object marks a point outside the object.

    Raises:
        ClickError: a coordinate is not finite, an id is negative, or the background is given a part or made negative.
    """

    xyz: tuple[float, float, float]
    object: int
    part: int | None = None
    positive: bool = True

    def __post_init__(self) -> None:
        if len(self.xyz) != 3 or not all(math.isfinite(c) for c in self.xyz):
            raise ClickError(f"click {self.xyz}: needs three finite coordinates x, y, z in metres")
        if self.object < 0 or (self.part is not None and self.part < 1):
            raise ClickError(f"click {self.xyz}: object {self.object} and part {self.part} must count from 1")
        if self.object == 0 and self.part is not None:
            raise ClickError(f"click {self.xyz}: part {self.part} is given without its object")
        if self.object == 0 and not self.positive:
            raise ClickError(f"click {self.xyz}: a background click cannot be negative; click the object instead")


@dataclass(frozen=True)
class ClickSet:
    """Clicks in the order they were made; a click's place is its time."""

    clicks: tuple[Click, ...] = ()

    @classmethod
    def of(cls, clicks: Iterable[Click]) -> "ClickSet":
        return cls(tuple(clicks))

    def __len__(self) -> int:
        return len(self.clicks)

    def __iter__(self) -> Iterator[Click]:
        return iter(self.clicks)

    @overload
    def __getitem__(self, place: int) -> Click: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Click, ...]: ...
    def __getitem__(self, place: int | slice) -> Click | tuple[Click, ...]:
        return self.clicks[place]

    def add(self, click: Click) -> "ClickSet":
        return ClickSet((*self.clicks, click))

    def replace(self, place: int, click: Click) -> "ClickSet":
        """Raises: IndexError: `place` is not a click's place."""
        self._check(place)
        return ClickSet((*self.clicks[:place], click, *self.clicks[place + 1 :]))

    def remove(self, place: int) -> "ClickSet":
        """Raises: IndexError: `place` is not a click's place."""
        self._check(place)
        return ClickSet((*self.clicks[:place], *self.clicks[place + 1 :]))

    def _check(self, place: int) -> None:
        if not 0 <= place < len(self.clicks):
            raise IndexError(f"there is no click {place} among {len(self.clicks)}")
