"""Tables of one or several results side by side, as text, Markdown and CSV."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from rich.table import Table

from pinpoint3d.evaluation.figures import CLICKS, Figure, Term, complete_figures, figure
from pinpoint3d.evaluation.published import PublishedRow, published_figures
from pinpoint3d.evaluation.rows import SampleResult
from pinpoint3d.evaluation.sources import Source

COMPLETE, PUBLISHED = "complete protocol", "published protocol"
_BREAKDOWN = (1, 3, 5)  # clicks a target at which categories and sizes are compared
_SIZES = ((0.1, "under 0.1 m"), (0.3, "0.1 to 0.3 m"), (1.0, "0.3 to 1 m"), (np.inf, "1 m and more"))


@dataclass(frozen=True)
class Section:
    """Figures of one kind: rows by name, a column a source; None where a source does not have it."""

    title: str
    rows: dict[str, list[Figure | None]]


def sections(sources: Sequence[Source], cap: int) -> list[Section]:
    """Everything there is to say about the sources, within `cap` clicks a target."""
    kinds: list[tuple[str, Callable[[Source], list[Figure]]]] = [
        (COMPLETE, lambda source: _complete(source, cap)),
        (PUBLISHED, lambda source: [_samples(source.rows), *published_figures(source.rows, cap)]),
        ("time and memory", lambda source: cost_figures(source.results)),
        ("by category", lambda source: _breakdown(source.results, cap, _category)),
        ("by size", lambda source: _breakdown(source.results, cap, _size)),
    ]
    made = []
    for title, figures_of in kinds:
        by_name = [{figure.name: figure for figure in figures_of(source)} for source in sources]
        names = dict.fromkeys(name for figures in by_name for name in figures)
        if names:
            made.append(Section(title, {name: [figures.get(name) for figures in by_name] for name in names}))
    return made


def _complete(source: Source, cap: int) -> list[Figure]:
    poor = sum(curve.status != "ok" for curve in source.curves)
    return [
        _bare("samples", len(source.curves), len(source.curves)),
        _bare("samples with a target without voxel", poor, len(source.curves)),
        *complete_figures(source.curves, cap),
        *boundary_figures(source.results, cap),
    ]


def _samples(rows: Sequence[PublishedRow]) -> Figure:
    counted = len({row.index for row in rows if row.clicks > 0})
    return _bare("samples", counted, counted)


def boundary_figures(results: Sequence[SampleResult], cap: int) -> list[Figure]:
    """Boundary IoU after k clicks a target; samples whose targets have no border do not count."""
    figures = []
    for k in CLICKS if results else ():
        if k <= cap:
            terms = []
            for result in results:
                most = k * len(result.sample.objects)
                rows = [row for row in result.clicks if row.click <= most]
                known = [row.boundary_iou for row in rows if row.boundary_iou is not None]
                if known or not rows:
                    terms.append(Term(result.sample.scene, known[-1] if known else 0.0))
            figures.append(figure(f"boundary IoU@{k}", terms))
    return figures


def cost_figures(results: Sequence[SampleResult]) -> list[Figure]:
    """Milliseconds of an answer and of an encoding, and the most memory used."""
    answers = [row.ms for result in results for row in result.clicks]
    encodings = [result.sample.encode_ms for result in results]
    memory = [result.sample.peak_mb for result in results if result.sample.peak_mb is not None]
    numbers = []
    if answers:
        median, late = np.percentile(answers, (50, 95))
        numbers += [("ms a click, median", median, answers), ("ms a click, 95 %", late, answers)]
        numbers += [("ms to encode, median", np.median(encodings), encodings)]
    if memory:
        numbers.append(("peak memory, MB", max(memory), memory))
    return [_bare(name, float(value), len(of)) for name, value, of in numbers]


def _bare(name: str, value: float, count: int) -> Figure:
    return Figure(name, value, float("nan"), float("nan"), count)


def _category(result: SampleResult, target: int) -> str:
    return result.sample.categories[target] or "unnamed"


def _size(result: SampleResult, target: int) -> str:
    return next(name for limit, name in _SIZES if result.sample.extents[target] < limit)


def _breakdown(results: Sequence[SampleResult], cap: int, group: Callable[[SampleResult, int], str]) -> list[Figure]:
    """IoU of single targets, not of samples, in groups; k counts the clicks a target of the whole sample."""
    terms: dict[tuple[str, int], list[Term]] = {}
    for result in results:
        for target in range(len(result.sample.objects)):
            for k in _BREAKDOWN:
                if k <= cap:
                    rows = [row for row in result.clicks if row.click <= k * len(result.sample.objects)]
                    iou = rows[-1].ious[target] if rows else 0.0
                    terms.setdefault((group(result, target), k), []).append(Term(result.sample.scene, iou))
    return [figure(f"{name}: IoU@{k}", of) for (name, k), of in sorted(terms.items())]


def shown(value: Figure | None) -> str:
    """A figure as text: shares and IoU in per cent, with the interval in brackets."""
    if value is None or isnan(value.value):
        return "-"
    share = not value.name.startswith(("NoC", "ms", "peak", "samples"))
    digits = 1 if share else 2 if value.name.startswith("NoC") else 0
    numbers = [number * (100 if share else 1) for number in (value.value, value.low, value.high)]
    text = f"{numbers[0]:.{digits}f}"
    return text if isnan(value.low) else f"{text} [{numbers[1]:.{digits}f}, {numbers[2]:.{digits}f}]"


def as_tables(made: Sequence[Section], names: Sequence[str]) -> list[Table]:
    """For the terminal."""
    tables = []
    for section in made:
        table = Table(title=section.title, title_justify="left")
        table.add_column("")
        for name in names:
            table.add_column(name, justify="right")
        for name, figures in section.rows.items():
            table.add_row(name, *map(shown, figures))
        tables.append(table)
    return tables


def as_markdown(made: Sequence[Section], names: Sequence[str]) -> str:
    lines = ["Shares and IoU in per cent; in brackets 95 % intervals, bootstrap over scenes.", ""]
    for section in made:
        lines += [f"## {section.title}", "", f"| | {' | '.join(names)} |", "|---|" + "---:|" * len(names)]
        lines += [f"| {name} | {' | '.join(map(shown, figures))} |" for name, figures in section.rows.items()]
        lines.append("")
    return "\n".join(lines)


def as_csv(made: Sequence[Section], names: Sequence[str]) -> str:
    """One line a number, unrounded."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["source", "section", "figure", "value", "low", "high", "count"])
    for section in made:
        for name, figures in section.rows.items():
            for source, value in zip(names, figures, strict=True):
                if value is not None:
                    writer.writerow([source, section.title, name, value.value, value.low, value.high, value.count])
    return text.getvalue()
