"""The robot annotates one sample with one segmenter, click by click."""

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from pinpoint3d.arrays import Int32
from pinpoint3d.evaluation.samples import Level
from pinpoint3d.evaluation.scoring import ious
from pinpoint3d.evaluation.task import REMAINDER, Meaning, Task
from pinpoint3d.prompts import ClickRule, ClickTensors, simulate_clicks
from pinpoint3d.scene import VoxelGrid
from pinpoint3d.segmenters import Segmenter

GOOD_OBJECT = 0.8  # IoU of an object from which on a person turns to its parts


class Answer(NamedTuple):
    """What the segmenter showed after so many clicks: labels i32 [N] in the task's numbering, -1 off the voxels."""

    clicks: int
    predicted: Int32
    ms: float


def annotate(
    segmenter: Segmenter[Any],
    embedding: Any,
    task: Task,
    most: int,
    rule: ClickRule,
    rng: np.random.Generator,
) -> Iterator[Answer]:
    """Click until all voxels are right or `most` clicks a target are made.

    The first round clicks every target once, every later one the largest error (AGILE3D, PinPoint3D). At the
    hierarchical level the object alone comes first, one click at a time, until its IoU reaches 0.8 or it has had
    `most` clicks; then every part is clicked once, then the largest error of object and parts together.
    """
    annotation = _Annotation(segmenter, embedding, task, rule, rng)
    if task.level is Level.HIERARCHICAL:
        while len(annotation.said) < most and annotation.click_object():
            answer = annotation.answer()
            yield answer
            if ious(task.truth, answer.predicted, task.targets[:1])[0] >= GOOD_OBJECT:
                break
    clicked = annotation.click_every_target()
    while clicked:
        yield annotation.answer()
        clicked = len(annotation.said) < most * len(task.targets) and annotation.click_largest_error()


class _Annotation:
    """The clicks made so far, what is shown, and the moves the robot knows. A move is False if nothing is wrong."""

    def __init__(
        self, segmenter: Segmenter[Any], embedding: Any, task: Task, rule: ClickRule, rng: np.random.Generator
    ) -> None:
        self._segmenter, self._embedding, self._task, self._rule, self._rng = segmenter, embedding, task, rule, rng
        self._grid: VoxelGrid = embedding.grid
        self._truth = task.truth[self._grid.voxel_to_point]
        self._shown = np.zeros(len(self._grid), dtype=np.int32)
        self.said: list[tuple[int, Meaning]] = []

    def click_object(self) -> bool:
        """Click the largest error of the object as a whole, whatever its parts."""
        return self._click(np.minimum(self._truth, REMAINDER), np.minimum(self._shown, REMAINDER), 1)

    def click_every_target(self) -> bool:
        """Click every target once, parts only at the hierarchical level."""
        nothing = np.zeros_like(self._truth)
        if self._task.level is Level.HIERARCHICAL:
            nothing[self._truth == REMAINDER] = REMAINDER
        return self._click(self._truth, nothing, None)

    def click_largest_error(self) -> bool:
        return self._click(self._truth, self._shown, 1)

    def _click(self, truth: Int32, predicted: Int32, number: int | None) -> bool:
        grid = self._grid
        found = simulate_clicks(grid.coord, truth, predicted, n_clicks=number, rule=self._rule, rng=self._rng)
        for click in found:
            self.said.append((click.voxel, self._task.meaning(click.label, int(self._shown[click.voxel]))))
        return bool(found)

    def answer(self) -> Answer:
        """Ask the segmenter about all clicks made so far."""
        voxels = [voxel for voxel, _ in self.said]
        objects, parts, positive = zip(*(meaning for _, meaning in self.said), strict=True)
        clicks = ClickTensors(
            voxel=np.array(voxels, dtype=np.int64),
            object=np.array(objects, dtype=np.int64),
            part=np.array(parts, dtype=np.int64),
            order=np.arange(len(voxels), dtype=np.int64),
            positive=np.array(positive, dtype=np.bool_),
        )
        started = time.perf_counter()
        labels = self._segmenter.segment(self._embedding, clicks).labels()
        ms = (time.perf_counter() - started) * 1e3
        self._shown = self._task.predicted(*labels)
        return Answer(len(self.said), self._grid.on_points(self._shown, outside=-1), ms)
