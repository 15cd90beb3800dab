"""What the baselines on the surface graph share: how a scene is encoded, and costs asked for at both levels."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from pinpoint3d.arrays import Bool, Float64
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.graph import FINEST, SurfaceGraph
from pinpoint3d.segmenters.levels import Seeds, answer
from pinpoint3d.segmenters.masks import MaskLogits
from pinpoint3d.segmenters.planes import Plane


class SurfaceSegmenter(ABC):
    """A segmenter whose costs follow from the graph and the seeds alone, the same for objects and for parts."""

    name: str
    voxel_size = FINEST  # the finest it uses; a scene's own is its grid's

    def encode(self, scene: Scene) -> SurfaceGraph:
        """Join the voxels of a scene.

        Raises:
            ValueError: the scene has no finite point.
        """
        return SurfaceGraph.from_scene(scene)

    def segment(self, embedding: SurfaceGraph, clicks: ClickTensors) -> MaskLogits:
        """Masks of every clicked object and part. Without a positive click, everything is background."""
        everywhere = np.ones(len(embedding), dtype=np.bool_)
        return answer(
            clicks,
            len(embedding),
            lambda seeds: self.costs(embedding, everywhere, seeds, embedding.planes),
            lambda inside, seeds: self.costs(embedding, inside, seeds, ()),
        )

    @abstractmethod
    def costs(self, graph: SurfaceGraph, inside: Bool, seeds: Seeds, planes: Sequence[Plane]) -> Float64:
        """f64 [M, columns]: cost of every label at the M voxels `inside`, infinite where it cannot reach.

        Args:
            graph: the surface.
            inside: bool [V], where labels are asked for and seeds lie.
            seeds: the clicked voxels.
            planes: those that are background without a click; none inside an object.
        """
