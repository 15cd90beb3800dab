"""The training loop.

    pinpoint3d train --data folder:DIR --out runs/mine --minutes 60            # on this machine, GPU if there is one
    torchrun --nproc-per-node 2 --no-python pinpoint3d train --data folder:DIR ...     # a process a GPU, or on CPUs
    pinpoint3d train --init pinpoint3d --data folder:DIR --out runs/tuned      # go on from the model that ships

A step: every sample is a piece of a scan; the network encodes it once; a robot clicks and the network answers, round
after round; the losses of all rounds and of the borders add up. What happens in step n follows from the seed and n, so
a run that was killed goes on to the same curve.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from pinpoint3d.model.checkpoints import save_network
from pinpoint3d.progress import track
from pinpoint3d.training.config import TrainingConfig
from pinpoint3d.training.crops import Crop, make_crop
from pinpoint3d.training.log import Log
from pinpoint3d.training.sources import Source
from pinpoint3d.training.state import TrainingState

STATE, WEIGHTS, LOG = "state.pt", "model.safetensors", "log.jsonl"
_SAVE_EVERY_S = 120.0
Learn = Callable[[nn.Module, list[Crop], list[np.random.Generator], TrainingConfig], dict[str, Tensor]]


@dataclass(frozen=True)
class _Samples(Dataset[list[tuple[Crop, np.random.Generator]]]):
    """The samples of every step that fall to this process; an item is a step."""

    source: Source
    config: TrainingConfig
    steps: range
    rank: int
    world: int

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, place: int) -> list[tuple[Crop, np.random.Generator]]:
        first = self.steps[place] * self.config.batch
        made = []
        for number in range(first + self.rank, first + self.config.batch, self.world):
            rng = np.random.default_rng([self.config.seed, number])
            made.append((make_crop(self.source.scan(number), self.config.augmentation, rng), rng))
        return made


def train(
    state: TrainingState,
    learn: Learn,
    source: Source,
    config: TrainingConfig,
    out: Path,
    *,
    minutes: float | None = None,
    device: torch.device,
) -> None:
    """Train until all steps are done or the time is up, saving state, weights and log to a folder.

    Args:
        state: as it stands.
        learn: losses of a batch by name, to be added up.
        source: of the scans.
        config: what to do.
        out: folder.
        minutes: time budget of this call.
        device: of the network.
    """
    rank, world = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    amp = torch.autocast("cuda", dtype=torch.bfloat16) if device.type == "cuda" else nullcontext()
    samples = _Samples(source, config, range(state.step, config.steps), rank, world)
    started = saved = time.monotonic()
    with Log(out / LOG, state.step, silent=rank > 0) as log, track("training", config.steps) as advance:
        advance(state.step)
        for batch in _prefetched(samples, config.workers):
            began = time.monotonic()
            rate = _rate(state.step, config)
            for group in state.optimiser.param_groups:
                group["lr"] = rate
            _set_modes(state.network, config, cooling=state.step >= config.steps * (1 - config.cooldown))
            with amp:
                losses = learn(state.network, [crop for crop, _ in batch], [rng for _, rng in batch], config)
                loss = sum(value for name, value in losses.items() if name.startswith("loss"))
            state.optimiser.zero_grad()
            assert isinstance(loss, Tensor)
            loss.backward()  # type: ignore[no-untyped-call]
            _share_gradients(state.network, world)
            norm = nn.utils.clip_grad_norm_(state.network.parameters(), config.clip)
            state.optimiser.step()
            state.follow(config.average)
            state.step += 1
            now = time.monotonic()
            state.seconds += now - began
            advance(1)
            log.write(state.step, state.seconds, rate, float(norm), {k: float(v.detach()) for k, v in losses.items()})
            over = minutes is not None and now - started > 60 * minutes
            if rank == 0 and (over or now - saved > _SAVE_EVERY_S):
                save(state, config, out)
                saved = now
            if _agreed(over, world, device):
                return
    if rank == 0:
        save(state, config, out)


def save(state: TrainingState, config: TrainingConfig, out: Path) -> None:
    """Write what goes on, and what is used."""
    state.save(out / STATE, config)
    record = {"training": json.dumps(config.to_json() | {"steps_done": state.step})}
    save_network(state.average, out / WEIGHTS, record)


def _prefetched(samples: _Samples, workers: int) -> Iterator[list[tuple[Crop, np.random.Generator]]]:
    yield from DataLoader(
        samples, batch_size=None, num_workers=workers, multiprocessing_context="spawn" if workers else None
    )


def _rate(step: int, config: TrainingConfig) -> float:
    """Up, level, and down to zero (warm-up, stable, decay)."""
    rise, fall = (step + 1) / config.warmup, (config.steps - step) / max(1.0, config.steps * config.cooldown)
    return config.rate * min(1.0, rise, fall)


def _set_modes(network: nn.Module, config: TrainingConfig, cooling: bool) -> None:
    """Training mode; in the cooldown the network learns under the statistics it will be used with."""
    network.train()
    for name, module in network.named_modules():
        frozen = any(name == whole or name.startswith(f"{whole}.") for whole in config.frozen)
        if isinstance(module, nn.BatchNorm1d) and (cooling or frozen):
            module.eval()


def _share_gradients(network: nn.Module, world: int) -> None:
    """Average gradients and running statistics over all processes, in one message."""
    if world == 1:
        return
    shared = []
    for weight in network.parameters():
        if weight.requires_grad:
            if weight.grad is None:  # of no use to the samples here, but maybe to those of another process
                weight.grad = torch.zeros_like(weight)
            shared.append(weight.grad)
    shared += [b for b in network.buffers() if b.is_floating_point()]
    flat = torch.cat([t.flatten() for t in shared])
    dist.all_reduce(flat)
    for t, mean in zip(shared, torch.split(flat / world, [t.numel() for t in shared]), strict=True):
        t.copy_(mean.view_as(t))


def _agreed(over: bool, world: int, device: torch.device) -> bool:
    """Whether any process wants to stop, so that all stop after the same step."""
    if world == 1:
        return over
    vote = torch.tensor([float(over)], device=device)
    dist.all_reduce(vote)
    return bool(vote.item() > 0)
