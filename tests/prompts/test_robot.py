import json
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from pinpoint3d.prompts import ClickRule, simulate_clicks


def by_label(clicks):
    chosen = defaultdict(list)
    for click in clicks:
        chosen[click.label].append(click.voxel)
    return {label: sorted(voxels) for label, voxels in chosen.items()}


def published(clicks):
    return {int(label): sorted(voxels) for label, voxels in clicks.items()}


def n_clicks(labels, given, training):
    if training:
        return len(np.unique(labels[labels > 0]))
    return 1 if given else None


def test_same_clicks_as_the_published_simulation(shared):
    arrays = np.load(shared / "golden" / "clicks.npz")
    cases = json.loads((shared / "golden" / "clicks.json").read_text())
    assert len(cases) == 27
    for name, case in cases.items():
        scene, prediction, mode, given = name.split("_")
        labels = arrays[f"{scene}_labels"]
        limit = n_clicks(labels, int(given), mode == "train")
        clicks = simulate_clicks(arrays[f"{scene}_coords"], labels, arrays[f"{scene}_pred{prediction}"], n_clicks=limit)
        assert by_label(clicks) == published(case["clicks"]), name


@pytest.mark.parametrize("scene", ["small", "medium"])
def test_same_clicks_on_a_network_s_prediction(shared, scene):
    arrays = np.load(shared / "golden" / f"scene_{scene}.npz")
    extra = json.loads((shared / "golden" / f"extra_scene_{scene}_four.json").read_text())
    labels = np.array(extra["labels"])
    for case in extra["sim"]:
        first = case["pred"] == "zeros"
        prediction = np.zeros_like(labels) if first else arrays["p_four_part"].argmax(axis=1)
        limit = n_clicks(labels, case["current_num_clicks"], case["training"])
        clicks = simulate_clicks(arrays["raw_coords"], labels, prediction, n_clicks=limit)
        assert by_label(clicks) == published(case["clicks"]), case["name"]


def plain(coord, truth, predicted):
    """The rule read aloud: one N x N distance matrix."""
    apart = cdist(coord, coord)
    regions = {(t, p) for t, p in zip(truth, predicted, strict=True) if t != p and t >= 0}
    found = []
    for t, p in regions:
        inside = (truth == t) & (predicted == p)
        depth = apart[np.ix_(inside, ~inside)].min(axis=1)
        found.append((-depth.max(), t, p, np.flatnonzero(inside)[depth.argmax()]))
    return sorted(found)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(2, 1500),
    n_labels=st.integers(1, 300),
    blobs=st.booleans(),
    limit=st.none() | st.integers(1, 8),
)
def test_equals_the_plain_rule(seed, size, n_labels, blobs, limit):
    rng = np.random.default_rng(seed)
    coord = (rng.uniform(size=(size, 3)) * [3, 3, 0.1]).astype(np.float32)
    truth = rng.integers(-1, n_labels, size)
    if blobs:  # labels that hang together, so that voxels lie deep inside
        truth = (coord[:, 0] * n_labels / 3).astype(int) - 1
    predicted = np.where(rng.random(size) < 0.7, 0, truth)
    predicted[0], truth[0] = 0, 0  # never one region alone
    clicks = simulate_clicks(coord, truth, predicted, n_clicks=limit)
    expected = plain(coord.astype(float), truth, predicted)[:limit]
    assert [(c.label, c.voxel) for c in clicks] == [(t, v) for _, t, _, v in expected]
    np.testing.assert_allclose([c.depth for c in clicks], [-d for d, *_ in expected], rtol=1e-12)


def test_label_pairs_do_not_collide():
    # (96, 0) and (85, 96) share a code under the published 96 * true + 11 * predicted.
    coord = np.arange(8, dtype=np.float32)[:, None] * np.ones(3, dtype=np.float32)
    truth = np.array([96, 96, 0, 0, 85, 85, 0, 0])
    predicted = np.array([0, 0, 0, 0, 96, 96, 0, 0])
    assert {c.label for c in simulate_clicks(coord, truth, predicted)} == {96, 85}


def test_nothing_wrong_needs_no_click():
    coord = np.zeros((3, 3), dtype=np.float32)
    assert simulate_clicks(coord, np.array([0, 1, -1]), np.array([0, 1, 1])) == []


def test_a_target_that_is_the_whole_scene_is_clicked_near_its_centre():
    coord = np.arange(9, dtype=np.float32)[:, None] * np.ones(3, dtype=np.float32)
    (click,) = simulate_clicks(coord, np.ones(9, dtype=int), np.zeros(9, dtype=int))
    assert (click.voxel, click.label) == (4, 1)


@pytest.fixture
def plate():
    side = np.arange(40) * 0.05
    coord = np.stack(np.meshgrid(side, side, [0.0]), axis=-1).reshape(-1, 3).astype(np.float32)
    truth = (np.abs(coord[:, :2] - 1.0).max(axis=1) < 0.6).astype(int)
    return coord, truth, np.zeros_like(truth)


def test_random_places_stay_in_the_region_and_follow_the_seed(plate):
    rule = ClickRule(random_place=True)
    picks = [simulate_clicks(*plate, rule=rule, rng=np.random.default_rng(s))[0].voxel for s in (0, 0, 1, 2, 3)]
    assert picks[0] == picks[1]
    assert len(set(picks)) > 2
    assert (plate[1][picks] == 1).all()


def test_a_slip_of_the_hand_is_as_large_as_asked(plate):
    coord = plate[0]
    straight = coord[simulate_clicks(*plate)[0].voxel]
    rng = np.random.default_rng(0)
    rule = ClickRule(jitter=0.2)
    slips = [simulate_clicks(*plate, rule=rule, rng=rng)[0] for _ in range(200)]
    apart = np.array([coord[c.voxel] - straight for c in slips])
    assert apart[:, :2].std() == pytest.approx(0.2, rel=0.15)
    assert all(c.label == plate[1][c.voxel] for c in slips)


def test_connected_regions_beat_scattered_ones(plate):
    coord, truth, predicted = plate
    loose = np.array([[10.0, 0, 0], [20.0, 0, 0]], dtype=np.float32)  # two lone voxels of the same error, far away
    coord = np.concatenate([coord, loose])
    truth, predicted = np.append(truth, [1, 1]), np.append(predicted, [0, 0])
    pieces = simulate_clicks(coord, truth, predicted, rule=ClickRule(connected=0.08))
    assert len(simulate_clicks(coord, truth, predicted)) == 1
    assert sorted(c.voxel >= len(plate[0]) for c in pieces) == [False, True, True]


def test_a_random_rule_needs_a_generator(plate):
    with pytest.raises(ValueError, match="generator"):
        simulate_clicks(*plate, rule=ClickRule(jitter=0.1))


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="length"):
        simulate_clicks(np.zeros((2, 3), dtype=np.float32), np.zeros(2, dtype=int), np.zeros(3, dtype=int))
