"""Random walks from the clicks over the surface (Grady, Random Walks for Image Segmentation, PAMI 2006)."""

import numpy as np
from scipy.sparse import csc_array, diags_array
from scipy.sparse.linalg import splu

from pinpoint3d.arrays import Bool, Float64, Int64
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.graph import FINEST, SurfaceGraph
from pinpoint3d.segmenters.levels import Seeds, answer
from pinpoint3d.segmenters.masks import MaskLogits

_BEND = 0.2  # radians between neighbours' normals at which a walker is e times less likely to pass
_COLOUR = 10.0  # CIELAB units at which it is so
_LEAK = 1e-6  # chance of giving up a step, so that pieces without a seed have a solution
_LEAST = 1e-12


class RandomWalkerSegmenter:
    """A voxel goes to the label whose seeds a random walker from it meets first. The large planes are background."""

    name = "random_walker"
    voxel_size = FINEST  # the finest it uses; a scene's own is its grid's

    def encode(self, scene: Scene) -> SurfaceGraph:
        """Join the voxels of a scene.

        Raises:
            SceneError: the scene has no finite point.
        """
        return SurfaceGraph.from_scene(scene)

    def segment(self, embedding: SurfaceGraph, clicks: ClickTensors) -> MaskLogits:
        """Masks of every clicked object and part. Without a positive click, everything is background."""
        everywhere = np.ones(len(embedding), dtype=np.bool_)
        return answer(
            clicks,
            len(embedding),
            lambda seeds: _surprise(embedding, everywhere, seeds, _planes(embedding, seeds)),
            lambda inside, seeds: _surprise(embedding, inside, seeds, np.zeros(0, dtype=np.int64)),
        )


def _planes(graph: SurfaceGraph, seeds: Seeds) -> Int64:
    """i64 [B]: voxels of the planes that are background."""
    places = seeds.unopened(graph.planes)
    return np.concatenate([np.zeros(0, dtype=np.int64), *(graph.planes[i].voxels for i in places)])


def _surprise(graph: SurfaceGraph, inside: Bool, seeds: Seeds, background: Int64) -> Float64:
    """f64 [M, columns]: negative logarithm of the probability of meeting each column's seeds first."""
    affinity = np.exp(-(((graph.convex + graph.concave) / _BEND) ** 2) - (graph.colour_step / _COLOUR) ** 2)
    weights = graph.matrix(affinity + _LEAK, inside)
    n = weights.shape[0]
    start = (np.cumsum(inside) - 1)[seeds.voxel]
    column = np.full(n, -1)
    column[background] = 0
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
