"""A scan together with its labels."""

from dataclasses import dataclass

from pinpoint3d.scene.hierarchy import Hierarchy
from pinpoint3d.scene.scene import Scene


@dataclass(frozen=True, eq=False)
class LabelledScene:
    """A scan and what a person says it shows; one label a point of the scan."""

    scene: Scene
    labels: Hierarchy
