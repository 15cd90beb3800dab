"""The tree of objects and parts, in numbers."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from pinpoint3d.prompts import TargetStatus
from pinpoint3d.session.answers import Labelling
from pinpoint3d.session.palette import Palette
from pinpoint3d.session.state import State


@dataclass(frozen=True)
class TargetSummary:
    """One row of the tree of objects and parts.

    Attributes:
        object: object id.
        part: part id; None for the object as a whole.
        name: its name.
        clicks: how many clicks were made on it, negative ones too.
        points: how many points it holds.
        confidence: mean confidence of those points, each to the nearest 1/255; None where there are none.
        status: whether it could be told apart at the voxel size; None while it has no positive click.
        locked: whether its points are kept as they are.
    """

    object: int
    part: int | None
    name: str
    clicks: int
    points: int
    confidence: float | None
    status: TargetStatus | None
    locked: bool = False


def summarise(labelling: Labelling, state: State, palette: Palette) -> list[TargetSummary]:
    """Every object, each followed by its parts."""
    targets = state.targets()
    palette.add(targets)
    points, certainty = (np.pad(each, (0, len(palette.object) - len(each))) for each in labelling.totals)
    clicks = Counter((c.object, c.part or 0) for c in state.clicks)
    for (object_id, part_id), count in list(clicks.items()):
        if part_id:
            clicks[object_id, 0] += count
    rows = []
    for object_id, part_id in targets:
        own = palette.within((object_id, part_id))
        held = int(points[own].sum())
        rows.append(
            TargetSummary(
                object_id,
                part_id or None,
                state.name((object_id, part_id)),
                clicks[object_id, part_id],
                held,
                float(certainty[own].sum() / held) if held else None,
                labelling.status.get((object_id, part_id)),
                state.is_locked((object_id, part_id)),
            )
        )
    return rows
