"""How likely a click on a part is right of a voxel: the regression in `segmenters/caution.py`, fitted to the robot.

    pinpoint3d data benchmark --out pinpoint-synth
    python benchmarks/caution.py synth:pinpoint-synth/val

One object of every room is cut into its parts as `pinpoint3d eval run --level part --per-scene 1` does it. Every click
that corrects an answer is a group of samples: the voxels of other parts that the network was asked about, right if
their truth is what the click says. Small parts count as much as large ones. Prints the weights of
`BetweenParts.evidence`, and how often clicks would be right of what they change, with these and with those in use.
"""

import argparse
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from annotations import annotations
from rich.console import Console
from scipy.optimize import minimize
from scipy.special import expit
from torch import Tensor

from pinpoint3d.arrays import Bool, Float64, Int32
from pinpoint3d.evaluation.samples import Level
from pinpoint3d.model import SurfaceNetwork, load_network
from pinpoint3d.model.surface_decoder import Previous
from pinpoint3d.segmenters.caution import BetweenParts, Caution
from pinpoint3d.segmenters.registry import weights_of
from pinpoint3d.segmenters.surface_network import SurfaceNetworkSegmenter
from pinpoint3d.segmenters.surface_regions import Region

_ASKED = -3.0  # log odds below which a voxel never changes
_MOST = 400  # voxels of a click that are fitted
_DAMPING = 1e-3
_RIGHT = 0.7

out = Console(highlight=False, soft_wrap=True)


class Click(NamedTuple):
    """What was known of M voxels when a click was answered.

    Attributes:
        evidence: f64 [M, 8].
        right: bool [M], whether their truth is what the click says.
        changed: bool [M], whether they changed.
        weight: of each voxel.
    """

    evidence: Float64
    right: Bool
    changed: Bool
    weight: float


class Watched(SurfaceNetworkSegmenter):
    """A segmenter whose clicks between parts are written down.

    Attributes:
        truth: i32 [V] of the scan's voxels, numbered as the clicks' parts.
        clicks: what was seen.
    """

    truth: Int32
    clicks: list[Click]

    def _judge(
        self,
        region: Region,
        level: Any,
        targets: Any,
        paths: Tensor,
        rows: Tensor,
        previous: Previous | None,
        caution: Caution,
    ) -> tuple[Tensor, Tensor]:
        if previous is not None and isinstance(caution, BetweenParts) and len(rows):
            judged = self.network.judge(region.scene, level, targets, paths, rows, previous)
            odds, away = previous.odds(judged), previous.away(region.scene.surface.position, rows)
            asked = (odds > _ASKED) & (previous.column[rows] >= 0)
            evidence = caution.evidence(odds, away)[asked].double().numpy()
            right = self.truth[region.fine_of[rows[asked].numpy()]] == previous.said
            changed = (odds > caution(odds, away))[asked].numpy()
            self.clicks.append(Click(evidence, right, changed, 1 / (caution.said + 10) + 1 / (caution.was + 10)))
        return super()._judge(region, level, targets, paths, rows, previous, caution)


def clicks_of(segmenter: Watched, data: str, seed: int) -> Iterator[Click]:
    """The clicks of one object of each scene, ten a part."""
    for task, embedding, answers in annotations(segmenter, data, Level.PART, 10, seed, per_scene=1):
        segmenter.truth, segmenter.clicks = task.truth[embedding.grid.voxel_to_point], []
        for _ in answers:
            pass
        yield from segmenter.clicks


def fit(clicks: list[Click], rng: np.random.Generator) -> Float64:
    """f64 [8]: weights of a logistic regression on the evidence."""
    evidence, right, weight = [], [], []
    for click in clicks:
        n = len(click.right)
        some = rng.choice(n, min(n, _MOST), replace=False)
        evidence.append(click.evidence[some])
        right.append(click.right[some])
        weight.append(np.full(len(some), click.weight * n / max(1, len(some))))
    x, y, w = np.concatenate(evidence), np.concatenate(right), np.concatenate(weight)
    scale = np.append(x[:, :-1].std(axis=0), 1.0)
    x, w = x / scale, w / w.sum()

    def loss(b: Float64) -> tuple[float, Float64]:
        z = x @ b
        slope = x.T @ (w * (expit(z) - y)) + _DAMPING * np.append(b[:-1], 0)
        return float(w @ (np.logaddexp(0, z) - y * z) + _DAMPING * (b[:-1] ** 2).sum() / 2), slope

    return np.asarray(minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x / scale)


def told(name: str, clicks: list[Click], changes: list[Bool]) -> None:
    """Print how often a click is right of most of what it changes, and of how much of what it means."""
    changed = [click.right[change] for click, change in zip(clicks, changes, strict=True)]
    useful = np.mean([right.mean() > 0.5 for right in changed if len(right)])
    meant = [right.sum() / click.right.sum() for right, click in zip(changed, clicks, strict=True) if click.right.any()]
    text = f"{useful:.1%} of clicks are right of most they change; they change {np.mean(meant):.1%} of what is meant"
    out.print(f"{name:24} {text}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="labelled rooms, such as synth:pinpoint-synth/val")
    parser.add_argument("--model", default="pinpoint3d")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    network = load_network(weights_of(options.model))
    assert isinstance(network, SurfaceNetwork)
    clicks = list(clicks_of(Watched(network, options.model, torch.device("cpu")), options.data, options.seed))
    weights = fit(clicks, np.random.default_rng(options.seed))
    out.print(f"{len(clicks)} clicks; weights ({', '.join(f'{w:.3f}' for w in weights)})")
    told("with the weights in use", clicks, [click.changed for click in clicks])
    told("with these", clicks, [expit(click.evidence @ weights) > _RIGHT for click in clicks])


if __name__ == "__main__":
    main()
