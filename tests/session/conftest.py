"""A scene and a segmenter so simple that their answers can be told by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from pinpoint3d.arrays import Float32, Int64
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters import MaskLogits, PartLogits
from pinpoint3d.session import Session


@dataclass(frozen=True)
class Embedding:
    grid: VoxelGrid


@dataclass
class NearestClick:
    """Every voxel belongs to the nearest click; with none of the background, farther than 0.6 m is background."""

    name: str = "nearest"
    voxel_size: float = 0.05
    encoded: int = 0
    answered: list[ClickTensors] = field(default_factory=list)

    def encode(self, scene: Scene) -> Embedding:
        self.encoded += 1
        return Embedding(VoxelGrid.from_scene(scene, self.voxel_size))

    def segment(self, embedding: Embedding, clicks: ClickTensors) -> MaskLogits:
        self.answered.append(clicks)
        objects, parts = clicks.labels()
        ids = clicks.objects()
        coord = embedding.grid.coord

        def column(rows: Int64) -> Float32:
            at = coord[clicks.voxel[rows]]
            return -np.min(np.linalg.norm(coord[:, None] - at, axis=2), axis=1, initial=0.6)

        logits = [column(np.flatnonzero(objects == i)) for i in [0, *ids]]
        logits[0] = np.maximum(logits[0], -0.59)
        answers = {}
        for o in ids.tolist():
            part_ids = clicks.parts(o)
            if len(part_ids):
                columns = [column(np.flatnonzero((objects == o) & (parts == p))) for p in [0, *part_ids]]
                answers[o] = PartLogits(part_ids, np.stack(columns, axis=1))
        return MaskLogits(clicks, ids, np.stack(logits, axis=1), answers, clicks.status())


@pytest.fixture
def nearest() -> NearestClick:
    return NearestClick()


@pytest.fixture
def line() -> Scene:
    """41 points along x from 0 to 4 m, 10 cm apart, and one without coordinates; far from the world's origin."""
    xyz = np.zeros((42, 3), dtype=np.float32)
    xyz[:41, 0] = np.arange(41) / 10
    xyz[41] = np.nan
    return Scene("line", xyz, origin=np.array([500_000.0, 4_000_000.0, 100.0]), rgb=np.full((42, 3), 9, np.uint8))


@pytest.fixture
def at(line: Scene) -> Callable[[float], list[float]]:
    """World coordinates of a place on the line."""
    return lambda x: [float(line.origin[0]) + x, *line.origin[1:].tolist()]


@pytest.fixture
def session(nearest: NearestClick, line: Scene) -> Session:
    return Session(nearest, line)


@pytest.fixture(scope="session")
def nearest_class() -> type[NearestClick]:
    return NearestClick
