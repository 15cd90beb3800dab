"""How long encoding a scene and answering a click take, beside a plain matrix product in the same run.

    python benchmarks/encode_click.py [--voxels 10000 40000 100000] [--golden FOLDER] [--json FILE]

The published PinPoint3D with random weights on synthetic rooms made from a seed, so that nothing has to be downloaded.
Every scene is measured in a process of its own, for its peak memory. Compare ratios to the product, not seconds:
machines and their load differ.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from pinpoint3d.arrays import Float32
from pinpoint3d.model import NetworkConfig, create_network
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.network import NetworkSegmenter
from pinpoint3d.sparse import Pyramid, convolve

PRODUCT = (4096, 1024, 1024)
CHANNELS = 96  # of the convolution that is measured alone, as in the finest decoder stage
PARTS, CLICKS_PER_PART = 4, 2


@dataclass(frozen=True)
class Result:
    """Medians of one scene; times in seconds, memory in GiB, rates in GFLOP/s."""

    scene: str
    voxels: int
    encode_s: float
    click_s: float
    product_s: float
    encode_per_product: float
    click_per_product: float
    peak_gib: float
    convolution_gflops: float
    product_gflops: float


def room(side: float, rng: np.random.Generator) -> Float32:
    """f32 [N, 3] points on floor, walls and some boxes of a square room of `side` metres, with noise of a scanner."""
    rectangles = [
        (0, 0, 0, side, side, 0),
        (0, 0, 0, side, 0, 2.6),
        (0, 0, 0, 0, side, 2.6),
        (side, 0, 0, 0, side, 2.6),
    ]
    for _ in range(int(side * side / 2) + 1):
        x, y = rng.uniform(0, max(side - 0.6, 0), 2)
        dx, dy, dz = rng.uniform(0.3, 1.0, 3)
        rectangles += [(x, y, dz, dx, dy, 0), (x, y, 0, dx, 0, dz), (x, y, 0, 0, dy, dz), (x, y + dy, 0, dx, 0, dz)]
    pieces = []
    for *corner, dx, dy, dz in rectangles:
        extent = np.array([dx, dy, dz])
        area = float(np.prod(extent[extent > 0]))
        pieces.append(corner + rng.random((int(area * 2500), 3)) * extent)
    points = np.concatenate(pieces)
    return (points + rng.normal(0, 0.005, points.shape)).astype(np.float32)


def synthetic_scene(voxels: int, seed: int = 0) -> Scene:
    """A room of about so many voxels of 5 cm."""
    side = (voxels / 1300) ** 0.5
    for _ in range(6):
        xyz = room(side, np.random.default_rng(seed))
        count = len(np.unique(np.floor(xyz / 0.05).astype(np.int64), axis=0))
        side *= (voxels / count) ** 0.5
    return Scene("room", xyz, rgb=np.random.default_rng(seed).integers(0, 256, xyz.shape, dtype=np.uint8))


def golden_scene(path: Path) -> Scene:
    with np.load(path) as file:
        return Scene(path.stem.removeprefix("scene_"), file["points_xyz"], rgb=file["points_rgb"])


def timed(jobs: dict[str, Callable[[], object]], repeats: int, device: torch.device) -> dict[str, float]:
    """Median seconds of each job; the jobs take turns, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for round_number in range(repeats + 1):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            if device.type == "cuda":
                torch.cuda.synchronize()
            if round_number:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


@torch.inference_mode()
def measure(source: int | Path, repeats: int, device_name: str) -> Result:
    """Measure one scene in this process."""
    scene = synthetic_scene(source) if isinstance(source, int) else golden_scene(source)
    rng = np.random.default_rng(0)
    segmenter = NetworkSegmenter(create_network(NetworkConfig(), rng), "random weights", device_name)
    device = segmenter.device
    embedding = segmenter.encode(scene)
    n = PARTS * CLICKS_PER_PART
    clicks = ClickTensors(
        voxel=rng.integers(len(embedding.grid), size=n),
        object=np.ones(n, dtype=np.int64),
        part=np.arange(n) % PARTS + 1,
        order=np.arange(n),
        positive=np.ones(n, dtype=np.bool_),
    )
    a, b = torch.rand(PRODUCT[:2], device=device), torch.rand(PRODUCT[1:], device=device)
    jobs: dict[str, Callable[[], object]] = {
        "product": lambda: a @ b,
        "encode": lambda: segmenter.encode(scene),
        "click": lambda: segmenter.segment(embedding, clicks),
    }
    seconds = timed(jobs, repeats, device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
    if device.type == "cuda":
        peak = torch.cuda.max_memory_allocated() / 2**30

    grid_coord = torch.as_tensor(embedding.grid.grid_coord, dtype=torch.int64, device=device)
    neighbours = Pyramid(torch.nn.functional.pad(grid_coord, (1, 0)), depth=1).levels[0].neighbours(3)
    features = torch.rand(len(grid_coord), CHANNELS, device=device)
    weight = torch.rand(27, CHANNELS, CHANNELS, device=device)
    alone = timed(
        {"product": jobs["product"], "convolution": lambda: convolve(features, weight, neighbours)}, repeats, device
    )
    return Result(
        scene=scene.name,
        voxels=len(embedding.grid),
        encode_s=seconds["encode"],
        click_s=seconds["click"],
        product_s=seconds["product"],
        encode_per_product=seconds["encode"] / seconds["product"],
        click_per_product=seconds["click"] / seconds["product"],
        peak_gib=peak,
        convolution_gflops=2e-9 * sum(neighbours.counts) * CHANNELS**2 / alone["convolution"],
        product_gflops=2e-9 * float(np.prod(PRODUCT)) / alone["product"],
    )


def table_of(results: list[Result]) -> Table:
    table = Table(title=f"PinPoint3D, random weights; a click: 1 object, {PARTS} parts x {CLICKS_PER_PART} clicks")
    table.add_column("scene", no_wrap=True)
    for heading in (
        "voxels",
        "encode\ns",
        "click\ns",
        "encode/\nproduct",
        "click/\nproduct",
        "peak\nGiB",
        "conv.\nGF/s",
        "product\nGF/s",
    ):
        table.add_column(heading, justify="right", no_wrap=True)
    for r in results:
        table.add_row(
            r.scene,
            f"{r.voxels:,}",
            f"{r.encode_s:.2f}",
            f"{r.click_s:.2f}",
            f"{r.encode_per_product:.1f}",
            f"{r.click_per_product:.1f}",
            f"{r.peak_gib:.2f}",
            f"{r.convolution_gflops:.0f}",
            f"{r.product_gflops:.0f}",
        )
    table.caption = f"product: {' x '.join(map(str, PRODUCT))}; conv.: 3^3, {CHANNELS} channels; GF/s: GFLOP/s"
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Time encoding and clicks of the published PinPoint3D.")
    parser.add_argument("--voxels", type=int, nargs="*", default=[10_000, 40_000, 100_000], help="sizes of the rooms")
    parser.add_argument("--golden", type=Path, help="a folder of scene_*.npz to measure too")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--json", type=Path, help="write the results there")
    options = parser.parse_args()
    sources: list[int | Path] = [
        *options.voxels,
        *(sorted(options.golden.glob("scene_*.npz")) if options.golden else []),
    ]
    results = []
    for source in sources:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
            results.append(pool.submit(measure, source, options.repeats, options.device).result())
    Console().print(table_of(results))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")


if __name__ == "__main__":
    main()
