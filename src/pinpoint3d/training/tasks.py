"""Simulated annotation of a sample: targets are chosen, a robot clicks, the network answers, round by round."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from pinpoint3d.arrays import Bool, Int64
from pinpoint3d.model.surface_decoder import LOWEST, Level, Previous, SurfaceFeatures, Targets
from pinpoint3d.model.surface_network import SurfaceNetwork
from pinpoint3d.prompts import ClickRule, simulate_clicks
from pinpoint3d.training.crops import Crop
from pinpoint3d.training.losses import IGNORED, mask_loss

_MOST_OBJECTS = 6
_FEWEST_VOXELS = 12  # of an object worth clicking
_FEWEST_PART_VOXELS = 3  # knobs and buttons are small, and clicked as often as what they sit on
_LEARNED_FROM = 3000  # voxels of an answer that a loss is taken of
_LONG = 0.4  # share of samples with many clicks
_SCATTERED = 6
_ALL_PARTS = 0.6  # share of samples in which every part of the object is a target


@dataclass(frozen=True, eq=False)
class Task:
    """Targets of a sample.

    Attributes:
        truth: i64 [V]: 0 no target, k the k-th, -1 not known.
        n_targets: T.
        whole: bool [V], the object whose parts the targets are; None where they are objects.
    """

    truth: Int64
    n_targets: int
    whole: Bool | None = None


class Round(NamedTuple):
    """What one round of clicks led to: the loss, the mean IoU of the targets, and the answer, columns i64 [V]."""

    loss: Tensor
    iou: float
    shown: Int64


def choose_task(crop: Crop, rng: np.random.Generator) -> Task | None:
    """Some objects of a sample, or some parts of one; None where it has none."""
    objects = _large(crop.object[crop.object > 0], _FEWEST_VOXELS)
    if len(objects) == 0:
        return None
    parts_of = {int(o): _large(crop.part[(crop.object == o) & (crop.part > 0)], _FEWEST_PART_VOXELS) for o in objects}
    with_parts = [o for o, parts in parts_of.items() if len(parts) > 1]
    if with_parts and crop.level is Level.PART:
        whole = int(rng.choice(with_parts))
        parts = parts_of[whole]
        if rng.random() >= _ALL_PARTS:
            parts = rng.choice(parts, rng.integers(1, len(parts) + 1), replace=False)
        inside = crop.object == whole
        truth = np.where(inside, _numbered(crop.part, parts), 0)
        truth[(crop.object < 0) | (inside & (crop.part < 0))] = -1
        return Task(truth, len(parts), inside)
    chosen = rng.choice(objects, rng.integers(1, min(len(objects), _MOST_OBJECTS) + 1), replace=False)
    return Task(np.where(crop.object < 0, -1, _numbered(crop.object, chosen)), len(chosen))


def annotate(
    network: SurfaceNetwork,
    scene: SurfaceFeatures,
    crop: Crop,
    task: Task,
    rounds: int,
    rule: ClickRule,
    rng: np.random.Generator,
) -> Iterator[Round]:
    """Click and answer: every target once, then the largest error, again and again, each answer correcting the last.

    In some samples the first round has many clicks, scattered over the targets and beyond, as after a long annotation.
    """
    shown = _Shown(np.zeros_like(task.truth), np.zeros_like(task.truth))
    voxels: list[int] = []
    labels: list[int] = []
    for number in range(rounds):
        clicks = simulate_clicks(
            crop.coord, task.truth, shown.targets, n_clicks=1 if number else None, rule=rule, rng=rng
        )
        if not clicks:
            return
        voxels += [click.voxel for click in clicks]
        labels += [click.label for click in clicks]
        if number == 0 and rng.random() < _LONG:
            scattered = _scattered(task, rng)
            voxels += scattered.tolist()
            labels += task.truth[scattered].tolist()
        answer = _objects if task.whole is None else _parts
        loss, shown = answer(network, scene, task, np.array(voxels), np.array(labels), shown if number else None, rng)
        yield Round(loss, mean_iou(task, shown.targets), shown.targets)


class _Shown(NamedTuple):
    """An answer: columns i64 [V] of the targets, and of the objects, which are the targets or the one they are of."""

    targets: Int64
    objects: Int64

    def with_clicks(self, voxel: Int64, label: Int64, on_object: Int64) -> "_Shown":
        """Clicked voxels as they were clicked."""
        self.targets[voxel], self.objects[voxel] = label, on_object
        return self


def _scattered(task: Task, rng: np.random.Generator) -> Int64:
    """Voxels of up to `_SCATTERED` clicks a target, half as many on the background."""
    chosen = []
    for target in range(task.n_targets + 1):
        own = np.flatnonzero(task.truth == target)
        most = _SCATTERED if target else _SCATTERED * task.n_targets // 2
        chosen.append(rng.choice(own, min(len(own), int(rng.integers(most + 1))), replace=False))
    return np.concatenate(chosen)


def _objects(
    network: SurfaceNetwork,
    scene: SurfaceFeatures,
    task: Task,
    voxel: Int64,
    label: Int64,
    before: _Shown | None,
    rng: np.random.Generator,
) -> tuple[Tensor, _Shown]:
    """Loss and answer where the targets are objects."""
    targets = Targets.of(torch.from_numpy(voxel), torch.from_numpy(label), task.n_targets)
    previous = None if before is None else _previous(before.objects, voxel, label)
    loss, shown = _answer(network, scene, Level.OBJECT, targets, task.truth, None, previous, rng)
    return loss, _Shown(shown, shown).with_clicks(voxel, label, label)


def _parts(
    network: SurfaceNetwork,
    scene: SurfaceFeatures,
    task: Task,
    voxel: Int64,
    label: Int64,
    before: _Shown | None,
    rng: np.random.Generator,
) -> tuple[Tensor, _Shown]:
    """The object first, then its parts; they are asked for where the object is and where it was found."""
    assert task.whole is not None
    on_object = task.whole[voxel].astype(np.int64)
    whole = Task(np.where(task.truth < 0, -1, task.whole.astype(np.int64)), 1)
    loss, (found, _) = _objects(network, scene, whole, voxel, on_object, before, rng)
    inside = torch.from_numpy((found == 1) | task.whole)
    kept = (on_object == 1) & inside.numpy()[voxel]
    targets = Targets.of(torch.from_numpy(voxel[kept]), torch.from_numpy(label[kept]), task.n_targets)
    column = None if before is None else np.where(before.objects == 1, before.targets, -1)
    # a click beside the object corrects the object and not its parts
    previous = None if column is None or not kept[-1] else _previous(column, voxel, label)
    part_loss, shown = _answer(network, scene, Level.PART, targets, task.truth, inside, previous, rng)
    if column is not None and previous is None:
        shown = np.where(column >= 0, column, shown)
    shown[found != 1] = 0
    return loss + part_loss, _Shown(shown, found).with_clicks(voxel, label, on_object)


def _previous(column: Int64, voxel: Int64, label: Int64) -> Previous:
    return Previous(torch.from_numpy(column), int(voxel[-1]), int(label[-1]))


def _answer(
    network: SurfaceNetwork,
    scene: SurfaceFeatures,
    level: Level,
    targets: Targets,
    truth: Int64,
    inside: Tensor | None,
    previous: Previous | None,
    rng: np.random.Generator,
) -> tuple[Tensor, Int64]:
    """Loss at some of the voxels inside, and columns i64 [V]; 0 outside."""
    device = scene.features.device
    targets = targets.to(device)
    if previous is not None:
        previous = Previous(previous.column.to(device), previous.voxel, previous.said)
    paths = network.paths(scene, level, targets, inside)
    rows = np.arange(len(truth)) if inside is None else np.flatnonzero(inside.numpy())
    with torch.no_grad():
        all_rows = torch.from_numpy(rows).to(device)
        judged = network.judge(scene, level, targets, paths, all_rows, previous)
        answer = judged.argmax(dim=1) if previous is None else previous.corrected(judged, all_rows)
        shown = np.zeros_like(truth)
        shown[rows] = answer.cpu().numpy()
    some = rng.choice(rows, min(_LEARNED_FROM, len(rows)), replace=False)
    logits = network.judge(scene, level, targets, paths, torch.from_numpy(some).to(device), previous)
    wanted = torch.from_numpy(truth[some]).to(device)
    asked = logits.gather(1, wanted.clamp(min=0)[:, None])[:, 0] > LOWEST  # a target too far away teaches nothing
    return mask_loss(logits, torch.where(asked, wanted, IGNORED)), shown


def mean_iou(task: Task, shown: Int64) -> float:
    """Mean IoU of the targets in an answer i64 [V]."""
    known = task.truth >= 0
    scores = []
    for target in range(1, task.n_targets + 1):
        true, found = (task.truth == target) & known, (shown == target) & known
        scores.append((true & found).sum() / max(1, (true | found).sum()))
    return float(np.mean(scores))


def _large(labels: np.ndarray, fewest: int) -> Int64:
    ids, counts = np.unique(labels, return_counts=True)
    return ids[counts >= fewest].astype(np.int64)


def _numbered(labels: np.ndarray, chosen: np.ndarray) -> Int64:
    """i64 [V]: k where the label is the k-th chosen, else 0."""
    table = np.zeros(max(int(labels.max(initial=0)), int(chosen.max())) + 2, dtype=np.int64)
    table[chosen] = np.arange(1, len(chosen) + 1)
    return np.asarray(table[np.maximum(labels, -1)])  # the last entry is that of -1
