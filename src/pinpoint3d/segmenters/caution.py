"""How sure a click has to be of what it changes, in log odds.

The network judges every voxel for itself. A click that corrects a good answer means little, and the farther from the
click, the less likely it is meant.
"""

from collections.abc import Callable

import numpy as np
from torch import Tensor

from pinpoint3d.arrays import Float16, Int64
from pinpoint3d.segmenters.correction import Correction
from pinpoint3d.segmenters.masks import expected_iou, softmax

Caution = Callable[[Correction], Tensor]
"""Log odds above which each voxel that a click could change does, f32 [M] or []."""

_GOOD = (0.5, 0.85)  # expected IoU of objects: from the first on caution rises
_STEADY = 8.0  # from the second on it is this
_DOUBLING = 4.0  # and this is added with every doubling of the distance beyond what is surely meant


def bold(correction: Correction) -> Tensor:
    """Whatever is more likely than not changes."""
    return correction.odds.new_zeros(())


def steady(logits: Float16, shown: Int64) -> Caution:
    """On objects: the better what is shown seems to be, the surer a click has to be, and the surer the farther away.

    Args:
        logits: f16 [N, K] of what is shown.
        shown: i64 [N], columns that were shown.
    """
    likely = softmax(logits.astype(np.float32))
    ious = [expected_iou(likely[:, k], shown == k) for k in range(1, likely.shape[1])]
    needed = float(np.interp(np.mean(ious), _GOOD, (0.0, _STEADY)))

    def by_distance(correction: Correction) -> Tensor:
        meant = 2 * (correction.clearance + 1)
        return needed + _DOUBLING * (correction.away / meant).clamp(min=1).log2()

    return by_distance
