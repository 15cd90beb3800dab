"""How long a synthetic scene and a training crop take on one core, and what a second process brings.

    OMP_NUM_THREADS=1 python benchmarks/synthesis.py [--scenes 12] [--crops 40] [--processes 2] [--rounds 3]

Times of scenes and crops are process times of this process alone, after a first one. Crops are made twice: most of
their designs are new, as in a training that begins, and the second time all are in the cache. Scaling
compares scenes a second of one process and of several, each with one thread, once they have started, in the best of
some rounds, on an idle machine. In turn with them goes a control that shares nothing: processes that sort
an array of their own. It tells what a second core brings on this machine.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from rich.console import Console
from rich.table import Table

from pinpoint3d.scene import LabelledScene, VoxelGrid
from pinpoint3d.synthesis.generate import generate_crop, generate_scene

VOXEL = 0.02
SEED = 100
SORTED = 50_000  # numbers: they fit the processor's second cache
SORTS = 500  # take about as long as a scene


def timed(make: Callable[[int, int], LabelledScene], count: int) -> list[tuple[float, int, int]]:
    """Seconds, voxels and objects of samples 1 to `count`."""
    rows = []
    for index in range(1, count + 1):
        started = time.process_time()
        labelled = make(SEED, index)
        seconds = time.process_time() - started
        rows.append((seconds, len(VoxelGrid.from_scene(labelled.scene, VOXEL)), len(labelled.labels.objects())))
    return rows


def scenes_share(indices: range) -> float:
    """Seconds that one process needs for some scenes, after a first one."""
    generate_scene(SEED, 0)
    started = time.perf_counter()
    for index in indices:
        generate_scene(SEED, index)
    return time.perf_counter() - started


def control_share(indices: range) -> float:
    """Seconds that one process needs for as much sorting as about so many scenes take."""
    array = np.random.default_rng(SEED).random(SORTED)
    started = time.perf_counter()
    for _ in range(SORTS * len(indices)):
        np.sort(array)
    return time.perf_counter() - started


def rate(share: Callable[[range], float], count: int, processes: int) -> float:
    """Samples a second, each process making the same ones at the same time, so that all have as much to do.

    A single one is also a process of its own, so that all have the same threads.
    """
    shares = [range(count)] * processes
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return processes * count / max(pool.map(share, shares))


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the generator of synthetic scenes.")
    parser.add_argument("--scenes", type=int, default=12)
    parser.add_argument("--crops", type=int, default=40)
    parser.add_argument("--processes", type=int, default=2, help="to compare with one; 1 skips the comparison")
    parser.add_argument("--rounds", type=int, default=3, help="of the comparison")
    options = parser.parse_args()
    console = Console()
    table = Table("", "seconds", "90 %", "voxels of 2 cm", "objects", "s / 40,000 voxels")
    generate_scene(SEED, 0)
    for name, make, count in (
        ("scene", generate_scene, options.scenes),
        ("crop", generate_crop, options.crops),
        ("crop, designs in the cache", generate_crop, options.crops),
    ):
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
        jobs = [(share, processes) for share in (scenes_share, control_share) for processes in counts]
        rounds = [[rate(share, options.scenes, n) for share, n in jobs] for _ in range(options.rounds)]
        one, several, control_one, control_several = np.max(rounds, axis=0)
        console.print(
            f"{one:.2f} scenes a second by one process, {several:.2f} by {options.processes}: {several / one:.2f} x; "
            f"the control {control_several / control_one:.2f} x"
        )


if __name__ == "__main__":
    main()
