"""The convolution layer. Which convolution it is (submanifold, strided, transposed) is the kernel map's business."""

import torch
from torch import Tensor, nn

from pinpoint3d import native
from pinpoint3d.sparse.convolve import convolve
from pinpoint3d.sparse.kernel_map import KernelMap

_PACKED_ROWS = 256  # fewer take less time than packing the weights


class SparseConv(nn.Module):
    """Sparse convolution without bias.

    A convolution of 1^3 is `nn.Linear` on the features, batch norm is `nn.BatchNorm1d` on them.

    Args:
        in_channels: C_in.
        out_channels: C_out.
        volume: number of offsets K: 27 for 3^3, 125 for 5^3, 8 for 2^3.
    """

    def __init__(self, in_channels: int, out_channels: int, volume: int) -> None:
        super().__init__()
        self.kernel = nn.Parameter(torch.empty(volume, in_channels, out_channels))
        # He et al. (2015), fan-out, as MinkowskiEngine's ResNets are initialised.
        nn.init.normal_(self.kernel, std=(2 / (volume * out_channels)) ** 0.5)
        self._folded: _Folded | None = None

    def folded(self, norm: nn.BatchNorm1d) -> "_Folded":
        """The kernel with the scale of `norm` folded in; made again only when one of the weights has changed.

        PyTorch counts the writes to a weight, except those through `.data`: these go unseen.
        """
        if self._folded is None or not self._folded.is_of(self, norm):
            self._folded = _Folded(self, norm)
        return self._folded

    def forward(self, features: Tensor, kernel_map: KernelMap) -> Tensor:
        """[n_input, C_in] -> [n_output, C_out]."""
        return convolve(features, self.kernel, kernel_map)


def conv_norm_relu(
    features: Tensor,
    conv: SparseConv,
    norm: nn.BatchNorm1d,
    kernel_map: KernelMap,
    residual: Tensor | None = None,
    *,
    in_place: bool = False,
    beside: Tensor | None = None,
) -> Tensor:
    """`relu(norm(conv(features)) + residual)`, in one pass over memory where nothing is to be learned.

    In evaluation mode without gradients batch norm is a constant scale and shift: the scale is folded into the
    kernel, and the compiled kernels start their sums from shift + residual.

    Args:
        features: float [n_input, C_in].
        conv: C_in -> C_out.
        norm: over C_out channels.
        kernel_map: the pairs of the convolution.
        residual: float [n_output, C_out] or None.
        in_place: whether the result may be written over the residual.
        beside: float [n_output, C], to be put behind the result, or None.

    Returns:
        float [n_output, C_out], with C columns more where something is put beside it.
    """
    learning = torch.is_grad_enabled() or norm.training
    if learning or not native.serves(features, conv.kernel):
        y = norm(conv(features, kernel_map))
        y = torch.relu_(y if residual is None else y + residual)
        return y if beside is None else torch.cat([y, beside], dim=1)
    folded, c_out = conv.folded(norm), conv.kernel.shape[2]
    whole = out = residual if in_place else None
    if beside is not None:
        whole = features.new_empty(kernel_map.n_output, c_out + beside.shape[1])
        whole[:, c_out:] = beside
        out = whole[:, :c_out]
    y = native.convolve(
        features,
        folded.packed,
        kernel_map.input,
        kernel_map.output,
        kernel_map.bounds,
        (kernel_map.n_output, c_out),
        bias=folded.shift,
        residual=residual,
        relu=True,
        out=out,
    )
    return y if whole is None else whole


def linear_norm_relu(
    x: Tensor,
    linear: nn.Linear,
    norm: nn.BatchNorm1d | None = None,
    *,
    added: Tensor | None = None,
    scale: float = 1.0,
    residual: Tensor | None = None,
    relu: bool = False,
) -> Tensor:
    """`relu(scale * norm(linear(x + added)) + residual)`, in one product where nothing is to be learned.

    Args:
        x: float [N, C_in].
        linear: C_in -> C_out.
        norm: over C_out channels, or None.
        added: float [N, C_in] or None.
        scale: of the normalised product.
        residual: float [N, C_out] or None.
        relu: whether the rectifier comes last.

    Returns:
        float [N, C_out].
    """
    if torch.is_grad_enabled() or (norm is not None and norm.training):
        out: Tensor = linear(x if added is None else x + added)
        out = (norm(out) if norm is not None else out) * scale
        out = out if residual is None else out + residual
        return torch.relu_(out) if relu else out
    weight, bias = linear.weight * scale, linear.bias * scale if linear.bias is not None else None
    if norm is not None:
        by, shift = _affine(norm)
        weight, bias = weight * by[:, None], shift * scale + (bias * by if bias is not None else 0)
    if len(x) >= _PACKED_ROWS and native.serves(x, weight) and len(weight) % native.PANEL == 0:
        return native.linear(x, weight, bias, added=added, residual=residual, relu=relu)
    out = nn.functional.linear(x if added is None else x + added, weight, bias)
    out = out if residual is None else out + residual
    return torch.relu_(out) if relu else out


class _Folded:
    """A kernel with the scale of a batch norm folded in, packed for the compiled kernels, and the norm's shift."""

    def __init__(self, conv: SparseConv, norm: nn.BatchNorm1d) -> None:
        scale, self.shift = _affine(norm)
        self.packed, self._width = native.pack_kernel(conv.kernel, scale), native.vector_width()
        self._weights = tuple(weight.detach() for weight in _weights(conv, norm))  # keeps their addresses from reuse
        self._state = _state(conv, norm)

    def is_of(self, conv: SparseConv, norm: nn.BatchNorm1d) -> bool:
        """Whether no weight was replaced or written to since, and none is packed for other vectors."""
        return self._width == native.vector_width() and self._state is not None and self._state == _state(conv, norm)


def _weights(conv: SparseConv, norm: nn.BatchNorm1d) -> tuple[Tensor, ...]:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    return conv.kernel, norm.weight, norm.bias, norm.running_mean, norm.running_var


def _state(conv: SparseConv, norm: nn.BatchNorm1d) -> list[tuple[int, int]] | None:
    """Address and version of every weight, or None where versions are not kept."""
    weights = _weights(conv, norm)
    if any(weight.is_inference() for weight in weights):
        return None
    return [(weight.data_ptr(), weight._version) for weight in weights]


def _affine(norm: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    """Scale and shift that batch norm is in evaluation mode, each [C]."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
    return scale, norm.bias - norm.running_mean * scale
