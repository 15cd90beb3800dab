"""From costs to masks: what all non-learned segmenters share.

Clicks are answered at two levels: objects over the scene, then parts inside each object. A segmenter says what it
costs to give a voxel to each label; the cheapest label wins.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from pinpoint3d.arrays import Bool, Float32, Float64, Int64
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.segmenters.masks import MaskLogits, PartLogits
from pinpoint3d.segmenters.planes import Plane

_LOWEST = -30.0  # a probability of 1e-13; finite, so that softmax is defined where a label cannot reach


class Seeds(NamedTuple):
    """Clicked voxels, each once, with what is known of them.

    Attributes:
        voxel: i64 [S].
        column: i64 [S], 0 background (of an object: its remainder), k the k-th target.
        first: bool [S], whether the click was the first one on its object or part.
        n_columns: 1 + number of targets.
    """

    voxel: Int64
    column: Int64
    first: Bool
    n_columns: int

    def unopened(self, planes: Sequence[Plane]) -> list[int]:
        """Places of the planes that are still background.

        Whoever opens an object or part on a plane wants the plane. So does any later click on the smaller planes; on
        the largest, which is background more surely than the rest, it may just correct a border.
        """
        any_click, opening = self.voxel[self.column > 0], self.voxel[self.first]
        return [
            i
            for i, plane in enumerate(planes)
            if not np.isin(any_click if i else opening, plane.voxels, assume_unique=True).any()
        ]


Costs = Callable[[Seeds], Float64]
"""f64 [V, 1 + O] cost of every object at every voxel, infinite where it cannot reach."""

PartCosts = Callable[[Bool, Seeds], Float64]
"""The same for the parts of one object, f64 [M, 1 + P], at the M voxels of its mask, bool [V]."""


def answer(clicks: ClickTensors, n_voxels: int, object_costs: Costs, part_costs: PartCosts) -> MaskLogits:
    """Masks of every clicked object and part; costs are in the unit in which a difference of one is a doubt."""
    ids = clicks.objects()
    first = _first_of_target(clicks)
    seed_object, seed_part = clicks.labels()
    if len(ids) == 0:
        logits = np.zeros((n_voxels, 1), dtype=np.float32)
    else:
        logits = _logits(object_costs(_seeds(clicks.voxel, seed_object, ids, first)))
    parts: dict[int, PartLogits] = {}
    masks = MaskLogits(clicks, ids, logits, parts, clicks.status())
    objects = masks.object_label
    for object_id in ids:
        part_ids = clicks.parts(int(object_id))
        # a click on the object as a whole says nothing of its parts; a negative click on a part does
        about = (seed_object == object_id) & (clicks.part > 0) & (objects[clicks.voxel] == object_id)
        if len(part_ids) == 0:
            continue
        part_logits = np.full((n_voxels, 1 + len(part_ids)), _LOWEST, dtype=np.float32)
        part_logits[:, 0] = 0.0
        if about.any():
            inside = objects == object_id
            seeds = _seeds(clicks.voxel[about], seed_part[about], part_ids, first[about])
            part_logits[inside] = _logits(part_costs(inside, seeds))
        parts[int(object_id)] = PartLogits(part_ids, part_logits)
    return masks


def _seeds(voxel: Int64, label: Int64, ids: Int64, first: Bool) -> Seeds:
    """The latest click on every voxel; clicks come in the order of their making.

    A voxel of an object that nobody clicked (but for "not this part") opens no column.
    """
    known = np.isin(label, ids) | (label == 0)
    voxel, label, first = voxel[known], label[known], first[known]
    newest = len(voxel) - 1 - np.unique(voxel[::-1], return_index=True)[1]
    column = np.where(label > 0, np.searchsorted(ids, label) + 1, 0)
    return Seeds(voxel[newest], column[newest], first[newest], 1 + len(ids))


def _first_of_target(clicks: ClickTensors) -> Bool:
    """bool [Q]: the first positive click on each object or part."""
    first = np.zeros(len(clicks), dtype=np.bool_)
    wanted = np.flatnonzero(clicks.positive & (clicks.object > 0))
    target = np.stack([clicks.object[wanted], clicks.part[wanted]], axis=1)
    first[wanted[np.unique(target, axis=0, return_index=True)[1]]] = True
    return first


def _logits(costs: Float64) -> Float32:
    """Costs relative to the cheapest label; the background where none can reach."""
    columns = np.array(costs.T, order="C")  # reductions over the few columns are slow row by row
    cheapest = columns.min(axis=0)
    nowhere = np.isinf(cheapest)
    columns[0, nowhere] = cheapest[nowhere] = 0.0
    np.subtract(cheapest, columns, out=columns)
    return np.asarray(np.maximum(columns, _LOWEST, out=columns).T, dtype=np.float32)
