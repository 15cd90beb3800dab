"""The record of a training: a JSON line a step, and curves drawn from it."""

import json
from pathlib import Path
from typing import Any, Self

import numpy as np

from pinpoint3d.io import atomic_path


class Log:
    """Appends a line a step; lines beyond the step that is continued from are cut off first."""

    def __init__(self, path: Path, step: int, silent: bool = False) -> None:
        self._file = None
        if silent:
            return
        kept = [line for line in read_lines(path) if line["step"] <= step]
        self._file = path.open("w", encoding="utf-8")
        for line in kept:
            self._file.write(json.dumps(line) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, step: int, seconds: float, rate: float, norm: float, values: dict[str, float]) -> None:
        if self._file is None:
            return
        line = {"step": step, "seconds": round(seconds, 2), "rate": rate, "norm": norm, **values}
        self._file.write(json.dumps({k: round(v, 6) if isinstance(v, float) else v for k, v in line.items()}) + "\n")
        self._file.flush()


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a log; none where there is no file. A last line that was cut off is left out."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    read = []
    for number, line in enumerate(lines, start=1):
        try:
            read.append(json.loads(line))
        except ValueError:
            if number < len(lines):
                raise
    return read


def plot_curves(log: Path, path: Path) -> None:
    """Draw losses and IoU over steps, smoothed, to a PNG file; nothing where the log is empty."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    lines = read_lines(log)
    if not lines:
        return
    figure = Figure(figsize=(10, 4), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, start, title in zip(
        figure.subplots(1, 2), ("loss", "iou"), ("losses", "IoU of the targets"), strict=True
    ):
        for name in sorted({name for line in lines for name in line if name.startswith(start)}):
            steps = [line["step"] for line in lines if name in line]
            values = np.array([line[name] for line in lines if name in line])
            width = max(1, len(values) // 40)
            smooth = np.convolve(values, np.ones(width) / width, "valid")
            axes.plot(steps[width - 1 :], smooth, label=name.partition("_")[2])
        axes.set(title=title, xlabel="step")
        axes.legend()
        axes.grid(alpha=0.3)
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=120, format="png")
