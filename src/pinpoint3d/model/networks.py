"""The two published networks. Encode a scene once, then decode any number of click sets.

AGILE3D: Yue et al., "AGILE3D: Attention Guided Interactive Multi-object 3D Segmentation", ICLR 2024.
PinPoint3D adds masks of an object's parts: an adapter behind the backbone and a second decoder that looks where the
first one found the object (Targeted Attention Masking).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor, nn

from pinpoint3d.arrays import Int64
from pinpoint3d.model.attention import Gaze, Projected
from pinpoint3d.model.backbone import Res16UNet34C
from pinpoint3d.model.click_order import ClickOrder, by_object, by_part
from pinpoint3d.model.config import NetworkConfig
from pinpoint3d.model.decoder import Decoded, MaskDecoder, Queries
from pinpoint3d.model.positions import FourierEncoding, time_encoding
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import VoxelGrid
from pinpoint3d.sparse import linear_norm_relu


@dataclass(frozen=True, eq=False)
class SceneInput:
    """A scene as the network reads it.

    Attributes:
        grid_coord: i64 [V, 3], unique voxels.
        coord: f32 [V, 3], raw coordinate of each voxel's representative, metres.
        feat: f32 [V, C_in].
    """

    grid_coord: Tensor
    coord: Tensor
    feat: Tensor

    @classmethod
    def from_grid(cls, grid: VoxelGrid, device: torch.device | str = "cpu") -> "SceneInput":
        return cls(
            grid_coord=torch.as_tensor(grid.grid_coord, dtype=torch.int64, device=device),
            coord=torch.as_tensor(grid.coord, dtype=torch.float32, device=device),
            feat=torch.as_tensor(grid.feat, dtype=torch.float32, device=device),
        )


@dataclass(frozen=True, eq=False)
class SceneFeatures:
    """All a decoder needs to know of a scene, computed once.

    Attributes:
        features: f32 [V, C].
        position: f32 [V, C], Fourier encoding of the voxels' coordinates.
        projected: keys and values for the object decoder's first look at the scene.
        ask: the object decoder's, for `asked`.
    """

    features: Tensor
    position: Tensor
    projected: Projected
    ask: Callable[[Tensor, Tensor], Tensor | None]

    @cached_property
    def asked(self) -> Tensor | None:
        """Queries of the scene in the object decoder's first layer, as large as the features; made by a first click."""
        return self.ask(self.features, self.position)


@dataclass(frozen=True, eq=False)
class Masks:
    """Masks of T targets.

    Attributes:
        ids: i64 [T], object or part ids of columns 1..T.
        decoded: the decoder's results; `decoded.logits[-1]`, f32 [V, 1 + T], is the answer.
    """

    ids: Int64
    decoded: Decoded

    @cached_property
    def label(self) -> Tensor:
        """i64 [V], the winning column of every voxel, 0 the background."""
        return self.decoded.logits[-1].argmax(dim=1)


