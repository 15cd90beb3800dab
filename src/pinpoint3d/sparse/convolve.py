"""Sparse convolution as gather, matrix product, scatter: plain PyTorch, forward and backward, any device.

Float32 on a CPU goes to the compiled kernels where they were built; the plain path is what they have to agree with.
Results are deterministic without atomics, since an output row occurs at most once under an offset and the offsets
take turns in a fixed order (gather-scatter convolution: Choy et al., "4D Spatio-Temporal ConvNets", CVPR 2019, 3.2).
"""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from pinpoint3d import native
from pinpoint3d.sparse.kernel_map import KernelMap

_NARROW = 16  # fewer input channels than this leave the matrix product idle; several offsets then share one
_SHARED_WIDTH = 96  # how many columns such a shared product has at most


def convolve(features: Tensor, weight: Tensor, kernel_map: KernelMap) -> Tensor:
    """Sparse convolution: `out[q] = sum over k of features[p] @ weight[k]` for the pairs (p, q) of offset k.

    Args:
        features: float [n_input, C_in].
        weight: float [K, C_in, C_out].
        kernel_map: the pairs.

    Returns:
        float [n_output, C_out], differentiable once in features and weight.
    """
    device = features.device.type
    if torch.is_autocast_enabled(device):
        low = torch.get_autocast_dtype(device)  # forward and backward alike: there is no autocast in the backward pass
        features, weight = features.to(low), weight.to(low)
    return _Convolution.apply(features, weight, kernel_map)  # type: ignore[no-any-return, no-untyped-call]


class _Convolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, features: Tensor, weight: Tensor, kernel_map: KernelMap) -> Tensor:
        ctx.save_for_backward(features, weight)
        ctx.kernel_map = kernel_map
        if native.serves(features, weight):
            pairs = (kernel_map.input, kernel_map.output, kernel_map.bounds)
            return native.convolve(features, native.pack_kernel(weight), *pairs, (kernel_map.n_output, weight.shape[2]))
        if features.shape[1] < _NARROW:
            return _convolve_narrow(features, weight, kernel_map)
        return _convolve(features, weight, kernel_map)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        features, weight = ctx.saved_tensors
        by_features = by_weight = None
        if ctx.needs_input_grad[0]:
            by_features = convolve(gradient, weight.transpose(1, 2), ctx.kernel_map.transposed)
        if ctx.needs_input_grad[1]:
            by_weight = _weight_gradient(features, gradient, ctx.kernel_map)
        return by_features, by_weight, None


def _convolve(features: Tensor, weight: Tensor, kernel_map: KernelMap) -> Tensor:
    if kernel_map.centre is None:
        out = features.new_zeros(kernel_map.n_output, weight.shape[2])
    else:
        out = features @ weight[kernel_map.centre]
    for k, rows_in, rows_out in kernel_map.offsets():
        # Gather, add and copy back: faster than index_add_, and free of its atomics.
        total = torch.addmm(out.index_select(0, rows_out), features.index_select(0, rows_in), weight[k])
        out.index_copy_(0, rows_out, total)
    return out


def _convolve_narrow(features: Tensor, weight: Tensor, kernel_map: KernelMap) -> Tensor:
    """The same for few input channels: a group of offsets side by side is one wide row, absent neighbours are zero."""
    volume, width, _ = weight.shape
    out = features.new_zeros(kernel_map.n_output, weight.shape[2])
    counts, group = kernel_map.counts, max(1, _SHARED_WIDTH // width)
    start = 0
    for first in range(0, volume, group):
        offsets = range(first, min(first + group, volume))
        pairs = slice(start, start + sum(counts[k] for k in offsets))
        start = pairs.stop
        column = torch.repeat_interleave(torch.tensor([counts[k] for k in offsets], device=features.device))
        wide = features.new_zeros(kernel_map.n_output * len(offsets), width)
        place = kernel_map.output[pairs].long() * len(offsets) + column
        wide.index_copy_(0, place, features.index_select(0, kernel_map.input[pairs]))
        out.addmm_(wide.view(kernel_map.n_output, -1), weight[offsets.start : offsets.stop].flatten(0, 1))
    return out


def _weight_gradient(features: Tensor, gradient: Tensor, kernel_map: KernelMap) -> Tensor:
    """[K, C_in, C_out]: for every offset the product of what went in with the gradient of what came out."""
    if native.serves(features, gradient):
        return native.weight_gradient(features, gradient, kernel_map.input, kernel_map.output, kernel_map.bounds)
    by_weight = features.new_zeros(len(kernel_map.counts), features.shape[1], gradient.shape[1])
    if kernel_map.centre is not None:
        by_weight[kernel_map.centre] = features.T @ gradient
    for k, rows_in, rows_out in kernel_map.offsets():
        by_weight[k] = features.index_select(0, rows_in).T @ gradient.index_select(0, rows_out)
    return by_weight
