"""`studio`: the page."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from pinpoint3d.cli.console import out
from pinpoint3d.cli.scans import Unit, Up
from pinpoint3d.cli.segment import Model
from pinpoint3d.errors import FileError


def studio(
    scans: Annotated[
        list[Path] | None, typer.Argument(metavar="[SCAN|FOLDER]...", help="Scans, or folders of scans, to work on.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; any but this machine's own asks for a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option(envvar="PINPOINT3D_TOKEN", help="What visitors must show; made up where one is needed."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where work is kept; by default in your own data folder.")
    ] = None,
    allow: Annotated[
        list[Path] | None, typer.Option(metavar="DIR", help="A folder whose scans the page may open; may be repeated.")
    ] = None,
    model: Model = None,
    browser: Annotated[bool, typer.Option(help="Open the page.")] = True,
    capacity: Annotated[int, typer.Option(min=1, help="Scenes in memory at once.")] = 8,
    idle: Annotated[float, typer.Option(min=1, help="Seconds until an unused scene may go to somebody else.")] = 600,
    database: Annotated[
        str | None,
        typer.Option(
            envvar="PINPOINT3D_DATABASE", help="SQLAlchemy URL of the event log; SQLite in --data by default."
        ),
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="A web origin whose pages may call the server (CORS); may be repeated.")
    ] = None,
    up: Up = None,
    unit: Unit = "m",
) -> None:
    """Cut scans into objects and parts in the browser.

    Everything you do is kept as you do it; close the page and come back whenever you like.

        pinpoint3d studio room.ply
        pinpoint3d studio scans/ --host 0.0.0.0     for a team, with a token
        pinpoint3d studio                           a sample room to try it on
    """
    from pinpoint3d.segmenters.registry import home, load_model
    from pinpoint3d.server.serve import bind, serve
    from pinpoint3d.server.settings import LOOPBACK, ServerSettings

    folders = [path for path in allow or [] if not path.is_dir()]
    if folders:
        raise FileError(folders[0], "is no folder; --allow names folders")
    if host not in LOOPBACK and token is None:
        token = secrets.token_urlsafe(16)
    settings = ServerSettings(
        data=data or home() / "studio",
        database=database,
        allow=tuple(allow or []),
        host=host,
        token=token,
        origins=tuple(origin or []),
        capacity=capacity,
        idle_s=idle,
    )
    with bind(host, port) as socket:
        port = socket.getsockname()[1]
        shown = "localhost" if host in ("0.0.0.0", "::", *LOOPBACK) else host
        address = f"http://{shown}:{port}/" + (f"?token={token}" if token else "")
        out().print(f"The studio is at {address}\nWork is kept in {settings.data}; Ctrl+C ends.", soft_wrap=True)
        serve(settings, load_model(model), socket, scans or [], up, unit, address if browser else None)
