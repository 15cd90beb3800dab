"""Sines and cosines, both from one reduction of the angle."""

import torch
from torch import Tensor

from pinpoint3d.native.library import library, vector_width


def waves(phase: Tensor) -> Tensor:
    """Sines of some angles, and their cosines behind them, to 2 ulp.

    Args:
        phase: f32 [N, n], n a multiple of `PANEL`; radians, some hundreds at most.

    Returns:
        f32 [N, 2 n].
    """
    angles = phase.contiguous()
    rows, n = angles.shape
    out = torch.empty(rows, 2 * n)
    place = (angles.data_ptr(), out.data_ptr())
    library().pp_waves(*place, rows, n, vector_width(), torch.get_num_threads())
    return out
