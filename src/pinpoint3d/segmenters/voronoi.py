"""Every point goes to the nearest click: the least that any segmenter must beat."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from pinpoint3d.arrays import Bool, Float64
from pinpoint3d.segmenters.graph import SurfaceGraph
from pinpoint3d.segmenters.levels import Seeds
from pinpoint3d.segmenters.planes import Plane
from pinpoint3d.segmenters.surface import SurfaceSegmenter

_DOUBT = 0.1  # metres


class VoronoiSegmenter(SurfaceSegmenter):
    """Straight distance to the clicks. There is no background but what is clicked as such."""

    name = "voronoi"

    def costs(self, graph: SurfaceGraph, inside: Bool, seeds: Seeds, planes: Sequence[Plane]) -> Float64:
        """Distance to the nearest seed of each column, in doubts."""
        asked, position = graph.position[inside], graph.position[seeds.voxel]
        costs = np.full((len(asked), seeds.n_columns), np.inf)
        for column in np.unique(seeds.column):
            costs[:, column] = cKDTree(position[seeds.column == column]).query(asked)[0] / _DOUBT
        return costs
