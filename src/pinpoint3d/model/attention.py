"""The three blocks a mask decoder is made of, all post-norm and without dropout (AGILE3D, section 3.2)."""

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


class Attention(nn.Module):
    """Multi-head attention with residual and layer norm. Positions join queries and keys, never values.

    Serves all three attentions: click to scene, click to click, and scene to click.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(channels, channels)
        self.key = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)
        self.out = nn.Linear(channels, channels)
        self.norm = nn.LayerNorm(channels)
        for projection in (self.query, self.key, self.value, self.out):
            nn.init.xavier_uniform_(projection.weight)
            nn.init.zeros_(projection.bias)

    def forward(
        self,
        x: Tensor,
        x_position: Tensor,
        memory: Tensor,
        memory_position: Tensor,
        allowed: Tensor | None = None,
    ) -> Tensor:
        """Update x by what it finds in memory.

        Args:
            x: f32 [N, C].
            x_position: f32 [N, C].
            memory: f32 [M, C].
            memory_position: f32 [M, C].
            allowed: bool [N, M], True where a row of x may look; None for everywhere. No row may be all False.

        Returns:
            f32 [N, C].
        """
        found = scaled_dot_product_attention(
            self._split(self.query(x + x_position)),
            self._split(self.key(memory + memory_position)),
            self._split(self.value(memory)),
            attn_mask=None if allowed is None else allowed[None, None],
        )
        result: Tensor = self.norm(x + self.out(found[0].transpose(0, 1).flatten(1)))
        return result

    def _split(self, x: Tensor) -> Tensor:
        """[N, C] -> [1, heads, N, C / heads]."""
        return x.view(len(x), self.heads, -1).transpose(0, 1)[None]


class FeedForward(nn.Module):
    """Two linear layers with residual and layer norm: [N, C] -> [N, C]."""

    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(channels, inner)
        self.linear2 = nn.Linear(inner, channels)
        self.norm = nn.LayerNorm(channels)
        for linear in (self.linear1, self.linear2):
            nn.init.xavier_uniform_(linear.weight)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.norm(x + self.linear2(torch.relu(self.linear1(x))))
        return result
