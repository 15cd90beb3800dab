"""The three blocks a mask decoder is made of, all post-norm and without dropout (AGILE3D, section 3.2)."""

from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from pinpoint3d import native
from pinpoint3d.sparse import linear_norm_relu

Projected: TypeAlias = tuple[Tensor, Tensor]
"""Keys and values of a memory of M rows, each f32 [1, heads, M, C / heads]."""


@dataclass(frozen=True, eq=False)
class Gaze:
    """Which of M voxels each of N queries may look at: those that carry the label it wants, or all where none does.

    Attributes:
        label: i64 [M].
        wanted: i64 [N].
    """

    label: Tensor
    wanted: Tensor

    def allowed(self) -> Tensor:
        """bool [N, M]."""
        allowed = self.label == self.wanted[:, None]
        return allowed | ~allowed.any(dim=1, keepdim=True)

    def looks_for(self) -> Tensor:
        """i64 [N]: the label each query wants, -1 where it looks at all voxels."""
        carriers = torch.bincount(self.label, minlength=int(self.wanted.max()) + 1)[self.wanted]
        return torch.where((carriers > 0) & (carriers < len(self.label)), self.wanted, -1)


class Attention(nn.Module):
    """Multi-head attention with residual and layer norm. Positions join queries and keys, never values.

    Serves all three attentions: click to scene, click to click, and scene to click. Without gradients on a CPU the two
    that pass over the scene take compiled kernels, which never hold an array of scene rows x queries.
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
        gaze: Gaze | None = None,
        projected: Projected | None = None,
    ) -> Tensor:
        """Update x by what it finds in memory.

        Args:
            x: f32 [N, C].
            x_position: f32 [N, C].
            memory: f32 [M, C].
            memory_position: f32 [M, C].
            gaze: where in memory the rows of x may look; None for everywhere.
            projected: `project(memory, memory_position)`, where it is known.

        Returns:
            f32 [N, C].
        """
        if gaze is not None and projected is None and self.is_fast(x, memory):
            return self._gaze(x, x_position, memory, memory_position, gaze)
        keys, values = projected or self.project(memory, memory_position)
        found = scaled_dot_product_attention(
            self._split(self.query(x + x_position)),
            keys,
            values,
            attn_mask=None if gaze is None else gaze.allowed()[None, None],
        )
        return self._joined(x, found[0].transpose(0, 1).flatten(1))

    def project(self, memory: Tensor, memory_position: Tensor) -> Projected:
        """Keys and values f32 [1, heads, M, C / heads] of a memory f32 [M, C]."""
        keys = linear_norm_relu(memory, self.key, added=memory_position)
        return self._split(keys), self._split(linear_norm_relu(memory, self.value))

    def ask(self, x: Tensor, x_position: Tensor) -> Tensor | None:
        """The queries of a scene f32 [N, C] that `update` may be given as known; None where that is not `is_fast`."""
        if not self.is_fast(x, x):
            return None
        return native.scene_queries(linear_norm_relu(x, self.query, added=x_position))

    def is_fast(self, x: Tensor, memory: Tensor) -> bool:
        """Whether the compiled kernels take these: float32 on a CPU, no gradients, heads of whole vectors."""
        whole_panels = x.shape[1] // self.heads % native.PANEL == 0
        return whole_panels and not torch.is_grad_enabled() and native.serves(x, memory, self.out.weight)

    def update(
        self,
        x: Tensor,
        x_position: Tensor,
        memory: Tensor,
        memory_position: Tensor,
        masks: Tensor,
        target: Tensor,
        n_targets: int,
        *,
        in_place: bool,
        known: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """`y = forward(...)` for many rows that look at few, and what those vote on y, where `is_fast`.

        Args:
            x: f32 [N, C].
            x_position: f32 [N, C].
            memory: f32 [M, C].
            memory_position: f32 [M, C].
            masks: f32 [M, C].
            target: i64 [M], the column each row of memory votes for.
            n_targets: number of columns T.
            in_place: whether y may be written over x.
            known: `ask(x, x_position)`, where that is known.

        Returns:
            y f32 [N, C], and f32 [N, T] the greatest `y . mask` of each column.
        """
        keys, values = self._split(self.key(memory + memory_position)), self._split(self.value(memory))
        return native.scene_update(
            x,
            x_position,
            (self.query.weight, self.query.bias),
            keys[0],
            values[0],
            (self.out.weight, self.out.bias),
            (self.norm.weight, self.norm.bias, self.norm.eps),
            masks,
            target,
            n_targets,
            in_place=in_place,
            known=known,
        )

    def _gaze(self, x: Tensor, x_position: Tensor, memory: Tensor, memory_position: Tensor, gaze: Gaze) -> Tensor:
        """Few rows look at the parts of a large memory that carry their label.

        Key and value projections move from the memory to the queries: `(K m) . q = m . (K' q)`, and the mean of
        projected values is the projected mean. The key's bias adds the same to all of memory and drops out.
        """
        heads, depth = self.heads, x.shape[1] // self.heads
        query = self.query(x + x_position).view(-1, heads, depth) * depth**-0.5
        keys = torch.einsum("qhd,hdc->qhc", query, self.key.weight.view(heads, depth, -1))
        seen = native.gaze(memory, memory_position, gaze.label, gaze.looks_for(), keys)
        values = torch.einsum("qhc,hdc->qhd", seen, self.value.weight.view(heads, depth, -1)).flatten(1)
        return self._joined(x, values + self.value.bias)

    def _joined(self, x: Tensor, found: Tensor) -> Tensor:
        return self.norm(x + self.out(found))  # type: ignore[no-any-return]

    def _split(self, x: Tensor) -> Tensor:
        """[N, C] -> [1, heads, N, C / heads]."""
        return x.view(len(x), self.heads, x.shape[1] // self.heads).transpose(0, 1)[None]


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
