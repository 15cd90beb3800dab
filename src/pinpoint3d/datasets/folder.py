"""Any folder of labelled PLY files, a scene a file.

Vertex fields `object` and, for parts, `part` (0 background, -1 unlabelled), or the one field `label` = object * 100 +
part. Names of objects, which become categories, travel in PLY comments as `pinpoint3d.io.save_labels` writes them.
"""

from collections.abc import Sequence

from pinpoint3d.datasets.base import Files
from pinpoint3d.io import load_labelled
from pinpoint3d.scene import LabelledScene


class Folder(Files):
    """`folder:DIR`."""

    def scenes(self) -> Sequence[str]:
        return list(self.files(".ply"))

    def load(self, scene: str) -> LabelledScene:
        return LabelledScene(*load_labelled(self.files(".ply")[scene]))
