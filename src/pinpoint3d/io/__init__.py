"""Files to scenes and labels to files: one module a format, found by its suffix."""

from pinpoint3d.io.load import load_scene
from pinpoint3d.io.units import ScanWarning

__all__ = ["ScanWarning", "load_scene"]
