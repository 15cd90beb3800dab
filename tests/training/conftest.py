"""A small network, a small training, and scans of two boxes on a floor whose upper halves are parts."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from pinpoint3d.model import SurfaceConfig
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.training.config import Augmentation, TrainingConfig

SMALL = SurfaceConfig(stem=6, planes=(6, 6, 6, 6, 6, 6, 6, 8), blocks=(1,) * 8, edge=6, heads=2, key=4, hidden=8)


@dataclass(frozen=True)
class Boxes:
    """A source of scans; sent to other processes by name."""

    def scan(self, number):
        rng = np.random.default_rng(number)
        floor = rng.uniform(-0.4, 0.4, (6000, 3)) * [1, 1, 0]
        pieces, objects, parts = [floor], [np.zeros(6000)], [np.zeros(6000)]
        for label, x in ((1, -0.2), (2, 0.2)):
            at = rng.uniform(-0.5, 0.5, (4000, 3))
            face = np.argmax(np.abs(at), axis=1)
            at[np.arange(4000), face] = np.sign(at[np.arange(4000), face]) / 2
            pieces.append(at * [0.15, 0.15, 0.3] + [x, 0, 0.15])
            objects.append(np.full(4000, label))
            parts.append(np.where(at[:, 2] > 0, 1, 2))
        xyz = np.concatenate(pieces).astype(np.float32)
        object_, part = (np.concatenate(a).astype(np.int32) for a in (objects, parts))
        rgb = (np.stack([object_ * 60, part * 80, object_ * 0 + 90], axis=1)).astype(np.uint8)
        return LabelledScene(Scene(f"boxes {number}", xyz, rgb=rgb), Hierarchy(object_, part))


@pytest.fixture(autouse=True)
def one_thread():
    """Sums that PyTorch shares out among threads have no fixed order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def boxes():
    return Boxes()


@pytest.fixture
def config():
    return TrainingConfig(
        steps=6, batch=2, warmup=2, rounds=2, rate=3e-3, augmentation=Augmentation(voxel_size=0.03, voxels=1500)
    )
