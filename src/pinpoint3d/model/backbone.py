"""Res16UNet, the sparse U-Net of all networks, in any width (Choy et al., CVPR 2019, section 5 and appendix)."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from pinpoint3d.model.config import BackboneSizes
from pinpoint3d.sparse import KernelMap, Level, Pyramid, SparseConv, conv_norm_relu, leaning_norm, linear_norm_relu

DEPTH = 5  # levels of the U-Net: strides 1, 2, 4, 8, 16
STEPS = 1 + 2 * (DEPTH - 1)  # stem and stages, each one step of progress
_MOMENTUM = 0.02  # of the batch norms outside the residual blocks; inside, the published code keeps PyTorch's 0.1


class ConvNorm(nn.Module):
    """Sparse convolution, batch norm, ReLU: [V_in, C_in] -> [V_out, C_out], with what is put beside it behind."""

    def __init__(self, in_channels: int, out_channels: int, volume: int) -> None:
        super().__init__()
        self.conv = SparseConv(in_channels, out_channels, volume)
        self.norm = nn.BatchNorm1d(out_channels, momentum=_MOMENTUM)

    def forward(self, x: Tensor, kernel_map: KernelMap, beside: Tensor | None = None, *, lean: float = 0.0) -> Tensor:
        if lean:
            assert beside is None
            return torch.relu_(leaning_norm(self.conv(x, kernel_map), self.norm, lean))
        return conv_norm_relu(x, self.conv, self.norm, kernel_map, beside=beside)


class LinearNorm(nn.Module):
    """A convolution of 1^3 and batch norm: [V, C_in] -> [V, C_out]."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.linear = nn.Linear(in_channels, out_channels, bias=False)
        self.norm = nn.BatchNorm1d(out_channels, momentum=_MOMENTUM)

    def forward(self, x: Tensor) -> Tensor:
        return linear_norm_relu(x, self.linear, self.norm)


class ResidualBlock(nn.Module):
    """Two 3^3 submanifold convolutions with a shortcut (He et al., 2016): [V, C_in] -> [V, C_out].

    Without gradients the result may be written over x.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv1 = SparseConv(in_channels, out_channels, 27)
        self.norm1 = nn.BatchNorm1d(out_channels)
        self.conv2 = SparseConv(out_channels, out_channels, 27)
        self.norm2 = nn.BatchNorm1d(out_channels)
        self.shortcut: nn.Module = nn.Identity()
        if in_channels != out_channels:
            self.shortcut = LinearNorm(in_channels, out_channels)

    def forward(self, x: Tensor, neighbours: KernelMap) -> Tensor:
        y = conv_norm_relu(x, self.conv1, self.norm1, neighbours)
        return conv_norm_relu(y, self.conv2, self.norm2, neighbours, residual=self.shortcut(x), in_place=True)


class Stage(nn.Module):
    """A change of stride, then residual blocks; a decoder stage puts the skipped features behind its own.

    Args:
        in_channels: of the features it starts from.
        resampled: channels after the change of stride.
        skipped: channels of the skip connection, 0 in the encoder.
        out_channels: of the result.
        n_blocks: number of residual blocks.
    """

    def __init__(self, in_channels: int, resampled: int, skipped: int, out_channels: int, n_blocks: int) -> None:
        super().__init__()
        self.resample = ConvNorm(in_channels, resampled, 8)
        widths = [resampled + skipped] + [out_channels] * n_blocks
        self.blocks = nn.ModuleList(ResidualBlock(a, b) for a, b in pairwise(widths))

    def forward(self, x: Tensor, kernel_map: KernelMap, level: Level, skip: Tensor | None = None) -> Tensor:
        x = self.resample(x, kernel_map, beside=skip)
        for block in self.blocks:
            x = block(x, level.neighbours(3))
        return x


@dataclass(frozen=True, eq=False)
class FeatureMap:
    """Features of the voxels at one stride.

    Attributes:
        stride: 1, 2, 4, 8 or 16.
        coord: i64 [V', 4], scene and coordinate in units of the finest voxels.
        features: f32 [V', C].
    """

    stride: int
    coord: Tensor
    features: Tensor


class Res16UNet34C(nn.Module):
    """Encoder of four stages, decoder of four stages with skip connections.

    In the published size 37,854,112 parameters.
    """

    def __init__(self, config: BackboneSizes) -> None:
        super().__init__()
        self.stem = ConvNorm(config.in_channels, config.stem, 125)
        widths = [config.stem, *config.planes]
        self.encoder = nn.ModuleList(Stage(widths[i], widths[i], 0, widths[i + 1], config.blocks[i]) for i in range(4))
        self.decoder = nn.ModuleList(
            Stage(widths[i], widths[i + 1], widths[7 - i], widths[i + 1], config.blocks[i]) for i in range(4, 8)
        )

    def forward(
        self,
        coord: Tensor,
        features: Tensor,
        advance: Callable[[int], None] = lambda steps: None,
        pyramid: Pyramid | None = None,
        lean: float = 0.0,
    ) -> list[FeatureMap]:
        """The decoder's feature maps at strides 16, 8, 4, 2 and 1.

        Args:
            coord: i64 [V, 4], scene number and voxel coordinate, unique.
            features: f32 [V, C_in].
            advance: told of every step done, `STEPS` in all.
            pyramid: of `coord`, of `DEPTH` levels, where it is known.
            lean: of the first norm to these features, see `leaning_norm`; more than 0 in evaluation mode only.

        Returns:
            five maps; the rows of the last are in the order of `coord`.

        Raises:
            ValueError: two voxels are the same, or the scenes' extent is too large.
        """
        pyramid = pyramid or Pyramid(coord, DEPTH)
        x = self.stem(pyramid.sort(features), pyramid.levels[0].neighbours(5), lean=lean)
        advance(1)
        skips = []
        for stage, kernel_map, level in zip(self.encoder, pyramid.down, pyramid.levels[1:], strict=True):
            skips.append(x)
            x = stage(x, kernel_map, level)
            advance(1)
        maps = [_feature_map(pyramid, 4, x)]
        for i, stage in zip((3, 2, 1, 0), self.decoder, strict=True):
            x = stage(x, pyramid.up[i], pyramid.levels[i], skips.pop())
            advance(1)
            maps.append(_feature_map(pyramid, i, x))
        return [*maps[:-1], FeatureMap(1, coord, pyramid.unsort(x))]


def _feature_map(pyramid: Pyramid, i: int, features: Tensor) -> FeatureMap:
    coord = pyramid.levels[i].coord.clone()
    coord[:, 1:] <<= i
    return FeatureMap(2**i, coord, features)
