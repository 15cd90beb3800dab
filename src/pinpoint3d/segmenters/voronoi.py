"""Every point goes to the nearest click: the least that any segmenter must beat."""

import numpy as np
from scipy.spatial import cKDTree

from pinpoint3d.arrays import Float64
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.graph import FINEST, SurfaceGraph
from pinpoint3d.segmenters.levels import Seeds, answer
from pinpoint3d.segmenters.masks import MaskLogits

_DOUBT = 0.1  # metres


class VoronoiSegmenter:
    """Straight distance to the clicks. There is no background but what is clicked as such."""

    name = "voronoi"
    voxel_size = FINEST  # the finest it uses; a scene's own is its grid's

    def encode(self, scene: Scene) -> SurfaceGraph:
        """The voxels of a scene.

        Raises:
            SceneError: the scene has no finite point.
        """
        return SurfaceGraph.from_scene(scene)

    def segment(self, embedding: SurfaceGraph, clicks: ClickTensors) -> MaskLogits:
        """Masks of every clicked object and part. Without a positive click, everything is background."""
        position = embedding.position
        return answer(
            clicks,
            len(embedding),
            lambda seeds: _distances(position, position, seeds),
            lambda inside, seeds: _distances(position, position[inside], seeds),
        )


def _distances(position: Float64, asked: Float64, seeds: Seeds) -> Float64:
    """f64 [M, columns]: distance to the nearest seed of each column, in doubts."""
    costs = np.full((len(asked), seeds.n_columns), np.inf)
    for column in np.unique(seeds.column):
        costs[:, column] = cKDTree(position[seeds.voxel[seeds.column == column]]).query(asked)[0] / _DOUBT
    return costs
