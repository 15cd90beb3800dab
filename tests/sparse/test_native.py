"""The compiled kernels against the plain path, for every vector width this processor has."""

import logging
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from pinpoint3d import native
from pinpoint3d.native import library
from pinpoint3d.sparse import KernelMap, Pyramid, SparseConv, conv_norm_relu, convolve, linear_norm_relu

CHANNELS = st.sampled_from([1, 3, 16, 20, 24, 47, 64, 97])

needs_kernels = pytest.mark.skipif(not native.available(), reason="the compiled kernels were not built here")


def maps(seed: int) -> Iterator[KernelMap]:
    """Submanifold, strided and transposed maps of over a block of voxels, with full and sparse neighbourhoods."""
    rng = np.random.default_rng(seed)
    occupied = rng.random((1, 20, 12, 10)) < rng.choice([0.02, 0.5])
    pyramid = Pyramid(torch.from_numpy(rng.permutation(np.argwhere(occupied)) - 5), depth=2)
    yield from (pyramid.levels[0].neighbours(3), pyramid.down[0], pyramid.up[0])


def forward_arguments(weight: Tensor, kernel_map: KernelMap) -> tuple[Tensor, Tensor, Tensor, Tensor, tuple[int, int]]:
    shape = (kernel_map.n_output, weight.shape[2])
    return native.pack_kernel(weight), kernel_map.input, kernel_map.output, kernel_map.bounds, shape


def gradient_pairs(kernel_map: KernelMap) -> tuple[Tensor, Tensor, Tensor]:
    return kernel_map.input, kernel_map.output, kernel_map.bounds


def operands(kernel_map: KernelMap, c_in: int, c_out: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(kernel_map.n_input, c_in, generator=generator)
    weight = torch.randn(len(kernel_map.counts), c_in, c_out, generator=generator)
    return features, weight, torch.randn(kernel_map.n_output, c_out, generator=generator)


def assert_close_for_split(out: Tensor, expected: Tensor, x: Tensor, weight: Tensor, kernel_map: KernelMap) -> None:
    """Matrix tiles leave out of every product less than 2^-16 of it."""
    assert ((out - expected).abs() <= convolve(x.abs(), weight.abs(), kernel_map) * 2**-16 + 1e-6).all()


@needs_kernels
@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1), CHANNELS, CHANNELS)
def test_equal_to_the_plain_path(seed: int, c_in: int, c_out: int) -> None:
    for kernel_map in maps(seed):
        features, weight, gradient = operands(kernel_map, c_in, c_out, seed)
        exact_weight = weight.double().requires_grad_()
        expected = convolve(features.double(), exact_weight, kernel_map)
        expected.backward(gradient.double())
        assert exact_weight.grad is not None
        for width in native.vector_widths():
            with native.vectors_of(width):
                out = native.convolve(features, *forward_arguments(weight, kernel_map))
                by_weight = native.weight_gradient(features, gradient, *gradient_pairs(kernel_map))
            if width == library.TILES:
                assert_close_for_split(out, expected.detach(), features, weight, kernel_map)
            else:
                torch.testing.assert_close(out.double(), expected.detach(), rtol=1e-4, atol=1e-4)
            torch.testing.assert_close(by_weight.double(), exact_weight.grad, rtol=1e-4, atol=2e-4)


@needs_kernels
@pytest.mark.parametrize("size", [3, 5])
def test_kernel_maps_equal_to_the_plain_path(rng: np.random.Generator, size: int) -> None:
    coord = torch.from_numpy(np.argwhere(rng.random((2, 9, 8, 7)) < 0.5))
    fast = Pyramid(coord, depth=1).levels[0].neighbours(size)
    with native.disabled():
        plain = Pyramid(coord, depth=1).levels[0].neighbours(size)
    assert fast.counts == plain.counts
    assert torch.equal(fast.input, plain.input)
    assert torch.equal(fast.output, plain.output)


@needs_kernels
@pytest.mark.parametrize("with_residual", [False, True])
def test_norm_folded_into_the_convolution_changes_nothing(with_residual: bool) -> None:
    kernel_map = next(maps(4))
    features, _, residual = operands(kernel_map, 24, 40, 4)
    torch.manual_seed(0)
    conv, norm = SparseConv(24, 40, 27), torch.nn.BatchNorm1d(40)
    norm(torch.randn(100, 40) * 2 + 1)  # running statistics that are not 0 and 1
    norm.eval()
    added = residual if with_residual else None
    apart = conv_norm_relu(features, conv, norm, kernel_map, added)
    with torch.no_grad():
        folded = conv_norm_relu(features, conv, norm, kernel_map, added)
    assert not folded.requires_grad
    torch.testing.assert_close(folded, apart.detach(), rtol=1e-4, atol=1e-4)


@needs_kernels
@torch.no_grad()
def test_changed_weights_are_folded_anew() -> None:
    kernel_map = next(maps(4))
    features, _, _ = operands(kernel_map, 24, 40, 4)
    torch.manual_seed(0)
    conv, norm = SparseConv(24, 40, 27), torch.nn.BatchNorm1d(40).eval()

    def changes() -> Iterator[None]:
        yield
        conv.kernel.mul_(2)
        yield
        norm.load_state_dict({name: weight + 1 for name, weight in norm.state_dict().items()})
        yield
        conv.kernel = torch.nn.Parameter(-conv.kernel)
        yield
        conv.double().float()

    for _ in changes():
        fast = [conv_norm_relu(features, conv, norm, kernel_map) for _ in range(2)]
        with native.disabled():
            plain = conv_norm_relu(features, conv, norm, kernel_map)
        assert torch.equal(*fast)
        torch.testing.assert_close(fast[0], plain, rtol=1e-4, atol=1e-4)


