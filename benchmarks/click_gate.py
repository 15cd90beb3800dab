"""Train the click gate of `segmenters/click_gate.py` on the robot's clicks.

    pinpoint3d data synth --scenes 240 --seed 31 --split val --out rooms
    python benchmarks/click_gate.py synth:rooms --out click_gate.safetensors

One object of every room is cut into its parts as `pinpoint3d eval run --level part --per-scene 1` does it, with the
gate in use. Every click that corrects an answer is one sample: the voxels that it could change, right if their truth is
what the click says. Half of the rooms then teach a gate that is tried on the other half, and all of them the one that
is written. Prints how often clicks make masks worse, and what they gain, with the gate in use and with the new one.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from annotations import annotations
from rich.console import Console
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from pinpoint3d.arrays import Float32, Int32, Int64
from pinpoint3d.evaluation.samples import Level
from pinpoint3d.model import SurfaceNetwork, load_network
from pinpoint3d.progress import track
from pinpoint3d.segmenters.click_gate import ASKED, ClickGate, Kind
from pinpoint3d.segmenters.correction import Correction
from pinpoint3d.segmenters.registry import weights_of
from pinpoint3d.segmenters.surface_network import SurfaceNetworkSegmenter

_MOST = 250  # voxels of a click that are learned from
_LEAST = 10  # voxels; smaller masks weigh no more
_PASSES = 30
_BATCH = 128  # clicks
_RATE = 6e-3
_DREAD = {Kind.BETWEEN: 1.0, Kind.ADDED: 0.3, Kind.TAKEN: 0.3}  # of a click that harms, against what clicks gain
_NOTICED = {Kind.BETWEEN: 0.003, Kind.ADDED: 0.001, Kind.TAKEN: 0.001}  # harm, in IoU of a part
_MARGIN = 2.0  # a click that changes nothing harms nobody

out = Console(highlight=False, soft_wrap=True)


class Click(NamedTuple):
    """What was known of M voxels when a click was answered.

    Attributes:
        kind: of click.
        room: number of the room.
        evidence: f32 [M, EVIDENCE].
        gain: f32 [M], about what the IoU of parts gains where a voxel changes; negative where the click is wrong of it.
        now: f32 [M], what the gate in use says.
    """

    kind: Kind
    room: int
    evidence: Float32
    gain: Float32
    now: Float32


class WatchedGate(ClickGate):
    """The gate in use, which writes down what it is asked.

    Attributes:
        truth: i32 [V], of the scan's voxels, numbered as the clicks' parts; -1 not known.
        room: number of the room.
        fine_of: i64 [M], the scan's voxel of every voxel of the piece that is asked about.
        clicks: what was seen.
    """

    truth: Int32
    room: int
    fine_of: Int64
    clicks: list[Click]

    def needed(self, kind: Kind, correction: Correction) -> Tensor:
        evidence, previous = correction.evidence, correction.previous
        truth = torch.from_numpy(self.truth[self.fine_of[correction.rows.numpy()]])
        right = {Kind.BETWEEN: truth == previous.said, Kind.ADDED: truth > 0, Kind.TAKEN: truth == 0}[kind]
        count = torch.bincount(previous.column.clamp(min=0), minlength=len(correction.paths))
        was = count[previous.column[correction.rows].clamp(min=0)]
        share = 1 / (int((previous.column == previous.said).sum()) + _LEAST) + 1 / (was + _LEAST)
        asked = (correction.odds > ASKED) & (previous.column[correction.rows] >= 0) & (truth >= 0)
        if bool(asked.any()):
            known = [evidence, torch.where(right, share, -share), self(kind, evidence)]
            self.clicks.append(Click(kind, self.room, *(x[asked].numpy().astype(np.float32) for x in known)))
        return super().needed(kind, correction)


class Watched(SurfaceNetworkSegmenter):
    """A segmenter whose gate is watched, and told which voxels of the scan it is asked about."""

    def _judge(self, question: Any, *rest: Any) -> tuple[Tensor, Tensor]:
        self.gate.fine_of = question.region.fine_of
        return super()._judge(question, *rest)


def clicks_of(network: SurfaceNetwork, data: str, seed: int) -> Iterator[Click]:
    """The clicks of one object of each room, ten a part."""
    segmenter = Watched(network, "watched", torch.device("cpu"))
    gate = WatchedGate()
    gate.load_state_dict(segmenter.gate.state_dict())
    segmenter.gate = gate.eval()
    for room, (task, embedding, answers) in enumerate(annotations(segmenter, data, Level.PART, 10, seed, per_scene=1)):
        gate.truth, gate.room, gate.clicks = task.truth[embedding.grid.voxel_to_point], room, []
        for _ in answers:
            pass
        yield from gate.clicks


def fit(clicks: list[Click], rng: np.random.Generator) -> ClickGate:
    """A gate whose clicks gain much and seldom harm."""
    torch.manual_seed(int(rng.integers(1 << 31)))
    gate = ClickGate()
    with track("training", len(Kind)) as advance:
        for kind in Kind:
            _fit(gate, kind, [click for click in clicks if click.kind == kind], rng)
            advance(1)
    return gate.eval()


def _fit(gate: ClickGate, kind: Kind, clicks: list[Click], rng: np.random.Generator) -> None:
    """First which voxels are meant, each for itself; then what a click gains as a whole, and whether it harms."""
    some = [rng.permutation(len(click.gain))[:_MOST] for click in clicks]
    first = np.cumsum([0, *map(len, some)])
    evidence = np.concatenate([click.evidence[rows] for click, rows in zip(clicks, some, strict=True)])
    gains = [click.gain[rows] * (len(click.gain) / len(rows)) for click, rows in zip(clicks, some, strict=True)]
    # a click with very much at stake teaches no more than others
    weights = np.concatenate([np.abs(gain) / max(1.0, float(np.abs(gain).sum())) for gain in gains])
    x, gain, weight = (torch.from_numpy(a) for a in (evidence, np.concatenate(gains), weights / weights.mean()))
    weigher = gate.weighers[kind]
    weigher.mean, weigher.scale = x.mean(dim=0), x.std(dim=0) + 1e-3
    steps = _PASSES * len(clicks) // _BATCH + 1
    optimiser = torch.optim.AdamW(weigher.parameters(), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
    for step in range(steps):
        chosen = rng.choice(len(clicks), min(_BATCH, len(clicks)), replace=False)
        rows = torch.from_numpy(np.concatenate([np.arange(first[c], first[c + 1]) for c in chosen]))
        of_click = torch.from_numpy(np.repeat(np.arange(len(chosen)), first[chosen + 1] - first[chosen]))
        odds = gate(kind, x[rows])
        each = binary_cross_entropy_with_logits(odds, (gain[rows] > 0).float(), weight[rows])
        whole = torch.zeros(len(chosen)).index_add(0, of_click, gain[rows] * torch.sigmoid(2 * odds))
        harms = torch.sigmoid(-whole / _NOTICED[kind] - _MARGIN)
        turn = min(1.0, 2 * step / steps)
        loss = (0.35 - 0.3 * turn) * each + 3 * turn * (_DREAD[kind] * harms - whole.clamp(max=1)).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weigher.parameters(), 1.0)
        optimiser.step()
        schedule.step()


@torch.inference_mode()
def told(clicks: list[Click], gate: ClickGate) -> None:
    """Print how often clicks harm and what they gain, with the gate in use and with another."""
    for kind in Kind:
        own = [click for click in clicks if click.kind == kind]
        new = [gate(kind, torch.from_numpy(click.evidence)).numpy() for click in own]
        figures = []
        for odds in ([click.now for click in own], new):
            gains = np.array([click.gain[means > 0].sum() for click, means in zip(own, odds, strict=True)])
            figures.append(f"{(gains < 0).mean():.1%} harm, gain {100 * gains.mean():.2f} points")
        out.print(f"{kind:8} {len(own):5} clicks; in use: {figures[0]}; new: {figures[1]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", help="labelled rooms, such as synth:rooms")
    parser.add_argument("--model", default="pinpoint3d")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="where the gate is written")
    options = parser.parse_args()
    network = load_network(weights_of(options.model))
    assert isinstance(network, SurfaceNetwork)
    clicks = [click for data in options.data for click in clicks_of(network, data, options.seed)]
    half = [[click for click in clicks if click.room % 2 == side] for side in (0, 1)]
    told(half[1], fit(half[0], np.random.default_rng(options.seed)))
    if options.out:
        save_file(fit(clicks, np.random.default_rng(options.seed)).state_dict(), options.out)


if __name__ == "__main__":
    main()
