"""From what the segmenter answers to what a person sees: imported, answered, painted and locked, bottom to top."""

from collections.abc import Callable

import numpy as np

from pinpoint3d.arrays import Bool, Int32, Int64, UInt16
from pinpoint3d.session.answers import Labelling, OnPoints
from pinpoint3d.session.palette import BACKGROUND_LABEL, UNSAID, Palette
from pinpoint3d.session.points import Stroke, unpack
from pinpoint3d.session.state import State

_NOBODY = -1


class Layer:
    """Which stroke holds every point. Following the strokes of a session there and back costs only what changes."""

    def __init__(self, count: int) -> None:
        """A layer of `count` points without a stroke."""
        self._strokes: list[Stroke] = []
        self._before: list[tuple[Int64, Int32]] = []  # rows of each stroke, and who held them
        self._holder = np.full(count, _NOBODY, dtype=np.int32)

    def follow(self, strokes: tuple[Stroke, ...]) -> None:
        """Take strokes off the top and put others on until these are there."""
        shared = 0
        while shared < min(len(strokes), len(self._strokes)) and strokes[shared] == self._strokes[shared]:
            shared += 1
        while len(self._strokes) > shared:
            self._strokes.pop()
            rows, holder = self._before.pop()
            self._holder[rows] = holder
        for stroke in strokes[shared:]:
            rows = unpack(stroke.points, len(self._holder))
            self._before.append((rows, self._holder[rows]))
            self._holder[rows] = len(self._strokes)
            self._strokes.append(stroke)

    def held(self, palette: Palette) -> tuple[Int64, UInt16]:
        """i64 [M] rows of the points a stroke holds, and u16 [M] the labels it gives them."""
        rows = np.flatnonzero(self._holder != _NOBODY)
        numbers = np.array([palette.number(stroke.target) for stroke in self._strokes], dtype=np.uint16)
        return rows, numbers[self._holder[rows]]


class Layers:
    """The layers of one session."""

    def __init__(self, finite: Bool, palette: Palette) -> None:
        """Layers over points of which only the finite ones, bool [N], can have a label."""
        self._palette = palette
        self._lost = np.flatnonzero(~finite)
        self._painted, self._imported = Layer(len(finite)), Layer(len(finite))

    def over(self, answer: Labelling, state: State) -> Labelling:
        """The labels of the points; what a person gave by hand is certain."""
        if not (state.imported or state.strokes or state.locked):
            return answer
        self._imported.follow(state.imported)
        self._painted.follow(state.strokes)
        labels, confidence = answer.label.copy(), answer.confidence.copy()

        def put(rows: Int64, numbers: UInt16 | int) -> None:
            labels[rows], confidence[rows] = numbers, 1.0

        if state.imported:
            self._bring_along(labels, state, put)
        put(*self._painted.held(self._palette))
        self._lock(labels, state, put)
        labels[self._lost], confidence[self._lost] = UNSAID, 0.0
        return OnPoints(labels, confidence, answer.status)

    def _bring_along(self, labels: UInt16, state: State, put: Callable[[Int64, UInt16], None]) -> None:
        """Keep imported targets as they are, but for those that were clicked since: these follow their clicks.

        Clicks on parts alone cut an imported object without changing its outline.
        """
        rows, numbers = self._imported.held(self._palette)
        objects = self._palette.object
        clicked = {(c.object, c.part or 0) for c in state.clicks}
        stays = np.zeros(len(objects), dtype=np.uint16)  # label -> what of it stays
        closed = np.zeros(len(objects), dtype=np.bool_)  # labels of parts that stay
        for target in {stroke.target for stroke in state.imported}:
            if (target[0], 0) not in clicked:
                number = self._palette.number(target)
                closed[number] = target[1] > 0 and target not in clicked
                stays[number] = number if closed[number] else self._palette.number((target[0], 0))
        rows, kept = rows[stays[numbers] != UNSAID], stays[numbers][stays[numbers] != UNSAID]
        found = labels[rows]
        labels[np.isin(objects, objects[kept])[labels]] = BACKGROUND_LABEL
        cut = ~closed[kept] & ~closed[found] & (objects[found] == objects[kept])
        labels[rows[cut]] = found[cut]
        put(rows[~cut], kept[~cut])

    def _lock(self, labels: UInt16, state: State, put: Callable[[Int64, int], None]) -> None:
        """Take points from locked targets that are not theirs, and give them back those that are."""
        for target in state.locked:
            rest = self._palette.number((target[0], 0)) if target[1] else BACKGROUND_LABEL
            labels[self._palette.within(target)[labels]] = rest
        # A part stands over its object, whichever was locked first.
        for target in sorted(state.locked):
            for stroke in state.locked[target]:
                put(unpack(stroke.points, len(labels)), self._palette.number(stroke.target))
