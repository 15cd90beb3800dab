"""Synthetic scans beside real ones: a table and a picture of what they are like in numbers.

    python benchmarks/scan_statistics.py SCANS --scenes 12 --out scan_statistics.png

Single views and fused scans are compared apart: a depth camera's own points lie closer than those of a fused scan.
`open3d/fragment.pcd` is left out: it was fused from a room that others had drawn and given a camera's noise, so it is
no yardstick for what is real.
"""

from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Annotated

import matplotlib
import numpy as np
import typer
from matplotlib import pyplot as plt
from rich.console import Console
from rich.table import Table

from pinpoint3d.io import load_scene
from pinpoint3d.progress import track
from pinpoint3d.synthesis.generate import SceneConfig, generate_scan
from pinpoint3d.synthesis.statistics import ScanStatistics, scan_statistics, seen_shares

SINGLE = ("mosd/*.pcd", "pcl/*.pcd")
FUSED = ("kitchen/*.ply", "open3d/*.ply")
SIMULATED = ("open3d/fragment.pcd",)
FORMATS = {"density": ",.0f", "spacing": ".4f", "evenness": ".1f", "roughness": ".4f", "grain": ".3f", "strays": ".4f"}


@dataclass(frozen=True)
class Group:
    """Scans of one kind, real or synthetic."""

    kind: str
    real: bool
    rows: list[ScanStatistics]
    seen: list[float]


def main(
    scans: Annotated[Path, typer.Argument(help="folder with mosd, pcl, open3d and kitchen in it")],
    scenes: Annotated[int, typer.Option(help="synthetic scenes of each kind")] = 12,
    out: Annotated[Path, typer.Option(help="where the picture goes")] = Path("scan_statistics.png"),
    seed: Annotated[int, typer.Option(help="of the synthetic scenes")] = 0,
) -> None:
    """Print the table and write the picture."""
    groups = [
        Group("single view", True, real(scans, SINGLE), []),
        synthetic("single view", scenes, seed, SceneConfig(table_tops=1.0)),
        Group("fused", True, real(scans, FUSED), []),
        synthetic("fused", scenes, seed, SceneConfig(table_tops=0.0)),
    ]
    Console().print(as_table(groups))
    draw(groups, out)


def real(folder: Path, patterns: tuple[str, ...]) -> list[ScanStatistics]:
    paths = [path for pattern in patterns for path in sorted(folder.glob(pattern))]
    rows = []
    with track("reading scans", len(paths)) as advance:
        for path in paths:
            rows.append(scan_statistics(load_scene(path), np.random.default_rng(0)))
            advance(1)
    return rows


def synthetic(kind: str, count: int, seed: int, config: SceneConfig) -> Group:
    rows, seen = [], []
    with track(f"making scans, {kind}", count) as advance:
        for index in range(count):
            room, labelled = generate_scan(seed, index, split="train", config=config)
            rows.append(scan_statistics(labelled.scene, np.random.default_rng(0)))
            seen += seen_shares(room.assembly, labelled).values()
            advance(1)
    return Group(kind, False, rows, seen)


def as_table(groups: list[Group]) -> Table:
    """Median, least and greatest of every number; what lies outside the real range is marked."""
    table = Table("", *(f"{group.kind}, {'real' if group.real else 'synthetic'}" for group in groups), title="Scans")
    for column, field in enumerate(fields(ScanStatistics)):
        cells = []
        for i, group in enumerate(groups):
            values = column_of(group, column)
            text = " .. ".join(format(v, FORMATS[field.name]) for v in np.percentile(values, [0, 50, 100]))
            if not group.real:
                given = column_of(groups[i - 1], column)
                text += "" if given.min() <= np.median(values) <= given.max() else "  [red]outside[/red]"
            cells.append(text)
        table.add_row(field.name, *cells)
    shares = [" .. ".join(f"{v:.2f}" for v in np.percentile(g.seen, [10, 50, 90])) if g.seen else "-" for g in groups]
    table.add_row("seen share of parts", *shares)
    table.add_row("scans", *(str(len(group.rows)) for group in groups))
    return table


def column_of(group: Group, column: int) -> np.ndarray:
    values = np.array([astuple(row)[column] for row in group.rows], dtype=float)
    return values[np.isfinite(values)]


def draw(groups: list[Group], path: Path) -> None:
    """A panel a number, a dot a scan."""
    matplotlib.use("Agg")
    names = [field.name for field in fields(ScanStatistics)]
    figure, axes = plt.subplots(1, len(names) + 1, figsize=(17, 4.2), constrained_layout=True)
    rng = np.random.default_rng(0)
    for column, (name, panel) in enumerate(zip(names, axes, strict=False)):
        for place, group in enumerate(groups):
            values = column_of(group, column)
            panel.scatter(
                place + rng.uniform(-0.16, 0.16, len(values)),
                values,
                s=16,
                color="#0072B2" if group.real else "#D55E00",
            )
        panel.set_title(name)
        panel.set_yscale("log" if name != "strays" else "linear")
        panel.set_xticks(
            range(len(groups)), [f"{g.kind}\n{'real' if g.real else 'synthetic'}" for g in groups], rotation=60
        )
    for group, colour in zip((g for g in groups if not g.real), ("#E69F00", "#D55E00"), strict=True):
        axes[-1].hist(group.seen, bins=20, range=(0, 1), histtype="step", label=group.kind, color=colour, density=True)
    axes[-1].set_title("seen share of parts")
    axes[-1].legend()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    typer.run(main)
