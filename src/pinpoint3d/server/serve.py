"""A server from its settings to its end."""

import contextlib
import gc
import logging
import socket as sockets
import threading
import webbrowser
from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import uvicorn

from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.segmenters import Segmenter
from pinpoint3d.server.app import make_app
from pinpoint3d.server.places import SCANS
from pinpoint3d.server.settings import ServerSettings
from pinpoint3d.server.studio import Studio

_PATIENCE_S = 3  # when the server ends, pages that stay connected are cut off after this
_FRAME_BYTES = 64 * 1024  # of what comes by WebSocket; previews are short


def bind(host: str, port: int) -> sockets.socket:
    """A listening socket, so that a port that is taken is told before the long work begins.

    Raises:
        PinPointError: the address cannot be used.
    """
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    # Its protocol is given since asyncio sends at once only then; the end of an answer would else wait for 40 ms.
    socket = sockets.socket(family, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)
    try:
        socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        socket.bind((host, port))
        socket.listen()  # who comes before the server is ready waits instead of being refused
    except OSError as error:
        socket.close()
        raise PinPointError(
            f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port"
        ) from error
    return socket


def serve(
    settings: ServerSettings,
    model: Segmenter[Any],
    socket: sockets.socket,
    scans: Iterable[Path],
    up: str | None,
    unit: str,
    browse: str | None,
) -> None:
    """Serve until interrupted.

    Args:
        settings: see there.
        model: what answers the clicks.
        socket: as `bind` gives it.
        scans: scans, and folders of scans, for the queue; the sample room where there are none.
        up: the scans' axis that points up, as in `load_scene`.
        unit: the scans' unit, as in `load_scene`.
        browse: address to open in the browser once the server answers; of a single scan it opens that scan.

    Raises:
        FileError: a scan is not there, or the data folder cannot be made.
    """
    app = make_app(settings, model)
    added = fill(app.state.studio, scans, up, unit)
    logging.getLogger("pinpoint3d").setLevel(logging.INFO)
    # No access log: addresses may carry the token.
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        ws_max_size=_FRAME_BYTES,
        server_header=False,
        timeout_graceful_shutdown=_PATIENCE_S,
    )
    server = uvicorn.Server(config)
    if browse is not None:
        if len(added) == 1:
            browse += f"{'&' if '?' in browse else '?'}scene={added[0]}"
        threading.Thread(target=_browse, args=(server, browse), daemon=True).start()
    # Modules and model live as long as the server: looking through them for garbage would hold up a click by 0.1 s.
    gc.collect()
    gc.freeze()
    with contextlib.suppress(KeyboardInterrupt):
        server.run([socket])


def fill(studio: Studio, scans: Iterable[Path], up: str | None, unit: str) -> list[str]:
    """Put scans into the queue; their ids. Raises FileError where one is not there."""
    found = [path for scan in scans for path in _scans(scan)]
    added = [studio.store.add_scene(path.resolve(), up=up, unit=unit).id for path in found]
    if not studio.store.scenes():
        with as_file(files("pinpoint3d") / "assets" / "sample_room.ply") as sample:
            studio.store.add_scene(sample.resolve(), sample=True)
    return added


def _scans(path: Path) -> list[Path]:
    if path.is_dir():
        scans = sorted(entry for entry in path.iterdir() if entry.suffix.lower() in SCANS and entry.is_file())
        if not scans:
            raise FileError(path, "holds no scan")
        return scans
    if not path.is_file():
        raise FileError(path, "no such file")
    if path.suffix.lower() not in SCANS:
        raise FileError(path, f"unknown suffix {path.suffix!r}; known are {', '.join(sorted(SCANS))}")
    return [path]


def _browse(server: uvicorn.Server, address: str) -> None:
    """Open the page as soon as the server answers."""
    waited = threading.Event()
    while not server.started and not server.should_exit:
        waited.wait(0.05)
    if server.started:
        webbrowser.open(address)
