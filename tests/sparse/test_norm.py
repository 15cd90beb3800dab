"""Batch norm that leans to what it is given."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from pinpoint3d.sparse import leaning_norm


def learned() -> nn.BatchNorm1d:
    """With statistics that are not 0 and 1."""
    torch.manual_seed(0)
    norm = nn.BatchNorm1d(5)
    nn.init.uniform_(norm.weight, 0.5, 2)
    nn.init.uniform_(norm.bias, -1, 1)
    for _ in range(50):
        norm(torch.randn(100, 5) * 2 + 1)
    return norm.eval()


def test_without_lean_it_is_batch_norm() -> None:
    norm, x = learned(), torch.randn(40, 5)
    assert torch.equal(leaning_norm(x, norm, 0.0), norm(x))


@settings(deadline=None)
@given(scale=st.floats(0.1, 10), shift=st.floats(-20, 20))
def test_leaning_wholly_it_undoes_any_scale_and_shift(scale: float, shift: float) -> None:
    norm, x = learned(), torch.from_numpy(np.random.default_rng(0).normal(size=(200, 5))).float()
    norm.eps = 0.0
    expected = leaning_norm(x, norm, 1.0)
    torch.testing.assert_close(leaning_norm(scale * x + shift, norm, 1.0), expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("n", [1, 300])
def test_statistics_lie_between_those_learned_and_those_given(n: int) -> None:
    norm, x = learned(), torch.randn(n, 5) * 4 - 3
    assert norm.running_mean is not None
    assert norm.running_var is not None
    mean = 0.75 * norm.running_mean + 0.25 * x.mean(dim=0)
    var = 0.75 * norm.running_var + 0.25 * x.var(dim=0, correction=0)
    expected = (x - mean) / (var + norm.eps).sqrt() * norm.weight + norm.bias
    torch.testing.assert_close(leaning_norm(x, norm, 0.25), expected, rtol=1e-4, atol=1e-4)


def test_what_was_learned_stays() -> None:
    norm = learned()
    before = {name: value.clone() for name, value in norm.state_dict().items()}
    leaning_norm(torch.randn(40, 5), norm, 0.5)
    assert all(torch.equal(value, before[name]) for name, value in norm.state_dict().items())
