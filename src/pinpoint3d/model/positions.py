"""Encodings of where and when: Fourier features of a coordinate, sinusoids of a click's time."""

import math

import torch
from torch import Tensor, nn

from pinpoint3d import native


class FourierEncoding(nn.Module):
    """Random Fourier features of coordinates within a scene (Tancik et al., NeurIPS 2020; AGILE3D, section 3.1).

    Args:
        channels: C, even.
    """

    gauss: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("gauss", torch.randn(3, channels // 2))

    def forward(self, coord: Tensor) -> Tensor:
        """f32 [V, 3] coordinates of all voxels of a scene, metres -> f32 [V, C].

        Each axis is scaled to 0..1 by the scene's extent; along an axis without extent the position is 0.
        """
        lower, upper = coord.amin(dim=0), coord.amax(dim=0)
        extent = torch.where(upper > lower, upper - lower, 1.0)
        phase = (coord - lower) / extent * (2 * math.pi) @ self.gauss
        if native.serves(phase) and phase.shape[1] % native.PANEL == 0:
            return native.waves(phase)
        out = phase.new_empty(len(phase), 2 * phase.shape[1])
        torch.sin(phase, out=out[:, : phase.shape[1]])
        torch.cos(phase, out=out[:, phase.shape[1] :])
        return out


def time_encoding(order: Tensor, channels: int) -> Tensor:
    """i64 [Q] times -> f32 [Q, C]: sines and cosines in turn (Vaswani et al., 2017, section 3.5).

    The published code looks these up in a table of 200 rows and fails on the 201st click; the formula has no end.
    """
    half = torch.arange(0, channels, 2, dtype=torch.float32, device=order.device)
    phase = order[:, None].float() * torch.exp(half * (-math.log(10000.0) / channels))
    return torch.stack([phase.sin(), phase.cos()], dim=2).flatten(1)
