"""Time one round of the robot annotator: 100,000 voxels, 20 targets, one core.

    taskset -c 0 python benchmarks/robot_round.py

Three predictions of one room: nothing labelled yet (every target is clicked), a fair one (borders moved by 15 cm), and
a bad one (a third of the voxels at random, so that error regions lie scattered over the whole room).
"""

import time

import numpy as np
from rich.console import Console
from scipy.spatial import cKDTree

from pinpoint3d.prompts.robot import simulate_clicks

VOXELS, TARGETS, SIZE = 100_000, 20, 0.05


def room(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A floor, two walls and targets lying on them as patches that cover 60 % of the surface."""
    side = int(np.sqrt(VOXELS / 3)) + 1
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    flat = np.zeros(len(grid))
    cells = np.concatenate([np.c_[grid, flat], np.c_[grid[:, 0], flat, grid[:, 1]], np.c_[flat, grid]])[:VOXELS]
    coord = ((cells + rng.uniform(0, 1, cells.shape)) * SIZE).astype(np.float32)
    centres = coord[rng.choice(len(coord), TARGETS, replace=False)]
    distance, nearest = cKDTree(centres).query(coord)
    truth = np.where(distance < np.quantile(distance, 0.6), nearest + 1, 0)
    return coord, truth


def main() -> None:
    rng = np.random.default_rng(0)
    coord, truth = room(rng)
    moved = cKDTree(coord).query(coord + np.array([0.15, 0.15, 0.15]))[1]
    scattered = np.where(rng.random(VOXELS) < 1 / 3, rng.integers(0, TARGETS + 1, VOXELS), truth)
    console = Console()
    for name, predicted, n_clicks in (
        ("first round, all targets", np.zeros_like(truth), None),
        ("fair prediction, one click", truth[moved], 1),
        ("fair prediction, 20 clicks", truth[moved], TARGETS),
        ("scattered errors, one click", scattered, 1),
        ("scattered errors, 20 clicks", scattered, TARGETS),
    ):
        times = []
        for _ in range(5):
            started = time.process_time()  # of this process alone: neighbours on the machine do not count
            clicks = simulate_clicks(coord, truth, predicted, n_clicks=n_clicks)
            times.append(time.process_time() - started)
        wrong = int((predicted != truth).sum())
        console.print(f"{name:30s} {wrong:7d} wrong voxels {len(clicks):3d} clicks {np.median(times) * 1e3:7.1f} ms")


if __name__ == "__main__":
    main()
