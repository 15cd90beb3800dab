"""How long one click takes beside the published code's, both measured in one run.

    python benchmarks/beside_published.py [--voxels 40000 100000] [--avx2]

1 object, 4 parts x 2 clicks, random weights, synthetic rooms. The published click is `published_click.py`, with our
weights and scene features, in a process of its own right before ours; before any time is printed its logits are held
against ours. The ratio is that of clicks over products, each of one process: a machine may change its pace. `--avx2`
keeps both from AVX-512, as the published code itself was once measured.
"""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from encode_click import PRODUCT, synthetic_scene, timed
from rich.console import Console
from rich.table import Table
from speed import CPU, ONLY_AVX2, clicks_given

from pinpoint3d import native
from pinpoint3d.model import Agile3D, NetworkConfig, create_network
from pinpoint3d.model.published import published_name
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.segmenters.network import NetworkEmbedding, NetworkSegmenter

GIVEN = 7  # clicks already given
LARGEST_DIFFERENCE = 5e-4  # of a logit
LARGE_PAGES = "THP_MEM_ALLOC_ENABLE"  # set for this process by the package; the published code does without


def published(network: Agile3D, embedding: NetworkEmbedding, clicks: ClickTensors, repeats: int) -> dict[str, Any]:
    """What `published_click.measured` returns for these weights, features and clicks on parts of one object."""
    stacked: dict[str, list[torch.Tensor]] = {}  # queries, keys and values are one matrix there, in this order
    for name, weight in network.state_dict().items():
        stacked.setdefault(published_name(name), []).append(weight)
    of_part = {str(part): (clicks.part == part).nonzero()[0] for part in clicks.parts(1).tolist()}
    given = {
        "weights": {name: weights[0] if len(weights) == 1 else torch.cat(weights) for name, weights in stacked.items()},
        "heads": network.config.heads,
        "inputs": {
            "scene": embedding.scene.features,
            "scene_position": embedding.scene.position,
            "coord": torch.as_tensor(embedding.grid.coord),
            "clicked_voxels": {part: clicks.voxel[rows].tolist() for part, rows in of_part.items()},
            "click_times": {part: clicks.order[rows].tolist() for part, rows in of_part.items()},
        },
    }
    environment = {name: value for name, value in os.environ.items() if name != LARGE_PAGES}
    with TemporaryDirectory() as folder:
        file, script = Path(folder) / "click.pt", Path(__file__).with_name("published_click.py")
        torch.save(given, file)
        subprocess.run([sys.executable, script, file, str(repeats)], env=environment, check=True)
        result: dict[str, Any] = torch.load(file)
    return result


def measure(voxels: int, repeats: int, width: int | None) -> dict[str, Any]:
    """Both clicks on one scene.

    Raises:
        ValueError: their logits differ.
    """
    rng = np.random.default_rng(0)
    with native.vectors_of(width) if width else nullcontext():
        segmenter = NetworkSegmenter(create_network(NetworkConfig(), rng), "random weights", CPU)
        embedding = segmenter.encode(synthetic_scene(voxels))
        clicks = clicks_given(GIVEN, len(embedding.grid), rng)
        theirs = published(segmenter.network, embedding, clicks, repeats)
        answer = segmenter.segment(embedding, clicks)
        inside = answer.object.argmax(axis=1) == 1  # elsewhere we compute no parts
        pairs = ((answer.object, theirs["object"]), (answer.parts[1].logits[inside], theirs["part"][inside]))
        difference = max(float(np.abs(ours - other.numpy()).max(initial=0.0)) for ours, other in pairs)
        if not difference <= LARGEST_DIFFERENCE:
            raise ValueError(f"{voxels} voxels: logits differ from the published ones by {difference}")
        a, b = torch.rand(PRODUCT[:2]), torch.rand(PRODUCT[1:])
        jobs = {"product": lambda: a @ b, "click": lambda: segmenter.segment(embedding, clicks)}
        ours = timed(jobs, repeats, CPU)
    return {
        "voxels": len(embedding.grid),
        "inside": float(inside.mean()),
        "ours": ours,
        "published": theirs["seconds"],
        "difference": difference,
    }


def table_of(results: list[dict[str, Any]]) -> Table:
    table = Table(
        title="A click after 7 others; 1 object, 4 parts", caption="product: " + " x ".join(map(str, PRODUCT))
    )
    for heading in ("voxels", "in object", "published s", "/ product", "ours s", "/ product", "ratio", "logits differ"):
        table.add_column(heading, justify="right")
    for r in results:
        theirs, ours = r["published"], r["ours"]
        table.add_row(
            f"{r['voxels']:,}",
            f"{r['inside']:.0%}",
            f"{theirs['click']:.2f}",
            f"{theirs['click'] / theirs['product']:.1f}",
            f"{ours['click']:.3f}",
            f"{ours['click'] / ours['product']:.1f}",
            f"{theirs['click'] / theirs['product'] * ours['product'] / ours['click']:.2f}",
            f"{r['difference']:.1e}",
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Time one click beside the published code's.")
    parser.add_argument("--voxels", type=int, nargs="*", default=[40_000, 100_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--avx2", action="store_true", help="without AVX-512, both")
    options = parser.parse_args()
    if options.avx2:
        os.environ.update(ONLY_AVX2)  # PyTorch in the processes that measure reads it
    results = []
    for voxels in options.voxels:
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
            results.append(pool.submit(measure, voxels, options.repeats, 256 if options.avx2 else None).result())
    Console(width=max(Console().width, 110)).print(table_of(results))


if __name__ == "__main__":
    main()
