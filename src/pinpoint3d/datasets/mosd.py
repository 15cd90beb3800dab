"""The Modified Object Segmentation Database: single views of table tops (Alexandrov; after Richtsfeld et al., 2012).

Camera coordinates, y down and z forward, are turned z up. The table is background, points without a measurement are
unlabelled, and disjoint visible pieces of one object are one object.
"""

from collections.abc import Sequence

from pinpoint3d.datasets.base import Files
from pinpoint3d.io import load_labelled
from pinpoint3d.scene import LabelledScene


class Mosd(Files):
    """`mosd:DIR`."""

    def scenes(self) -> Sequence[str]:
        return list(self.files(".pcd"))

    def load(self, scene: str) -> LabelledScene:
        return LabelledScene(*load_labelled(self.files(".pcd")[scene], convention="mosd", up="-y"))
