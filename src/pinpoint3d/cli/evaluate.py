"""`eval`: annotate data sets with the robot, and report on the results."""

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pinpoint3d.cli.console import out

if TYPE_CHECKING:
    from pinpoint3d.evaluation.figures import Figure
    from pinpoint3d.evaluation.report import Section

app = typer.Typer(help="Measure segmenters with a robot that clicks, and compare them.", no_args_is_help=True)

Protocol = Literal["complete", "published"]
_PROTOCOL = "complete: every sample counts. published: as the published scripts count, their drops included."


@app.command()
def run(
    data: Annotated[
        str, typer.Option(help="folder:DIR of labelled PLY files, synth:DIR, or another KIND:DIR of docs/data.md.")
    ],
    folder: Annotated[Path, typer.Option("--out", help="Where rows go; a run that was cut off there is continued.")],
    segmenter: Annotated[str, typer.Option(help='A model by name (see "pinpoint3d models") or file.')] = "geodesic",
    level: Annotated[
        Literal["object", "part", "hierarchical"],
        typer.Option(help="Objects of a scene, parts of an object, or an object first and then its parts."),
    ] = "object",
    targets: Annotated[
        Literal["single", "random", "all"], typer.Option(help="Which targets are annotated together in a sample.")
    ] = "all",
    protocol: Annotated[Protocol, typer.Option(help=f"What to print; the rows hold both. {_PROTOCOL}")] = "complete",
    clicks: Annotated[int, typer.Option(min=1, help="Most clicks a target.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of all that is random.")] = 0,
    jitter: Annotated[float, typer.Option(min=0, help="Slip of the robot's hand in metres.")] = 0.0,
    random_place: Annotated[bool, typer.Option(help="Click anywhere in the largest error.")] = False,
    connected: Annotated[
        float | None, typer.Option(min=0, help="Split errors into pieces that hang together by steps of these metres.")
    ] = None,
    per_scene: Annotated[
        int | None, typer.Option(min=1, help="At most so many samples of a scene, chosen at random; all by default.")
    ] = None,
    engine: Annotated[Literal["local", "ray"], typer.Option(help="This machine, or a Ray cluster.")] = "local",
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")] = None,
    address: Annotated[str | None, typer.Option(help="Of the Ray cluster, or auto; by default a local one.")] = None,
) -> None:
    """Annotate a data set click by click and write a row a click.

        pinpoint3d eval run --segmenter geodesic --data folder:scans --out results/geodesic

    Scans have the integer vertex fields object and, for --level part, part; 0 is background, -1 unlabelled.
    """
    from pinpoint3d.engines import Engine
    from pinpoint3d.evaluation.report import sections
    from pinpoint3d.evaluation.run import run as annotate
    from pinpoint3d.evaluation.samples import Level, Selection
    from pinpoint3d.evaluation.settings import Settings
    from pinpoint3d.evaluation.sources import read_source
    from pinpoint3d.prompts import ClickRule

    settings = Settings(
        segmenter=segmenter,
        data=data,
        level=Level(level),
        selection=Selection(targets),
        clicks=clicks,
        seed=seed,
        rule=ClickRule(random_place=random_place, connected=connected, jitter=jitter),
        per_scene=per_scene,
    )
    results = annotate(settings, folder, engine=Engine(engine), workers=workers, address=address)
    source = read_source(folder)
    _print([s for s in sections([source], clicks) if s.title != f"{_other(protocol)} protocol"], [source.name])
    out().print(f"{len(results)} samples; rows are in {folder}", soft_wrap=True)


