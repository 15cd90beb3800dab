"""How long the model that ships takes to encode a large room and to answer clicks in it, as an annotator makes them.

    python benchmarks/clicks.py [--rooms 4] [--objects 20] [--model pinpoint3d] [--json FILE]

Generated rooms side by side, a scan of about 50,000 voxels of 2 cm each. Objects are clicked one after the other: once
for the object, once on each of its parts (five at most), and once where the answer is most wrong. All clicks stay:
the last ones are answered among all others. A click that finds an object's surroundings for the first time is timed
with the encoding of these.
"""

import argparse
import json
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from pinpoint3d.arrays import Int32, Int64
from pinpoint3d.prompts import ClickTensors, simulate_clicks
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.segmenters.surface_network import SurfaceNetworkSegmenter
from pinpoint3d.synthesis.generate import SceneConfig, generate_scene

GAP = 0.5  # metres between rooms
PARTS = 5  # of an object that are clicked


def building(rooms: int) -> LabelledScene:
    """Generated rooms side by side; the objects of all of them are counted on."""
    xyz, rgb, whole, part, right = [], [], [], [], 0.0
    for number in range(rooms):
        room = generate_scene(7, number, split="test", config=SceneConfig(table_tops=0.0))
        assert room.scene.rgb is not None
        at = room.scene.xyz - room.scene.xyz.min(axis=0)
        xyz.append(at + np.array([right, 0, 0], dtype=np.float32))
        right += float(at[:, 0].max()) + GAP
        rgb.append(room.scene.rgb)
        before = max((int(ids.max()) for ids in whole), default=0)
        whole.append(np.where(room.labels.object > 0, room.labels.object + before, 0).astype(np.int32))
        part.append(room.labels.part)
    labels = Hierarchy(np.concatenate(whole), np.concatenate(part))
    return LabelledScene(Scene("building", np.concatenate(xyz), rgb=np.concatenate(rgb)), labels)


class Annotator:
    """Clicks in one scene, all of them kept, each timed by kind."""

    def __init__(self, segmenter: SurfaceNetworkSegmenter, labelled: LabelledScene) -> None:
        self.segmenter = segmenter
        start = time.perf_counter()
        self.embedding = segmenter.encode(labelled.scene)
        self.encode_s = time.perf_counter() - start
        grid = self.embedding.grid
        self.coord = grid.coord
        self.object = labelled.labels.object[grid.voxel_to_point]
        self.part = labelled.labels.part[grid.voxel_to_point]
        self.clicks: list[tuple[int, int, int]] = []
        self.ms: dict[str, list[float]] = defaultdict(list)

    def annotate(self, object_id: int) -> None:
        """The object, its largest parts, and the largest error."""
        inside = self.object == object_id
        ids, counts = np.unique(self.part[inside & (self.part > 0)], return_counts=True)
        parts = np.sort(ids[np.argsort(-counts)][:PARTS])
        shown = self._click("object", inside, np.zeros(len(inside), dtype=np.int64), object_id, [0])
        truth = np.where(inside, np.searchsorted(parts, self.part) + 1, 0) * np.isin(self.part, parts)
        for number, part in enumerate(parts.tolist()):
            wanted = truth == number + 1
            shown = self._click("part", wanted, np.zeros(len(inside), dtype=np.int64), object_id, [0, int(part)])
        if len(parts):
            column = np.where(shown[0] == object_id, np.searchsorted(parts, shown[1]) + 1, 0)
            self._click("part", truth, column * (shown[1] > 0), object_id, [0, *parts.tolist()])

    def _click(self, kind: str, truth: Int64, shown: Int64, object_id: int, parts: list[int]) -> tuple[Int32, Int32]:
        around = np.flatnonzero(self.object == object_id)
        for click in simulate_clicks(self.coord[around], truth[around].astype(np.int64), shown[around], n_clicks=1):
            part = parts[min(click.label, len(parts) - 1)]
            self.clicks.append((int(around[click.voxel]), object_id, part))
        voxel, whole, part_of = (np.array(column, dtype=np.int64) for column in zip(*self.clicks, strict=True))
        order = np.arange(len(voxel), dtype=np.int64)
        clicks = ClickTensors(voxel, whole, part_of, order, np.ones(len(voxel), dtype=np.bool_))
        known = set(self.embedding.regions)
        start = time.perf_counter()
        labels = self.segmenter.segment(self.embedding, clicks).labels()
        fresh = " with new surroundings" if self.embedding.regions.keys() - known else ""
        self.ms[kind + fresh].append(1000 * (time.perf_counter() - start))
        return labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=int, default=4)
    parser.add_argument("--objects", type=int, default=20, help="how many of the largest are clicked")
    parser.add_argument("--model", default="pinpoint3d")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    segmenter = load_model(options.model)
    if not isinstance(segmenter, SurfaceNetworkSegmenter):
        sys.exit(f"--model {options.model} is no surface network")
    annotator = Annotator(segmenter, building(options.rooms))
    ids, counts = np.unique(annotator.object[annotator.object > 0], return_counts=True)
    for object_id in ids[np.argsort(-counts)][: options.objects].tolist():
        annotator.annotate(object_id)
    result = {
        "voxels": len(annotator.embedding.whole.fine_of),
        "fine_voxels": len(annotator.embedding.grid),
        "encode_s": round(annotator.encode_s, 2),
        "clicks": len(annotator.clicks),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }
    table = Table(title=", ".join(f"{name} {value}" for name, value in result.items()))
    for heading in ("click", "number", "median, ms", "95 %, ms"):
        table.add_column(heading, justify="left" if heading == "click" else "right")
    for kind, ms in sorted(annotator.ms.items()):
        median, high = np.percentile(ms, [50, 95])
        result |= {f"{kind}_median_ms": round(median, 1), f"{kind}_p95_ms": round(high, 1)}
        table.add_row(kind, str(len(ms)), f"{median:.0f}", f"{high:.0f}")
    Console().print(table)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
