"""What an idea of the surface network is worth: the same training without it.

    python benchmarks/ablation.py --without memory --cache crops --out runs/without-memory
    pinpoint3d eval run --segmenter runs/without-memory/model.safetensors --data synth:DIR --level part --out rows

Weights through which an idea reaches the answer are zero and stay so; all else, steps, data and seeds included, is as
in a training without an ablation (`--without nothing`). At the end the mean IoU of the last round of clicks is printed,
over the samples of the last steps: the same in every training. Of a finished training the command prints it anew.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from torch import nn

from pinpoint3d.model import SurfaceConfig, create_network
from pinpoint3d.model.surface_network import SurfaceNetwork
from pinpoint3d.training.config import TrainingConfig
from pinpoint3d.training.log import read_lines
from pinpoint3d.training.loop import LOG
from pinpoint3d.training.run import run
from pinpoint3d.training.sources import Generated

Weights = Iterator[tuple[nn.Parameter, Any]]  # a weight, and which of its entries
NORMAL = list(range(6, 13))  # of a voxel's features
LAST = 150  # steps whose samples are told of


def borders(network: SurfaceNetwork) -> Weights:
    """Borders: every step along the surface costs its length alone."""
    yield network.edges.out.weight, ...


def likeness(network: SurfaceNetwork) -> Weights:
    """Likeness of a voxel to the clicked ones."""
    for decoder in network.decoders:
        yield decoder.key.weight, ...
        yield decoder.key.bias, ...


def rivals(network: SurfaceNetwork) -> Weights:
    """What speaks for the strongest other target."""
    heads = network.config.heads
    return evidence(network, [1, 2, 4, 5, *range(7 + heads, 7 + 2 * heads)])


def memory(network: SurfaceNetwork) -> Weights:
    """What was shown before a click, and where the click lies in it."""
    first = 7 + 2 * network.config.heads
    return evidence(network, list(range(first, first + 4)))


def normals(network: SurfaceNetwork) -> Weights:
    """Normals and flatness as features of a voxel."""
    yield network.backbone.stem.conv.kernel, np.s_[:, NORMAL]


def evidence(network: SurfaceNetwork, columns: list[int]) -> Weights:
    """Some of what a decoder weighs for a pair of voxel and target, in the order of `ClickDecoder._judge`."""
    for decoder in network.decoders:
        for judge in (decoder.target, decoder.background):
            yield judge.pair.weight, np.s_[:, columns]
            yield judge.plain.weight, np.s_[:, columns]


IDEAS: dict[str, Callable[[SurfaceNetwork], Weights]] = {
    "nothing": lambda network: iter(()),
    "borders": borders,
    "likeness": likeness,
    "rivals": rivals,
    "memory": memory,
    "normals": normals,
}


def take_out(network: SurfaceNetwork, idea: str) -> None:
    """Zero the weights of an idea; their gradients are zero from now on."""
    for weight, entries in IDEAS[idea](network):
        kept = torch.ones_like(weight)
        kept[entries] = 0
        with torch.no_grad():
            weight *= kept
        weight.register_hook(lambda gradient, kept=kept: gradient * kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", choices=(*IDEAS, "negatives"), required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="folder of generated scans, as of pinpoint3d train")
    parser.add_argument("--scans", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    config = SurfaceConfig()
    if options.without == "negatives":
        config = replace(config, negatives=0)
    network = create_network(config, np.random.default_rng([options.seed, 1]))
    assert isinstance(network, SurfaceNetwork)
    if options.without in IDEAS:
        take_out(network, options.without)
    source = Generated(options.seed, options.scans, options.cache)
    run(network, source, TrainingConfig(steps=options.steps, seed=options.seed), options.out)
    ious = [line["iou_last"] for line in read_lines(options.out / LOG)[-LAST:] if "iou_last" in line]
    Console().print(f"without {options.without}: mean IoU {100 * np.mean(ious):.1f} % over the last {LAST} steps")


if __name__ == "__main__":
    main()
