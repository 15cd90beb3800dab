"""Regions grown from the clicks over smooth surface of one colour (Rabbani et al., ISPRS 2006)."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import dijkstra

from pinpoint3d.arrays import Bool, Float64
from pinpoint3d.segmenters.graph import SurfaceGraph
from pinpoint3d.segmenters.levels import Seeds
from pinpoint3d.segmenters.planes import Plane
from pinpoint3d.segmenters.surface import SurfaceSegmenter

_BEND = np.deg2rad(15.0)  # between the normals of neighbours
_COLOUR = 20.0  # CIELAB
_DOUBT = 0.1  # metres


class RegionGrowingSegmenter(SurfaceSegmenter):
    """A click takes what smooth surface joins to it; where two clicks could, the nearer one. The rest is background."""

    name = "region_growing"

    def costs(self, graph: SurfaceGraph, inside: Bool, seeds: Seeds, planes: Sequence[Plane]) -> Float64:
        """Length of the smooth path to the nearest seed of each column, in doubts."""
        smooth = (graph.convex + graph.concave < _BEND) & (graph.colour_step < _COLOUR)
        matrix = graph.matrix(np.where(smooth, graph.length, np.inf), inside)
        start = (np.cumsum(inside) - 1)[seeds.voxel]
        costs = np.full((int(inside.sum()), seeds.n_columns), np.inf)
        for column in np.unique(seeds.column):
            costs[:, column] = dijkstra(matrix, indices=start[seeds.column == column], min_only=True) / _DOUBT
        return costs
