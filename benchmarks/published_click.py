"""One click of PinPoint3D as the published code answers it, in plain PyTorch: what `beside_published.py` times.

    python benchmarks/published_click.py FILE REPEATS

Reproduced operation by operation from `forward_mask` and `mask_module` (github.com/Quit123/PinPoint3D,
models/pinpoint3d.py) and the attention blocks they share with AGILE3D (github.com/ywyue/AGILE3D,
models/modules/attention_block.py): `nn.MultiheadAttention` with its defaults, which returns attention weights averaged
over the heads; keys, values and queries of the whole scene projected in every layer of every click; masks of queries x
voxels, a row for every query, and labels and masks after every layer, the last included. As there, the scene's position
encoding comes with its features; those of the clicks are made with each call. Only what a single scene and object
without background clicks do not reach is left out: batches, several objects and the weights' training.

Imports PyTorch alone and runs in a process of its own, for the package that it is compared with changes how a process
allocates memory, and that makes this code faster too.
"""

import math
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PRODUCT = (4096, 1024, 1024)
TIMES = 200  # rows of the table of click times


class CrossAttention(nn.Module):
    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.multihead_attn = nn.MultiheadAttention(channels, heads, dropout=0.0)
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None, position: Tensor, x_position: Tensor) -> Tensor:
        found = self.multihead_attn(query=x + x_position, key=memory + position, value=memory, attn_mask=mask)[0]
        return self.norm(x + found)  # type: ignore[no-any-return]


class SelfAttention(nn.Module):
    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.self_attn = nn.MultiheadAttention(channels, heads, dropout=0.0)
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor, position: Tensor) -> Tensor:
        q = k = x + position
        return self.norm(x + self.self_attn(q, k, value=x)[0])  # type: ignore[no-any-return]


class FeedForward(nn.Module):
    def __init__(self, channels: int, inner: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(channels, inner)
        self.linear2 = nn.Linear(inner, channels)
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x + self.linear2(F.relu(self.linear1(x))))  # type: ignore[no-any-return]


def _mask_head(channels: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(channels, channels), nn.ReLU(), nn.Linear(channels, channels))


