"""The commands for what a person does to points by hand: paint, lock, bring labels along."""

import numpy as np

from pinpoint3d.arrays import Bool, Int64, UInt16
from pinpoint3d.errors import ClickError
from pinpoint3d.scene import Hierarchy
from pinpoint3d.session.commands import ImportLabels, Lock, Paint
from pinpoint3d.session.naming import MAX_ID, target_of
from pinpoint3d.session.palette import UNSAID, Palette
from pinpoint3d.session.points import Stroke, pack
from pinpoint3d.session.state import State
from pinpoint3d.session.targets import Target


def paint(
    state: State, labels: UInt16, palette: Palette, rows: Int64, object: str | int | None, part: str | int | None
) -> Paint:
    """Give i64 [M] rows to a target. Points of locked targets, and those that are the target's already, stay out.

    Raises:
        ClickError: the target is locked or cannot be, or no point is left to paint.
    """
    target, names, _ = target_of(state, object, part)
    require_unlocked(state, target)
    return Paint(Stroke(target, pack(_free(state, labels, palette, rows, ~palette.within(target)))), names)


def erase(state: State, labels: UInt16, palette: Palette, rows: Int64, target: Target) -> Paint:
    """Take i64 [M] rows from a target: from an object to the background, from a part to the rest of its object.

    Raises:
        ClickError: the target is locked, or has none of the points.
    """
    require_unlocked(state, target)
    rest = (target[0], 0) if target[1] else (0, 0)
    return Paint(Stroke(rest, pack(_free(state, labels, palette, rows, palette.within(target)))), {})


def lock(labels: UInt16, palette: Palette, target: Target) -> Lock:
    """Keep a target, and the parts of an object, at the points they have now."""
    strokes = []
    for number in np.flatnonzero(palette.within(target)):
        rows = np.flatnonzero(labels == number)
        if len(rows):
            strokes.append(Stroke((int(palette.object[number]), int(palette.part[number])), pack(rows)))
    return Lock(target, tuple(strokes))


def import_labels(state: State, labels: Hierarchy) -> ImportLabels:
    """Bring labels along; ids stay, and names, unless another target has the name.

    Raises:
        ClickError: an id beyond what a session can hold.
    """
    palette = Palette()
    numbers = palette.labels(labels.object, labels.part)
    targets = [(int(o), int(p)) for o, p in zip(palette.object, palette.part, strict=True) if o > 0]
    if max((max(target) for target in targets), default=0) > MAX_ID:
        raise ClickError(f"the labels have an id beyond {MAX_ID}; number their objects and parts from 1")
    strokes = [Stroke(target, pack(np.flatnonzero(numbers == palette.number(target)))) for target in targets]
    given: dict[Target, str] = {(o, 0): name for o, name in labels.object_names.items() if o > 0}
    given |= {target: name for target, name in labels.part_names.items() if min(target) > 0}
    names: dict[Target, str] = {}
    for target, name in sorted(given.items()):
        siblings = state.named(names).siblings(target[0] if target[1] else None)
        if name.strip() and siblings.get(name.strip(), target[bool(target[1])]) == target[bool(target[1])]:
            names[target] = name.strip()
    return ImportLabels(tuple(strokes), names)


def require_unlocked(state: State, target: Target) -> None:
    """Raises ClickError where the target is locked, by itself or with its object."""
    if state.is_locked(target):
        raise ClickError(f"{state.name(target)} is locked; unlock it to change it")


def _free(state: State, labels: UInt16, palette: Palette, rows: Int64, allowed: Bool) -> Int64:
    """Those of the rows whose label is allowed, bool [L], and not locked; points without coordinates have none."""
    allowed[UNSAID] = False
    for target in state.locked:
        allowed &= ~palette.within(target)
    found = rows[allowed[labels[rows]]]
    if len(found) == 0:
        raise ClickError("none of these points can be changed: they are there already, elsewhere, or locked")
    return found
