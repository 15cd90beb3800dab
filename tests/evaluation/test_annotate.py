from itertools import pairwise

import numpy as np
import pytest
from nearest_click import NearestClick

from pinpoint3d.evaluation.annotate import GOOD_OBJECT, annotate
from pinpoint3d.evaluation.samples import Level, Sample
from pinpoint3d.evaluation.scoring import ious
from pinpoint3d.evaluation.task import Task
from pinpoint3d.prompts import ClickRule


class Recorder(NearestClick):
    """Remembers what it was told."""

    def segment(self, embedding, clicks):
        RECORD.append(list(zip(clicks.object.tolist(), clicks.part.tolist(), clicks.positive.tolist(), strict=True)))
        VOXELS.append(clicks.voxel.tolist())
        return super().segment(embedding, clicks)


RECORD, VOXELS = [], []


def annotated(blocks, level, targets, most=5, rule=None):
    RECORD.clear()
    VOXELS.clear()
    segmenter = Recorder()
    task = Task.of(Sample("s", "blocks", level, targets), blocks.labels, blocks.scene.finite)
    embedding = segmenter.encode(blocks.scene)
    rng = np.random.default_rng(0)
    answers = list(annotate(segmenter, embedding, task, most, rule or ClickRule(), rng))
    return task, embedding, answers


def test_objects_are_clicked_once_each_then_where_it_is_most_wrong(blocks):
    task, embedding, answers = annotated(blocks, Level.OBJECT, ((1, 0), (2, 0)))
    assert sorted(RECORD[0]) == [(1, 0, True), (2, 0, True)]
    assert [answer.clicks for answer in answers] == list(range(2, 11))
    truth = task.truth[embedding.grid.voxel_to_point]
    # Every click says what is true where it is, and is only ever added to.
    for said, voxels in zip(RECORD, VOXELS, strict=True):
        assert [o for o, *_ in said] == truth[voxels].tolist()
    assert all(later[: len(now)] == now for now, later in pairwise(RECORD))
    # The second round goes to a voxel that the first answer had wrong.
    first = embedding.grid.on_points(np.arange(len(embedding.grid), dtype=np.int32), outside=-1)
    shown = dict(zip(first.tolist(), answers[0].predicted.tolist(), strict=True))
    assert shown[VOXELS[1][2]] != truth[VOXELS[1][2]]


def test_parts_count_all_else_as_background(blocks):
    task, _, answers = annotated(blocks, Level.PART, ((2, 2), (2, 1)))
    assert sorted(RECORD[0]) == [(1, 1, True), (1, 2, True)]
    # Targets are numbered in the order of the sample: its first is the upper part.
    assert (task.truth == 1).sum() == ((blocks.labels.object == 2) & (blocks.labels.part == 2)).sum()
    assert set(RECORD[-1]) <= {(0, 0, True), (1, 1, True), (1, 2, True)}
    assert (0, 0, True) in RECORD[-1]
    first, last = (ious(task.truth, answers[k].predicted, task.targets).mean() for k in (0, -1))
    assert last > first > 0


def test_a_person_cuts_the_object_first_and_then_its_parts(blocks):
    task, _, answers = annotated(blocks, Level.HIERARCHICAL, ((1, 0), (1, 1), (1, 2)))
    whole = [ious(task.truth, a.predicted, task.targets[:1])[0] for a in answers]
    first_part = next(i for i, said in enumerate(RECORD) if any(part for _, part, _ in said))
    assert RECORD[0] == [(1, 0, True)]
    assert whole[first_part - 1] >= GOOD_OBJECT
    assert all(score < GOOD_OBJECT for score in whole[: first_part - 1])
    new = RECORD[first_part][len(RECORD[first_part - 1]) :]
    assert sorted(new) == [(1, 1, True), (1, 2, True)]
    assert answers[first_part].clicks == answers[first_part - 1].clicks + 2
    assert answers[-1].clicks == 5 * 3  # all clicks count, and there are three targets
    assert len({len(said) for said in RECORD}) == len(RECORD)


def test_the_remainder_of_an_object_is_told_from_its_parts_by_negative_clicks(blocks):
    labels = blocks.labels
    labels.part[(labels.object == 1) & (blocks.scene.xyz[:, 0] < 0.5)] = 0  # half of object 1 is no part
    annotated(blocks, Level.HIERARCHICAL, ((1, 0), (1, 1), (1, 2)), most=8)
    assert {(1, 1, False), (1, 2, False)} & set(RECORD[-1])


def test_a_target_without_a_voxel_scores_what_it_scores(blocks):
    labels, grid = blocks.labels, NearestClick().encode(blocks.scene).grid
    lost = np.setdiff1d(np.flatnonzero(labels.object == 1), grid.voxel_to_point)[0]
    labels.object[lost], labels.part[lost] = 3, 0
    task, _, answers = annotated(blocks, Level.OBJECT, ((2, 0), (3, 0)))
    assert RECORD[0] == [(1, 0, True)]
    scores = ious(task.truth, answers[-1].predicted, task.targets)
    assert scores[0] > 0.8
    assert scores[1] == 0


def test_nothing_to_click_ends_without_an_answer(blocks):
    blocks.labels.object[:] = 0
    _, _, answers = annotated(blocks, Level.OBJECT, ((1, 0),))
    assert answers == []


@pytest.mark.parametrize("rule", [ClickRule(jitter=0.05), ClickRule(random_place=True)])
def test_a_clumsy_hand_clicks_elsewhere(blocks, rule):
    *_, straight = annotated(blocks, Level.OBJECT, ((1, 0), (2, 0)))
    by_rule = VOXELS[-1]
    *_, clumsy = annotated(blocks, Level.OBJECT, ((1, 0), (2, 0)), rule=rule)
    assert len(clumsy) == len(straight)
    assert set(VOXELS[-1]) != set(by_rule)


def test_unlabelled_points_are_neither_clicked_nor_scored(blocks):
    labels = blocks.labels
    hidden = (labels.object == 1) & (labels.part == 2)
    labels.object[hidden] = labels.part[hidden] = -1
    task, embedding, _ = annotated(blocks, Level.OBJECT, ((1, 0),))
    assert not hidden[embedding.grid.voxel_to_point[VOXELS[-1]]].any()
    assert (task.truth[hidden] == -1).all()