class PublishedClick(nn.Module):
    """Both published decoders.

    Args:
        weights: theirs, under their published names; others are ignored.
        heads: of each attention.
    """

    times: Tensor
    gauss: Tensor

    def __init__(self, weights: dict[str, Tensor], heads: int) -> None:
        super().__init__()
        queries, channels = weights["bg_query_feat.weight"].shape
        layers = range(sum(name.endswith("linear1.weight") and name.startswith("ffn_attention") for name in weights))
        inner = len(weights["ffn_attention.0.0.linear1.weight"])

        def stack(make: type[nn.Module], *sizes: int) -> nn.ModuleList:
            return nn.ModuleList(nn.ModuleList([make(*sizes)]) for _ in layers)

        self.c2s_attention, self.p_c2o_attention = (stack(CrossAttention, channels, heads) for _ in range(2))
        self.c2c_attention, self.p_c2c_attention = (stack(SelfAttention, channels, heads) for _ in range(2))
        self.ffn_attention, self.p_ffn_attention = (stack(FeedForward, channels, inner) for _ in range(2))
        self.s2c_attention, self.p_o2c_attention = (stack(CrossAttention, channels, heads) for _ in range(2))
        self.mask_embed_head, self.part_mask_embed_head = _mask_head(channels), _mask_head(channels)
        self.decoder_norm = nn.LayerNorm(channels)
        self.bg_query_feat = nn.Embedding(queries, channels)
        self.bg_query_pos = nn.Embedding(queries, channels)
        self.load_state_dict({name: weights[name] for name in self.state_dict()})
        self.register_buffer("gauss", weights["pos_enc.gauss_B"], persistent=False)
        phase = torch.arange(TIMES)[:, None] * torch.exp(torch.arange(0, channels, 2) * (-math.log(10000.0) / channels))
        self.register_buffer("times", torch.stack([phase.sin(), phase.cos()], dim=2).flatten(1), persistent=False)
        self.eval()

    @torch.no_grad()
    def forward(
        self,
        scene: Tensor,
        scene_position: Tensor,
        coord: Tensor,
        clicked_voxels: dict[str, list[int]],
        click_times: dict[str, list[int]],
    ) -> tuple[Tensor, Tensor]:
        """Logits of the object f32 [V, 2] and of its P parts f32 [V, 1 + P], the background first.

        Args:
            scene: f32 [V, C], features of the voxels.
            scene_position: f32 [V, C], their position encodings.
            coord: f32 [V, 3], their raw coordinates, metres.
            clicked_voxels: of each part.
            click_times: of each part, the places of its clicks in the order of all.
        """
        lowest, highest = coord.min(dim=0)[0], coord.max(dim=0)[0]
        clicked, time, features, split = [], [], [], []
        for part, voxels in clicked_voxels.items():
            clicked.append(coord[voxels])
            time.extend(click_times[part])
            features.append(scene[voxels])
            split.append(len(voxels))
        foreground_position = self._fourier(torch.vstack(clicked), lowest, highest) + self.times[time]
        position = torch.cat([foreground_position, self.bg_query_pos.weight])
        first = torch.vstack(features)
        foreground, background = first, self.bg_query_feat.weight
        x, mask = scene, None
        for i in range(len(self.c2s_attention)):
            queries = torch.cat([foreground, background])
            output = self.c2s_attention[i][0](queries, x, mask, scene_position, position)
            queries = self.ffn_attention[i][0](self.c2c_attention[i][0](output, position))
            x = self.s2c_attention[i][0](x, queries, None, position, scene_position)
            foreground, background = queries.split([len(first), len(background)])
            objects, mask = self._masks(foreground, background, x, [len(first)], self.mask_embed_head)
        foreground = first
        for i in range(len(self.p_c2o_attention)):
            queries = torch.cat([foreground, background])
            output = self.p_c2o_attention[i][0](queries, x, mask, scene_position, position)
            queries = self.p_ffn_attention[i][0](self.p_c2c_attention[i][0](output, position))
            x = self.p_o2c_attention[i][0](x, queries, None, position, scene_position)
            foreground, background = queries.split([len(first), len(background)])
            parts, mask = self._masks(foreground, background, x, split, self.part_mask_embed_head)
        return objects, parts

    def _fourier(self, coord: Tensor, lowest: Tensor, highest: Tensor) -> Tensor:
        phase = (coord - lowest) / (highest - lowest) * (2 * math.pi) @ self.gauss
        return torch.cat([phase.sin(), phase.cos()], dim=1)

    def _masks(
        self, foreground: Tensor, background: Tensor, x: Tensor, split: list[int], head: nn.Module
    ) -> tuple[Tensor, Tensor]:
        """Logits f32 [V, 1 + T], and bool [Q, V] where the queries of the next layer may not look."""
        foreground_masks, background_masks = head(self.decoder_norm(foreground)), head(self.decoder_norm(background))
        products = (x @ foreground_masks.T).split(split, dim=1)
        targets = torch.cat([product.max(dim=-1, keepdim=True)[0] for product in products], dim=-1)
        logits = torch.cat([(x @ background_masks.T).max(dim=-1, keepdim=True)[0], targets], dim=-1)
        labels = logits.argmax(1)
        masks = [_elsewhere(labels, target, count) for target, count in enumerate(split, start=1)]
        return logits, torch.cat([*masks, _elsewhere(labels, 0, len(background))])


def _elsewhere(labels: Tensor, target: int, count: int) -> Tensor:
    """bool [count, V]: where the label is another; nowhere if it is everywhere another."""
    mask = (~(labels == target)).unsqueeze(0).repeat(count, 1)
    mask[torch.where(mask.sum(-1) == mask.shape[-1])] = False
    return mask


def measured(given: dict[str, Any], repeats: int) -> dict[str, Any]:
    """Logits and median seconds of a click, and of a plain matrix product in turn with it."""
    click, inputs = PublishedClick(given["weights"], given["heads"]), given["inputs"]
    a, b = torch.rand(PRODUCT[:2]), torch.rand(PRODUCT[1:])
    seconds: dict[str, list[float]] = {"product": [], "click": []}
    for round_number in range(repeats + 1):
        for name, job in (("product", lambda: a @ b), ("click", lambda: click(**inputs))):
            start = time.perf_counter()
            job()
            if round_number:
                seconds[name].append(time.perf_counter() - start)
    objects, parts = click(**inputs)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return {"object": objects, "part": parts, "seconds": medians}


if __name__ == "__main__":
    file = Path(sys.argv[1])
    torch.save(measured(torch.load(file), int(sys.argv[2])), file)
