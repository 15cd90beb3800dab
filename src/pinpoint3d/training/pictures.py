"""What a network answers to some samples: truth, and masks after the first and the last round of clicks."""

from pathlib import Path

import numpy as np
import torch

from pinpoint3d.arrays import Int64
from pinpoint3d.io.sheet import save_sheet
from pinpoint3d.model.surface_network import SurfaceNetwork
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.training.config import TrainingConfig
from pinpoint3d.training.crops import Crop, make_crop
from pinpoint3d.training.sources import Source
from pinpoint3d.training.tasks import annotate, choose_task

_SAMPLES = 4


@torch.no_grad()
def draw_samples(network: SurfaceNetwork, source: Source, config: TrainingConfig, path: Path) -> None:
    """Draw samples behind those of the training, a row each, to a PNG file."""
    network.eval()
    device = next(network.parameters()).device
    cells: list[LabelledScene] = []
    for number in range(config.steps * config.batch, config.steps * config.batch + _SAMPLES):
        rng = np.random.default_rng([config.seed, number])
        crop = make_crop(source.scan(number), config.augmentation, rng)
        task = choose_task(crop, rng)
        if task is None:
            continue
        scene = network.encode([crop.surface.to(device)])[0]
        rounds = list(annotate(network, scene, crop, task, config.rounds, config.rule, rng))
        cells.append(_painted("truth", crop, task.truth))
        for place, title in ((0, "first round"), (-1, "last round")):
            answer = rounds[place]
            cells.append(_painted(f"{title}: IoU {100 * answer.iou:.0f} %", crop, answer.shown))
    if cells:
        save_sheet(path, cells)


def _painted(title: str, crop: Crop, column: Int64) -> LabelledScene:
    rgb = (255 * crop.surface.colour.numpy()).clip(0, 255).astype(np.uint8)
    labels = np.maximum(column, 0).astype(np.int32)
    return LabelledScene(Scene(title, crop.coord, rgb=rgb), Hierarchy(labels, np.zeros_like(labels)))
