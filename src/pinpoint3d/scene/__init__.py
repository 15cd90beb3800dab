"""The nouns of a scan: its points, its voxels, its object and part labels. NumPy only."""

from pinpoint3d.scene.colours import BACKGROUND_COLOUR, label_colours, object_colour, part_colour
from pinpoint3d.scene.hierarchy import BACKGROUND, UNLABELLED, Hierarchy
from pinpoint3d.scene.labelled import LabelledScene
from pinpoint3d.scene.scene import Scene
from pinpoint3d.scene.voxels import VoxelGrid

__all__ = [
    "BACKGROUND",
    "BACKGROUND_COLOUR",
    "UNLABELLED",
    "Hierarchy",
    "LabelledScene",
    "Scene",
    "VoxelGrid",
    "label_colours",
    "object_colour",
    "part_colour",
]
