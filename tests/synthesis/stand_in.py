"""A generator that takes no time: a box of two parts on a floor, its place and colour from seed and index."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pinpoint3d.errors import PinPointError
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene


@dataclass(frozen=True)
class Config:
    """Settings as a generator has them; `slow_s` and `fails_at` are for tests alone."""

    points: int = 300
    slow_s: float = 0.0
    fails_at: int = -1


def generate(seed: int, index: int, *, split: str, config: Config) -> LabelledScene:
    if index == config.fails_at:
        raise PinPointError(f"scene {index} cannot be made")
    time.sleep(config.slow_s)
    rng = np.random.default_rng([seed, index, len(split)])
    floor = np.c_[rng.uniform(-1, 9, (config.points, 2)), rng.normal(0, 0.003, config.points)]
    place = np.append(rng.uniform(0, 8, 2), 0.0)
    box = rng.uniform(0, 0.5, (config.points, 3)) + place
    label = np.repeat([0, 1], config.points).astype(np.int32)
    part = np.where(label > 0, np.where(np.r_[floor, box][:, 2] < 0.25, 1, 2), 0).astype(np.int32)
    rgb = rng.integers(0, 256, (2 * config.points, 3), dtype=np.uint8)
    return LabelledScene(
        Scene(f"box {index}", np.r_[floor, box].astype(np.float32), rgb=rgb),
        Hierarchy(label, part, {1: "box"}, {(1, 1): "body", (1, 2): "lid"}),
    )


def noting(seed: int, index: int, *, split: str, config: Config) -> LabelledScene:
    """As `generate`; leaves a file for every scene made, in the folder that the environment names."""
    (Path(os.environ["STAND_IN_NOTES"]) / f"{index}").touch()
    return generate(seed, index, split=split, config=config)
