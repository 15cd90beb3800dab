import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d.model.surface_decoder import Previous, Targets
from pinpoint3d.segmenters.click_gate import ASKED, ClickGate, Kind
from pinpoint3d.segmenters.correction import EVIDENCE, Correction

odds_of_voxels = st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=20).map(torch.tensor)


def correction(odds, clearance=3.0, said=500):
    """A click on part 2 in what was shown as part 1; the first voxel is the clicked one, each other a voxel farther.

    Behind the voxels asked about lie one of the background, `clearance` away, and those that are of part 2.
    """
    n = len(odds)
    position = torch.zeros(n + 1 + said, 3)
    position[:n, 0] = torch.arange(n)
    position[n:, 1] = clearance
    column = torch.cat([torch.ones(n), torch.zeros(1), torch.full((said,), 2.0)]).long()
    logits = torch.stack([torch.full((n,), -30.0), torch.zeros(n), odds], dim=1)
    shown = torch.tensor([-2.0, 2.0, -2.0]).repeat(n, 1)
    paths = torch.tensor([[9.0], [3.0], [0.2]]).repeat(1, len(position))
    targets = Targets.of(torch.tensor([n - 1, n + 1, 0]), torch.tensor([1, 2, 2]), 2)
    rows = torch.arange(n)
    return Correction(Previous(column, 0, 2), position, rows, logits, lambda: shown, targets, paths, lambda: paths[2])


@pytest.fixture(scope="module")
def gate():
    return ClickGate.shipped()


@given(odds_of_voxels, st.floats(0, 20))
def test_every_voxel_has_a_bound(gate, odds, clearance):
    made = correction(odds, clearance)
    with torch.inference_mode():
        for kind in Kind:
            needed = gate.needed(kind, made)
            assert needed.shape == odds.shape
            assert torch.isfinite(needed).all()


@given(odds_of_voxels, st.floats(0, 20), st.integers(1, 900))
def test_evidence_is_finite_and_a_row_a_voxel(odds, clearance, said):
    evidence = correction(odds, clearance, said).evidence
    assert evidence.shape == (len(odds), EVIDENCE)
    assert torch.isfinite(evidence).all()


@given(odds_of_voxels)
def test_what_the_network_rules_out_never_changes(gate, odds):
    with torch.inference_mode():
        for kind in Kind:
            needed = gate.needed(kind, correction(odds))
            assert (needed >= odds)[odds <= ASKED].all()


def test_a_sure_click_between_parts_changes_what_lies_beside_it(gate):
    odds = torch.full((6,), 9.0)
    with torch.inference_mode():
        assert (odds > gate.needed(Kind.BETWEEN, correction(odds)))[:2].all()


def test_a_click_between_parts_means_less_the_less_sure_it_is(gate):
    with torch.inference_mode():
        sure, unsure = (gate(Kind.BETWEEN, correction(torch.full((8,), x)).evidence) for x in (8.0, -1.0))
    assert (sure > unsure).all()
    assert (unsure < 0).any()


def test_a_click_that_adds_beyond_doubt_adds_what_is_likely_around_it(gate):
    odds = torch.full((40,), 12.0)
    odds[5:] = 1.0
    with torch.inference_mode():
        added = odds > gate.needed(Kind.ADDED, correction(odds))
        doubted = odds > gate.needed(Kind.ADDED, correction(odds.clamp(max=6)))
        far_off = odds > gate.needed(Kind.ADDED, correction(odds, clearance=20.0))
    assert added[:26].all()
    assert not doubted[:26].all()
    assert not far_off[:26].all()


def test_what_a_click_on_an_object_does():
    with_parts = {2}
    assert Kind.of_object(2, 0, with_parts) is Kind.of_object(2, 1, with_parts) is Kind.ADDED
    assert Kind.of_object(0, 2, with_parts) is Kind.TAKEN
    assert Kind.of_object(0, 1, with_parts) is Kind.of_object(1, 0, with_parts) is Kind.of_object(1, 2, with_parts)
    assert Kind.of_object(1, 0, with_parts) is Kind.WHOLE
