"""Many looks become one cloud: a weighted mean a cell, and the label that most of its points have."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Bool, Float64, Int32, Int64
from pinpoint3d.synthesis.scanner.cells import cell_numbers, groups, sorted_order
from pinpoint3d.synthesis.scanner.measure import Samples

_COMPANY = ((1.0, 8), (2 / 3, 3))  # shares of the reach, and points within, itself included, that are too few


@dataclass(frozen=True, eq=False)
class Fused:
    """P points.

    Attributes:
        xyz: f64 [P, 3], metres.
        hit: f64 [P, 3], where one of its measurements truly was.
        triangle: i32 [P], of the same measurement; it has the label of the majority.
        rgb: f64 [P, 3].
        count: i64 [P], how many measurements each is made of.
    """

    xyz: Float64
    hit: Float64
    triangle: Int32
    rgb: Float64
    count: Int64


def fuse(samples: Samples, label: Int64, normal: Float64, size: float, least: int, reach: float) -> Fused:
    """One point a cell of `size` metres: along the normal the mean of what was measured, along the surface anywhere.

    So are the vertices of a fused mesh: smooth, and unevenly spaced.

    Args:
        samples: M of them.
        label: i64 [M], from 0, few; the one with most weight in a cell is the cell's.
        normal: f64 [M, 3], unit normals of the surfaces.
        size: edge of a cell in metres.
        least: measurements below which a cell is dropped.
        reach: metres within which a point needs company.
    """
    kinds = int(label.max()) + 1
    key = cell_numbers(samples.xyz, size) * kinds + label
    order = sorted_order(key)
    key, weight = key[order], samples.weight[order]
    new_pair = np.concatenate([[True], key[1:] != key[:-1]])
    place = key // kinds
    new_cell = np.concatenate([[True], place[1:] != place[:-1]])
    inside = np.cumsum(new_cell) - 1
    count, total = np.bincount(inside), np.bincount(inside, weight)
    by_pair = np.bincount(np.cumsum(new_pair) - 1, weight)
    pair_cell = inside[new_pair]
    best = np.lexsort((-by_pair, pair_cell))
    best = best[np.concatenate([[True], pair_cell[best][1:] != pair_cell[best][:-1]])]

    def mean(values: Float64) -> Float64:
        ordered = values[order]
        return np.stack([np.bincount(inside, weight * ordered[:, k]) / total for k in range(3)], axis=1)

    first = order[np.flatnonzero(new_pair)[best]]
    xyz = mean(samples.xyz)
    aside = samples.xyz[first] - xyz
    aside -= (aside * normal[first]).sum(axis=1, keepdims=True) * normal[first]
    xyz += aside
    kept = count >= least
    kept[kept] = ~lonely(xyz[kept], reach)
    return Fused(
        xyz[kept], samples.hit[first][kept], samples.triangle[first][kept], mean(samples.rgb)[kept], count[kept]
    )


def lonely(xyz: Float64, reach: float) -> Bool:
    """bool [P]: points with hardly another within about `reach` metres, which every fusion throws away."""
    alone = np.zeros(len(xyz), dtype=bool)
    for share, few in _COMPANY:
        most = np.zeros(len(xyz), dtype=np.int64)
        for shift in (0.0, 0.5):
            place = groups(cell_numbers(xyz, 2 * share * reach, shift))
            most = np.maximum(most, np.bincount(place)[place])
        alone |= most <= few
    return alone
