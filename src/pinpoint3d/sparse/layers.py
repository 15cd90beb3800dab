"""The convolution layer. Which convolution it is (submanifold, strided, transposed) is the kernel map's business."""

import torch
from torch import Tensor, nn

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
