"""The convolution layer. Which convolution it is (submanifold, strided, transposed) is the kernel map's business."""

import torch
from torch import Tensor, nn

from pinpoint3d import native
from pinpoint3d.sparse.convolve import convolve
from pinpoint3d.sparse.kernel_map import KernelMap


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

    def forward(self, features: Tensor, kernel_map: KernelMap) -> Tensor:
        """[n_input, C_in] -> [n_output, C_out]."""
        return convolve(features, self.kernel, kernel_map)


def conv_norm_relu(
    features: Tensor, conv: SparseConv, norm: nn.BatchNorm1d, kernel_map: KernelMap, residual: Tensor | None = None
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

    Returns:
        float [n_output, C_out].
    """
    learning = torch.is_grad_enabled() or norm.training
    if learning or not native.serves(features, conv.kernel):
        out = norm(conv(features, kernel_map))
        return torch.relu_(out if residual is None else out + residual)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
    return native.convolve(
        features,
        conv.kernel,
        kernel_map.input,
        kernel_map.output,
        kernel_map.bounds,
        kernel_map.n_output,
        scale=scale,
        bias=norm.bias - norm.running_mean * scale,
        residual=residual,
        relu=True,
    )
