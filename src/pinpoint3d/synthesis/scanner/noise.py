"""Random values that are a function of place."""

import numpy as np

from pinpoint3d.arrays import Float64, Int64

_PRIMES = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def cell_value(cell: Int64, seed: int = 0) -> Float64:
    """f64 [N], 0..1: one value for every cell i64 [N, D], D at most 3."""
    mixed = np.full(len(cell), np.uint64(seed * int(_MIX[0]) % 2**64), dtype=np.uint64)
    for axis in range(cell.shape[1]):
        mixed += cell[:, axis].astype(np.uint64) * _PRIMES[axis]
        mixed ^= mixed >> np.uint64(30)
        mixed *= _MIX[0]
    mixed ^= mixed >> np.uint64(27)
    mixed *= _MIX[1]
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def smooth_noise(at: Float64, seed: int = 0) -> Float64:
    """f64 [N], 0..1: value noise over f64 [N, D], one value a unit cell, smooth between (Ebert et al., 2003)."""
    low = np.floor(at)
    cell, share = low.astype(np.int64), at - low
    share = share * share * (3 - 2 * share)
    total = np.zeros(len(at))
    for corner in np.ndindex(*[2] * at.shape[1]):
        weight = np.ones(len(at))
        for axis, upper in enumerate(corner):
            weight *= share[:, axis] if upper else 1 - share[:, axis]
        total += weight * cell_value(cell + np.array(corner), seed)
    return total
