"""Many looks become one cloud: a weighted mean a cell, and the label that most of its points have."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Bool, Float64, Int32, Int64
from pinpoint3d.synthesis.scanner.cells import cell_numbers
from pinpoint3d.synthesis.scanner.measure import Samples

_COMPANY = 8  # points around it, itself included, that a point needs


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
        label: i64 [M]; the one with most weight in a cell is the cell's.
        normal: f64 [M, 3], unit normals of the surfaces.
        size: edge of a cell in metres.
        least: measurements below which a cell is dropped.
        reach: metres within which a point needs company.
    """
    kinds, kind = np.unique(label, return_inverse=True)
    key = cell_numbers(samples.xyz, size) * len(kinds) + kind.ravel()
    order = np.argsort(key, kind="stable")
    key, weight = key[order], samples.weight[order]
    new_pair = np.concatenate([[True], key[1:] != key[:-1]])
    place = key // len(kinds)
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
    most = np.zeros(len(xyz), dtype=np.int64)
    for shift in (0.0, 0.5):
        _, place, count = np.unique(cell_numbers(xyz, 2 * reach, shift), return_inverse=True, return_counts=True)
        most = np.maximum(most, count[place])
    return np.asarray(most <= _COMPANY)
