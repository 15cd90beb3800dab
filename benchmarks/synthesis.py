"""How long a synthetic scene and a training crop take on one core, and what a second process brings.

    python benchmarks/synthesis.py [--scenes 12] [--crops 40] [--processes 2] [--rounds 3]

Times of scenes and crops are process times of this process alone, after a first one that fills the caches. Scaling
compares scenes a second of one process and of several, once they have started, in the best of some rounds; the
machine has to be idle.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from rich.console import Console
from rich.table import Table

from pinpoint3d.engines import Engine, run_all
from pinpoint3d.scene import LabelledScene, VoxelGrid
from pinpoint3d.synthesis.generate import generate_crop, generate_scene

VOXEL = 0.02
SEED = 100


def timed(make: Callable[[int, int], LabelledScene], count: int) -> list[tuple[float, int, int]]:
    """Seconds, voxels and objects of so many samples."""
    make(SEED, 0)
    rows = []
    for index in range(1, count + 1):
        started = time.process_time()
        labelled = make(SEED, index)
        seconds = time.process_time() - started
        rows.append((seconds, len(VoxelGrid.from_scene(labelled.scene, VOXEL)), len(labelled.labels.objects())))
    return rows


def share(indices: range) -> float:
    """Seconds that one process needs for some scenes, after a first one."""
    generate_scene(SEED, 0)
    started = time.perf_counter()
    for index in indices:
        generate_scene(SEED, index)
    return time.perf_counter() - started


def rate(scenes: int, processes: int) -> float:
    """Scenes a second, each process making the same ones at the same time, so that all have as much to do."""
    shares = [range(scenes)] * processes
    return processes * scenes / max(run_all(share, shares, Engine.LOCAL, processes, None))


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the generator of synthetic scenes.")
    parser.add_argument("--scenes", type=int, default=12)
    parser.add_argument("--crops", type=int, default=40)
    parser.add_argument("--processes", type=int, default=2, help="to compare with one; 1 skips the comparison")
    parser.add_argument("--rounds", type=int, default=3, help="of the comparison")
    options = parser.parse_args()
    console = Console()
    table = Table("", "seconds", "90 %", "voxels of 2 cm", "objects", "s / 40,000 voxels")
    for name, make, count in (("scene", generate_scene, options.scenes), ("crop", generate_crop, options.crops)):
        rows = timed(make, count)
        seconds, voxels, objects = (np.array(column) for column in zip(*rows, strict=True))
        table.add_row(
            name,
            f"{statistics.median(seconds):.2f}",
            f"{np.quantile(seconds, 0.9):.2f}",
            f"{np.median(voxels):,.0f}",
            f"{np.median(objects):.0f}",
            f"{seconds.sum() / voxels.sum() * 40_000:.2f}",
        )
    console.print(table)
    if options.processes > 1:
        counts = (1, options.processes)
        rounds = [[rate(options.scenes, processes) for processes in counts] for _ in range(options.rounds)]
        one, several = np.max(rounds, axis=0)
        console.print(
            f"{one:.2f} scenes a second by one process, {several:.2f} by {options.processes}: {several / one:.2f} x"
        )


if __name__ == "__main__":
    main()
