"""The work of one process: read a scene, encode it, annotate some of its samples."""

import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pinpoint3d.arrays import Bool
from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.evaluation.annotate import annotate
from pinpoint3d.evaluation.rows import ClickRow, SampleResult, SampleRow
from pinpoint3d.evaluation.samples import Sample
from pinpoint3d.evaluation.scoring import Borders, ious
from pinpoint3d.evaluation.settings import Settings
from pinpoint3d.evaluation.task import Task
from pinpoint3d.scene import Hierarchy, Scene
from pinpoint3d.segmenters import Segmenter

Loader = Callable[[str], Segmenter[Any]]


@dataclass(frozen=True)
class Batch:
    """Samples of one scene, which share its encoding."""

    settings: Settings
    samples: tuple[Sample, ...]
    load: Loader


@lru_cache(maxsize=1)
def _segmenter(load: Loader, name: str) -> Segmenter[Any]:
    """One segmenter a process."""
    return load(name)


def annotate_batch(batch: Batch) -> list[SampleResult]:
    """All rows of the batch's samples, in order.

    Raises:
        FileError: the scene cannot be read.
    """
    settings = batch.settings
    segmenter = _segmenter(batch.load, settings.segmenter)
    labelled = open_dataset(settings.data).load(batch.samples[0].scene)
    started = time.perf_counter()
    embedding = segmenter.encode(labelled.scene)
    encode_ms = (time.perf_counter() - started) * 1e3
    return [
        _annotate(segmenter, embedding, sample, labelled.scene, labelled.labels, settings, encode_ms)
        for sample in batch.samples
    ]


def _annotate(
    segmenter: Segmenter[Any],
    embedding: Any,
    sample: Sample,
    scene: Scene,
    labels: Hierarchy,
    settings: Settings,
    encode_ms: float,
) -> SampleResult:
    task = Task.of(sample, labels, scene.finite)
    borders = Borders(scene, task.truth, task.targets)
    carried = set(task.truth[embedding.grid.voxel_to_point].tolist())
    status = "ok" if all(carried.intersection(numbers) for numbers in task.targets) else "no voxel"
    rng = np.random.default_rng([settings.seed, zlib.crc32(sample.id.encode())])
    n_targets = len(sample.targets)
    clicks = []
    for answer in annotate(segmenter, embedding, task, settings.clicks, settings.rule, rng):
        scores = ious(task.truth, answer.predicted, task.targets)
        clicks.append(
            ClickRow(
                sample=sample.id,
                scene=sample.scene,
                status=status,
                n_targets=n_targets,
                click=answer.clicks,
                iou=float(scores.mean()),
                ious=tuple(scores.tolist()),
                boundary_iou=borders.mean_iou(answer.predicted) if answer.clicks % n_targets == 0 else None,
                ms=answer.ms,
            )
        )
    known = SampleRow(
        sample=sample.id,
        scene=sample.scene,
        status=status,
        objects=tuple(object_id for object_id, _ in sample.targets),
        parts=tuple(part_id for _, part_id in sample.targets),
        categories=tuple(labels.object_names.get(object_id, "") for object_id, _ in sample.targets),
        extents=tuple(_extent(scene, np.isin(task.truth, numbers)) for numbers in task.targets),
        points=len(scene),
        voxels=len(embedding.grid),
        encode_ms=encode_ms,
        peak_mb=_peak_mb(),
    )
    return SampleResult(known, tuple(clicks))


def _extent(scene: Scene, mask: Bool) -> float:
    """Diagonal in metres of the bounding box of the points where `mask`, bool [N], holds."""
    return float(np.linalg.norm(np.ptp(scene.xyz[mask], axis=0))) if mask.any() else 0.0


def _peak_mb() -> float | None:
    """Most memory this process has used, in MB, of the GPU where that is more; None where the system does not say."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        peak = max(peak, torch.cuda.max_memory_allocated() / 2**20)
    return float(peak)
