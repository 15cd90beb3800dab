"""Random walks from the clicks over the surface (Grady, Random Walks for Image Segmentation, PAMI 2006)."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import splu

from pinpoint3d.arrays import Bool, Float64
from pinpoint3d.segmenters.graph import SurfaceGraph
from pinpoint3d.segmenters.levels import Seeds
from pinpoint3d.segmenters.planes import Plane
from pinpoint3d.segmenters.surface import SurfaceSegmenter

_BEND = 0.2  # radians between neighbours' normals at which a walker is e times less likely to pass
_COLOUR = 10.0  # CIELAB units at which it is so
_LEAK = 1e-6  # chance of giving up a step, so that pieces without a seed have a solution
_LEAST = 1e-12


class RandomWalkerSegmenter(SurfaceSegmenter):
    """A voxel goes to the label whose seeds a random walker from it meets first. The large planes are background."""

    name = "random_walker"

    def costs(self, graph: SurfaceGraph, inside: Bool, seeds: Seeds, planes: Sequence[Plane]) -> Float64:
        """Negative logarithm of the probability of meeting each column's seeds first."""
        affinity = np.exp(-(((graph.convex + graph.concave) / _BEND) ** 2) - (graph.colour_step / _COLOUR) ** 2)
        weights = graph.matrix(affinity + _LEAK, inside)
        n = weights.shape[0]
        start = (np.cumsum(inside) - 1)[seeds.voxel]
        column = np.full(n, -1)
        for place in seeds.unopened(planes):
            column[planes[place].voxels] = 0
        column[start] = seeds.column
        known, free = np.flatnonzero(column >= 0), np.flatnonzero(column < 0)
        probability = np.zeros((n, seeds.n_columns))
        probability[known, column[known]] = 1.0
        if len(free):
            degree = weights.sum(axis=1) + _LEAK
            laplacian = csc_array(diags_array(degree) - weights)
            inflow = weights[free][:, known] @ probability[known]
            probability[free] = splu(csc_array(laplacian[free][:, free])).solve(inflow)
        return np.asarray(-np.log(np.maximum(probability, _LEAST)))
