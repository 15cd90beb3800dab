"""The labels of a session as a file to be downloaded."""

import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from pinpoint3d.server.problems import missing
from pinpoint3d.server.studio import Studio
from pinpoint3d.session.exports import EXPORTS


async def export(studio: Studio, session: str, format_id: str) -> tuple[Path, str, Callable[[], None]]:
    """Write a file.

    Returns:
        Where it lies, what to call it, and what removes it once it is sent.

    Raises:
        RefusedError: no such format or session.
        FileError: the format cannot hold this scan.
    """
    form = EXPORTS.get(format_id)
    if form is None:
        raise missing("export format", format_id)
    folder = Path(tempfile.mkdtemp(prefix="pinpoint3d-"))
    remove = partial(shutil.rmtree, folder, ignore_errors=True)
    try:
        _, slot, live = await studio.enter(session)
        async with slot.lock:
            await studio.worker.run(lambda: live.session.labelling)  # the model on its own thread, the file on another
            path = folder / f"{live.session.scene.name or 'scan'}{form.suffix}"
            await run_in_threadpool(form.write, live.session, path)
    except BaseException:
        remove()
        raise
    return path, path.name, remove
