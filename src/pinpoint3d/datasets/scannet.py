"""ScanNet: meshes cut into segments, and objects that gather them (Dai et al., ScanNet, CVPR 2017).

A folder a scan, here or in `scans/`: `scene0000_00_vh_clean_2.ply`, `scene0000_00_vh_clean_2.0.010000.segs.json` with
`segIndices`, the segment of every vertex, and `scene0000_00.aggregation.json` with `segGroups: [{objectId, label,
segments}]`. Lists `scannetv2_train.txt`, `_val.txt` and `_test.txt` give the splits. There are no parts.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from pinpoint3d.datasets.base import Files, read_json
from pinpoint3d.errors import FileError
from pinpoint3d.io import load_scene
from pinpoint3d.scene import BACKGROUND, UNLABELLED, Hierarchy, LabelledScene

_MESH = "_vh_clean_2.ply"
_SEGMENTS = "_vh_clean_2.0.010000.segs.json"
_OBJECTS = ".aggregation.json"
_STRUCTURE = ("wall", "floor", "ceiling")  # background of every click
_SPLITS = ("train", "val", "test")


class ScanNet(Files):
    """`scannet:DIR`."""

    def scenes(self) -> Sequence[str]:
        return list(self._folders)

    def split(self, scene: str) -> str | None:
        return self._split_of.get(scene)

    def load(self, scene: str) -> LabelledScene:
        folder = self._folders[scene]
        scan = load_scene(folder / f"{scene}{_MESH}")
        segments, objects = folder / f"{scene}{_SEGMENTS}", folder / f"{scene}{_OBJECTS}"
        try:
            segment = np.asarray(read_json(segments)["segIndices"], dtype=np.int64)
            groups = [
                (int(group["objectId"]), str(group["label"]), [int(s) for s in group["segments"]])
                for group in read_json(objects)["segGroups"]
            ]
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise FileError(folder, f"its segments or objects are damaged ({error!r}); download them again") from error
        if len(segment) != len(scan):
            raise FileError(segments, f"names {len(segment):,} segments for {len(scan):,} vertices; download it again")
        owner = np.full(len(scan), UNLABELLED, dtype=np.int32)
        names = {}
        known = set(segment.tolist())
        for number, label, own in groups:
            stray = set(own) - known
            if stray:
                raise FileError(objects, f"object {number} has segment {min(stray)}, which no vertex belongs to")
            structure = label in _STRUCTURE
            owner[np.isin(segment, own)] = BACKGROUND if structure else number + 1
            if not structure:
                names[number + 1] = label
        return LabelledScene(scan, Hierarchy(owner, np.minimum(owner, 0), names))

    @cached_property
    def _folders(self) -> dict[str, Path]:
        return self.folders(_MESH, "scans", "scans_test")

    @cached_property
    def _split_of(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for split in _SPLITS:
            path = self.folder / f"scannetv2_{split}.txt"
            if path.is_file():
                found |= dict.fromkeys(path.read_text(encoding="utf-8").split(), split)
        return found
