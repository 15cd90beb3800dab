"""Train the click gate of `segmenters/click_gate.py` on the robot's clicks.

    pinpoint3d data synth --scenes 240 --seed 31 --split val --out rooms
    python benchmarks/click_gate.py synth:rooms --clicks clicks.npz --out click_gate.safetensors

With the gate in use, one object of every room is cut into its parts as `pinpoint3d eval run --level part --per-scene 1`
does it, and part by part as a person does it, half of the time after a click on the whole; of every fourth room all
objects are cut out, half of the time with fewer borders than are seen there, as in real scans. Every click that
corrects an answer is one sample: the voxels that it could change, and what their change would be worth. Half of the
rooms then teach a gate that is tried on the other half, and all of them the one that is written. Prints how often
clicks make masks worse, and what they gain, with the gate in use and with the new one. Clicking takes nearly all of
the time; where the clicks are kept in files, one of a data set each, the next gate is a matter of minutes. Of kinds of
clicks that are not asked for, the gate in use is kept.
"""

import argparse
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from annotations import annotations, part_by_part
from rich.console import Console
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from pinpoint3d.arrays import Float32, Int32, Int64
from pinpoint3d.evaluation.samples import Level
from pinpoint3d.io import atomic_path
from pinpoint3d.model import SurfaceNetwork, load_network
from pinpoint3d.model.surface_decoder import Level as Decided
from pinpoint3d.progress import track
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.click_gate import ASKED, ClickGate, Kind
from pinpoint3d.segmenters.correction import Correction
from pinpoint3d.segmenters.registry import weights_of
from pinpoint3d.segmenters.surface_network import SurfaceNetworkSegmenter
from pinpoint3d.segmenters.surface_regions import SurfaceEmbedding

_MOST = 400  # voxels of a click that are learned from
_LEAST = 10  # voxels; smaller masks weigh no more
_PASSES = 30
_BATCH = 128  # clicks
_RATE = 6e-3
_DECAY = 0.3
_CLICKS = 10  # a target
_CLICKS_A_PART = 4  # part by part
_EVERY = 4  # of the rooms, objects are cut out in one
_MISSED = 6.0  # log odds that borders of objects lose in half of these: in real scans fewer are seen
# of a click that harms, against what clicks gain
_DREAD = {Kind.BETWEEN: 2.0, Kind.ADDED: 0.3, Kind.TAKEN: 0.3, Kind.WHOLE: 0.3}
_NOTICED = {Kind.BETWEEN: 0.0005, Kind.ADDED: 0.001, Kind.TAKEN: 0.001, Kind.WHOLE: 0.001}  # harm, in IoU of a mask
# log odds that a click must be surer by than it learned to be: in families of things it has not met it harms more
_CAUTION = {Kind.BETWEEN: 0.3, Kind.ADDED: 0.0, Kind.TAKEN: 0.0, Kind.WHOLE: 0.0}
_OF_LEVEL = {Level.PART: {Kind.BETWEEN, Kind.ADDED, Kind.TAKEN}, Level.OBJECT: {Kind.WHOLE}}
_CONSTANT = 1e-3  # evidence that varies less is none
_OF_VOXELS = ("evidence", "gain", "now")
_MARGIN = 2.0  # a click that changes nothing harms nobody

out = Console(highlight=False, soft_wrap=True)


