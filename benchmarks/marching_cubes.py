"""Why points of real fused scans crowd where synthetic ones do not: they are vertices of marching cubes.

    python benchmarks/marching_cubes.py SCANS --scenes 4

Two tests. Real fused scans with one point left a cell should be as even as synthetic ones. And what the synthetic
scanner saw, with points where its surfaces cross the edges of a grid, which is where marching cubes puts vertices
(Lorensen and Cline, 1987), should be as uneven as real ones. How many real points do lie on edges of the grid of
1/128 m, from which Open3D's scans were made, is printed too.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from scan_statistics import FUSED, SIMULATED
from scipy.spatial import KDTree

from pinpoint3d.io import load_scene
from pinpoint3d.scene import Scene
from pinpoint3d.synthesis.generate import SceneConfig, generate_scan
from pinpoint3d.synthesis.scanner.world import World
from pinpoint3d.synthesis.statistics import scan_statistics

EDGE = 1 / 128  # metres of a cell
SEEN = 0.01  # metres within which a scanned point shows a piece of surface
ON = 0.02  # of an edge, by which a coordinate may be off
ROOMS = SceneConfig(table_tops=0.0)


def main(
    scans: Annotated[Path, typer.Argument(help="folder with open3d and kitchen in it")],
    scenes: Annotated[int, typer.Option(help="synthetic scenes")] = 4,
    seed: Annotated[int, typer.Option(help="of the synthetic scenes")] = 0,
) -> None:
    """Print the table."""
    table = Table("", "points", "points a m2", "to the nearest, mm", "evenness", "on edges of the grid")
    for pattern in (*FUSED, *SIMULATED):
        for path in sorted(scans.glob(pattern)):
            scene = load_scene(path)
            xyz = scene.xyz[scene.finite].astype(np.float64) + scene.origin
            add_row(table, f"{path.stem}, {'simulated by others' if pattern in SIMULATED else 'real'}", xyz)
            add_row(table, f"{path.stem}, one point a cell", one_a_cell(xyz))
    for name, xyz in synthetic(seed, scenes):
        add_row(table, name, xyz)
    Console().print(table)


def synthetic(seed: int, count: int) -> Iterator[tuple[str, np.ndarray]]:
    """Names and points of scans as generated, and of what was seen as marching cubes would put it."""
    for index in range(count):
        room, labelled = generate_scan(seed, index, split="train", config=ROOMS)
        scanned = labelled.scene.xyz.astype(np.float64)
        yield f"{labelled.scene.name}, synthetic", scanned
        crossed = crossings(World.of(room.assembly), np.random.default_rng(index))
        away, _ = KDTree(scanned).query(crossed, distance_upper_bound=SEEN)
        yield f"{labelled.scene.name}, at edges of a grid", crossed[away <= SEEN]


def crossings(world: World, rng: np.random.Generator) -> np.ndarray:
    """f64 [N, 3]: where the surfaces cross the lines of a grid that lies askew, as rooms do in real ones."""
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    corners = world.caster.triangles.reshape(-1, 3) @ turn.T
    low, high = np.floor(corners.min(axis=0) / EDGE), np.ceil(corners.max(axis=0) / EDGE) + 1
    found = []
    for along in range(3):
        u, v = (along + 1) % 3, (along + 2) % 3
        start = np.empty((int(high[u] - low[u]), int(high[v] - low[v]), 3))
        start[..., u], start[..., v] = np.meshgrid(
            np.arange(low[u], high[u]), np.arange(low[v], high[v]), indexing="ij"
        )
        start[..., along] = low[along] - 1
        eye = start.reshape(-1, 3) * EDGE @ turn
        ray = np.broadcast_to(turn[along], eye.shape)
        while len(eye):
            distance, face = world.caster.cast(eye, ray)
            met = face >= 0
            eye, ray = eye[met] + distance[met, None] * ray[met], ray[met]
            found.append(eye)
            eye = eye + 1e-4 * ray
    return np.concatenate(found)


def one_a_cell(xyz: np.ndarray) -> np.ndarray:
    """A random point of every cell of `EDGE`."""
    mixed = np.random.default_rng(0).permutation(xyz)
    return mixed[np.unique(np.floor(mixed / EDGE), axis=0, return_index=True)[1]]


def on_edges(xyz: np.ndarray) -> float:
    """Share of points of which two coordinates are multiples of `EDGE`, wherever the grid begins."""
    phase = xyz / EDGE % 1
    begin = [(np.bincount((phase[:, axis] * 100).astype(int) % 100).argmax() + 0.5) / 100 for axis in range(3)]
    off = np.abs((phase - begin + 0.5) % 1 - 0.5)
    return float(((off < ON).sum(axis=1) >= 2).mean())


def add_row(table: Table, name: str, xyz: np.ndarray) -> None:
    found = scan_statistics(Scene(name, xyz.astype(np.float32)), np.random.default_rng(0))
    table.add_row(
        name,
        f"{len(xyz):,}",
        f"{found.density:,.0f}",
        f"{found.spacing * 1000:.1f}",
        f"{found.evenness:.1f}",
        f"{on_edges(xyz):.3f}",
    )


if __name__ == "__main__":
    typer.run(main)
