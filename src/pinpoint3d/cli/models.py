"""`models` and `weights`: what can answer clicks."""

from pathlib import Path
from typing import Annotated

import typer

from pinpoint3d.cli.console import out

weights = typer.Typer(help="Weights of the published networks.", no_args_is_help=True)


def models() -> None:
    """List the models, the best first; the first that is ready is used unless --model names another."""
    from rich.table import Table

    from pinpoint3d.segmenters.registry import available_models

    table = Table("model", "ready", "what it does", box=None, pad_edge=False)
    for model in available_models():
        table.add_row(model.name, "yes" if model.ready else "no weights", model.about)
    console = out()
    console.print(table)
    console.print('\nGive released weights with "pinpoint3d weights import CHECKPOINT.pth".')


@weights.command("import")
def import_weights(
    checkpoint: Annotated[
        Path, typer.Argument(help="A released .pth of PinPoint3D or AGILE3D, or their .safetensors.")
    ],
) -> None:
    """Keep a checkpoint for this user, so that --model finds it by name.

    pinpoint3d weights import released.pth
    pinpoint3d segment room.ply --model pinpoint3d-published --click "1.2,0.4,0.8:chair" --out results
    """
    from pinpoint3d.segmenters import registry

    name, kept = registry.import_weights(checkpoint)
    out().print(f"{name} is ready; its weights are kept in {kept}", soft_wrap=True)
