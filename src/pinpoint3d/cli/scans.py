"""`info` and `convert`: scans as files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pinpoint3d.cli.console import out
from pinpoint3d.errors import FileError

if TYPE_CHECKING:
    from pinpoint3d.io.cloud import Cloud
    from pinpoint3d.scene import Scene

ScenePath = Annotated[Path, typer.Argument(metavar="SCENE", help="A scan: PLY, PCD, LAS, E57, mesh, NumPy, text.")]
Up = Annotated[
    str | None, typer.Option(help='The file\'s axis that points up: "x", "y", "z" or with a minus, as "-y".')
]
Unit = Annotated[str, typer.Option(help="Unit of the file's coordinates: m, cm, mm, in or ft.")]


def info(scene: ScenePath, up: Up = None, unit: Unit = "m") -> None:
    """Say what a scan holds: points, size, colours, labels.

    pinpoint3d info room.ply
    pinpoint3d info model.obj --up y --unit mm
    """
    cloud, scan = _read(scene, up, unit)
    low, high = (scan.origin + scan.bounds).tolist()
    rows = {
        "points": f"{len(scan):,}",
        "without coordinates": f"{int((~scan.finite).sum()):,}",
        "size": " x ".join(f"{edge:.3f}" for edge in scan.extent) + " m",
        "from": ", ".join(f"{c:.3f}" for c in low),
        "to": ", ".join(f"{c:.3f}" for c in high),
        "colours": "yes" if scan.rgb is not None else "no",
        "normals": "yes" if scan.normal is not None else "no",
        "triangles": f"{len(scan.faces):,}" if scan.faces is not None else "none",
        "further fields": ", ".join(cloud.fields) or "none",
    }
    if names := list(cloud.object_names.values()):
        rows["objects"] = ", ".join(names)
    console = out()
    console.print(str(scene), style="bold")
    for name, value in rows.items():
        console.print(f"  {name:<20} {value}", soft_wrap=True)


def convert(
    source: ScenePath,
    target: Annotated[Path, typer.Argument(metavar="OUT", help="PLY, NPZ, LAS, LAZ, XYZ, TXT, ASC or CSV.")],
    up: Up = None,
    unit: Unit = "m",
) -> None:
    """Write a scan in another format, in metres and z up. Object and part labels and their names go along.

    pinpoint3d convert room.e57 room.ply
    pinpoint3d convert model.obj model.ply --up y --unit mm
    """
    from pinpoint3d.io import save_labels, save_scene
    from pinpoint3d.scene import Hierarchy

    if target.exists() and source.exists() and target.samefile(source):
        raise FileError(target, "is the scan itself; choose another name")
    cloud, scan = _read(source, up, unit)
    fields = dict(cloud.fields)
    if {"object", "part"} <= fields.keys():
        objects, parts = (fields.pop(name).astype("int32") for name in ("object", "part"))
        save_labels(target, scan, Hierarchy(objects, parts, cloud.object_names, cloud.part_names))
    else:
        save_scene(target, scan)
    console = out()
    console.print(f"wrote {target}: {len(scan):,} points", soft_wrap=True)
    if fields:
        console.print(f"not carried over: {', '.join(fields)}", soft_wrap=True)


def _read(path: Path, up: str | None, unit: str) -> "tuple[Cloud, Scene]":
    from pinpoint3d.io.load import read_cloud, scene_from_cloud

    cloud = read_cloud(path, up, unit, "vertices", 1, None)
    return cloud, scene_from_cloud(path, cloud, unit)
