"""Which clicks become which queries of a mask decoder, and in which order."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Bool, Int64
from pinpoint3d.prompts import ClickTensors


@dataclass(frozen=True, eq=False)
class ClickOrder:
    """Clicks sorted by what they speak for.

    Attributes:
        ids: i64 [T], ids of the targets (objects, or parts of one object), columns 1..T of the masks.
        foreground: i64 [F], rows of the clicks on targets, by target, part and time.
        counts: number of clicks on each of the T targets.
        background: i64 [B], rows of the clicks on the background, by time.
    """

    ids: Int64
    foreground: Int64
    counts: tuple[int, ...]
    background: Int64


def by_object(clicks: ClickTensors) -> ClickOrder:
    """The targets are the objects with a positive click.

    A negative click on a part still lies on its object and speaks for it. A negative click on an object speaks for the
    background, and so does a click on an object that has no positive click.
    """
    label, _ = clicks.labels()
    return _order(clicks, clicks.objects(), label, np.ones(len(clicks), dtype=np.bool_))


def by_part(clicks: ClickTensors, object_id: int, others: bool) -> ClickOrder:
    """The targets are the parts of one object with a positive click.

    Negative clicks on its parts speak for the background; clicks on the object as a whole say nothing of its parts
    and are left out.

    Args:
        clicks: all clicks.
        object_id: the object.
        others: whether clicks on the background and on other objects speak for the background too.
    """
    label, part = clicks.labels()
    inside = label == object_id
    taken = inside & (clicks.part > 0)
    return _order(clicks, clicks.parts(object_id), np.where(inside, part, 0), taken | ~inside if others else taken)


def _order(clicks: ClickTensors, ids: Int64, label: Int64, taken: Bool) -> ClickOrder:
    on_target = np.isin(label, ids)
    by_target = np.lexsort((clicks.order, clicks.part, label))
    by_time = np.argsort(clicks.order, kind="stable")
    foreground = by_target[(taken & on_target)[by_target]]
    counts = np.bincount(np.searchsorted(ids, label[foreground]), minlength=len(ids))
    return ClickOrder(ids, foreground, tuple(counts.tolist()), by_time[(taken & ~on_target)[by_time]])
