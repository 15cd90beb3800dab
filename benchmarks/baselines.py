"""How good the segmenters without weights are, on scans with human labels and on CAD objects with authored parts.

    python benchmarks/baselines.py --mosd DIR --objects DIR --pictures OUT

Mean IoU in percent on the full-resolution points after 1, 3 and 5 clicks a target, all targets of a scene clicked by
the published robot, one number a scene averaged over the scenes.

- mOSD: eight single-view table tops, every object a target.
- CAD: 33 objects, drawn with seed 0 from those whose parts a person authored, each as 20,000 surface points on a
  floor of one point a square centimetre, 3 mm noise; every part a target. The clicks' voxels are the segmenter's own.

The geodesic segmenter's constants for objects were set on the eight mOSD scenes themselves, those for parts on CAD
objects of other designs. Which planes count as background was settled after seeing both.
"""

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from rich.console import Console
from rich.table import Table

from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.evaluation.annotate import annotate
from pinpoint3d.evaluation.samples import Level, Sample
from pinpoint3d.evaluation.scoring import ious
from pinpoint3d.evaluation.task import Task
from pinpoint3d.prompts import ClickRule
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene, label_colours
from pinpoint3d.segmenters.registry import load_model

SEGMENTERS = ("geodesic", "random_walker", "region_growing", "voronoi")
CLICKS = (1, 3, 5)
N_OBJECTS = 33
LOOSE_PIECES = ("awsislands", "kaykitislands")  # parts nobody authored
MARGIN, FLOOR_STEP, NOISE = 0.5, 0.01, 0.003  # metres
FLOOR_RGB = (150, 140, 130)
RGB_NOISE = 5.0
PICTURED = ("test43", "test55", "test64")


@dataclass(frozen=True)
class Job:
    """One scene for one segmenter; small enough to be sent to another process."""

    segmenter: str
    path: Path
    level: Level


@dataclass(frozen=True)
class Outcome:
    """IoU at each of `CLICKS`, labels of the points there, and the mean time of an answer in milliseconds."""

    job: Job
    iou: tuple[float, ...]
    shown: tuple[np.ndarray, ...]
    ms: float


def cad_paths(folder: Path) -> list[Path]:
    """The reported objects: a draw with seed 0 from all with authored parts, sorted by name."""
    authored = sorted(path for path in folder.glob("*.npz") if not path.name.startswith(LOOSE_PIECES))
    chosen = np.random.default_rng(0).choice(len(authored), min(N_OBJECTS, len(authored)), replace=False)
    return [authored[i] for i in sorted(chosen)]


def on_a_floor(path: Path) -> LabelledScene:
    """A CAD object standing on a floor, measured with noise."""
    with np.load(path) as data:
        points, colours, part = data["points"].astype(np.float64), data["colors"], data["part"]
    rng = np.random.default_rng([0, *path.stem.encode()])
    points[:, 2] -= points[:, 2].min()
    low, high = points[:, :2].min(axis=0) - MARGIN, points[:, :2].max(axis=0) + MARGIN
    n_floor = int(np.prod((high - low) / FLOOR_STEP))
    floor = np.column_stack([rng.uniform(low, high, (n_floor, 2)), np.zeros(n_floor)])
    xyz = np.concatenate([points, floor])
    rgb = np.concatenate([colours, np.tile(np.array(FLOOR_RGB), (n_floor, 1))])
    xyz += rng.normal(0.0, NOISE, xyz.shape)
    noisy_rgb = np.clip(rgb + rng.normal(0.0, RGB_NOISE, rgb.shape), 0, 255)
    parts = np.unique(part, return_inverse=True)[1] + 1
    labels = Hierarchy(
        np.repeat([1, 0], [len(points), n_floor]).astype(np.int32),
        np.concatenate([parts, np.zeros(n_floor)]).astype(np.int32),
    )
    return LabelledScene(Scene(path.stem, xyz.astype(np.float32), rgb=noisy_rgb.astype(np.uint8)), labels)


