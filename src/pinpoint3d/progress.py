"""One progress bar for every long job: drawn on a terminal only, and only when the job lasts over a second."""

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_PATIENCE_S = 1.0


@contextmanager
def track(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield `advance(n)`; a bar appears on standard error once the job has run for a second.

    Nothing is drawn when standard error is not a terminal, nor in a worker process, whose parent has the terminal. So
    library code may always call this.
    """
    if not sys.stderr.isatty() or multiprocessing.parent_process() is not None:
        yield lambda n: None
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(label, total=total)
    started = time.monotonic()

    def advance(n: int) -> None:
        bar.update(task, advance=n)
        if not bar.live.is_started and time.monotonic() - started > _PATIENCE_S:
            bar.start()

    try:
        yield advance
    finally:
        if bar.live.is_started:
            bar.stop()
