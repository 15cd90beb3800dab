"""`segment`: clicks in, labels and a picture out."""

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pinpoint3d.cli.console import out
from pinpoint3d.cli.scans import ScenePath, Unit, Up
from pinpoint3d.errors import ClickError, FileError

if TYPE_CHECKING:
    from pinpoint3d.session import SessionSurface

Model = Annotated[str | None, typer.Option(help='A name of "pinpoint3d models", or a .pth or .safetensors file.')]


def segment(
    scene: ScenePath,
    click: Annotated[
        list[str] | None, typer.Option(metavar="X,Y,Z:WHAT", help="One click; may be given many times.")
    ] = None,
    clicks: Annotated[
        Path | None, typer.Option(help='A file {"clicks": [{"xyz": [1.2, 0.4, 0.8], "object": "chair"}]}.')
    ] = None,
    to: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            metavar="FOLDER|FILE",
            help="A folder for all results, or a file .ply .las .npz .json .png .pp3d and others. May be repeated.",
        ),
    ] = None,
    model: Model = None,
    server: Annotated[
        str | None,
        typer.Option(metavar="URL", help='Let a server do the work, one of "pinpoint3d studio"; the scan is sent.'),
    ] = None,
    token: Annotated[str | None, typer.Option(envvar="PINPOINT3D_TOKEN", help="What that server asks for.")] = None,
    up: Up = None,
    unit: Unit = "m",
) -> None:
    """Cut a scan into objects and parts by clicks, and write labels of every point and a picture.

    Coordinates are metres in the scan's own frame. WHAT is one of

        chair          this point belongs to the chair
        chair/seat     ... and to the chair's seat
        !chair         this point does not belong to the chair
        !chair/seat    it belongs to the chair, but not to the seat
        background     it belongs to no object

    Names are yours: a new one makes a new object or part.

        pinpoint3d segment room.ply --click "1.2,0.4,0.8:chair" \\
            --click "1.2,0.5,0.9:chair/seat" --out results
        pinpoint3d segment room.ply --clicks clicks.json --out room.labelled.las
    """
    from pinpoint3d.io import load_scene
    from pinpoint3d.segmenters.registry import load_model
    from pinpoint3d.session import ClickRequest, Session, SessionSurface

    targets = to or [Path("pinpoint3d-out")]
    writers = [pair for target in targets for pair in _writers(target, scene)]
    requests = [ClickRequest.parse(text) for text in click or []]
    if not requests and clicks is None:
        raise ClickError('nothing is clicked: give --click "x,y,z:name" or --clicks FILE')
    with contextlib.ExitStack() as stack:
        session: SessionSurface
        if server is None:
            session = Session(load_model(model), load_scene(scene, up=up, unit=unit))
        else:
            from pinpoint3d.server.remote import RemoteSession

            session = stack.enter_context(RemoteSession(server, scene, token=token, up=up, unit=unit))
        if clicks is not None:
            session.load_clicks(clicks)
        session.add(requests)
        report(session, writers)


def report(session: "SessionSurface", writers: "Sequence[tuple[Path, Callable[[SessionSurface, Path], None]]]") -> None:
    """Answer the clicks of a session, print what was found, and write it."""
    for path, _ in writers:
        _require_folder(path)
    console = out()
    started = time.perf_counter()
    prepared = session.prepare()
    encoded = time.perf_counter()
    _print_targets(session)
    answered = time.perf_counter()
    console.print(
        f"\n{prepared} in {encoded - started:.1f} s, {len(session.clicks)} clicks answered in "
        f"{answered - encoded:.1f} s",
        soft_wrap=True,
    )
    for path, write in writers:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(session, path)
        console.print(f"wrote {path}", soft_wrap=True)


def folder_writers(folder: Path, stem: str) -> "list[tuple[Path, Callable[[SessionSurface, Path], None]]]":
    """All results of a scan, by the files they are written to."""
    ends = {
        ".labelled.ply": _labels,
        ".labels.json": _labels,
        ".clicks.json": lambda session, path: session.save_clicks(path),
        ".pp3d": lambda session, path: session.save(path),
        ".png": _picture,
    }
    return [(folder / f"{stem}{end}", write) for end, write in ends.items()]


def _writers(target: Path, scan: Path) -> "list[tuple[Path, Callable[[SessionSurface, Path], None]]]":
    """What to write to one --out; faults are found before anything is read."""
    from pinpoint3d.session.exports import export_of

    suffix = target.suffix.lower()
    if not suffix or target.is_dir():
        if target.is_file():
            raise FileError(target, "is a file; give --out a folder, or a file name with a suffix such as .ply")
        return folder_writers(target, scan.stem)
    if target.exists() and scan.exists() and target.samefile(scan):
        raise FileError(target, "is the scan itself; write the labels to another file")
    if suffix == ".png":
        return [(target, _picture)]
    try:
        export_of(target)
    except FileError as error:
        raise FileError(target, f"{error.told[1]}, pictures as .png") from None
    return [(target, _labels)]


def _require_folder(path: Path) -> None:
    """Check that a file can come to be at `path`, before the long work and before other files are written."""
    nearest = next(folder for folder in path.absolute().parents if folder.exists())
    if not nearest.is_dir():
        raise FileError(path, f"cannot be written: {nearest} is a file, not a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise FileError(path, f"cannot be written: no permission to write in {nearest}")


def _labels(session: "SessionSurface", path: Path) -> None:
    session.export(path)


def _picture(session: "SessionSurface", path: Path) -> None:
    from pinpoint3d.io.picture import Marker, save_picture

    markers = [Marker(c.xyz, c.object, c.part or 0, c.positive) for c in session.clicks]
    save_picture(path, session.scene, session.masks, markers)


def _print_targets(session: "SessionSurface") -> None:
    from rich.table import Table

    from pinpoint3d.prompts import TargetStatus

    table = Table("object", "part", box=None, pad_edge=False)
    for title in ("clicks", "points", "confidence"):
        table.add_column(title, justify="right")
    table.add_column("status")
    lost, parent = [], ""
    for row in session.summary():
        whole = row.part is None
        parent = row.name if whole else parent
        confidence = "" if row.confidence is None else f"{row.confidence:.2f}"
        status = "not clicked" if row.status is None else row.status.value
        if row.status is TargetStatus.NO_VOXEL:
            lost.append(row.name if whole else f"{parent}/{row.name}")
        names = (row.name, "") if whole else ("", row.name)
        table.add_row(*names, str(row.clicks), f"{row.points:,}", confidence, status)
    console = out()
    console.print(table)
    if lost:
        console.print(
            f"\nno voxel of its own: {', '.join(lost)}; smaller than a voxel, or later clicks took its place: "
            "click farther apart or use a finer model"
        )
