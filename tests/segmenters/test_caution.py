import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d.segmenters.caution import BetweenParts, added, bold, steady, taken

odds_of_voxels = st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=20).map(torch.tensor)


def between_parts(clearance=3.0, said=500, was=500, clicks=2.0):
    return BetweenParts(torch.tensor(clearance), said, was, clicks)


def away(odds):
    """The first voxels are beside the click, the others one after another farther."""
    return torch.arange(len(odds), dtype=torch.float32)


@given(odds_of_voxels, st.floats(0, 20))
def test_every_voxel_has_a_bound(odds, clearance):
    unsure = steady(np.zeros((3, 2), np.float16), np.zeros(3, np.int64), torch.tensor(clearance))
    for caution in (bold, taken, added(torch.tensor(clearance)), between_parts(clearance), unsure):
        needed = caution(odds, away(odds))
        assert torch.isfinite(needed.expand(len(odds))).all()


@given(odds_of_voxels, st.floats(0, 20))
def test_what_is_added_lies_around_the_click_or_is_as_sure_as_there(odds, clearance):
    needed = added(torch.tensor(clearance))(odds, away(odds)).expand(len(odds))
    assert (needed[away(odds) <= clearance] == 0).all()
    assert (needed[away(odds) > max(1.5 * clearance + 3, 25)] >= 3).all()


def test_a_click_that_is_understood_reaches_farther():
    far = torch.tensor([0.0, 1.0, 10.0, 20.0])
    caution = added(torch.tensor(5.0))
    reached = [caution(torch.tensor([sure, sure, 1.0, 1.0]), far) == 0 for sure in (6.0, 8.0, 12.0)]
    assert [how.tolist()[2:] for how in reached] == [[False, False], [True, False], [True, True]]


def test_what_is_taken_needs_less_than_even_odds():
    sure = torch.full((4,), 6.0)
    assert taken(sure, away(sure)) < 0


@given(odds_of_voxels)
def test_between_parts_more_is_needed_far_away_late_and_of_a_small_part(odds):
    bound = between_parts()(odds, away(odds))
    assert (bound.diff()[odds.diff() == 0] >= 0).all()
    for less_likely in (between_parts(clicks=8.0), between_parts(said=20)):
        assert (less_likely(odds, away(odds)) > bound).all()


def test_the_better_the_objects_the_steadier():
    shown = np.array([0, 0, 1, 1])
    logits = np.where(shown[:, None] == np.arange(2), 1, -1).astype(np.float16)
    nowhere = torch.zeros(4)
    cautions = [steady(logits * np.float16(scale), shown, torch.tensor(3.0)) for scale in (0.1, 1, 6)]
    needed = [float(caution(nowhere, nowhere).max()) for caution in cautions]
    assert needed[0] == 0
    assert needed == sorted(needed)
    assert needed[2] == pytest.approx(8)


@given(odds_of_voxels, st.floats(0, 20))
def test_on_objects_more_is_needed_beyond_what_is_surely_meant(odds, clearance):
    needed = steady(np.zeros((3, 2), np.float16), np.zeros(3, np.int64), torch.tensor(clearance))(odds, away(odds))
    beyond = away(odds) > 2 * (clearance + 1)
    assert (needed[~beyond] == 0).all()
    assert (needed[beyond].diff() > 0).all()
