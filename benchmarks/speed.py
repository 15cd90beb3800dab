"""The whole engine beside the matrix-product floor, and how each part of it grows with the scene.

    python benchmarks/speed.py [--voxels 10000 40000 100000 200000] [--avx2] [--out benchmarks/results [--join]]

Prints kernel maps, every kind of layer, encoding and one click of the published PinPoint3D (random weights, synthetic
rooms), all in one run; writes the figures as JSON and a plot, named after the processor. Where a machine is free for
minutes only, measure size by size and `--join` them: every ratio stays within one process. A floor is the time of plain
matrix products of the same operation count, measured in turn with the thing itself. `--avx2` keeps kernels and products
from AVX-512, to compare with ratios that were measured on a processor without it: products gain the most from it.
"""

import argparse
import json
import os
import platform
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from encode_click import PRODUCT, synthetic_scene, timed
from rich.console import Console
from rich.table import Table

from pinpoint3d import native
from pinpoint3d.model import NetworkConfig, SceneInput, create_network
from pinpoint3d.model.backbone import DEPTH, LinearNorm, Res16UNet34C
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import VoxelGrid
from pinpoint3d.segmenters.network import NetworkSegmenter
from pinpoint3d.sparse import KernelMap, Pyramid, convolve

CHANNELS = (32, 64, 96, 128, 256)
GIVEN = (1, 7, 10, 40)  # clicks already given when one more is answered; the published code was timed with 8 in all
LAYERS_UP_TO = 50_000  # voxels of the largest room whose layers are timed one by one: larger ones only take longer
FLOOR_ROWS = 400_000  # a floor's product has at most so many rows and is scaled up
CPU = torch.device("cpu")
ONLY_AVX2 = {"MKL_ENABLE_INSTRUCTIONS": "AVX2", "ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}


def floor_of(rows: int, c_in: int, c_out: int) -> tuple[Callable[[], object], float]:
    """A plain product of `rows` x c_in x c_out, cut to `FLOOR_ROWS`, and by how much its time is to be multiplied."""
    cut = min(rows, FLOOR_ROWS)
    a, b, out = torch.rand(cut, c_in), torch.rand(c_in, c_out), torch.empty(cut, c_out)
    return lambda: torch.mm(a, b, out=out), rows / cut


def layer(name: str, kernel_map: KernelMap, c_in: int, c_out: int, repeats: int) -> dict[str, Any]:
    """Forward and backward time of one convolution as shares of the rate of its floor."""
    pairs, volume = sum(kernel_map.counts), len(kernel_map.counts)
    x = torch.rand(kernel_map.n_input, c_in, requires_grad=True)
    w = torch.rand(volume, c_in, c_out, requires_grad=True)
    gradient = torch.rand(kernel_map.n_output, c_out)
    product, scale = floor_of(pairs, c_in, c_out)

    def forward() -> None:
        with torch.no_grad():
            convolve(x, w, kernel_map)

    out = convolve(x, w, kernel_map)
    seconds = timed(
        {
            "floor": product,
            "forward": forward,
            "backward": lambda: torch.autograd.grad(out, (x, w), gradient, retain_graph=True),
        },
        repeats,
        CPU,
    )
    floor = seconds["floor"] * scale
    return {
        "layer": name,
        "channels": f"{c_in} -> {c_out}",
        "gflop": 2e-9 * pairs * c_in * c_out,
        "floor_s": floor,
        "forward_s": seconds["forward"],
        "backward_s": seconds["backward"],
        "forward_share": floor / seconds["forward"],
        "backward_share": 2 * floor / seconds["backward"],
    }


def layers_of(pyramid: Pyramid, repeats: int) -> list[dict[str, Any]]:
    """Every kind of layer on the finest level."""
    kinds = [("submanifold 3^3", pyramid.levels[0].neighbours(3), c, c) for c in CHANNELS]
    kinds.append(("submanifold 5^3", pyramid.levels[0].neighbours(5), 3, 32))
    kinds.append(("strided 2^3", pyramid.down[0], 96, 96))
    kinds.append(("transposed 2^3", pyramid.up[0], 96, 96))
    return [layer(*kind, repeats) for kind in kinds]


def operations(backbone: Res16UNet34C, pyramid: Pyramid) -> float:
    """GFLOP of one pass through the backbone: two for every pair and weight, 1^3 convolutions included."""

    def convolutions(maps: list[KernelMap], weights: list[torch.Tensor]) -> int:
        return sum(sum(m.counts) * w.shape[1] * w.shape[2] for m, w in zip(maps, weights, strict=True))

    level = pyramid.levels
    total = convolutions([level[0].neighbours(5)], [backbone.stem.conv.kernel])
    stages = [*zip(backbone.encoder, pyramid.down, level[1:], strict=True)]
    stages += [*zip(backbone.decoder, pyramid.up[::-1], level[-2::-1], strict=True)]
    for stage, resampling, here in stages:
        inner = [conv.kernel for block in stage.blocks for conv in (block.conv1, block.conv2)]
        total += convolutions([resampling], [stage.resample.conv.kernel])
        total += convolutions([here.neighbours(3)] * len(inner), inner)
        shortcuts = [block.shortcut for block in stage.blocks if isinstance(block.shortcut, LinearNorm)]
        total += sum(len(here) * shortcut.linear.weight.numel() for shortcut in shortcuts)
    return 2e-9 * total


def clicks_given(n: int, voxels: int, rng: np.random.Generator) -> ClickTensors:
    """n clicks on four parts of one object, and the one that is to be answered."""
    return ClickTensors(
        voxel=rng.integers(voxels, size=n + 1),
        object=np.ones(n + 1, dtype=np.int64),
        part=np.arange(n + 1) % 4 + 1,
        order=np.arange(n + 1),
        positive=np.ones(n + 1, dtype=np.bool_),
    )


def measure(voxels: int, repeats: int, width: int | None) -> dict[str, Any]:
    """All figures of one scene, in this process, with vectors of so many bits, or the widest."""
    with native.vectors_of(width) if width else nullcontext():
        return _measured(voxels, repeats)


def _measured(voxels: int, repeats: int) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    scene = synthetic_scene(voxels)
    segmenter = NetworkSegmenter(create_network(NetworkConfig(), rng), "random weights", CPU)
    embedding = segmenter.encode(scene)
    n = len(embedding.grid)
    clicks = {given: clicks_given(given, n, rng) for given in GIVEN}
    first = segmenter.segment(embedding, clicks[10]).object
    a, b = torch.rand(PRODUCT[:2]), torch.rand(PRODUCT[1:])
    grid_coord = torch.as_tensor(embedding.grid.grid_coord, dtype=torch.int64)
    coord = torch.nn.functional.pad(grid_coord, (1, 0))

    given_scene = SceneInput.from_grid(embedding.grid)

    def maps() -> Pyramid:
        pyramid = Pyramid(coord, DEPTH)
        for kernel_map in (*(level.neighbours(3) for level in pyramid.levels), pyramid.levels[0].neighbours(5)):
            if native.available():
                _ = kernel_map.bounds
        return pyramid

    jobs: dict[str, Callable[[], object]] = {
        "product": lambda: a @ b,
        "maps": maps,
        "voxelise": lambda: VoxelGrid.from_scene(scene, embedding.grid.size),
        "encode": torch.inference_mode()(lambda: segmenter.network.encode([given_scene])),
    }
    jobs |= {f"click_{given}": lambda c=c: segmenter.segment(embedding, c) for given, c in clicks.items()}
    seconds = timed(jobs, repeats, CPU)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
    pyramid = maps()
    gflop = operations(segmenter.network.backbone, pyramid)
    again = segmenter.segment(segmenter.encode(scene), clicks[10]).object
    layers = layers_of(pyramid, repeats) if n <= LAYERS_UP_TO else []
    floor = gflop / (2e-9 * float(np.prod(PRODUCT)) / seconds["product"])
    return {
        "voxels": n,
        "measured": datetime.now(UTC).isoformat(timespec="minutes"),
        "seconds": seconds,
        "peak_gib": peak,
        "backbone_gflop": gflop,
        "encode_per_floor": seconds["encode"] / floor,
        "encode_per_product": seconds["encode"] / seconds["product"],
        "click_per_product": {given: seconds[f"click_{given}"] / seconds["product"] for given in GIVEN},
        "bit_equal": bool(np.array_equal(first, again)),
        "layers": layers,
    }


def processor() -> str:
    """Name of the processor, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    names = (
        [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        if info.exists()
        else []
    )
    return names[0] if names else platform.processor() or platform.machine()


def processor_stem() -> str:
    """The processor's name as files of results have it."""
    return "-".join(processor().lower().replace("(", " ").replace(")", " ").split())


def print_tables(console: Console, results: list[dict[str, Any]]) -> None:
    table = Table(title="One scene; a click: one more when 1, 7, 10 or 40 are given, 1 object, 4 parts")
    headings = ["voxels", "product ms", "voxelise ms", "maps ms", "encode s", "/ floor", "/ product"]
    headings += [f"click {given} s" for given in GIVEN] + [f"{given} / product" for given in GIVEN] + ["GiB"]
    for heading in headings:
        table.add_column(heading, justify="right")
    for r in results:
        s = r["seconds"]
        table.add_row(
            f"{r['voxels']:,}",
            f"{s['product'] * 1e3:.0f}",
            f"{s['voxelise'] * 1e3:.0f}",
            f"{s['maps'] * 1e3:.0f}",
            f"{s['encode']:.2f}",
            f"{r['encode_per_floor']:.2f}",
            f"{r['encode_per_product']:.1f}",
            *(f"{s[f'click_{given}']:.2f}" for given in GIVEN),
            *(f"{r['click_per_product'][given]:.1f}" for given in GIVEN),
            f"{r['peak_gib']:.2f}",
        )
    console.print(table)
    table = Table(title="Layers: share of the rate of a plain matrix product of the same operation count")
    for heading in ("voxels", "layer", "channels", "floor ms", "forward ms", "backward ms", "forward", "backward"):
        table.add_column(heading, justify="left" if heading in ("layer", "channels") else "right")
    for r in results:
        for row in r["layers"]:
            times = (f"{row[key] * 1e3:.1f}" for key in ("floor_s", "forward_s", "backward_s"))
            shares = (f"{row[key]:.0%}" for key in ("forward_share", "backward_share"))
            table.add_row(f"{r['voxels']:,}", row["layer"], row["channels"], *times, *shares)
    console.print(table)
    if len(results) > 1:
        small, large = results[0], results[-1]
        ratio = large["voxels"] / small["voxels"]
        for key in ("voxelise", "maps", "encode", *(f"click_{given}" for given in GIVEN)):
            growth = large["seconds"][key] / small["seconds"][key] / ratio
            console.print(f"{key}: {growth:.2f} x linear from {small['voxels']:,} to {large['voxels']:,} voxels")
    console.print(f"bit-equal from run to run: {all(r['bit_equal'] for r in results)}")


def plot(results: list[dict[str, Any]], path: Path, title: str) -> None:
    figure, axes = plt.subplots(figsize=(6, 4.5))
    voxels = [r["voxels"] for r in results]
    for key in ("voxelise", "maps", "encode", *(f"click_{given}" for given in GIVEN)):
        axes.loglog(voxels, [r["seconds"][key] for r in results], "o-", label=key.replace("click_", "click after "))
    axes.set(xlabel="voxels", ylabel="seconds", title=title)
    axes.grid(which="both", alpha=0.3)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5))  # the curves fill the frame
    figure.savefig(path, dpi=120, bbox_inches="tight")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time kernel maps, layers, encoding and clicks beside their floors.")
    parser.add_argument("--voxels", type=int, nargs="*", default=[10_000, 40_000, 100_000, 200_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--avx2", action="store_true", help="without AVX-512, kernels and products alike")
    parser.add_argument("--out", type=Path, help="folder for the figures as JSON and a plot")
    parser.add_argument("--join", action="store_true", help="keep the figures of other sizes that the folder has")
    options = parser.parse_args()
    results = []
    if options.avx2:
        os.environ.update(ONLY_AVX2)  # PyTorch in the processes that measure reads it
    for voxels in options.voxels:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
            results.append(pool.submit(measure, voxels, options.repeats, 256 if options.avx2 else None).result())
    console = Console(width=max(Console().width, 140))
    print_tables(console, results)
    if options.out:
        machine = {
            "processor": processor(),
            "threads": torch.get_num_threads(),
            "cores": os.cpu_count(),
            "torch": torch.__version__,
            "compiled_kernels": native.available(),
        }
        options.out.mkdir(parents=True, exist_ok=True)
        stem = processor_stem() + ("-avx2" if options.avx2 else "")
        path = options.out / f"{stem}.json"
        if options.join and path.exists():
            measured = {r["voxels"] for r in results}
            results += [r for r in json.loads(path.read_text())["results"] if r["voxels"] not in measured]
            results.sort(key=lambda r: int(r["voxels"]))
        path.write_text(json.dumps({"machine": machine, "results": results}, indent=1) + "\n")
        plot(results, options.out / f"{stem}.png", f"{machine['processor']}, {machine['threads']} threads")


if __name__ == "__main__":
    main()
