"""The mask decoder: queries of clicks and scene features refine one another, then vote on every voxel."""

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from pinpoint3d.model.attention import Attention, FeedForward, Gaze, Projected
from pinpoint3d.model.config import NetworkConfig


@dataclass(frozen=True, eq=False)
class Queries:
    """What the decoder asks the scene: the queries of targets 1..T one after another, then those of the background.

    Attributes:
        content: f32 [Q, C].
        position: f32 [Q, C].
        counts: 1 + T numbers, how many queries targets 1..T and then the background have.
    """

    content: Tensor
    position: Tensor
    counts: tuple[int, ...]

    @cached_property
    def target(self) -> Tensor:
        """i64 [Q], the mask column each query votes for: 1..T, 0 for the background."""
        columns = (*range(1, len(self.counts)), 0)
        votes_for = [column for column, count in zip(columns, self.counts, strict=True) for _ in range(count)]
        return torch.tensor(votes_for, dtype=torch.int64, device=self.content.device)


@dataclass(frozen=True, eq=False)
class Decoded:
    """What a mask decoder makes of queries and scene.

    Attributes:
        queries: with their refined content.
        scene: f32 [V, C], refined scene features; of the wanted voxels only, where some were named.
        logits: f32 [V, 1 + T] after every layer, column 0 the background; the last is the answer, and f32
            [n, 1 + T] where n voxels were named.
    """

    queries: Queries
    scene: Tensor
    logits: tuple[Tensor, ...]


class DecoderLayer(nn.Module):
    """Click to scene, click to click, feed-forward, scene to click (AGILE3D, section 3.2)."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.click_to_scene = Attention(config.hidden, config.heads)
        self.click_to_click = Attention(config.hidden, config.heads)
        self.feed_forward = FeedForward(config.hidden, config.feedforward)
        self.scene_to_click = Attention(config.hidden, config.heads)

    def refine(
        self,
        x: Tensor,
        x_position: Tensor,
        scene: Tensor,
        scene_position: Tensor,
        gaze: Gaze | None,
        projected: Projected | None,
    ) -> Tensor:
        """Refined queries f32 [Q, C]."""
        x = self.click_to_scene(x, x_position, scene, scene_position, gaze, projected)
        x = self.click_to_click(x, x_position, x, x_position)
        refined: Tensor = self.feed_forward(x)
        return refined

    def update_scene(
        self,
        scene: Tensor,
        scene_position: Tensor,
        queries: Queries,
        masks: Tensor,
        in_place: bool,
        asked: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Refined scene features f32 [V, C], and the greatest vote on each among the queries of every target.

        Args:
            scene: f32 [V, C].
            scene_position: f32 [V, C].
            queries: Q refined queries.
            masks: f32 [Q, C]; a query's vote on a voxel is the product of its mask and the refined features.
            in_place: whether the features may be overwritten.
            asked: `scene_to_click.ask(scene, scene_position)`, where that is known.

        Returns:
            f32 [V, C] and f32 [V, 1 + T], the background first.
        """
        attention, counts = self.scene_to_click, queries.counts
        operands = (scene, scene_position, queries.content, queries.position)
        if attention.is_fast(scene, queries.content):
            return attention.update(*operands, masks, queries.target, len(counts), in_place=in_place, known=asked)
        scene = attention(*operands)
        votes = torch.split(scene @ masks.T, list(counts), dim=1)
        return scene, torch.stack([vote.amax(dim=1) for vote in (votes[-1], *votes[:-1])], dim=1)


class MaskDecoder(nn.Module):
    """A stack of decoder layers with a mask head after each.

    Args:
        config: sizes.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.layers))
        self.mask_embedding = nn.Sequential(
            nn.Linear(config.hidden, config.hidden), nn.ReLU(), nn.Linear(config.hidden, config.hidden)
        )

    def forward(
        self,
        queries: Queries,
        scene: Tensor,
        scene_position: Tensor,
        norm: nn.LayerNorm,
        *,
        gaze: Gaze | None = None,
        projected: Projected | None = None,
        asked: Tensor | None = None,
        rows: Tensor | None = None,
        in_place: bool = False,
    ) -> Decoded:
        """Refine queries and scene layer by layer.

        From the second layer on, a query may look only at the voxels that currently carry its own target.

        Args:
            queries: Q queries.
            scene: f32 [V, C], scene features.
            scene_position: f32 [V, C].
            norm: normalises the queries for the mask head; PinPoint3D shares one between its two decoders.
            gaze: where the first layer's queries may look; None for everywhere.
            projected: keys and values of the scene for the first layer, where they are known: `project`.
            asked: queries of the scene for the first layer, where they are known: `ask`.
            rows: i64 [n], the voxels whose answer is wanted: all that the last layer computes; None for all voxels.
            in_place: whether the first layer may write over `scene`, as the later ones do over what it made.
        """
        logits: list[Tensor] = []
        for i, layer in enumerate(self.layers):
            assert isinstance(layer, DecoderLayer)
            if i > 0:
                gaze, projected, asked = Gaze(logits[-1].argmax(dim=1), queries.target), None, None
            x = layer.refine(queries.content, queries.position, scene, scene_position, gaze, projected)
            queries = Queries(x, queries.position, queries.counts)
            if rows is not None and i == len(self.layers) - 1:
                scene, scene_position, asked = scene.index_select(0, rows), scene_position.index_select(0, rows), None
            masks = self.mask_embedding(norm(x))
            scene, votes = layer.update_scene(scene, scene_position, queries, masks, in_place or i > 0, asked)
            logits.append(votes)
        return Decoded(queries, scene, tuple(logits))

    def project(self, scene: Tensor, scene_position: Tensor) -> Projected:
        """Keys and values of a scene for the first layer, to be computed once and used with any queries."""
        return self._first.click_to_scene.project(scene, scene_position)

    def ask(self, scene: Tensor, scene_position: Tensor) -> Tensor | None:
        """Queries of a scene for the first layer, to be computed once and used with any clicks; see `Attention.ask`."""
        return self._first.scene_to_click.ask(scene, scene_position)

    @property
    def _first(self) -> DecoderLayer:
        first = next(self.layers.children())
        assert isinstance(first, DecoderLayer)
        return first