@needs_kernels
@torch.no_grad()
def test_every_width_of_vectors_has_weights_of_its_own() -> None:
    kernel_map = next(maps(4))
    features, _, _ = operands(kernel_map, 24, 40, 4)
    conv, norm = SparseConv(24, 40, 27), torch.nn.BatchNorm1d(40).eval()
    with native.disabled():
        plain = conv_norm_relu(features, conv, norm, kernel_map)
    for width in (*native.vector_widths(), *native.vector_widths()):
        with native.vectors_of(width):
            fast = conv_norm_relu(features, conv, norm, kernel_map)
        torch.testing.assert_close(fast, plain, rtol=1e-4, atol=1e-4)


@needs_kernels
@pytest.mark.parametrize("n", [0, 1, 1023, 1024, 2500])
def test_linear_layers_equal_to_the_plain_path(n: int) -> None:
    torch.manual_seed(0)
    x, more, residual = torch.randn(n, 24), torch.randn(n, 24), torch.randn(n, 48)
    layer, norm = torch.nn.Linear(24, 48), torch.nn.BatchNorm1d(48)
    norm(torch.randn(100, 48) * 2 + 1)
    norm.eval()

    def answer(scale: float, kept: Tensor | None, relu: bool, added: Tensor | None) -> Tensor:
        return linear_norm_relu(x, layer, norm, added=added, scale=scale, residual=kept, relu=relu)

    for options in ((1.0, None, False, None), (0.1, residual, False, more), (1.0, residual, True, None)):
        learning = answer(*options)
        with torch.no_grad():
            fast = answer(*options)
            with native.disabled():
                plain = answer(*options)
        torch.testing.assert_close(fast, learning.detach(), rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(fast, plain, rtol=1e-4, atol=1e-4)


def gradients(features: Tensor, weight: Tensor, gradient: Tensor, kernel_map: KernelMap) -> tuple[Tensor, ...]:
    x, w = features.clone().requires_grad_(), weight.clone().requires_grad_()
    return torch.autograd.grad(convolve(x, w, kernel_map), (x, w), gradient)


@needs_kernels
def test_gradients_equal_to_the_plain_path() -> None:
    for kernel_map in maps(0):
        features, weight, gradient = operands(kernel_map, 20, 37, 0)
        with native.disabled():
            plain = gradients(features, weight, gradient, kernel_map)
        for width in native.vector_widths():
            with native.vectors_of(width):
                fast = gradients(features, weight, gradient, kernel_map)
            torch.testing.assert_close(fast[1], plain[1], rtol=1e-4, atol=2e-4)
            if width == library.TILES:
                transposed = weight.transpose(1, 2), kernel_map.transposed
                assert_close_for_split(fast[0], plain[0], gradient, *transposed)
            else:
                torch.testing.assert_close(fast[0], plain[0], rtol=1e-4, atol=2e-4)


@needs_kernels
def test_bias_residual_and_rectifier_join_the_sum() -> None:
    kernel_map = next(maps(3))
    features, weight, residual = operands(kernel_map, 32, 20, 3)
    bias = torch.linspace(-1, 1, 20)
    out = native.convolve(features, *forward_arguments(weight, kernel_map), bias=bias, residual=residual, relu=True)
    expected = torch.relu(convolve(features.double(), weight.double(), kernel_map) + residual + bias)
    torch.testing.assert_close(out.double(), expected, rtol=1e-4, atol=1e-4)


@needs_kernels
def test_results_may_lie_over_the_residual_or_beside_others() -> None:
    conv, norm = SparseConv(32, 24, 27).eval(), torch.nn.BatchNorm1d(24).eval()
    kernel_map = next(maps(4))
    features, _, residual = operands(kernel_map, 32, 24, 4)
    beside = torch.randn(kernel_map.n_output, 10)
    expected = conv_norm_relu(features, conv, norm, kernel_map, residual=residual).detach()
    with torch.no_grad():
        both = conv_norm_relu(features, conv, norm, kernel_map, residual=residual, beside=beside)
        over = conv_norm_relu(features, conv, norm, kernel_map, residual=residual, in_place=True)
    assert over is residual
    torch.testing.assert_close(over, expected, rtol=1e-4, atol=1e-4)
    assert torch.equal(both, torch.cat([over, beside], dim=1))


@needs_kernels
def test_bit_equal_for_any_number_of_threads() -> None:
    kernel_map = next(maps(1))
    features, weight, gradient = operands(kernel_map, 64, 48, 1)
    before, results = torch.get_num_threads(), []
    compiled, shared = library.library(), library.threads_of_pytorch()
    try:
        for openmp in (shared, None):
            compiled.pp_share_threads(openmp)
            for threads in (1, 2, 5):
                torch.set_num_threads(threads)
                out = native.convolve(features, *forward_arguments(weight, kernel_map))
                results.append((out, native.weight_gradient(features, gradient, *gradient_pairs(kernel_map))))
    finally:
        torch.set_num_threads(before)
        compiled.pp_share_threads(shared)
    for out, by_weight in results[1:]:
        assert torch.equal(out, results[0][0])
        assert torch.equal(by_weight, results[0][1])


def test_without_a_compiler_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: object
) -> None:
    monkeypatch.setattr(library, "__file__", f"{tmp_path}/library.py")
    library._find.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            kernel_map = next(maps(2))
            features, weight, _ = operands(kernel_map, 8, 8, 2)
            convolve(features, weight, kernel_map)
            convolve(features, weight, kernel_map)
        assert [record.message for record in caplog.records] == [
            "compiled kernels were not built (no C++ compiler at installation): using the slower plain PyTorch path"
        ]
    finally:
        library._find.cache_clear()
