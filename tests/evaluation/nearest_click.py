"""A small deterministic segmenter for tests: a voxel is what the nearest click says, within reach."""

import os
import time
from dataclasses import dataclass

import numpy as np

from pinpoint3d.errors import FileError
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters import MaskLogits, PartLogits

REACH = 0.4  # metres


@dataclass(frozen=True, eq=False)
class Embedding:
    grid: VoxelGrid


@dataclass(frozen=True)
class NearestClick:
    name: str = "nearest"
    voxel_size: float = 0.05
    pause: float = 0.0

    def encode(self, scene: Scene) -> Embedding:
        return Embedding(VoxelGrid.from_scene(scene, self.voxel_size))

    def segment(self, embedding: Embedding, clicks: ClickTensors) -> MaskLogits:
        time.sleep(self.pause)
        coord = embedding.grid.coord
        near = -np.linalg.norm(coord[:, None] - coord[clicks.voxel][None], axis=2)
        whole, part = clicks.labels()

        def column(mask: np.ndarray, otherwise: float) -> np.ndarray:
            return near[:, mask].max(axis=1) if mask.any() else np.full(len(coord), otherwise)

        ids = clicks.objects()
        background = np.maximum(column(whole == 0, -REACH), -REACH)
        parts = {}
        for o in ids:
            part_ids = clicks.parts(o)
            columns = [column((whole == o) & (part == 0), -np.inf)]
            columns += [column((whole == o) & (part == p), -np.inf) for p in part_ids]
            parts[int(o)] = PartLogits(part_ids, np.stack(columns, axis=1).astype(np.float32))
        objects = np.stack([background, *(column(whole == o, -np.inf) for o in ids)], axis=1).astype(np.float32)
        return MaskLogits(clicks, ids, objects, parts, clicks.status())


class Dies(NearestClick):
    """Takes its process with it, as a system out of memory does."""

    def encode(self, scene: Scene) -> Embedding:
        os._exit(9)


class Fails(NearestClick):
    """Cannot read what it needs."""

    def encode(self, scene: Scene) -> Embedding:
        raise FileError("graph.bin", "is damaged")


def load(name: str) -> NearestClick:
    """`nearest`; `slow`, which takes a tenth of a second a click; `dies`; or `fails`."""
    known = (NearestClick(), NearestClick("slow", pause=0.1), Dies("dies"), Fails("fails"))
    return {segmenter.name: segmenter for segmenter in known}[name]
