"""Masks at full resolution: where two meet, voxels of the scan decide by what is near them and of their colour.

Objects are told apart in voxels wider than those in which answers are given, and one that a border runs through belongs
to both sides. Each narrow voxel in it takes the mean of the probabilities around it, the more of a neighbour's the
closer that is and the more alike its colour (Kopf et al., Joint Bilateral Upsampling, SIGGRAPH 2007).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from pinpoint3d.arrays import Float16, Float32, Float64, Int64
from pinpoint3d.model.surface import Surface
from pinpoint3d.scene import VoxelGrid
from pinpoint3d.segmenters.masks import softmax

_NEAR = 1.0  # wider voxels by which a neighbour's weight falls to 0.6
_ALIKE = 0.1  # and difference in colour, of white from black 1.7
_LEAST = 1e-9  # probability


class Borders(NamedTuple):
    """The B voxels of the scan's grid near a border of masks: `voxel`, i64 [B], and their `logits`, f32 [B, K]."""

    voxel: Int64
    logits: Float32


class Shown(NamedTuple):
    """What was shown before a click: its borders, the columns i64 [N] of voxels i64 [N], and the one the click `said`.

    The click may give voxels to what it speaks for. No third mask takes or leaves a voxel.
    """

    borders: Borders
    columns: Callable[[Int64], Int64]
    said: int


class Upsampler:
    """Carries masks from M wider voxels to the V voxels of a scan.

    Args:
        surface: the wider voxels.
        row: i64 [V], of these the one in which each voxel of the grid lies.
        grid: the scan's.
        size: edge of a wider voxel, in metres.
    """

    def __init__(self, surface: Surface, row: Int64, grid: VoxelGrid, size: float) -> None:
        self._first, self._neighbour = surface.graph.first.numpy(), surface.graph.neighbour.numpy()
        self._at, self._colour = (x.cpu().numpy() for x in (surface.position, surface.colour))
        self._row, self._grid, self._size = row, grid, size
        self._voxels = np.argsort(row, kind="stable")
        self._first_voxel = np.searchsorted(row[self._voxels], np.arange(len(surface) + 1))

    def borders(self, logits: Float16 | Float32, changed: Int64, shown: Shown | None) -> Borders:
        """The voxels where masks meet, and their own logits; looked for anew only near what changed.

        Args:
            logits: [M, K], of the masks in wider voxels; column 0 is the background.
            changed: i64 [N], rows of these that are not as they were.
            shown: what the newest click corrects; None where nothing was shown.
        """
        if shown is not None and len(changed) == 0:
            return shown.borders
        near = np.unique(self._around(changed)[1])
        place, other = self._around(near)
        rows, of_row = np.unique(other, return_inverse=True)
        winner = logits[rows].astype(np.float32).argmax(axis=1)
        own = winner[np.searchsorted(rows, near)]
        on_border = np.bincount(place, winner[of_row] != own[place], minlength=len(near)) > 0
        place, inside = _spans(self._first_voxel, near)
        voxel, chosen = self._voxels[inside], on_border[place]
        if shown is None:
            return Borders(voxel[chosen], _logits(self._blended(voxel[chosen], logits)))
        was = shown.columns(voxel)
        chosen |= (own[place] != was) & (own[place] != shown.said)
        likely = _of_two(self._blended(voxel[chosen], logits), was[chosen], shown.said)
        old = shown.borders
        kept = ~np.isin(self._row[old.voxel], near)
        return Borders(np.append(old.voxel[kept], voxel[chosen]), np.concatenate([old.logits[kept], _logits(likely)]))

    def _blended(self, voxel: Int64, logits: Float16 | Float32) -> Float64:
        """f64 [B, K]: mean probabilities around voxels of the grid, i64 [B]."""
        place, near = self._around(self._row[voxel])
        rows, of_row = np.unique(near, return_inverse=True)
        position = self._grid.coord[voxel].astype(np.float64) / self._size
        colour = self._grid.feat[voxel].astype(np.float64)
        apart, unlike = _squared(position[place] - self._at[near]), _squared(colour[place] - self._colour[near])
        weight = np.exp(-apart / (2 * _NEAR**2) - unlike / (2 * _ALIKE**2))
        total = np.bincount(place, weight, minlength=len(voxel))
        likely = softmax(logits[rows].astype(np.float32)).T
        means = [np.bincount(place, weight * column[of_row], minlength=len(voxel)) / total for column in likely]
        return np.stack(means, axis=1)

    def _around(self, rows: Int64) -> tuple[Int64, Int64]:
        """Wider voxels, i64 [N], and the neighbours of each: places among the N, i64 [P], and voxels, i64 [P]."""
        place, inside = _spans(self._first, rows)
        return np.append(np.arange(len(rows)), place), np.append(rows, self._neighbour[inside])


def _spans(first: Int64, rows: Int64) -> tuple[Int64, Int64]:
    """Rows, i64 [N], of a table whose row r is entries first[r] to first[r + 1]: their places and entries, i64 [P]."""
    count = first[rows + 1] - first[rows]
    place = np.repeat(np.arange(len(rows)), count)
    return place, np.arange(len(place)) + np.repeat(first[rows] - np.cumsum(count) + count, count)


def _of_two(likely: Float64, was: Int64, said: int) -> Float64:
    """Probabilities [B, K] where only the column that was shown, i64 [B], and the one that the click said have any."""
    two, rows = np.zeros_like(likely), np.arange(len(likely))
    two[:, said] = likely[:, said]
    two[rows, was] = np.maximum(likely[rows, was], 2 * _LEAST)
    return two


def _logits(likely: Float64) -> Float32:
    return np.log(np.maximum(likely, _LEAST)).astype(np.float32)


def _squared(vectors: Float64) -> Float64:
    return np.asarray(np.einsum("ij,ij->i", vectors, vectors))
