"""The perceptron that weighs what speaks for a column of clicks at a voxel."""

import torch
from torch import Tensor, nn

from pinpoint3d import native


class Judge(nn.Module):
    """Weighs what speaks for one column at a voxel: evidence of the pair, the voxel itself, and the column's clicks."""

    def __init__(self, evidence: int, channels: int, width: int) -> None:
        super().__init__()
        self.pair = nn.Linear(evidence, width)
        self.voxel = nn.Linear(channels, width, bias=False)
        self.column = nn.Linear(channels, width, bias=False)
        self.inner = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)
        self.plain = nn.Linear(evidence, 1)
        nn.init.zeros_(self.plain.weight)
        nn.init.zeros_(self.plain.bias)
        nn.init.zeros_(self.out.weight)

    def forward(self, evidence: Tensor, voxel: Tensor, column: Tensor, which: Tensor) -> Tensor:
        """f32 [M, N, evidence], [M, C], [T, C] and i64 [M, N], rows of the third -> f32 [M, N]."""
        x = torch.relu(self.pair(evidence) + self.voxel(voxel)[:, None] + self.column(column)[which])
        x = torch.relu(self.inner(x))
        out: Tensor = (self.out(x) + self.plain(evidence))[..., 0]
        return out.float()

    def packed(self, column: Tensor) -> native.Weigher:
        """For the compiled kernel, with the columns f32 [T, C]."""
        return native.Weigher.of(
            self.pair.weight,
            self.voxel.weight,
            (self.inner.weight, self.inner.bias),
            self.out.weight,
            self.plain.weight,
            self.out.bias + self.plain.bias,
            self.column(column) + self.pair.bias,
        )