class Agile3D(nn.Module):
    """Masks of objects. In the published size 39,289,760 parameters.

    It knows no parts; asked for some, it segments each part as an object of its own.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.backbone = Res16UNet34C(config)
        self.squeeze = nn.Linear(config.planes[-1], config.hidden)
        self.fourier = FourierEncoding(config.hidden)
        self.background_content = nn.Parameter(torch.randn(config.background_queries, config.hidden))
        self.background_position = nn.Parameter(torch.randn(config.background_queries, config.hidden))
        self.object_decoder = MaskDecoder(config)
        self.norm = nn.LayerNorm(config.hidden)

    def encode(
        self, scenes: Sequence[SceneInput], advance: Callable[[int], None] = lambda steps: None
    ) -> list[SceneFeatures]:
        """Features of a batch of scenes, of V_1, V_2, ... voxels.

        Args:
            scenes: the batch.
            advance: told of the backbone's progress, `backbone.STEPS` steps in all.

        Raises:
            ValueError: a voxel occurs twice, or the extent of the batch is too large.
        """
        coord = torch.cat([nn.functional.pad(s.grid_coord, (1, 0), value=i) for i, s in enumerate(scenes)])
        finest = self.backbone(coord, torch.cat([scene.feat for scene in scenes]), advance)[-1]
        features = torch.split(self.project(finest.features), [len(scene.coord) for scene in scenes])
        return [self.scene_features(f, s.coord) for f, s in zip(features, scenes, strict=True)]

    def scene_features(self, features: Tensor, coord: Tensor) -> SceneFeatures:
        """All that depends on a scene alone, from its features f32 [V, C] and raw coordinates f32 [V, 3]."""
        position: Tensor = self.fourier(coord)
        decoder = self.object_decoder
        return SceneFeatures(features, position, decoder.project(features, position), decoder.ask)

    def project(self, backbone_features: Tensor) -> Tensor:
        """[V, 96] backbone features -> [V, C] features that the decoders start from."""
        return linear_norm_relu(backbone_features, self.squeeze)

    def decode_objects(self, scene: SceneFeatures, clicks: ClickTensors) -> Masks:
        """Masks of the objects that have a positive click, at least one."""
        return self._decode(scene, clicks, by_object(clicks))

    def decode_parts(
        self,
        scene: SceneFeatures,
        clicks: ClickTensors,
        objects: Masks,
        object_id: int,
        rows: Tensor | None = None,
        *,
        last: bool = False,
    ) -> Masks:
        """Masks of the parts of one object that have a positive click, at least one.

        Args:
            scene: the encoded scene.
            clicks: the clicks that `objects` was decoded from.
            objects: masks of the objects, from `decode_objects`.
            object_id: the object, one of `objects.ids`.
            rows: i64 [n], the voxels whose answer is wanted, those of the object, say; None for all voxels.
            last: whether the scene features of `objects` are not needed any more, and may be overwritten.
        """
        return self._decode(scene, clicks, by_part(clicks, object_id, others=True), rows)

    def _decode(
        self, scene: SceneFeatures, clicks: ClickTensors, order: ClickOrder, rows: Tensor | None = None
    ) -> Masks:
        """Masks of the targets of `order`, from the object decoder and the learned background queries."""
        background = Queries(self.background_content, self.background_position, (len(self.background_content),))
        queries = click_queries(scene, clicks, order, background)
        known = {"projected": scene.projected, "asked": scene.asked}
        decoded = self.object_decoder(queries, scene.features, scene.position, self.norm, rows=rows, **known)
        return Masks(order.ids, decoded)


class Adapter(nn.Module):
    """Residual bottleneck behind the backbone: x + 0.1 f(x), [V, C] -> [V, C]."""

    SCALE = 0.1

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(channels, channels)
        self.norm = nn.BatchNorm1d(channels)
        self.linear2 = nn.Linear(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        inner = linear_norm_relu(x, self.linear1, self.norm, relu=True)
        return linear_norm_relu(inner, self.linear2, scale=self.SCALE, residual=x)


class PinPoint3D(Agile3D):
    """Masks of objects and of their parts. In the published size 40,743,712 parameters.

    `part_norm` is part of every released checkpoint and, as there, without use: both decoders share `norm`.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(config)
        self.adapter = Adapter(config.hidden)
        self.part_decoder = MaskDecoder(config)
        self.part_norm = nn.LayerNorm(config.hidden)

    def project(self, backbone_features: Tensor) -> Tensor:
        features: Tensor = self.adapter(super().project(backbone_features))
        return features

    def decode_parts(
        self,
        scene: SceneFeatures,
        clicks: ClickTensors,
        objects: Masks,
        object_id: int,
        rows: Tensor | None = None,
        *,
        last: bool = False,
    ) -> Masks:
        """Masks of the parts of one object that have a positive click, at least one; see `Agile3D.decode_parts`.

        As published, part queries start from the features that the backbone found at the clicks, not from those the
        object decoder refined, while background queries and scene features carry over from it. In the first layer all
        clicks on the object's parts look at the object's current mask (Targeted Attention Masking).
        """
        order = by_part(clicks, object_id, others=False)
        refined, n_background = objects.decoded.queries, objects.decoded.queries.counts[-1]
        background = Queries(refined.content[-n_background:], refined.position[-n_background:], (n_background,))
        queries = click_queries(scene, clicks, order, background)

        column = int(np.searchsorted(objects.ids, object_id)) + 1
        looks_at = torch.full_like(queries.target, column)
        looks_at[len(order.foreground) : len(order.foreground) + n_background] = 0
        gaze = Gaze(objects.label, looks_at)
        refined_scene = objects.decoded.scene
        return Masks(
            order.ids,
            self.part_decoder(queries, refined_scene, scene.position, self.norm, gaze=gaze, rows=rows, in_place=last),
        )


def click_queries(scene: SceneFeatures, clicks: ClickTensors, order: ClickOrder, background: Queries) -> Queries:
    """Queries of the targets' clicks, then the given background queries, then those of the background clicks.

    The content of a click is the feature of its voxel, its position the encoding of the voxel and of the click's time.
    """
    rows = np.concatenate([order.foreground, order.background])
    device = scene.features.device
    voxel = torch.as_tensor(clicks.voxel[rows], device=device)
    time = time_encoding(torch.as_tensor(clicks.order[rows], device=device), scene.position.shape[1])
    n = len(order.foreground)
    content, position = scene.features[voxel], scene.position[voxel] + time
    return Queries(
        content=torch.cat([content[:n], background.content, content[n:]]),
        position=torch.cat([position[:n], background.position, position[n:]]),
        counts=(*order.counts, background.counts[-1] + len(order.background)),
    )
