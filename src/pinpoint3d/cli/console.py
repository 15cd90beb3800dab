"""What every command shares: where text goes, and how a mistake is told."""

import sys
import warnings
from typing import Any, NoReturn, TextIO

import typer
from rich.console import Console
from typer.core import TyperGroup

from pinpoint3d.errors import PinPointError

USAGE = 2


class OneLineErrors(TyperGroup):
    """A mistake is one line on standard error and exit code 2, a warning one line; Ctrl-C exits with 130."""

    def main(self, *args: Any, **options: Any) -> NoReturn:
        """Run the command line and exit."""
        options["standalone_mode"] = False
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always", UserWarning)
                warnings.showwarning = _show_warning
                sys.exit(super().main(*args, **options) or 0)
        except (PinPointError, typer.TyperException) as error:
            message = error.format_message() if isinstance(error, typer.TyperException) else str(error)
            if message:  # none where a bare command group has just printed its help
                _say("error", message)
            sys.exit(USAGE)
        except MemoryError:
            _say("error", "not enough memory; thin the scan out or cut it into tiles first")
            sys.exit(USAGE)


def out() -> Console:
    """Standard output, as it is now; names from files are shown as they are, never taken for markup."""
    return Console(markup=False, highlight=False, emoji=False)


def _say(kind: str, message: str) -> None:
    typer.echo(f"{kind}: {' '.join(message.split())}", err=True)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """One line without the place in the code, which means nothing to a user."""
    _say("warning", str(message))
