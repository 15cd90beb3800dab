"""Regions grown from the clicks over smooth surface of one colour (Rabbani et al., ISPRS 2006)."""

import numpy as np
from scipy.sparse.csgraph import dijkstra

from pinpoint3d.arrays import Bool, Float64
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.graph import FINEST, SurfaceGraph
from pinpoint3d.segmenters.levels import Seeds, answer
from pinpoint3d.segmenters.masks import MaskLogits

_BEND = np.deg2rad(15.0)  # between the normals of neighbours
_COLOUR = 20.0  # CIELAB
_DOUBT = 0.1  # metres


class RegionGrowingSegmenter:
    """A click takes what smooth surface joins to it; where two clicks could, the nearer one. The rest is background."""

    name = "region_growing"
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
            lambda seeds: _lengths(embedding, everywhere, seeds),
            lambda inside, seeds: _lengths(embedding, inside, seeds),
        )


def _lengths(graph: SurfaceGraph, inside: Bool, seeds: Seeds) -> Float64:
    """f64 [M, columns]: length of the smooth path to the nearest seed of each column, in doubts."""
    smooth = (graph.convex + graph.concave < _BEND) & (graph.colour_step < _COLOUR)
    matrix = graph.matrix(np.where(smooth, graph.length, np.inf), inside)
    start = (np.cumsum(inside) - 1)[seeds.voxel]
    costs = np.full((int(inside.sum()), seeds.n_columns), np.inf)
    for column in np.unique(seeds.column):
        costs[:, column] = dijkstra(matrix, indices=start[seeds.column == column], min_only=True) / _DOUBT
    return costs