def measure(job: Job) -> Outcome:
    """Annotate one scene up to the last of `CLICKS`."""
    if job.level is Level.OBJECT:
        labelled = open_dataset(f"mosd:{job.path.parent}").load(job.path.stem)
        labelled = LabelledScene(labelled.scene, _numbered(labelled.labels))
        targets = tuple((int(o), 0) for o in labelled.labels.objects())
    else:
        labelled = on_a_floor(job.path)
        targets = tuple((1, int(p)) for p in labelled.labels.parts(1))
    task = Task.of(Sample(job.path.stem, job.path.stem, job.level, targets), labelled.labels, labelled.scene.finite)
    segmenter = load_model(job.segmenter)
    embedding = segmenter.encode(labelled.scene)
    scores, shown, ms = [], [], []
    answers = annotate(segmenter, embedding, task, CLICKS[-1], ClickRule(), np.random.default_rng(0))
    due = [clicks * len(targets) for clicks in CLICKS]
    for answer in answers:
        ms.append(answer.ms)
        while len(scores) < len(due) and answer.clicks >= due[len(scores)]:
            scores.append(float(ious(task.truth, answer.predicted, task.targets).mean()))
            shown.append(answer.predicted)
        last = answer
    while len(scores) < len(due):  # all was right, or nothing changed, before the clicks ran out
        scores.append(float(ious(task.truth, last.predicted, task.targets).mean()))
        shown.append(last.predicted)
    return Outcome(job, tuple(scores), tuple(shown), float(np.mean(ms)))


def _numbered(labels: Hierarchy) -> Hierarchy:
    """Objects renumbered from 1 without gaps, as `Task` numbers its targets."""
    ids = labels.objects()
    number = np.where(labels.object > 0, np.searchsorted(ids, labels.object) + 1, labels.object)
    return Hierarchy(number.astype(np.int32), labels.part)


def jobs(mosd: Path, objects: Path) -> Iterator[Job]:
    for segmenter in SEGMENTERS:
        for path in sorted(mosd.glob("*.pcd")):
            yield Job(segmenter, path, Level.OBJECT)
        for path in cad_paths(objects):
            yield Job(segmenter, path, Level.PART)


def picture(outcomes: list[Outcome], out: Path) -> None:
    """Colour, truth, and the geodesic answers after 1 and 3 clicks of three mOSD scenes, as the camera saw them."""
    figure, axes = plt.subplots(len(outcomes), 4, figsize=(16, 4 * len(outcomes)), squeeze=False)
    for row, outcome in zip(axes, outcomes, strict=True):
        labelled = open_dataset(f"mosd:{outcome.job.path.parent}").load(outcome.job.path.stem)
        xyz, truth = labelled.scene.xyz, _numbered(labelled.labels)
        seen = np.flatnonzero(labelled.scene.finite)
        seen = seen[np.argsort(-xyz[seen, 1])]  # far points first, near ones over them
        panels = [("colour", labelled.scene.rgb), ("truth", label_colours(truth))]
        for clicks, iou, shown in zip(CLICKS[:2], outcome.iou, outcome.shown, strict=False):
            predicted = Hierarchy(shown, np.zeros_like(shown))
            panels.append((f"{clicks} a target: {100 * iou:.0f} %", label_colours(predicted)))
        for axis, (title, colours) in zip(row, panels, strict=True):
            depth = xyz[seen, 1]
            axis.scatter(xyz[seen, 0] / depth, xyz[seen, 2] / depth, c=colours[seen] / 255, s=0.5, linewidths=0)
            axis.set_title(f"{outcome.job.path.stem}, {title}")
            axis.set_aspect("equal")
            axis.axis("off")
    figure.tight_layout()
    out.mkdir(parents=True, exist_ok=True)
    figure.savefig(out / "baselines_mosd.png", dpi=80)


def table(outcomes: list[Outcome]) -> Table:
    columns = [f"{name} @{k}" for name in ("mOSD", "CAD") for k in CLICKS]
    made = Table("segmenter", *columns, "ms", title="mean IoU in percent; mean time of an answer")
    for segmenter in SEGMENTERS:
        own = [outcome for outcome in outcomes if outcome.job.segmenter == segmenter]
        cells = []
        for level in (Level.OBJECT, Level.PART):
            scores = np.array([outcome.iou for outcome in own if outcome.job.level is level])
            cells += [f"{100 * score:.1f}" for score in scores.mean(axis=0)]
        made.add_row(segmenter, *cells, f"{np.mean([outcome.ms for outcome in own]):.0f}")
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mosd", type=Path, required=True, help="folder of the eight .pcd scans")
    parser.add_argument("--objects", type=Path, required=True, help="folder of the CAD objects, .npz")
    parser.add_argument("--pictures", type=Path, required=True, help="folder for the picture")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    console = Console()
    started = time.perf_counter()
    with ProcessPoolExecutor(arguments.workers) as pool:
        outcomes = list(pool.map(measure, jobs(arguments.mosd, arguments.objects)))
    console.print(table(outcomes))
    console.print(f"{time.perf_counter() - started:.0f} s with {arguments.workers} workers")
    picture([o for o in outcomes if o.job.segmenter == "geodesic" and o.job.path.stem in PICTURED], arguments.pictures)


if __name__ == "__main__":
    main()
