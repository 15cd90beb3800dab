import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d.evaluation.curves import ClickCurve
from pinpoint3d.evaluation.figures import Term, complete_figures, figure

scores = st.lists(st.floats(0, 1), max_size=12)


def curve(ious, n_targets=1, scene="s"):
    clicks = (n_targets + np.arange(len(ious))) / n_targets
    return ClickCurve("sample", scene, n_targets, clicks, np.array(ious, dtype=float))


@given(scores, st.integers(1, 3), st.integers(1, 10))
def test_one_curve_read_aloud(ious, n_targets, cap):
    made = curve(ious, n_targets)
    steps = [(clicks, iou) for clicks, iou in zip(made.clicks, ious, strict=True) if clicks <= cap + 1e-9]
    assert made.iou_at(cap) == (steps[-1][1] if steps else 0.0)
    reached = [clicks for clicks, iou in steps if iou >= 0.5]
    assert made.clicks_to(0.5, cap) == pytest.approx(reached[0] if reached else cap)
    assert made.fails(0.5, cap) == (not reached)
    # The area is the mean of the staircase between 1 and the cap, here sampled between its steps.
    if cap > 1:
        at = np.arange(1, cap, 1 / 60) + 1 / 120
        assert made.area(cap) == pytest.approx(np.mean([made.iou_at(k) for k in at]), abs=1e-9)


def test_lowering_clicks_leave_the_first_round_out():
    assert curve([0.5, 0.4, 0.4, 0.6, 0.1]).lowered() == (2, 4)
    assert curve([0.5]).lowered() == curve([]).lowered() == (0, 0)


def test_a_perfect_first_round_has_the_whole_area():
    assert curve([1.0]).area(10) == 1.0
    assert curve([]).area(10) == 0.0


def test_figures_carry_intervals_over_scenes():
    one_scene = figure("x", [Term("a", 0.0), Term("a", 1.0)])
    assert one_scene.value == 0.5
    assert np.isnan([one_scene.low, one_scene.high]).all()  # a single scene says nothing of others
    rng = np.random.default_rng(1)
    drawn = rng.normal(0.6, 0.1, 400)
    wide = figure("x", [Term(str(i), v) for i, v in enumerate(drawn)])
    assert wide.value == pytest.approx(drawn.mean())
    # The bootstrap of a mean of independent scenes is the normal interval.
    assert wide.high - wide.low == pytest.approx(2 * 1.96 * drawn.std() / 20, rel=0.1)


def test_samples_of_one_scene_do_not_narrow_the_interval():
    rng = np.random.default_rng(1)
    once = [Term(str(i), v) for i, v in enumerate(rng.random(30))]
    assert figure("x", once * 5).high == pytest.approx(figure("x", once).high)


def test_no_term_has_no_value():
    assert np.isnan(figure("x", []).value)


def test_figures_beyond_the_cap_are_left_out():
    names = [f.name for f in complete_figures([curve([0.5])], cap=3)]
    assert [n for n in names if n.startswith("IoU")] == ["IoU@1", "IoU@2", "IoU@3"]
