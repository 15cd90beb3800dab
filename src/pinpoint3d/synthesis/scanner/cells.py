"""Points in the cells of a grid."""

import numpy as np
from scipy import ndimage

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


def piece_sizes(at: Float64, size: float) -> Int64:
    """i64 [N]: how many of f64 [N, 3] points each hangs together with, by full cells of `size` metres that touch."""
    if len(at) == 0:
        return np.zeros(0, dtype=np.int64)
    cell = np.floor(at / size).astype(np.int64)
    cell -= cell.min(axis=0)
    full = np.zeros(cell.max(axis=0) + 1, dtype=bool)
    full[tuple(cell.T)] = True
    piece = ndimage.label(full, np.ones((3, 3, 3)))[0][tuple(cell.T)]
    return np.asarray(np.bincount(piece)[piece])


def sorted_order(number: Int64) -> Int64:
    """i64 [N]: where the least of i64 [N] numbers that are not negative is, the next, and so on; equal ones in order.

    As a stable argsort, some seven times faster: places ride in the low bits, so that plain numbers are sorted.
    """
    bits = len(number).bit_length()
    if len(number) == 0 or int(number.max()) >= 1 << (63 - bits):
        return np.argsort(number, kind="stable")
    packed = number << bits | np.arange(len(number))
    packed.sort()
    return packed & ((1 << bits) - 1)


def groups(number: Int64) -> Int64:
    """i64 [N]: equal for equal numbers, ascending with them, from 0 without gaps."""
    order = sorted_order(number)
    ordered = number[order]
    place = np.empty(len(number), dtype=np.int64)
    place[order] = np.cumsum(np.concatenate([[False], ordered[1:] != ordered[:-1]]))
    return place
