"""What turns a scene and clicks into masks: learned networks and non-learned baselines behind one interface."""

from pinpoint3d.segmenters.base import SceneEmbedding, Segmenter
from pinpoint3d.segmenters.masks import MaskLogits, PartLogits

__all__ = ["MaskLogits", "PartLogits", "SceneEmbedding", "Segmenter"]