class Click(NamedTuple):
    """What was known of M voxels when a click was answered.

    Attributes:
        kind: of click.
        room: number of the room.
        evidence: f32 [M, EVIDENCE].
        gain: f32 [M], about what the IoU of masks gains, summed over them, where a voxel changes.
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
        everywhere = torch.from_numpy(self.truth[self.fine_of])
        if kind in (Kind.ADDED, Kind.TAKEN):  # the one object against all else
            everywhere = everywhere.clamp(max=1)
        n_columns = len(correction.paths)
        union = torch.stack([((previous.column == k) | (everywhere == k)).sum() for k in range(n_columns)])
        worth = 1 / (union + _LEAST)
        worth[0] = 0.0  # the background is no mask
        truth, was = everywhere[correction.rows], previous.column[correction.rows]
        asked = torch.nonzero((correction.odds > ASKED) & (was >= 0) & (truth >= 0))[:, 0]
        some = asked[torch.randperm(len(asked), generator=torch.Generator().manual_seed(0))[:_MOST]]
        won, lost = worth[previous.said] * (truth == previous.said), worth[was] * (truth == was)
        gain = 2 * (won - lost) - worth[previous.said] + worth[was]
        if len(some):
            known = [evidence[some], gain[some] * (len(asked) / len(some)), self(kind, evidence[some])]
            self.clicks.append(Click(kind, self.room, *(x.numpy().astype(np.float32) for x in known)))
        return super().needed(kind, correction)


class Watched(SurfaceNetworkSegmenter):
    """A segmenter whose gate is watched, and told which voxels of the scan it is asked about.

    Attributes:
        blinds: says of which scans fewer borders of objects are seen; None of none.
    """

    blinds: np.random.Generator | None = None

    @torch.inference_mode()
    def encode(self, scene: Scene) -> SurfaceEmbedding:
        embedding = super().encode(scene)
        if self.blinds is None or self.blinds.random() < 0.5:
            return embedding
        whole = embedding.whole
        missed = torch.tensor([self.blinds.uniform(0, _MISSED), 0.0])
        features = replace(whole.scene, borders=whole.scene.borders - missed)
        costs = self.network.costs(features, Decided.OBJECT)
        return replace(embedding, whole=replace(whole, scene=features, costs=costs))

    def _judge(self, question: Any, *rest: Any) -> tuple[Tensor, Tensor]:
        self.gate.fine_of = question.region.fine_of
        return super()._judge(question, *rest)


def clicks_of(model: str, data: str, seed: int, kinds: Collection[Kind]) -> Iterator[Click]:
    """The clicks on one object of each room, cut in both ways, and on all objects of every fourth."""
    network = load_network(weights_of(model))
    assert isinstance(network, SurfaceNetwork)
    segmenter = Watched(network, "watched", torch.device("cpu"))
    gate = WatchedGate()
    gate.load_state_dict(segmenter.gate.state_dict())
    segmenter.gate = gate.eval()
    for level, most, every in ((Level.PART, 1, 1), (Level.OBJECT, None, _EVERY)):
        if _OF_LEVEL[level].isdisjoint(kinds):
            continue
        segmenter.blinds = None if level is Level.PART else np.random.default_rng(seed)
        each = annotations(segmenter, data, level, _CLICKS, seed, per_scene=most, every=every)
        for number, (task, embedding, answers) in enumerate(each):
            gate.truth, gate.room, gate.clicks = task.truth[embedding.grid.voxel_to_point], number, []
            for _ in answers:
                pass
            if level is Level.PART:
                order = np.append(0, 1 + np.random.default_rng([seed, number]).permutation(len(task.targets)))
                gate.truth = np.where(gate.truth > 0, order[gate.truth], gate.truth).astype(np.int32)
                for _ in part_by_part(segmenter, embedding, gate.truth, _CLICKS_A_PART, whole_first=number % 4 < 2):
                    pass
            yield from gate.clicks


def keep(clicks: list[Click], file: Path) -> None:
    """Write clicks to a file *.npz."""
    rows = {name: np.concatenate([getattr(click, name) for click in clicks]) for name in _OF_VOXELS}
    of_click = {name: np.array([getattr(click, name) for click in clicks]) for name in ("kind", "room")}
    with atomic_path(file) as temporary, temporary.open("wb") as out_file:
        np.savez_compressed(out_file, **rows, **of_click, count=[len(click.gain) for click in clicks])


def kept(file: Path) -> list[Click]:
    """The clicks of a file that `keep` wrote."""
    with np.load(file) as arrays:
        ends = np.cumsum(arrays["count"])[:-1]
        rows = [np.split(arrays[name], ends) for name in _OF_VOXELS]
        each = zip(arrays["kind"], arrays["room"], *rows, strict=True)
        return [Click(Kind(str(kind)), int(room), *values) for kind, room, *values in each]


def fit(clicks: list[Click], rng: np.random.Generator, kinds: Collection[Kind]) -> ClickGate:
    """A gate whose clicks of these kinds gain much and seldom harm; of the others it is the gate in use."""
    torch.manual_seed(int(rng.integers(1 << 31)))
    gate, in_use = ClickGate(), ClickGate.shipped()
    with track("training", len(Kind)) as advance:
        for kind in Kind:
            if kind in kinds:
                _fit(gate, kind, [click for click in clicks if click.kind == kind], rng)
            else:
                gate.weighers[kind] = in_use.weighers[kind]
            advance(1)
    return gate.eval()


def _fit(gate: ClickGate, kind: Kind, clicks: list[Click], rng: np.random.Generator) -> None:
    """First which voxels are meant, each for itself; then what a click gains as a whole, and whether it harms."""
    first = np.cumsum([0, *(len(click.gain) for click in clicks)])
    evidence = np.concatenate([click.evidence for click in clicks])
    gains = [click.gain for click in clicks]
    # a click with very much at stake teaches no more than others
    weights = np.concatenate([np.abs(gain) / max(1.0, float(np.abs(gain).sum())) for gain in gains])
    x, gain, weight = (torch.from_numpy(a) for a in (evidence, np.concatenate(gains), weights / weights.mean()))
    weigher = gate.weighers[kind]
    spread = x.std(dim=0)
    scale = torch.where(spread > _CONSTANT, spread, torch.inf)  # of what never varied nothing was learned
    weigher.mean, weigher.scale = (y[: len(weigher.mean)] for y in (x.mean(dim=0), scale))
    steps = _PASSES * len(clicks) // _BATCH + 1
    optimiser = torch.optim.AdamW(weigher.parameters(), weight_decay=_DECAY)
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
        nn.utils.clip_grad_norm_(weigher.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        weigher.layers[-1].bias -= _CAUTION[kind]


@torch.inference_mode()
def told(clicks: list[Click], gate: ClickGate, kinds: Collection[Kind]) -> None:
    """Print how often clicks harm and what they gain, with the gate in use and with another."""
    for kind in kinds:
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
    parser.add_argument("--clicks", type=Path, nargs="+", help="files in which the clicks of each are kept, or were")
    parser.add_argument("--kinds", type=Kind, choices=list(Kind), nargs="+", default=list(Kind), help="default: all")
    parser.add_argument("--out", type=Path, help="where the gate is written")
    options = parser.parse_args()
    if options.clicks and len(options.clicks) != len(options.data):
        parser.error(f"--clicks: {len(options.clicks)} files for {len(options.data)} data sets")
    clicks: list[Click] = []
    for data, file in zip(options.data, options.clicks or [None] * len(options.data), strict=True):
        if file is not None and file.exists():
            clicks += kept(file)
            continue
        found = list(clicks_of(options.model, data, options.seed, options.kinds))
        if file is not None:
            keep(found, file)
        clicks += found
    if missing := [kind for kind in options.kinds if not any(click.kind == kind for click in clicks)]:
        parser.error(f"no click is of kind {missing[0]}; name the kinds to teach with --kinds")
    half = [[click for click in clicks if click.room % 2 == side] for side in (0, 1)]
    told(half[1], fit(half[0], np.random.default_rng(options.seed), options.kinds), options.kinds)
    if options.out:
        gate = fit(clicks, np.random.default_rng(options.seed), options.kinds)
        save_file(gate.state_dict(), options.out)


if __name__ == "__main__":
    main()
