"""`data`: make labelled scans, import CAD objects, and look at what data sets hold."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pinpoint3d.cli.console import out
from pinpoint3d.errors import PinPointError

if TYPE_CHECKING:
    from pinpoint3d.datasets.check import Finding

app = typer.Typer(help="Make labelled scans, import CAD objects, check and show data sets.", no_args_is_help=True)

FAULTS = 1  # exit code of a check that found something
_MOST_TOLD = 20  # findings that are printed; a report has all
_DATA = "KIND:DIR"
_KINDS = 'KIND:DIR, as for "pinpoint3d eval run --data"'
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")]


@app.command()
def synth(
    scenes: Annotated[int, typer.Option(min=1, help="How many.")],
    folder: Annotated[Path, typer.Option("--out", help="Where they go; what was cut off there is continued.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same scenes, byte by byte.")] = 0,
    split: Annotated[
        Literal["train", "val", "test"], typer.Option(help="No two splits show the same design of an object.")
    ] = "train",
    objects: Annotated[
        Path | None, typer.Option(help='A folder of objects that "pinpoint3d data import" wrote, to take part.')
    ] = None,
    shard_size: Annotated[int, typer.Option(min=1, help="Scenes a file.")] = 10,
    engine: Annotated[Literal["local", "ray"], typer.Option(help="This machine, or a Ray cluster.")] = "local",
    workers: Workers = None,
    address: Annotated[str | None, typer.Option(help="Of the Ray cluster, or auto; by default a local one.")] = None,
) -> None:
    """Make rooms full of objects with parts, scanned as a depth camera or a lidar would.

        pinpoint3d data synth --scenes 100 --seed 7 --out rooms
        pinpoint3d data show synth:rooms --out rooms.png
        pinpoint3d eval run --data synth:rooms --level part --out results

    Any number of processes gives the same bytes. A run that was cut off is continued by the same command.
    """
    from pinpoint3d.engines import Engine
    from pinpoint3d.synthesis.storage.make import make_scenes

    made = make_scenes(
        folder,
        seed=seed,
        scenes=scenes,
        split=split,
        library=objects,
        shard_size=shard_size,
        engine=Engine(engine),
        workers=workers,
        address=address,
    )
    already = f" ({scenes - made} were there)" if made < scenes else ""
    out().print(f"made {made} scenes{already}; look at them: pinpoint3d data show synth:{folder}", soft_wrap=True)


@app.command("import")
def import_(
    sources: Annotated[list[Path], typer.Argument(help="Files and folders of GLB, OBJ, URDF, MJCF, SDF, PartNet.")],
    library: Annotated[Path, typer.Option("--out", help="Folder of the objects, a file each.")],
    up: Annotated[str | None, typer.Option(help="Axis of meshes that points up; by default the format's own.")] = None,
    front: Annotated[Literal["-y", "y", "x", "-x"], typer.Option(help="Axis that fronts face, once upright.")] = "-y",
    unit: Annotated[Literal["m", "cm", "mm", "in", "ft"], typer.Option(help="Of the files.")] = "m",
    usual_size: Annotated[
        bool, typer.Option(help="Scale each to the usual size of its kind; --unit is ignored.")
    ] = False,
    file_a_part: Annotated[bool, typer.Option(help="Every folder with several meshes is one object.")] = False,
    loose: Annotated[bool, typer.Option(help="Pieces that do not hang together are parts of their own.")] = False,
    merge_below: Annotated[
        float, typer.Option(min=0, max=1, help="Parts with a smaller share of the surface join the nearest part.")
    ] = 0.0,
    single: Annotated[bool, typer.Option(help="Accept objects of one part.")] = False,
    skip_missing: Annotated[bool, typer.Option(help="Leave out meshes that are named but missing.")] = False,
    licence: Annotated[str, typer.Option(help="Kept with each object.")] = "",
    workers: Workers = None,
) -> None:
    """Keep CAD objects with their parts in a library, from which "data synth --objects" takes them.

        pinpoint3d data import chairs/ table.glb robot.urdf --out library
        pinpoint3d data show library:library --out library.png

    What cannot be used is named and counted, and left out; each source has a line of counts at the end.
    """
    from collections import Counter

    from pinpoint3d.io import METRES
    from pinpoint3d.synthesis.cad.imports import import_objects

    options = {
        "up": up,
        "front": front,
        "scale": "usual" if usual_size else METRES[unit],
        "loose": loose,
        "merge_below": merge_below,
        "single": single,
        "skip_missing": skip_missing,
        "licence": licence,
    }
    console = out()
    kept, parts, skipped = Counter[Path](), Counter[Path](), Counter[Path]()
    for outcome in import_objects(sources, library, options, file_a_part=file_a_part, workers=workers):
        kept[outcome.given] += bool(outcome.name)
        parts[outcome.given] += outcome.parts
        skipped[outcome.given] += bool(outcome.skipped)
        if outcome.skipped:
            console.print(f"skipped  {outcome.skipped}", soft_wrap=True)
        for doubt in outcome.doubts:
            console.print(f"doubtful {doubt}", soft_wrap=True)
    if len(kept) > 1:
        for given in kept:
            counts = f"{kept[given]} objects with {parts[given]} parts, {skipped[given]} skipped"
            console.print(f"{given}: {counts}", soft_wrap=True)
    if not kept.total():
        raise PinPointError(f"{library}: nothing could be imported; {skipped.total()} skipped")
    console.print(
        f"{kept.total()} objects with {parts.total()} parts are in {library}; {skipped.total()} skipped", soft_wrap=True
    )


@app.command()
def check(
    data: Annotated[list[str], typer.Argument(metavar=f"{_DATA}...", help=f"{_KINDS}; several are taken for splits.")],
    least_points: Annotated[int, typer.Option(min=0, help="An object with fewer points is a fault.")] = 10,
    objects: Annotated[
        Path | None, typer.Option(help="The library that synthetic scenes were made with, to check how things stand.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
    workers: Workers = None,
) -> None:
    """Look for what is wrong: labels, names, sizes, copies, leaks between splits. Exit code 1 where there is a fault.

        pinpoint3d data check folder:scans
        pinpoint3d data check synth:train synth:val synth:test

    Several data sets are taken for splits: a scan, a room or a design in two of them leaks. In synthetic scenes
    objects must rest on something and not run into one another.
    """
    from dataclasses import asdict

    from pinpoint3d.datasets.check import check as look

    report = look(data, least_points=least_points, library=objects, workers=workers)
    console = out()
    if json:
        findings = [asdict(finding) for finding in report.findings]
        console.print_json(data={"counts": {n: asdict(c) for n, c in report.counts.items()}, "findings": findings})
        raise typer.Exit(FAULTS if report.faults else 0)
    for name, count in report.counts.items():
        held = f"{count.scenes} scenes, {count.points:,} points, {count.objects:,} objects, {count.parts:,} parts"
        console.print(f"{name}: {held}", soft_wrap=True)
    for group in (True, False):
        _print_findings(
            [finding for finding in report.findings if finding.fault is group], "fault" if group else "note"
        )
    console.print(f"{report.faults} faults, {len(report.findings) - report.faults} notes")
    raise typer.Exit(FAULTS if report.faults else 0)


def _print_findings(findings: "list[Finding]", kind: str) -> None:
    console = out()
    for finding in findings[:_MOST_TOLD]:
        console.print(f"{kind}  {finding.where}: {finding.problem}", soft_wrap=True)
    if len(findings) > _MOST_TOLD:
        console.print(f"and {len(findings) - _MOST_TOLD} more {kind}s; --json prints all")


@app.command()
def show(
    data: Annotated[str, typer.Argument(metavar=_DATA, help=f"{_KINDS}; or library:DIR, objects that were imported.")],
    picture: Annotated[Path, typer.Option("--out", help="A PNG; with --turntable a GIF or animated PNG.")],
    number: Annotated[int, typer.Option(min=1, help="How many are shown, evenly spread.")] = 12,
    name: Annotated[list[str] | None, typer.Option(help="A scene or object to show; may be given again.")] = None,
    turntable: Annotated[bool, typer.Option(help="Turn the first of them once around.")] = False,
) -> None:
    """Draw scans on one page: as they look, their objects, their parts.

    pinpoint3d data show synth:rooms --out rooms.png
    pinpoint3d data show synth:rooms --name train-0-00003 --turntable --out room.gif
    pinpoint3d data show library:library --out library.png
    """
    from pinpoint3d.datasets.show import draw

    drawn = draw(data, picture, number, name or [], turntable=turntable)
    told = drawn if len(drawn) <= _MOST_TOLD else [*drawn[:3], "and so on"]
    out().print(f"wrote {picture}: {len(drawn)} drawn, {', '.join(told)}", soft_wrap=True)


@app.command()
def stats(
    data: Annotated[list[str], typer.Argument(metavar="DATA...", help=f"{_KINDS}; or a scan, with or without labels.")],
    number: Annotated[int, typer.Option(min=1, help="How many scenes of a data set are looked at.")] = 12,
) -> None:
    """Put what scans are like in numbers side by side, and say where the first data set lies outside the others.

        pinpoint3d data stats synth:rooms scan1.ply scan2.ply
        pinpoint3d data stats synth:rooms scannet:scans mosd:tables

    Each cell has the median, and the least and the greatest. Scans that are named by file make one column.
    """
    from rich.table import Table

    from pinpoint3d.datasets.compare import compare_scans

    columns, rows = compare_scans(data, number)
    table = Table("", *columns, "the first", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    out().print(table)


@app.command()
def benchmark(
    folder: Annotated[Path, typer.Option("--out", help="Where val and test go; what is there is not made again.")],
    workers: Workers = None,
) -> None:
    """Make pinpoint-synth, 60 validation and 60 test scenes, and compare them with their checksums.

        pinpoint3d data benchmark --out pinpoint-synth
        pinpoint3d eval run --data synth:pinpoint-synth/test --level part --out results

    No scene for training shows an object of the same design.
    """
    from pinpoint3d.synthesis import benchmark as known

    known.make_benchmark(folder, workers)
    found = known.compare(folder)
    count = len(found.same) + len(found.like) + len(found.other)
    if found.other:
        raise PinPointError(
            f"{folder}: {len(found.other)} of {count} scenes are not those of pinpoint-synth ({found.other[0]} first); "
            "figures on it do not compare; make it in another folder on an x86 processor with AVX2, with an unchanged "
            "generator"
        )
    rounded = f", {len(found.like)} but for rounding" if found.like else ", bit for bit"
    out().print(f"{folder}: all {count} scenes are those of pinpoint-synth{rounded}", soft_wrap=True)
