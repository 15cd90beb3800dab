"""Masks at full resolution: where two meet, voxels of the scan decide by what is near them and of their colour.

Objects are told apart in voxels wider than those in which answers are given, and one that a border runs through belongs
to both sides. Each narrow voxel in it takes the mean of the probabilities around it, the more of a neighbour's the
closer that is and the more alike its colour (Kopf et al., Joint Bilateral Upsampling, SIGGRAPH 2007).
"""

from typing import NamedTuple

import numpy as np

from pinpoint3d.arrays import Float32, Float64, Int64
from pinpoint3d.model.surface import Graph, Surface
from pinpoint3d.scene import VoxelGrid
from pinpoint3d.segmenters.masks import softmax, winners

_NEAR = 1.0  # wider voxels by which a neighbour's weight falls to 0.6
_ALIKE = 0.1  # and difference in colour, of white from black 1.7
_LEAST = 1e-9  # probability


class Borders(NamedTuple):
    """The B voxels of the scan's grid near a border of masks: `voxel`, i64 [B], and their `logits`, f32 [B, K]."""

    voxel: Int64
    logits: Float32


class Shown(NamedTuple):
    """What was shown before a click: the column of every voxel, i64 [V], and the one that the click `said`.

    The click may give voxels to what it speaks for. No third mask takes or leaves a voxel.
    """

    column: Int64
    said: int


def upsampled_borders(
    surface: Surface, row: Int64, grid: VoxelGrid, size: float, logits: Float32, shown: Shown | None
) -> Borders:
    """The voxels of a scan where masks that were found in wider voxels meet, and their own logits.

    Args:
        surface: the M wider voxels.
        row: i64 [V], of these the one in which each voxel of the grid lies.
        grid: the scan's.
        size: edge of a wider voxel, in metres.
        logits: f32 [M, K], of the masks; column 0 is the background.
        shown: what the newest click corrects; None where nothing was shown.
    """
    winner = winners(np.ascontiguousarray(logits.T))
    of_masks = np.flatnonzero(winner)
    place, near = _pairs(surface.graph, of_masks)
    across = winner[of_masks[place]] != winner[near]
    on_border = np.zeros(len(winner), dtype=np.bool_)
    on_border[of_masks[place[across]]] = on_border[near[across]] = True
    chosen = on_border[row]
    if shown is not None:
        chosen |= (winner[row] != shown.column) & (winner[row] != shown.said)
    voxel = np.flatnonzero(chosen)
    if len(voxel) == 0:
        return Borders(voxel, np.zeros((0, logits.shape[1]), dtype=np.float32))
    likely = _blended(surface, row[voxel], grid.coord[voxel].astype(np.float64) / size, grid.feat[voxel], logits)
    if shown is not None:
        was, rows = shown.column[voxel], np.arange(len(voxel))
        likely[rows, was] = np.maximum(likely[rows, was], 2 * _LEAST)
        thirds = np.arange(likely.shape[1]) != was[:, None]
        thirds[:, shown.said] = False
        likely[thirds] = 0.0
    return Borders(voxel, np.log(np.maximum(likely, _LEAST)).astype(np.float32))


def _blended(surface: Surface, row: Int64, position: Float64, colour: Float32, logits: Float32) -> Float64:
    """f64 [B, K]: probabilities at places with position and colour [B, 3] in units of the surface, in its `row`."""
    place, near = _pairs(surface.graph, row)
    rows, around = np.unique(near, return_inverse=True)
    at, own = (x.cpu().numpy()[rows].astype(np.float64)[around] for x in (surface.position, surface.colour))
    apart, unlike = _squared(position[place] - at), _squared(colour[place] - own)
    weight = np.exp(-apart / (2 * _NEAR**2) - unlike / (2 * _ALIKE**2))
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    total = np.add.reduceat(weight, starts)
    means = [np.add.reduceat(weight * column[around], starts) / total for column in softmax(logits[rows]).T]
    return np.stack(means, axis=1)


def _pairs(graph: Graph, rows: Int64) -> tuple[Int64, Int64]:
    """Every one of some voxels, i64 [N], with itself and with each neighbour.

    Returns:
        Place among the N, i64 [P], ascending, and the voxel itself or its neighbour, i64 [P].
    """
    first, neighbour = graph.first.numpy(), graph.neighbour.numpy()
    start, n_near = first[rows], first[rows + 1] - first[rows]
    place = np.repeat(np.arange(len(rows)), 1 + n_near)
    ordinal = np.arange(len(place)) - np.repeat(np.cumsum(1 + n_near) - (1 + n_near), 1 + n_near)
    other = neighbour[np.maximum(start[place] + ordinal - 1, 0)]
    return place, np.where(ordinal == 0, rows[place], other)


def _squared(vectors: Float64) -> Float64:
    return np.asarray(np.einsum("ij,ij->i", vectors, vectors))
