"""Whether masks are as good as the model expects: the IoU it expects of each beside the true one.

    pinpoint3d data benchmark --out pinpoint-synth
    python benchmarks/calibration.py synth:pinpoint-synth/test --level part --per-scene 1 --clicks 5 [--out FOLDER]

The robot annotates as in `pinpoint3d eval run`. After every click each mask shown counts once. Prints a table by
expected IoU, how far the two lie apart on the whole, and how often the better of two masks is the one that is expected
to be better; with `--out` also a picture.
"""

import argparse
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from annotations import annotations
from rich.console import Console
from rich.table import Table
from scipy.stats import kendalltau

from pinpoint3d.arrays import Float64
from pinpoint3d.evaluation.samples import Level
from pinpoint3d.evaluation.scoring import ious
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters import MaskLogits, Segmenter
from pinpoint3d.segmenters.registry import load_model

_BINS = 10


class Remembering:
    """A segmenter whose latest answer stays at hand."""

    last: MaskLogits

    def __init__(self, segmenter: Segmenter[Any]) -> None:
        self._segmenter = segmenter
        self.name, self.voxel_size = segmenter.name, segmenter.voxel_size

    def encode(self, scene: Scene) -> Any:
        return self._segmenter.encode(scene)

    def segment(self, embedding: Any, clicks: ClickTensors) -> MaskLogits:
        self.last = self._segmenter.segment(embedding, clicks)
        return self.last


def masks_of(segmenter: Remembering, options: argparse.Namespace) -> Float64:
    """f64 [M, 2]: expected and true IoU of every mask after every click."""
    found, level = [], Level(options.level)
    for task, _, answers in annotations(
        segmenter, options.data, level, options.clicks, options.seed, options.per_scene
    ):
        for answer in answers:
            expected, true = segmenter.last.expected_iou(), ious(task.truth, answer.predicted, task.targets)
            for (label, *_), iou in zip(task.targets, true, strict=True):
                target = task.meaning(label, 0)[:2]
                if target in expected:
                    found.append((expected[target], iou))
    return np.array(found)


def binned(masks: Float64) -> list[tuple[float, int, float, float]]:
    """Lower end, number of masks, mean expected and mean true IoU of each bin that has any."""
    place = np.minimum((masks[:, 0] * _BINS).astype(np.int64), _BINS - 1)
    return [(k / _BINS, int((place == k).sum()), *masks[place == k].mean(axis=0)) for k in np.unique(place)]


def print_table(masks: Float64) -> None:
    table = Table(title=f"{len(masks):,} masks")
    for heading in ("expected IoU", "masks", "mean expected", "mean true"):
        table.add_column(heading, justify="right")
    rows = binned(masks)
    for low, number, expected, true in rows:
        table.add_row(f"{low:.1f} to {low + 1 / _BINS:.1f}", f"{number:,}", f"{expected:.1%}", f"{true:.1%}")
    console = Console()
    console.print(table)
    apart = sum(number * abs(expected - true) for _, number, expected, true in rows) / len(masks)
    concordant = (1 + kendalltau(masks[:, 0], masks[:, 1], variant="b").statistic) / 2
    console.print(f"bins lie {100 * apart:.1f} points of IoU apart from the truth, single masks", end=" ")
    console.print(f"{100 * np.abs(masks[:, 0] - masks[:, 1]).mean():.1f}; of two masks {concordant:.1%} in right order")


def plot(masks: Float64, path: Path) -> None:
    figure, axes = plt.subplots(figsize=(4.5, 4.5))
    rows = np.array(binned(masks))
    axes.plot(masks[:, 0], masks[:, 1], ".", markersize=1, alpha=0.3, color="tab:gray")
    axes.plot([0, 1], [0, 1], "k--", linewidth=1)
    axes.plot(rows[:, 2], rows[:, 3], "o-")
    axes.set(xlabel="expected IoU", ylabel="true IoU", xlim=(0, 1), ylim=(0, 1))
    figure.savefig(path, dpi=120, bbox_inches="tight")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="labelled scans, such as synth:pinpoint-synth/test")
    parser.add_argument("--level", choices=["object", "part"], default="part")
    parser.add_argument("--per-scene", type=int, help="samples a scan; by default all")
    parser.add_argument("--clicks", type=int, default=5, help="most clicks a target")
    parser.add_argument("--model", default="pinpoint3d")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="folder for a picture")
    options = parser.parse_args()
    masks = masks_of(Remembering(load_model(options.model)), options)
    print_table(masks)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        plot(masks, options.out / "calibration.png")


if __name__ == "__main__":
    main()
