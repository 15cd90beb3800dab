"""Points in the cells of a grid."""

import numpy as np

from pinpoint3d.arrays import Float64, Int64


def cell_numbers(at: Float64, size: float, shift: float = 0.0) -> Int64:
    """i64 [N]: a number for the cell of `size` metres that each of f64 [N, 3] points lies in, equal for equal cells.

    Numbers ascend along x, then y, then z; `shift` moves the grid by a share of a cell.
    """
    number = np.zeros(len(at), dtype=np.int64)
    for axis in range(3):
        cell = np.floor(at[:, axis] / size + shift).astype(np.int64)
        low, high = (int(cell.min()), int(cell.max())) if len(cell) else (0, 0)
        number *= high - low + 1
        number += cell - low
    return number
