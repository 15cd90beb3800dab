"""A virtual scanner: what is not seen is not there."""

from pinpoint3d.synthesis.scanner.paths import View, around, stations, walk
from pinpoint3d.synthesis.scanner.scan import Scanner, scan
from pinpoint3d.synthesis.scanner.sensors import STRUCTURED_LIGHT, TIME_OF_FLIGHT, TRIPOD, DepthCamera, Lidar, Sensor

__all__ = [
    "STRUCTURED_LIGHT",
    "TIME_OF_FLIGHT",
    "TRIPOD",
    "DepthCamera",
    "Lidar",
    "Scanner",
    "Sensor",
    "View",
    "around",
    "scan",
    "stations",
    "walk",
]
