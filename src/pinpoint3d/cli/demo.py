"""`demo`: the main job on the scan that comes along."""

from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from pinpoint3d.cli.console import out
from pinpoint3d.cli.segment import Model, folder_writers, report


def demo(
    to: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the results go.")] = Path("demo-out"),
    model: Model = None,
) -> None:
    """Cut the sample room into objects and parts with the clicks that come along.

    pinpoint3d demo
    """
    from pinpoint3d.io import load_scene
    from pinpoint3d.segmenters.registry import load_model
    from pinpoint3d.session import Session

    assets = files("pinpoint3d") / "assets"
    with as_file(assets / "sample_room.ply") as scan, as_file(assets / "sample_clicks.json") as clicks:
        session = Session(load_model(model), load_scene(scan))
        session.load_clicks(clicks)
    report(session, folder_writers(to, session.scene.name))
    out().print(f"\nLook at {to / session.scene.name}.png", style="bold", soft_wrap=True)
