"""A training from its settings: network, data and devices put together, and the pictures drawn at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
import torch.distributed as dist

# Default arguments there keep whatever group there is when they are first read, and the optimiser reads them: a group
# that nobody can end leaves threads behind, which abort a process that is about to end.
import torch.distributed.nn

from pinpoint3d.errors import FileError
from pinpoint3d.model import Network, SurfaceNetwork
from pinpoint3d.training import published, surface
from pinpoint3d.training.config import TrainingConfig
from pinpoint3d.training.log import plot_curves
from pinpoint3d.training.loop import LOG, STATE, Learn, train
from pinpoint3d.training.pictures import draw_samples
from pinpoint3d.training.sources import Source
from pinpoint3d.training.state import TrainingState


def run(network: Network, source: Source, config: TrainingConfig, out: Path, *, minutes: float | None = None) -> int:
    """Train, or go on with the training in the folder, on a GPU where there is one; started by torchrun, on several.

    Writes `state.pt`, `model.safetensors`, `log.jsonl`, `curves.png` and, of the surface network, `samples.png`.

    Args:
        network: with its initial weights.
        source: of the scans.
        config: what to do.
        out: folder, made where there is none.
        minutes: time budget of this call; None for all steps.

    Returns:
        Steps done so far.

    Raises:
        FileError: the folder cannot be written to, holds a training of other settings, or a scan cannot be read.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(out, f"cannot be made: {error.strerror}") from error
    with _processes() as device:
        state = TrainingState.begin(network.to(device), config)
        if (out / STATE).exists():
            state.load(out / STATE, config)
        train(state, _way_of(network), source, config, out, minutes=minutes, device=device)
        if not dist.is_initialized() or dist.get_rank() == 0:
            plot_curves(out / LOG, out / "curves.png")
            if isinstance(state.average, SurfaceNetwork):
                draw_samples(state.average, source, config, out / "samples.png")
    return state.step


def _way_of(network: Network) -> Learn:
    return surface.learn if isinstance(network, SurfaceNetwork) else published.learn


@contextmanager
def _processes() -> Iterator[torch.device]:
    """Join the other processes of torchrun, if any; the device of this one."""
    cuda = torch.cuda.is_available()
    place = int(os.environ.get("LOCAL_RANK", 0))
    device = torch.device("cuda", place) if cuda else torch.device("cpu")
    if int(os.environ.get("WORLD_SIZE", 1)) == 1:
        yield device
        return
    if cuda:
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if cuda else "gloo")
    try:
        yield device
    finally:
        dist.destroy_process_group()
