"""The one interface of whatever turns a scene and clicks into masks."""

from typing import Protocol, TypeVar

from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters.masks import MaskLogits


class SceneEmbedding(Protocol):
    """What a segmenter knows of a scene before the first click; reused by every click."""

    @property
    def grid(self) -> VoxelGrid: ...


E = TypeVar("E", bound=SceneEmbedding)


class Segmenter(Protocol[E]):
    """Encode a scene once, then answer any number of click sets.

    `segment` is a pure function of its arguments: the same embedding and clicks give the same masks.
    """

    @property
    def name(self) -> str:
        """Name under which `load_model` finds it."""
        ...

    @property
    def voxel_size(self) -> float:
        """Edge of the voxels it works on, in metres."""
        ...

    def encode(self, scene: Scene) -> E:
        """Prepare a scene. Shows a progress bar when it takes over a second."""
        ...

    def segment(self, embedding: E, clicks: ClickTensors) -> MaskLogits:
        """Masks of every clicked object and part. Without a positive click, everything is background."""
        ...
