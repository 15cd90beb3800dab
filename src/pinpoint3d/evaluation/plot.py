"""Curves of mean IoU over clicks, as a picture."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from pinpoint3d.evaluation.figures import mean_figure
from pinpoint3d.evaluation.published import PublishedRow
from pinpoint3d.evaluation.sources import Source
from pinpoint3d.io import atomic_path

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")  # Okabe and Ito, 2008


def plot_curves(sources: Sequence[Source], cap: int, path: Path) -> None:
    """Draw mean IoU over clicks a target as a PNG.

    Solid with a 95 % band: the complete protocol. Dashed: the published one, where it differs visibly.

    Raises:
        FileError: the file cannot be written.
    """
    canvas = Canvas(figsize=(7.0, 4.5), layout="constrained")
    FigureCanvasAgg(canvas)
    axes = canvas.subplots()
    clicks = list(range(1, cap + 1))
    for row, source in enumerate(sources):
        colour = _COLOURS[row % len(_COLOURS)]
        means = [mean_figure("", source.curves, [c.iou_at(k) for c in source.curves]) for k in clicks]
        axes.plot(clicks, [100 * m.value for m in means], color=colour, marker="o", markersize=3, label=source.name)
        axes.fill_between(
            clicks, [100 * m.low for m in means], [100 * m.high for m in means], color=colour, alpha=0.15, linewidth=0
        )
        axes.plot(clicks, [100 * _published(source.rows, k) for k in clicks], color=colour, linestyle="--", linewidth=1)
    axes.plot([], [], color="grey", linestyle="--", linewidth=1, label="published protocol")
    axes.set(xlabel="clicks a target", ylabel="mean IoU, %", xlim=(0.8, cap + 0.2), ylim=(0, 100), xticks=clicks)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", frameon=False)
    with atomic_path(path) as temporary:
        canvas.savefig(temporary, dpi=150)


def _published(rows: Sequence[PublishedRow], clicks: int) -> float:
    scores = [row.iou for row in rows if row.clicks == clicks]
    return sum(scores) / len(scores) if scores else float("nan")
