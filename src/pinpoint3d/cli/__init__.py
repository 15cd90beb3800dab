"""The command line: every job as a subcommand.

Modules of this package import the libraries they need inside their commands, so that `--help` answers at once.
"""

from typing import Annotated

import typer

from pinpoint3d.cli import data, demo, evaluate, models, scans, segment, studio, train
from pinpoint3d.cli.console import OneLineErrors

app = typer.Typer(
    cls=OneLineErrors,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def pinpoint3d(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Cut a 3D scan into objects and their parts with a few clicks.

    Try it on the scan that comes along:

        pinpoint3d demo

    Then on your own. Coordinates are metres in the scan's own frame, as any viewer shows them:

        pinpoint3d info room.ply
        pinpoint3d segment room.ply --click "1.2,0.4,0.8:chair" \\
            --click "1.2,0.5,0.9:chair/seat" --out results
    """
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"pinpoint3d {installed('pinpoint3d')}")
    elif ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


app.command()(demo.demo)
app.command()(studio.studio)
app.command()(scans.info)
app.command()(scans.convert)
app.command()(segment.segment)
app.command(name="models")(models.models)
app.command()(train.train)
app.add_typer(models.weights, name="weights")
app.add_typer(evaluate.app, name="eval")
app.add_typer(data.app, name="data")


def main() -> None:
    """Entry point of the `pinpoint3d` command."""
    app()
