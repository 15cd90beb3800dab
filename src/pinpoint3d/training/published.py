"""How the published networks learn: rounds of clicks without gradient, then one answer with, every layer supervised.

AGILE3D (Yue et al., ICLR 2024, section 3.4) and PinPoint3D, whose part decoder learns beside the object decoder, or
behind it where that is frozen.
"""

import numpy as np
import torch
from torch import Tensor, nn

from pinpoint3d.arrays import Float32, Int64
from pinpoint3d.model.networks import Agile3D, Masks, PinPoint3D, SceneFeatures, SceneInput
from pinpoint3d.prompts import ClickTensors, simulate_clicks
from pinpoint3d.training.config import TrainingConfig
from pinpoint3d.training.crops import Crop
from pinpoint3d.training.losses import mask_loss
from pinpoint3d.training.tasks import Task, choose_task, mean_iou

_NEAR, _FAR, _RADIUS = 2.0, 0.8, 0.3  # weight of a voxel at a click, and beyond so many metres


def learn(
    network: nn.Module, crops: list[Crop], rngs: list[np.random.Generator], config: TrainingConfig
) -> dict[str, Tensor]:
    """Loss of a batch and the IoU of the answers it is taken of."""
    assert isinstance(network, Agile3D)
    device = next(network.parameters()).device
    scenes = network.encode([_scene_input(crop, device) for crop in crops])
    losses, scores = [], []
    for scene, crop, rng in zip(scenes, crops, rngs, strict=True):
        task = choose_task(crop, rng)
        if task is None:
            continue
        loss, iou = _annotate(network, scene, crop, task, config, rng)
        losses.append(loss)
        scores.append(iou)
    if not losses:
        return {"loss_mask": torch.stack([s.features.sum() for s in scenes]).sum() * 0}
    return {"loss_mask": torch.stack(losses).sum() / len(crops), "iou_last": torch.tensor(scores).mean()}


def _scene_input(crop: Crop, device: torch.device) -> SceneInput:
    surface = crop.surface
    coord = torch.from_numpy(crop.coord)
    return SceneInput(surface.coord.to(device), coord.to(device), surface.colour.to(device))


def _annotate(
    network: Agile3D, scene: SceneFeatures, crop: Crop, task: Task, config: TrainingConfig, rng: np.random.Generator
) -> tuple[Tensor, float]:
    voxels: list[int] = []
    labels: list[int] = []
    shown = np.zeros_like(task.truth)
    last = int(rng.integers(config.rounds))
    loss = scene.features.sum() * 0
    for number in range(last + 1):
        wanted = None if number == 0 else task.n_targets
        clicks = simulate_clicks(crop.coord, task.truth, shown, n_clicks=wanted, rule=config.rule, rng=rng)
        if not clicks:
            break
        voxels += [click.voxel for click in clicks]
        labels += [click.label for click in clicks]
        with torch.set_grad_enabled(number == last):
            loss, shown = _answer(network, scene, crop, task, np.array(voxels), np.array(labels))
        shown[voxels] = labels
    return loss, mean_iou(task, shown)


def _answer(
    network: Agile3D, scene: SceneFeatures, crop: Crop, task: Task, voxel: Int64, label: Int64
) -> tuple[Tensor, Int64]:
    """Loss over all layers and columns i64 [V] of the targets."""
    by_part = task.whole is not None and isinstance(network, PinPoint3D)
    clicks = ClickTensors(
        voxel=voxel,
        object=np.where(label > 0, 1, 0) if by_part else label,
        part=label if by_part else np.zeros_like(label),
        order=np.arange(len(voxel)),
        positive=np.ones(len(voxel), dtype=np.bool_),
    )
    weight = _weights(crop.coord, voxel)
    truth = np.where(task.truth > 0, 1, task.truth) if by_part else task.truth
    objects = network.decode_objects(scene, clicks)
    loss = _loss(objects, truth, weight)
    label_of: Int64 = np.concatenate([[0], objects.ids])[objects.label.cpu().numpy()]
    if not by_part or len(objects.ids) == 0:
        return loss, label_of
    parts = network.decode_parts(scene, clicks, objects, 1)
    found = np.concatenate([[0], parts.ids])[parts.label.cpu().numpy()]
    return loss + _loss(parts, task.truth, weight), np.where(label_of == 1, found, 0)


def _loss(masks: Masks, truth: Int64, weight: Tensor) -> Tensor:
    column = np.searchsorted(masks.ids, truth)
    known = (column < len(masks.ids)) & (masks.ids[np.minimum(column, len(masks.ids) - 1)] == truth)
    wanted = torch.from_numpy(np.where(truth < 0, -1, np.where(known, column + 1, 0)))
    layers = masks.decoded.logits
    device = layers[0].device
    return torch.stack([mask_loss(logits, wanted.to(device), weight.to(device)) for logits in layers]).mean()


def _weights(coord: Float32, voxel: Int64) -> Tensor:
    """f32 [V]: more at the clicks."""
    near = torch.cdist(torch.from_numpy(coord), torch.from_numpy(coord[voxel])).amin(dim=1)
    return _NEAR + (_FAR - _NEAR) * (near / _RADIUS).clamp(max=1)
