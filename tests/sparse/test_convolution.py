"""Sparse convolution against dense convolution of the same voxels."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import conv3d, conv_transpose3d

from pinpoint3d.sparse import KernelMap, Pyramid, SparseConv, convolve

EDGE = 4  # of the dense box the voxels lie in; LOWER is a multiple of 4 so that coarse cells align with it
LOWER = -4


@st.composite
def voxels(draw: st.DrawFn, scenes: int = 2) -> Tensor:
    """i64 [V, 4] unique voxels of a few scenes in random order, some coordinates negative."""
    seed = draw(st.integers(0, 2**32 - 1))
    occupancy = draw(st.sampled_from([0.03, 0.3, 1.0]))
    rng = np.random.default_rng(seed)
    occupied = rng.random((scenes, 2 * EDGE, EDGE, EDGE)) < occupancy
    occupied.flat[rng.integers(occupied.size)] = True
    coord = np.argwhere(occupied) + np.array([0, LOWER, LOWER, LOWER])
    return torch.from_numpy(rng.permutation(coord))


def dense(features: Tensor, coord: Tensor, edge: tuple[int, int, int], lower: int) -> Tensor:
    """[V, C] on voxels -> [scenes, C, X, Y, Z]."""
    box = features.new_zeros(int(coord[:, 0].max()) + 1, *edge, features.shape[1])
    b, x, y, z = coord.T
    box[b, x - lower, y - lower, z - lower] = features
    return box.movedim(-1, 1)


def at(box: Tensor, coord: Tensor, lower: int) -> Tensor:
    b, x, y, z = coord.T
    return box.movedim(1, -1)[b, x - lower, y - lower, z - lower]


def dense_kernel(weight: Tensor, size: int) -> Tensor:
    """[K, C_in, C_out] with x fastest -> [C_out, C_in, X, Y, Z]."""
    return weight.view(size, size, size, *weight.shape[1:]).permute(4, 3, 2, 1, 0)


@settings(max_examples=20)
@given(voxels(), st.sampled_from([3, 5]), st.sampled_from([1, 3, 20]))
def test_submanifold_equals_dense(coord: Tensor, size: int, channels: int) -> None:
    pyramid = Pyramid(coord, depth=1)
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(len(coord), channels, dtype=torch.float64, generator=generator)
    weight = torch.randn(size**3, channels, 4, dtype=torch.float64, generator=generator)
    result = pyramid.unsort(convolve(pyramid.sort(features), weight, pyramid.levels[0].neighbours(size)))
    box = conv3d(dense(features, coord, (2 * EDGE, EDGE, EDGE), LOWER), dense_kernel(weight, size), padding=size // 2)
    torch.testing.assert_close(result, at(box, coord, LOWER))


@settings(max_examples=20)
@given(voxels())
def test_strided_and_transposed_equal_dense(coord: Tensor) -> None:
    pyramid = Pyramid(coord, depth=3)
    generator = torch.Generator().manual_seed(0)
    coarse = torch.randn(len(coord), 3, dtype=torch.float64, generator=generator)
    for i, (down, up) in enumerate(zip(pyramid.down, pyramid.up, strict=True)):
        fine_coord, coarse_coord = pyramid.levels[i].coord, pyramid.levels[i + 1].coord
        lower, edge = LOWER >> i, EDGE >> i
        weight = torch.randn(8, 3, 3, dtype=torch.float64, generator=generator)
        fine = coarse
        coarse = convolve(fine, weight, down)
        box = conv3d(dense(fine, fine_coord, (2 * edge, edge, edge), lower), dense_kernel(weight, 2), stride=2)
        torch.testing.assert_close(coarse, at(box, coarse_coord, lower // 2))
        back = convolve(coarse, weight, up)
        box = dense(coarse, coarse_coord, (edge, edge // 2, edge // 2), lower // 2)
        box = conv_transpose3d(box, dense_kernel(weight, 2).transpose(0, 1), stride=2)
        torch.testing.assert_close(back, at(box, fine_coord, lower))


def test_levels_hold_every_occupied_cell_once() -> None:
    coord = torch.tensor([[0, -1, 3, 0], [0, -2, 2, 1], [0, 5, 2, 1], [1, 5, 2, 1]])
    pyramid = Pyramid(coord, depth=3)
    assert pyramid.levels[1].coord.tolist() == [[0, -1, 1, 0], [0, 2, 1, 0], [1, 2, 1, 0]]
    assert pyramid.levels[2].coord.tolist() == [[0, -1, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0]]
    assert torch.equal(pyramid.unsort(pyramid.sort(coord)), coord)


def test_far_apart_scenes_do_not_meet() -> None:
    """The last cell of a grid row and the first of the next are no neighbours."""
    coord = torch.tensor([[0, 0, 0, 9], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 9, 9]])
    for size in (3, 5):
        assert sum(Pyramid(coord, 1).levels[0].neighbours(size).counts) == len(coord)


@pytest.mark.parametrize(
    ("coord", "words"),
    [
        ([[0, 1, 1, 1], [0, 1, 1, 1]], "unique"),
        ([[0, -(2**21), 0, 0], [0, 2**21, 2**21, 2**21], [0, 0, -(2**21), -(2**21)]], "too large"),
    ],
)
def test_refuses(coord: list[list[int]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Pyramid(torch.tensor(coord), depth=1)


def every_map() -> list[KernelMap]:
    coord = torch.from_numpy(np.random.default_rng(1).permutation(np.argwhere(np.ones((1, 3, 3, 2)))))
    pyramid = Pyramid(coord[:11], depth=2)
    return [pyramid.levels[0].neighbours(3), pyramid.down[0], pyramid.up[0]]


@pytest.mark.parametrize("kernel_map", every_map(), ids=["submanifold", "strided", "transposed"])
@pytest.mark.parametrize("channels", [2, 16])
def test_gradient(kernel_map: KernelMap, channels: int) -> None:
    generator = torch.Generator().manual_seed(0)
    volume = len(kernel_map.counts)
    features = torch.randn(kernel_map.n_input, channels, dtype=torch.float64, generator=generator, requires_grad=True)
    weight = torch.randn(volume, channels, 2, dtype=torch.float64, generator=generator, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, w: convolve(x, w, kernel_map), (features, weight), fast_mode=True)


def _run(coord: Tensor, channels: int) -> list[Tensor]:
    torch.manual_seed(0)
    layer = SparseConv(channels, 48, 27)
    pyramid = Pyramid(coord, depth=1)
    features = torch.randn(len(coord), channels, requires_grad=True)
    out = layer(features, pyramid.levels[0].neighbours(3))
    out.square().sum().backward()
    assert features.grad is not None
    assert layer.kernel.grad is not None
    return [out.detach(), features.grad, layer.kernel.grad]


@pytest.mark.parametrize("channels", [3, 32])
def test_deterministic_from_run_to_run_and_with_any_number_of_threads(rng: np.random.Generator, channels: int) -> None:
    coord = torch.from_numpy(np.argwhere(rng.random((1, 30, 30, 10)) < 0.4))
    threads = torch.get_num_threads()
    first, second = _run(coord, channels), _run(coord, channels)
    try:
        torch.set_num_threads(1)
        single = _run(coord, channels)
        torch.set_num_threads(2)
        double = _run(coord, channels)
    finally:
        torch.set_num_threads(threads)
    for a, b, c, d in zip(first, second, single, double, strict=True):
        assert torch.equal(a, b)
        assert torch.equal(c, d)
