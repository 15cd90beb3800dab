"""How long every scan of a folder takes to open and how much memory: `python benchmarks/open_scans.py FOLDER`.

Each file is opened and voxelised at 5 cm in a process of its own, for an honest peak; `memory` is what the peak adds
to that of a process which has imported the same libraries. A file that cannot be opened shows why.
"""

import argparse
import multiprocessing
import resource
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from pinpoint3d.errors import FileError
from pinpoint3d.io import FORMATS, load_scene
from pinpoint3d.io.formats import module_of
from pinpoint3d.progress import track
from pinpoint3d.scene import VoxelGrid

VOXEL_M = 0.05
MIB = 2**20


@dataclass(frozen=True)
class Opened:
    points: int
    finite: int
    extent: tuple[float, float, float]
    open_s: float
    open_bytes: int
    work_bytes: int
    warnings: int


def peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measure(path: Path) -> Opened | str:
    """Open one file; a string is the reason why it cannot be."""
    module_of(FORMATS[path.suffix.lower()])
    before = peak_bytes()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        started = time.perf_counter()
        try:
            scene = load_scene(path)
        except FileError as error:
            return str(error)
        open_s = time.perf_counter() - started
        opened = peak_bytes() - before
    VoxelGrid.from_scene(scene, VOXEL_M)
    x, y, z = map(float, scene.extent)
    finite = int(np.count_nonzero(scene.finite))
    return Opened(len(scene), finite, (x, y, z), open_s, opened, peak_bytes() - before, len(caught))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="searched through for every known suffix")
    folder = parser.parse_args().folder
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in FORMATS and path.is_file())
    table = Table(title=f"{len(paths)} scans in {folder}")
    table.add_column("file", overflow="fold")
    for name in ("points", "finite", "extent m", "seconds", "memory MiB", "voxelised MiB", "warnings"):
        table.add_column(name, justify="right", no_wrap=True)
    failed = 0
    spawn = multiprocessing.get_context("spawn")
    with track("Opening", len(paths)) as advance:
        for path in paths:
            with ProcessPoolExecutor(1, mp_context=spawn) as one:
                result = one.submit(measure, path).result()
            advance(1)
            if isinstance(result, str):
                failed += 1
                table.add_row(str(path.relative_to(folder)), f"[red]{result}[/red]")
                continue
            table.add_row(
                str(path.relative_to(folder)),
                f"{result.points:,}",
                f"{result.finite:,}",
                " x ".join(f"{size:.2f}" for size in result.extent),
                f"{result.open_s:.3f}",
                f"{result.open_bytes / MIB:.0f}",
                f"{result.work_bytes / MIB:.0f}",
                str(result.warnings),
            )
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    if failed:
        sys.exit(f"{failed} of {len(paths)} scans do not open")


if __name__ == "__main__":
    main()
