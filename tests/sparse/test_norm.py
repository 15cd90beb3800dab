"""Batch norm that leans to what it is given."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from pinpoint3d import native
from pinpoint3d.sparse import AdaptiveNorm, KernelMap, Pyramid, SparseConv, conv_norm_relu


def learned(lean: float, channels: int = 5) -> AdaptiveNorm:
    """With statistics that are not 0 and 1."""
    torch.manual_seed(0)
    norm = AdaptiveNorm(channels, lean=lean)
    nn.init.uniform_(norm.weight, 0.5, 2)
    nn.init.uniform_(norm.bias, -1, 1)
    for _ in range(50):
        norm(torch.randn(100, channels) * 2 + 1)
    return norm.eval()


def test_without_lean_it_is_batch_norm() -> None:
    norm, x = learned(0.0), torch.randn(40, 5)
    plain = nn.BatchNorm1d(5)
    plain.load_state_dict(norm.state_dict())
    assert torch.equal(norm(x), plain.eval()(x))


def test_while_it_learns_it_is_batch_norm() -> None:
    leaning, plain, x = learned(0.7).train(), nn.BatchNorm1d(5), torch.randn(40, 5)
    plain.load_state_dict(leaning.state_dict())
    assert torch.equal(leaning(x), plain(x))
    assert torch.equal(leaning.running_mean, plain.running_mean)


@settings(deadline=None)
@given(scale=st.floats(0.1, 10), shift=st.floats(-20, 20))
def test_leaning_wholly_it_undoes_any_scale_and_shift(scale: float, shift: float) -> None:
    norm, x = learned(1.0), torch.from_numpy(np.random.default_rng(0).normal(size=(200, 5))).float()
    norm.eps = 0.0
    torch.testing.assert_close(norm(scale * x + shift), norm(x), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("n", [1, 300])
def test_statistics_lie_between_those_learned_and_those_given(n: int) -> None:
    x = torch.randn(n, 5) * 4 - 3
    norm = learned(0.25)
    mean = 0.75 * norm.running_mean + 0.25 * x.mean(dim=0)
    var = 0.75 * norm.running_var + 0.25 * x.var(dim=0, correction=0)
    expected = (x - mean) / (var + norm.eps).sqrt() * norm.weight + norm.bias
    torch.testing.assert_close(norm(x), expected, rtol=1e-4, atol=1e-4)


def test_giving_changes_nothing_that_was_learned() -> None:
    norm = learned(0.5)
    before = {name: value.clone() for name, value in norm.state_dict().items()}
    norm(torch.randn(40, 5))
    assert all(torch.equal(value, before[name]) for name, value in norm.state_dict().items())


@pytest.mark.skipif(not native.available(), reason="the compiled kernels are not built")
def test_behind_a_compiled_convolution_it_leans_to_its_output() -> None:
    rng = np.random.default_rng(0)
    coord = torch.from_numpy(np.argwhere(rng.random((1, 9, 8, 7)) < 0.5))
    kernel_map: KernelMap = Pyramid(coord, depth=1).levels[0].neighbours(3)
    features = torch.from_numpy(rng.normal(size=(len(coord), 24))).float()
    conv, norm = SparseConv(24, 5, 27), learned(0.5)
    with torch.no_grad():
        fast = conv_norm_relu(features, conv, norm, kernel_map)
        with native.disabled():
            plain = conv_norm_relu(features, conv, norm, kernel_map)
    torch.testing.assert_close(fast, plain, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(
        fast,
        torch.relu(
            nn.functional.batch_norm(
                conv(features, kernel_map), norm.running_mean, norm.running_var, norm.weight, norm.bias
            )
        ),
        atol=0.1,
    )
