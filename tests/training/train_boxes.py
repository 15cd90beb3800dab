"""Started by torchrun: a few steps in as many processes as it says."""

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
from conftest import SMALL, Boxes
from pinpoint3d.model import create_network
from pinpoint3d.training.config import Augmentation, TrainingConfig
from pinpoint3d.training.run import run

if __name__ == "__main__":
    torch.set_num_threads(1)
    changes = Augmentation(voxel_size=0.03, voxels=1500)
    config = TrainingConfig(steps=4, batch=2, warmup=2, rounds=2, cooldown=1.0, augmentation=changes)
    run(create_network(SMALL, np.random.default_rng(0)), Boxes(), config, Path(sys.argv[1]))
    threads = [comm.read_text().strip() for comm in Path("/proc/self/task").glob("*/comm")]
    assert not any("gloo" in name for name in threads), f"threads of a group that has ended: {threads}"
