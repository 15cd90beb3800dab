"""The robot's annotations of labelled scans, for benchmarks that look at more than `pinpoint3d eval run` keeps."""

import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.evaluation.annotate import Answer, annotate
from pinpoint3d.evaluation.samples import Level, Selection, samples_of
from pinpoint3d.evaluation.task import Task
from pinpoint3d.progress import track
from pinpoint3d.prompts import ClickRule
from pinpoint3d.segmenters import Segmenter


class Annotation(NamedTuple):
    """One sample: its task, its encoded scan, and the answers, which are made as they are asked for."""

    task: Task
    embedding: Any
    answers: Iterator[Answer]


def annotations(
    segmenter: Segmenter[Any], data: str, level: Level, clicks: int, seed: int, per_scene: int | None = None
) -> Iterator[Annotation]:
    """Every sample of a data set, with at most so many clicks a target and samples a scan, as `pinpoint3d eval run`."""
    dataset = open_dataset(data)
    samples = list(samples_of(dataset, level, Selection.ALL, seed, per_scene=per_scene))
    with track("annotating", len(samples)) as advance:
        for sample in samples:
            labelled = dataset.load(sample.scene)
            task = Task.of(sample, labelled.labels, labelled.scene.finite)
            embedding = segmenter.encode(labelled.scene)
            rng = np.random.default_rng([seed, zlib.crc32(sample.id.encode())])
            yield Annotation(task, embedding, annotate(segmenter, embedding, task, clicks, ClickRule(), rng))
            advance(1)
