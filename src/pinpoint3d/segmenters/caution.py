"""How sure a click has to be of what it changes, in log odds.

The network judges every voxel for itself. What it says of the voxels beside a click tells how well it understands the
click, and a click that corrects a good answer means little. The numbers for objects with parts were chosen on
validation rooms of pinpoint-synth; that a click beyond doubt reaches farther, after holes in the sample room had not
closed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from pinpoint3d.arrays import Float16, Int64
from pinpoint3d.segmenters.masks import expected_iou, softmax

Caution = Callable[[Tensor, Tensor], Tensor]
"""Log odds above which a voxel changes, f32 [M] or [], of its own log odds and its distance from the click, f32 [M].

Distances are in voxels. Where the bound is negative, a voxel changes although the network would rather leave it.
"""

_GOOD = (0.5, 0.85)  # expected IoU of objects: from the first on caution rises
_STEADY = 8.0  # from the second on it is this
_DOUBLING = 4.0  # and this is added with every doubling of the distance beyond what is surely meant
_BESIDE = 1.5  # voxels
_TAKEN = -2.0
_ADDED = 3.0
_WEIGHTS = (0.467, 0.763, -0.085, -0.201, 0.378, -0.219, -0.636, 0.517)  # of `BetweenParts.evidence`
_LIKELY = 0.85  # log odds of seven in ten
_CLOSE = 0.5  # voxels
_SURE, _CERTAIN = 7.0, 11.0  # log odds beside a click that is understood, and beyond doubt
_FAR = 25.0  # voxels; what is missed at a click beyond doubt is seldom larger


def bold(odds: Tensor, away: Tensor) -> Tensor:
    """Whatever is more likely than not changes."""
    return odds.new_zeros(())


def steady(logits: Float16, shown: Int64, clearance: Tensor) -> Caution:
    """On objects: the better what is shown seems to be, the surer a click has to be, and the surer the farther away.

    Args:
        logits: f16 [N, K] of what is shown.
        shown: i64 [N], columns that were shown.
        clearance: f32 [], distance of the click to where something else was shown, in voxels.
    """
    likely = softmax(logits.astype(np.float32))
    ious = [expected_iou(likely[:, k], shown == k) for k in range(1, likely.shape[1])]
    needed = float(np.interp(np.mean(ious), _GOOD, (0.0, _STEADY)))
    meant = 2 * (clearance + 1)
    return lambda odds, away: needed + _DOUBLING * (away / meant).clamp(min=1).log2()


def taken(odds: Tensor, away: Tensor) -> Tensor:
    """On an object with parts, a click that takes from it.

    Every click on a part is one on the object too, and the network has learned from few clicks an object: it is too
    sure of what so many speak for.
    """
    return odds.new_tensor(_TAKEN)


def added(clearance: Tensor) -> Caution:
    """On an object with parts, a click that adds to it: a piece that was missed, or a few voxels beside its border.

    It lies in the middle of what it means. Beyond that, only what is as sure as the voxels beside it is meant too.

    Args:
        clearance: f32 [], distance of the click to where something else was shown, in voxels.
    """

    def needed(odds: Tensor, away: Tensor) -> Tensor:
        sure = _beside(odds, away)
        reach = torch.where(sure >= _SURE, 1.5 * clearance + 3, clearance)
        reach = torch.where(sure >= _CERTAIN, reach.clamp(min=_FAR), reach)
        return torch.where(away <= reach, 0.0, (sure - 0.5).clamp(min=_ADDED))

    return needed


@dataclass(frozen=True, eq=False)
class BetweenParts:
    """From one part to another, clicked before: a voxel changes where the click is right of it in seven of ten cases.

    The network does not know how large the parts are that it weighs, nor how far the annotation has come. How likely
    it is right is a logistic regression on what it says and on these, fitted to every click on parts that the robot
    makes in validation rooms (`python benchmarks/caution.py`).

    Attributes:
        clearance: f32 [], distance of the click to where something else was shown, in voxels.
        said: voxels that were shown as the part that the click speaks for.
        was: voxels that were shown as what it lies in.
        clicks: clicks a part so far.
    """

    clearance: Tensor
    said: int
    was: int
    clicks: float

    def __call__(self, odds: Tensor, away: Tensor) -> Tensor:
        likely = self.evidence(odds, away) @ odds.new_tensor(_WEIGHTS)
        return odds - (likely - _LIKELY)

    def evidence(self, odds: Tensor, away: Tensor) -> Tensor:
        """f32 [M, 8] that the regression weighs, of log odds and distances, f32 [M]."""
        beside = _beside(odds, away)
        known = [beside, *(odds.new_tensor(x).log() for x in (1.0 + self.said, 1.0 + self.was, self.clicks))]
        far = away / self.clearance.clamp(min=_CLOSE)
        same = torch.stack([*known, torch.ones_like(beside)]).expand(len(odds), -1)
        return torch.cat([torch.stack([odds, odds / beside.clamp(min=1), far], dim=1), same], dim=1)


def _beside(odds: Tensor, away: Tensor) -> Tensor:
    """f32 []: median log odds of the voxels beside the click; 0 where none is asked about."""
    near = odds[away <= _BESIDE]
    return near.median() if len(near) else odds.new_zeros(())
