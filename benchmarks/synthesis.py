"""How long a synthetic scene and a training crop take on one core, and what a second process brings.

    python benchmarks/synthesis.py [--scenes 12] [--crops 40] [--processes 2]

Times of scenes and crops are process times of this process alone, after a first one that fills the caches. Scaling is
the wall time of the same scenes, written as shards, by one process and by several, in turn; the machine has to be idle.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from pinpoint3d.scene import LabelledScene, VoxelGrid
from pinpoint3d.synthesis.generate import generate_crop, generate_scene
from pinpoint3d.synthesis.make import make_scenes

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


def wall(scenes: int, workers: int) -> float:
    """Seconds to write so many scenes as shards of one."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        make_scenes(Path(folder), seed=SEED, scenes=scenes, shard_size=1, workers=workers)
        return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the generator of synthetic scenes.")
    parser.add_argument("--scenes", type=int, default=12)
    parser.add_argument("--crops", type=int, default=40)
    parser.add_argument("--processes", type=int, default=2, help="to compare with one; 1 skips the comparison")
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
        scenes = options.scenes * 2
        one, several = (wall(scenes, workers) for workers in (1, options.processes))
        ratio = f"{one / several:.2f} x as fast"
        console.print(
            f"{scenes} scenes: {one:.1f} s by one process, {several:.1f} s by {options.processes} of "
            f"{os.cpu_count()} cores, {ratio}; starting the processes counts"
        )


if __name__ == "__main__":
    main()
