"""The robot's annotations of labelled scans, for benchmarks that look at more than `pinpoint3d eval run` keeps."""

import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pinpoint3d.arrays import Int32
from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.evaluation.annotate import Answer, annotate
from pinpoint3d.evaluation.samples import Level, Selection, samples_of
from pinpoint3d.evaluation.scoring import ious
from pinpoint3d.evaluation.task import Task
from pinpoint3d.progress import track
from pinpoint3d.prompts import ClickRule, ClickTensors, simulate_clicks
from pinpoint3d.segmenters import Segmenter

_GOOD = 0.9  # IoU of a part from which on a person turns to the next


class Annotation(NamedTuple):
    """One sample: its task, its encoded scan, and the answers, which are made as they are asked for."""

    task: Task
    embedding: Any
    answers: Iterator[Answer]


def annotations(
    segmenter: Segmenter[Any],
    data: str,
    level: Level,
    clicks: int,
    seed: int,
    per_scene: int | None = None,
    every: int = 1,
) -> Iterator[Annotation]:
    """Samples of a data set, or one in `every`, as of `pinpoint3d eval run`, with so many clicks a target at most."""
    dataset = open_dataset(data)
    samples = list(samples_of(dataset, level, Selection.ALL, seed, per_scene=per_scene))[::every]
    with track("annotating", len(samples)) as advance:
        for sample in samples:
            labelled = dataset.load(sample.scene)
            task = Task.of(sample, labelled.labels, labelled.scene.finite)
            embedding = segmenter.encode(labelled.scene)
            rng = np.random.default_rng([seed, zlib.crc32(sample.id.encode())])
            yield Annotation(task, embedding, annotate(segmenter, embedding, task, clicks, ClickRule(), rng))
            advance(1)


def part_by_part(
    segmenter: Segmenter[Any], embedding: Any, truth: Int32, most: int, whole_first: bool
) -> Iterator[None]:
    """Cut one object as a person does it: a part until it is good or has had so many clicks, then the next.

    Args:
        segmenter: asked after every click.
        embedding: of the scan.
        truth: i32 [V], parts 1 to K in the order in which they are cut, 0 all else, -1 not known.
        most: clicks a part.
        whole_first: whether the object is clicked before its parts.
    """
    said: list[tuple[int, int, int]] = []
    rest = int(truth.max()) + 1
    shown = np.zeros_like(truth)

    def click(target: Int32) -> bool:
        found = simulate_clicks(embedding.grid.coord, target, shown, n_clicks=1)
        said.extend((c.voxel, int(c.label > 0), c.label % rest) for c in found)
        if found:
            voxel, object_id, part = np.array(said, dtype=np.int64).T
            order = np.arange(len(said))
            clicks = ClickTensors(voxel, object_id, part, order=order, positive=np.ones(len(said), dtype=np.bool_))
            objects, parts = segmenter.segment(embedding, clicks).labels()
            shown[:] = np.where(objects == 1, np.where(parts > 0, parts, rest), 0)
        return bool(found)

    if whole_first and click(np.where(truth > 0, rest, truth)):
        yield
    for part in range(1, rest):
        wanted = truth == part
        for number in range(most):
            other = (shown == part) & (truth <= part) & (number > 0)
            if not click(np.where(wanted | other, truth, shown)):
                break
            yield
            if ious(truth, shown, [(part,)])[0] >= _GOOD:
                break