@app.command()
def published(
    rows: Annotated[Path, typer.Argument(metavar="ROWS.csv", help="index scene n_targets clicks_per_target iou")],
    listed: Annotated[Path | None, typer.Option("--list", help="The list of samples the rows were made with.")] = None,
    cap: Annotated[int, typer.Option(min=1, help="Most clicks a target: 10 for parts, 20 for objects.")] = 10,
    protocol: Annotated[Protocol, typer.Option(help=_PROTOCOL)] = "published",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object of name and number.")] = False,
) -> None:
    """Print the metrics of a released result file.

    pinpoint3d eval published partscan_random_part.csv --list partscan_val_list.json --json
    """
    from pinpoint3d.evaluation.figures import complete_figures
    from pinpoint3d.evaluation.published import curves_of, published_figures, read_published
    from pinpoint3d.evaluation.report import Section

    found = read_published(rows)
    curves = curves_of(found, rows, listed)
    figures = published_figures(found, cap) if protocol == "published" else complete_figures(curves, cap)
    if json:
        _print_json(figures)
    else:
        _print([Section(f"{protocol} protocol", {figure.name: [figure] for figure in figures})], [rows.stem])


@app.command()
def report(
    results: Annotated[list[Path], typer.Argument(help="Folders of runs, or released result files.")],
    folder: Annotated[
        Path | None, typer.Option("--out", help="Also write report.md, report.csv and curves.png to this folder.")
    ] = None,
    listed: Annotated[
        list[Path] | None, typer.Option("--list", help="List of samples; one for every released file, in order.")
    ] = None,
    cap: Annotated[int | None, typer.Option(min=1, help="Most clicks a target; by default what all have.")] = None,
) -> None:
    """Put results side by side: a table with 95 % intervals, and curves.

    pinpoint3d eval report results/geodesic results/voronoi --out report
    """
    from pinpoint3d.errors import FileError
    from pinpoint3d.evaluation.plot import plot_curves
    from pinpoint3d.evaluation.report import as_csv, as_markdown, sections
    from pinpoint3d.evaluation.sources import read_sources
    from pinpoint3d.io import atomic_path

    sources = read_sources(results, listed or [])
    most = cap or min(source.cap for source in sources)
    made, names = sections(sources, most), [source.name for source in sources]
    _print(made, names)
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(folder, f"cannot be made: {error.strerror}") from error
    for name, text in (("report.md", as_markdown(made, names)), ("report.csv", as_csv(made, names))):
        with atomic_path(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    plot_curves(sources, most, folder / "curves.png")
    out().print(f"wrote report.md, report.csv and curves.png to {folder}", soft_wrap=True)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="Folder of a run, or a released result file.")],
    b: Annotated[Path, typer.Argument(help="The same samples by another segmenter.")],
    figure: Annotated[str, typer.Option(help='IoU@k, NoC@t or "area under curve".')] = "area under curve",
    listed: Annotated[
        list[Path] | None, typer.Option("--list", help="List of samples; one for every released file, in order.")
    ] = None,
    cap: Annotated[int | None, typer.Option(min=1, help="Most clicks a target; by default what both have.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Test whether one result is better than another, pairing their samples.

    pinpoint3d eval compare results/geodesic results/voronoi --figure IoU@3
    """
    from pinpoint3d.evaluation.compare import compare as test
    from pinpoint3d.evaluation.sources import read_sources

    before, after = read_sources([a, b], listed or [])
    found = test(before, after, figure, cap or min(before.cap, after.cap))
    gain, console = found.difference, out()
    alone = isnan(gain.low)
    if json:
        numbers = {"a": found.a, "b": found.b, "difference": gain.value}
        interval = {"low": None if alone else gain.low, "high": None if alone else gain.high}
        console.print_json(data={"figure": figure, **numbers, **interval, "p": found.p, "samples": gain.count})
        return
    between = "(one scene, no interval)" if alone else f"[{gain.low:+.4f}, {gain.high:+.4f}]"
    console.print(f"{figure}: {before.name} {found.a:.4f}, {after.name} {found.b:.4f}", soft_wrap=True)
    console.print(
        f"difference {gain.value:+.4f} {between} over {gain.count} samples, p = {found.p:.4f}", soft_wrap=True
    )


def _other(protocol: str) -> str:
    return "published" if protocol == "complete" else "complete"


def _print(made: "list[Section]", names: list[str]) -> None:
    from pinpoint3d.evaluation.report import as_tables

    console = out()
    for table in as_tables(made, names):
        console.print(table)


def _print_json(figures: "list[Figure]") -> None:
    out().print_json(data={figure.name: None if isnan(figure.value) else figure.value for figure in figures})
