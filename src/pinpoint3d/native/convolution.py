"""Kernel maps and sparse convolution, without a gather buffer."""

import torch
from torch import Tensor

from pinpoint3d.native.library import PANEL, TILES, library, vector_width

_CHUNK = 32  # channels that a row of a matrix tile holds
BLOCK = 1024  # output rows a thread sums at a time: they stay in its cache


def neighbours(keys: Tensor, strides: tuple[int, int], size: int) -> tuple[Tensor, tuple[int, ...]]:
    """Pairs of a submanifold convolution with an odd kernel of `size`^3 over sorted voxel keys i64 [V].

    Returns:
        i32 [2, M] input and output rows, grouped by offset, and the number of pairs of each offset.
    """
    threads = torch.get_num_threads()
    counts = torch.empty(size**3, dtype=torch.int64)
    place = (keys.data_ptr(), len(keys), *strides, size, counts.data_ptr())
    library().pp_neighbours(*place, None, None, None, threads)
    starts = counts.cumsum(0) - counts
    pairs = torch.empty(2, int(counts.sum()), dtype=torch.int32)
    library().pp_neighbours(*place, starts.data_ptr(), pairs[0].data_ptr(), pairs[1].data_ptr(), threads)
    return pairs, tuple(counts.tolist())


def block_bounds(rows_out: Tensor, starts: Tensor, n_output: int) -> Tensor:
    """i64 [K, blocks + 1]: pairs of offset k with output rows in block b are `bounds[k, b]` to `bounds[k, b + 1]`.

    Args:
        rows_out: i32 [M], output rows of the pairs, grouped by offset, ascending within each.
        starts: i64 [K + 1], where the pairs of each offset begin.
        n_output: number of output rows; a block is `BLOCK` of them, the last one fewer.
    """
    volume, blocks = len(starts) - 1, -(-n_output // BLOCK)
    bounds = torch.empty(volume, blocks + 1, dtype=torch.int64)
    place = (rows_out.data_ptr(), starts.data_ptr())
    library().pp_bounds(*place, volume, blocks, BLOCK, bounds.data_ptr())
    return bounds


def pack_kernel(weight: Tensor, scale: Tensor | None = None) -> Tensor:
    """Weights f32 [K, C_in, C_out], their columns times scale f32 [C_out], in the order that `convolve` reads."""
    return _packed(weight, scale, split=_splits(weight.shape[1]))


def pack(weight: Tensor) -> Tensor:
    """Weights f32 [K, C_in, C_out] as f32 [K, panels, C_in, PANEL], the last panel padded with zeros."""
    return _packed(weight, None, split=False)


def _splits(c_in: int) -> bool:
    """Whether convolutions of so many channels are of split numbers, on matrix tiles."""
    return vector_width() == TILES and c_in > _CHUNK // 2


def _packed(weight: Tensor, scale: Tensor | None, *, split: bool) -> Tensor:
    volume, c_in, c_out = weight.shape
    depth = -(-c_in // _CHUNK) * _CHUNK if split else c_in
    packed, w = torch.empty(volume, -(-c_out // PANEL), depth, PANEL), weight.contiguous()
    factor = scale.data_ptr() if scale is not None else None
    sizes = (volume, c_in, depth, c_out)
    library().pp_pack(w.data_ptr(), factor, packed.data_ptr(), *sizes, int(split), torch.get_num_threads())
    return packed


def convolve(
    features: Tensor,
    packed: Tensor,
    rows_in: Tensor,
    rows_out: Tensor,
    bounds: Tensor,
    shape: tuple[int, int],
    *,
    bias: Tensor | None = None,
    residual: Tensor | None = None,
    relu: bool = False,
    out: Tensor | None = None,
) -> Tensor:
    """`relu(bias + residual + sum over k of features[p] @ weight[k])`, not differentiable.

    Args:
        features: f32 [n_input, C_in].
        packed: `pack_kernel(weight)`.
        rows_in: i32 [M], input rows of the pairs, grouped by offset.
        rows_out: i32 [M], output rows, ascending within an offset.
        bounds: i64 [K, blocks + 1], `block_bounds` of these pairs.
        shape: n_output and C_out.
        bias: f32 [C_out] or None.
        residual: f32 [n_output, C_out] or None.
        relu: whether negative sums become 0.
        out: f32 [n_output, C_out] to be written, rows of an array that may be wider; it may be the residual.

    Returns:
        f32 [n_output, C_out], bit-equal for any number of threads.
    """
    n_output, c_out = shape
    volume, c_in = len(packed), features.shape[1]
    x = features.contiguous()
    added = residual if residual is None or residual is out else residual.contiguous()
    out = torch.empty(n_output, c_out) if out is None else out
    library().pp_forward(
        x.data_ptr(),
        packed.data_ptr(),
        bias.data_ptr() if bias is not None else None,
        added.data_ptr() if added is not None else None,
        out.data_ptr(),
        rows_in.data_ptr(),
        rows_out.data_ptr(),
        bounds.data_ptr(),
        volume,
        bounds.shape[1] - 1,
        BLOCK,
        len(x),
        n_output,
        c_in,
        c_out,
        out.stride(0),
        int(relu),
        int(_splits(c_in)),
        vector_width(),
        torch.get_num_threads(),
    )
    return out


def linear(
    features: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    added: Tensor | None = None,
    residual: Tensor | None = None,
    relu: bool = False,
) -> Tensor:
    """`relu((features + added) @ weight.T + bias + residual)`, not differentiable.

    Args:
        features: f32 [N, C_in].
        weight: f32 [C_out, C_in], C_out a multiple of `PANEL`.
        bias: f32 [C_out] or None.
        added: f32 [N, C_in] or None.
        residual: f32 [N, C_out] or None.
        relu: whether negative sums become 0.

    Returns:
        f32 [N, C_out].
    """
    c_out, c_in = weight.shape
    x, packed, out = features.contiguous(), pack(weight.T[None]), torch.empty(len(features), c_out)
    joining = added.contiguous() if added is not None else None
    kept = residual.contiguous() if residual is not None else None
    library().pp_linear(
        x.data_ptr(),
        joining.data_ptr() if joining is not None else None,
        packed.data_ptr(),
        bias.data_ptr() if bias is not None else None,
        kept.data_ptr() if kept is not None else None,
        out.data_ptr(),
        len(x),
        c_in,
        c_out,
        int(relu),
        vector_width(),
        torch.get_num_threads(),
    )
    return out


def weight_gradient(features: Tensor, gradient: Tensor, rows_in: Tensor, rows_out: Tensor, bounds: Tensor) -> Tensor:
    """f32 [K, C_in, C_out]: for every offset, `features[p].T @ gradient[q]` over its pairs.

    Args:
        features: f32 [n_input, C_in].
        gradient: f32 [n_output, C_out].
        rows_in: i32 [M], input rows of the pairs, grouped by offset.
        rows_out: i32 [M], output rows.
        bounds: i64 [K, blocks + 1], `block_bounds` of these pairs.
    """
    x, g = features.contiguous(), gradient.contiguous()
    by_weight = torch.empty(len(bounds), x.shape[1], g.shape[1])
    library().pp_weight_gradient(
        x.data_ptr(),
        g.data_ptr(),
        by_weight.data_ptr(),
        rows_in.data_ptr(),
        rows_out.data_ptr(),
        bounds.data_ptr(),
        len(bounds),
        bounds.shape[1] - 1,
        x.shape[1],
        g.shape[1],
        vector_width(),
        torch.get_num_threads(),
    )
    return by_weight
