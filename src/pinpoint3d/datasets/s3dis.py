"""S3DIS: rooms as text files, one an object (Armeni et al., 3D Semantic Parsing of Large-Scale Indoor Spaces, 2016).

`Area_1/office_1/Annotations/chair_1.txt` and so on, a point a line, x y z r g b. Scenes are named `Area_1_office_1`.
Area 5 is the test split, as most papers have it. There are no parts.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from pinpoint3d.datasets.base import Files
from pinpoint3d.errors import FileError
from pinpoint3d.io.cloud import Cloud
from pinpoint3d.io.formats import FORMATS, readable
from pinpoint3d.io.load import scene_from_cloud
from pinpoint3d.io.text import read as read_text
from pinpoint3d.scene import BACKGROUND, Hierarchy, LabelledScene

_ANNOTATIONS = "Annotations"
_STRUCTURE = ("ceiling", "floor", "wall", "beam", "column")  # background of every click
_TEST_AREA = "Area_5"


class S3dis(Files):
    """`s3dis:DIR`."""

    def scenes(self) -> Sequence[str]:
        return list(self._rooms)

    def split(self, scene: str) -> str | None:
        return "test" if scene.startswith(_TEST_AREA) else "train"

    def load(self, scene: str) -> LabelledScene:
        room = self._rooms[scene]
        files = sorted((room / _ANNOTATIONS).glob("*_*.txt"))
        if not files:
            raise FileError(room / _ANNOTATIONS, "holds no object, files such as chair_1.txt; unpack it again")
        clouds, owner = [], []
        names: dict[int, str] = {}
        for path in files:
            category = path.stem.rpartition("_")[0]
            with readable(path, FORMATS[".txt"]):
                cloud = read_text(path)
            if cloud.rgb is None:
                raise FileError(path, "has no colours; expected lines of x y z r g b")
            number = BACKGROUND if category in _STRUCTURE else len(names) + 1
            if number != BACKGROUND:
                names[number] = category
            clouds.append(cloud)
            owner.append(np.full(len(cloud.xyz), number, dtype=np.int32))
        whole = Cloud(
            np.concatenate([cloud.xyz for cloud in clouds]),
            rgb=np.concatenate([np.asarray(cloud.rgb) for cloud in clouds]),
        )
        labels = np.concatenate(owner)
        scan = scene_from_cloud(room / f"{scene}.txt", whole, "m")
        return LabelledScene(scan, Hierarchy(labels, np.zeros_like(labels), names))

    @cached_property
    def _rooms(self) -> dict[str, Path]:
        if not self.folder.is_dir():
            raise FileError(self.folder, "is no folder; name the folder that holds Area_1 to Area_6")
        found = sorted(path.parent for path in self.folder.glob(f"Area_*/*/{_ANNOTATIONS}"))
        if not found:
            raise FileError(self.folder, f"holds no room Area_*/ROOM/{_ANNOTATIONS}; name the folder of the areas")
        return {f"{room.parent.name}_{room.name}": room for room in found}
