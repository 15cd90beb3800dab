"""Files to scenes and labels to files: one module a format, found by its suffix."""

from pinpoint3d.io.atomic import atomic_path
from pinpoint3d.io.formats import FORMATS
from pinpoint3d.io.labels import CONVENTIONS, load_labelled, load_labels
from pinpoint3d.io.load import load_scene
from pinpoint3d.io.save import save_labels, save_scene
from pinpoint3d.io.units import METRES, UP_AXES, ScanWarning

__all__ = [
    "CONVENTIONS",
    "FORMATS",
    "METRES",
    "UP_AXES",
    "ScanWarning",
    "atomic_path",
    "load_labelled",
    "load_labels",
    "load_scene",
    "save_labels",
    "save_scene",
]
