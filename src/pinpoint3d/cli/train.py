"""`train`: a model from labelled scans."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pinpoint3d.cli.console import out

if TYPE_CHECKING:
    from pinpoint3d.model import Network


def train(
    data: Annotated[
        str, typer.Option(help='folder:DIR of labelled PLY files, another data set KIND:DIR, or "generated".')
    ],
    folder: Annotated[Path, typer.Option("--out", help="Where model, state and log go; a training there goes on.")],
    init: Annotated[
        str | None, typer.Option(help="Begin with the weights of a model by name or file; else from nothing.")
    ] = None,
    design: Annotated[
        Literal["surface", "pinpoint3d", "agile3d"],
        typer.Option(help="What to train from nothing: our network, or one of the published ones in a small size."),
    ] = "surface",
    minutes: Annotated[float | None, typer.Option(min=0, help="Stop after so long; the same command goes on.")] = None,
    steps: Annotated[int, typer.Option(min=1, help="Steps in all; the learning rate falls towards the last.")] = 6000,
    batch: Annotated[int, typer.Option(min=1, help="Samples a step, over all processes.")] = 3,
    rate: Annotated[float, typer.Option(min=0, help="Greatest learning rate.")] = 2e-3,
    rounds: Annotated[int, typer.Option(min=1, help="Most rounds of clicks a sample.")] = 3,
    voxels: Annotated[int, typer.Option(min=100, help="Most voxels a sample.")] = 9000,
    scans: Annotated[int, typer.Option(min=1, help="How many different scans are generated.")] = 5000,
    cache: Annotated[Path | None, typer.Option(help="Keep generated scans in this folder.")] = None,
    objects: Annotated[
        Path | None, typer.Option(help='CAD objects for generated scans, from "pinpoint3d data import".')
    ] = None,
    freeze: Annotated[
        list[str] | None, typer.Option(help="A module that stays as it is, such as backbone. May be given many times.")
    ] = None,
    patterned: Annotated[float, typer.Option(min=0, max=1, help="Share of objects with new patterns on them.")] = 0,
    workers: Annotated[int, typer.Option(min=0, help="Processes that prepare samples.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is random.")] = 0,
) -> None:
    """Train a model, or tune one to your own scans.

        pinpoint3d train --init pinpoint3d --data folder:scans --out tuned --steps 300 --rate 5e-4
        pinpoint3d segment room.ply --model tuned/model.safetensors --click "1.2,0.4,0.8:chair"
        pinpoint3d train --data generated --cache crops --out trained --minutes 60 --workers 1

    Scans have the integer vertex fields object and part; 0 is background, -1 unlabelled. On several GPUs:

        torchrun --nproc-per-node 8 --no-python pinpoint3d train --data folder:scans --out trained
    """
    from pinpoint3d.datasets.registry import open_dataset
    from pinpoint3d.training.config import Augmentation, TrainingConfig
    from pinpoint3d.training.run import run
    from pinpoint3d.training.sources import Generated, Shuffled, Source

    source: Source = (
        Generated(seed, scans, cache, objects) if data == "generated" else Shuffled(open_dataset(data), seed)
    )
    network = _network(init, design, seed)
    size = getattr(network.config, "voxel_size", None)
    config = TrainingConfig(
        steps=steps,
        batch=batch,
        rate=rate,
        rounds=rounds,
        cooldown=1.0 if init else TrainingConfig.cooldown,  # a tuned model keeps its norms' statistics
        frozen=tuple(freeze or ()),
        workers=workers,
        seed=seed,
        augmentation=Augmentation(voxel_size=size, voxels=voxels, patterned=patterned),
    )
    done = run(network, source, config, folder, minutes=minutes)
    out().print(f"{done} of {steps} steps done; the model is {folder / 'model.safetensors'}", soft_wrap=True)


def _network(init: str | None, design: str, seed: int) -> "Network":
    import numpy as np

    from pinpoint3d.model import SurfaceConfig, create_network, load_network
    from pinpoint3d.model.config import PUBLISHED, small
    from pinpoint3d.segmenters.registry import weights_of

    if init is not None:
        return load_network(weights_of(init)).train()
    published = {name.lower(): name for name in PUBLISHED}
    config = small(published[design]) if design in published else SurfaceConfig()
    return create_network(config, np.random.default_rng([seed, 1]))
