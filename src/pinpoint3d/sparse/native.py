"""The compiled convolution kernels: float32 on a CPU, the same sums as the plain path, without a gather buffer.

The library is plain C++ behind ctypes and knows nothing of Python or PyTorch. Where it was not built, `available()`
is false and `convolve` takes the plain path.
"""

import ctypes
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from pinpoint3d.sparse.kernel_map import KernelMap


BLOCK = 1024  # output rows a thread sums at a time: they stay in its cache
_PANEL = 16  # columns of a packed weight panel, as in conv.cpp
_enabled = True


def available() -> bool:
    """Whether the compiled kernels can be used at all."""
    return _library() is not None


def serves(*tensors: Tensor) -> bool:
    """Whether the compiled kernels are on and take these tensors: float32 features or int64 keys on a CPU."""
    known = (torch.float32, torch.int64)
    return _enabled and all(t.dtype in known and t.device.type == "cpu" for t in tensors) and available()


@contextmanager
def disabled() -> Iterator[None]:
    """Take the plain path inside, to compare the two."""
    global _enabled
    before, _enabled = _enabled, False
    try:
        yield
    finally:
        _enabled = before


def vector_widths() -> list[int]:
    """Widths in bits of the vector units that the kernels can use here, the widest first."""
    widest = _require().pp_vector_width()
    return [width for width in (512, 256, 128) if width <= widest]


def convolve(
    features: Tensor,
    weight: Tensor,
    kernel_map: "KernelMap",
    *,
    bias: Tensor | None = None,
    residual: Tensor | None = None,
    relu: bool = False,
    width: int | None = None,
) -> Tensor:
    """`relu(bias + residual + sum over k of features[p] @ weight[k])`, not differentiable.

    Args:
        features: f32 [n_input, C_in].
        weight: f32 [K, C_in, C_out].
        kernel_map: the pairs (p, q) of every offset k.
        bias: f32 [C_out] or None.
        residual: f32 [n_output, C_out] or None.
        relu: whether negative sums become 0.
        width: vector width in bits; the widest by default.

    Returns:
        f32 [n_output, C_out], bit-equal for any number of threads.
    """
    library, threads = _require(), torch.get_num_threads()
    volume, c_in, c_out = weight.shape
    x, w = features.contiguous(), weight.contiguous()
    packed = torch.empty(volume * -(-c_out // _PANEL) * c_in * _PANEL)
    library.pp_pack(w.data_ptr(), packed.data_ptr(), volume, c_in, c_out, threads)
    bounds = kernel_map.bounds
    added = residual.contiguous() if residual is not None else None
    out = torch.empty(kernel_map.n_output, c_out)
    library.pp_forward(
        x.data_ptr(),
        packed.data_ptr(),
        bias.data_ptr() if bias is not None else None,
        added.data_ptr() if added is not None else None,
        out.data_ptr(),
        kernel_map.input.data_ptr(),
        kernel_map.output.data_ptr(),
        bounds.data_ptr(),
        volume,
        bounds.shape[1] - 1,
        BLOCK,
        kernel_map.n_output,
        c_in,
        c_out,
        int(relu),
        width or library.pp_vector_width(),
        threads,
    )
    return out


def neighbours(keys: Tensor, strides: tuple[int, int], size: int) -> tuple[Tensor, tuple[int, ...]]:
    """Pairs of a submanifold convolution with an odd kernel of `size`^3 over sorted voxel keys i64 [V].

    Returns:
        i32 [2, M] input and output rows, grouped by offset, and the number of pairs of each offset.
    """
    library, threads = _require(), torch.get_num_threads()
    counts = torch.empty(size**3, dtype=torch.int64)
    place = (keys.data_ptr(), len(keys), *strides, size, counts.data_ptr())
    library.pp_neighbours(*place, None, None, None, threads)
    starts = counts.cumsum(0) - counts
    pairs = torch.empty(2, int(counts.sum()), dtype=torch.int32)
    library.pp_neighbours(*place, starts.data_ptr(), pairs[0].data_ptr(), pairs[1].data_ptr(), threads)
    return pairs, tuple(counts.tolist())


def weight_gradient(features: Tensor, gradient: Tensor, kernel_map: "KernelMap", *, width: int | None = None) -> Tensor:
    """f32 [K, C_in, C_out]: for every offset, `features[p].T @ gradient[q]` over its pairs.

    Args:
        features: f32 [n_input, C_in].
        gradient: f32 [n_output, C_out].
        kernel_map: the pairs.
        width: vector width in bits; the widest by default.
    """
    library = _require()
    x, g = features.contiguous(), gradient.contiguous()
    starts = kernel_map.starts
    by_weight = torch.empty(len(kernel_map.counts), x.shape[1], g.shape[1])
    library.pp_weight_gradient(
        x.data_ptr(),
        g.data_ptr(),
        by_weight.data_ptr(),
        kernel_map.input.data_ptr(),
        kernel_map.output.data_ptr(),
        starts.data_ptr(),
        len(kernel_map.counts),
        x.shape[1],
        g.shape[1],
        width or library.pp_vector_width(),
        torch.get_num_threads(),
    )
    return by_weight


def _require() -> ctypes.CDLL:
    library = _library()
    if library is None:
        raise RuntimeError("the compiled kernels were not built")
    return library


@cache
def _library() -> ctypes.CDLL | None:
    folder = Path(__file__).parent
    for suffix in EXTENSION_SUFFIXES:
        path = folder / f"_native{suffix}"
        if path.exists():
            return _declare(ctypes.CDLL(os.fspath(path)))
    logging.getLogger(__name__).warning(
        "compiled kernels were not built (no C++ compiler at installation): using the slower plain PyTorch path"
    )
    return None


def _declare(library: ctypes.CDLL) -> ctypes.CDLL:
    pointer: Any = ctypes.c_void_p
    integer: Any = ctypes.c_int
    size: Any = ctypes.c_int64
    library.pp_vector_width.argtypes = []
    library.pp_vector_width.restype = integer
    library.pp_neighbours.argtypes = [pointer, ctypes.c_int32, size, size, integer] + [pointer] * 4 + [integer]
    library.pp_neighbours.restype = None
    library.pp_pack.argtypes = [pointer] * 2 + [integer] * 4
    library.pp_pack.restype = None
    library.pp_forward.argtypes = [pointer] * 8 + [integer] * 3 + [size] + [integer] * 5
    library.pp_forward.restype = None
    library.pp_weight_gradient.argtypes = [pointer] * 6 + [integer] * 5
    library.pp_weight_gradient.restype = None
    return library
