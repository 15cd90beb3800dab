"""The command line: every job as a subcommand."""

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


def main() -> None:
    """Entry point of the `pinpoint3d` command."""
    app()
