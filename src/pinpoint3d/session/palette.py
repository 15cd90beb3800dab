"""One number a target, so that a point's label is two bytes."""

from collections.abc import Iterable

import numpy as np

from pinpoint3d.arrays import Bool, Int32, UInt16
from pinpoint3d.errors import ClickError
from pinpoint3d.scene import UNLABELLED
from pinpoint3d.session.targets import Target

UNSAID, BACKGROUND_LABEL = 0, 1
_MOST = 65_536
_CLOSE = 256  # ids within so many of each other are their own ranks; a table of their pairs stays in the cache


class Palette:
    """Numbers of targets: 0 nothing is said, 1 background, from 2 the targets in order of appearance.

    A target keeps its number for as long as the palette lives.

    Attributes:
        object: i32 [L], the object each label belongs to; -1 where nothing is said.
        part: i32 [L], its part; 0 for the object as a whole.
    """

    def __init__(self) -> None:
        self._numbers: dict[Target, int] = {(UNLABELLED, UNLABELLED): UNSAID, (0, 0): BACKGROUND_LABEL}
        self._fill()

    def number(self, target: Target) -> int:
        """The label of a target; it is given one if it has none.

        Raises:
            ClickError: there are more targets than labels.
        """
        if target not in self._numbers:
            self.add([target])
        return self._numbers[target]

    def add(self, targets: Iterable[Target]) -> None:
        """Give labels to targets that have none. Raises ClickError when there are more targets than labels."""
        new = [target for target in dict.fromkeys(targets) if target not in self._numbers]
        if len(self._numbers) + len(new) > _MOST:
            raise ClickError(f"there are too many objects and parts: {_MOST - 2:,} are possible in one scene")
        for target in new:
            self._numbers[target] = len(self._numbers)
        if new:
            self._fill()

    def within(self, target: Target) -> Bool:
        """bool [L]: which labels lie within a target; an object holds its parts."""
        inside = self.object == target[0]
        return np.asarray(inside & (self.part == target[1])) if target[1] else inside

    def labels(self, objects: Int32, parts: Int32) -> UInt16:
        """u16 [M] labels of i32 [M] objects and i32 [M] parts; targets without a number are given one."""
        if len(objects) == 0:
            return np.zeros(0, dtype=np.uint16)
        # Both ids are replaced by their ranks, so that a pair is a place in a small table.
        object_ids, object_rank = _ranked(objects)
        part_ids, part_rank = _ranked(parts)
        pair = object_rank.astype(np.int64) * len(part_ids) + part_rank  # what counting and looking up would make of it
        present = np.flatnonzero(np.bincount(pair, minlength=len(object_ids) * len(part_ids)))
        targets = [_target(int(object_ids[k // len(part_ids)]), int(part_ids[k % len(part_ids)])) for k in present]
        self.add(targets)
        table = np.zeros(len(object_ids) * len(part_ids), dtype=np.uint16)
        table[present] = [self._numbers[target] for target in targets]
        return table.take(pair)

    def _fill(self) -> None:
        self.object, self.part = np.array(list(self._numbers), dtype=np.int32).T.copy()


def _target(object_id: int, part_id: int) -> Target:
    if object_id < 0:
        return UNLABELLED, UNLABELLED
    return (object_id, max(part_id, 0)) if object_id else (0, 0)


def _ranked(ids: Int32) -> tuple[Int32, Int32]:
    """Ids, ascending, and the rank of each of i32 [M] among them; where ids are far apart, only those that occur."""
    low, high = int(ids.min()), int(ids.max())
    if high - low < _CLOSE:
        return np.arange(low, high + 1, dtype=np.int32), ids - np.int32(low)
    rank = np.bincount(ids - low) > 0
    distinct = np.flatnonzero(rank).astype(np.int32) + np.int32(low)
    return distinct, (np.cumsum(rank, dtype=np.int32) - 1)[ids - low]
