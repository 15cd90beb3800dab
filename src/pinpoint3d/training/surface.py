"""How the surface network learns."""

import numpy as np
import torch
from torch import Tensor, nn

from pinpoint3d.model.surface_network import SurfaceNetwork
from pinpoint3d.training.config import TrainingConfig
from pinpoint3d.training.crops import Crop
from pinpoint3d.training.losses import border_loss
from pinpoint3d.training.tasks import annotate, choose_task


def learn(
    network: nn.Module, crops: list[Crop], rngs: list[np.random.Generator], config: TrainingConfig
) -> dict[str, Tensor]:
    """Losses of a batch, each a mean over its samples, and the IoU after the first and the last round."""
    assert isinstance(network, SurfaceNetwork)
    device = next(network.parameters()).device
    scenes = network.encode([crop.surface.to(device) for crop in crops])
    borders, masks, first, last = [], [], [], []
    for scene, crop, rng in zip(scenes, crops, rngs, strict=True):
        labels = [torch.from_numpy(ids).long().to(device) for ids in (crop.object, crop.part)]
        borders.append(border_loss(scene.borders, scene.surface.edges, *labels))
        task = choose_task(crop, rng)
        if task is None:
            continue
        rounds = list(annotate(network, scene, crop, task, config.rounds, config.rule, rng))
        masks.append(torch.stack([r.loss for r in rounds]).mean())
        first.append(rounds[0].iou)
        last.append(rounds[-1].iou)
    n = len(crops)
    losses = {"loss_border": config.edges * torch.stack(borders).sum() / n}
    if masks:
        losses |= {"loss_mask": torch.stack(masks).sum() / n}
        losses |= {"iou_first": torch.tensor(first).mean(), "iou_last": torch.tensor(last).mean()}
    return losses
