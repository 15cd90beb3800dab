"""How well a click model finds given parts again: a filter for labels that nobody can click."""

from dataclasses import replace
from typing import Any

import numpy as np

from pinpoint3d.arrays import Int32, Int64
from pinpoint3d.prompts import ClickTensors, simulate_clicks
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.base import Segmenter
from pinpoint3d.segmenters.graph import SurfaceGraph

_OBJECT = 1


def recovered(scene: Scene, part: Int32, segmenter: Segmenter[Any], clicks: int) -> dict[int, float]:
    """IoU that the robot reaches for every part of an object that stands alone.

    Args:
        scene: the object's N points.
        part: i32 [N], from 1; 0 belongs to no part.
        segmenter: what answers the clicks.
        clicks: how many a part; they go where the error is largest.
    """
    numbers = np.unique(part[part > 0])
    embedding = segmenter.encode(scene)
    if isinstance(embedding, SurfaceGraph):
        embedding = replace(embedding, planes=())  # a table top is no floor when the table stands alone
    grid = embedding.grid
    coord, truth = scene.xyz[grid.voxel_to_point], part[grid.voxel_to_point].astype(np.int64)
    predicted = np.zeros_like(truth)
    made: list[tuple[int, int, bool]] = []
    for turn in range(1 + len(numbers) * (clicks - 1)):
        for click in simulate_clicks(coord, truth, predicted, n_clicks=None if turn == 0 else 1):
            wrong = int(predicted[click.voxel])
            made.append((click.voxel, click.label or wrong, click.label > 0))
        if not made:
            break
        predicted = segmenter.segment(embedding, _tensors(made)).labels()[1].astype(np.int64)
    seen = grid.point_to_voxel >= 0
    answer = np.where(seen, predicted[grid.point_to_voxel], 0)
    return {int(number): _iou(answer == number, part == number) for number in numbers}


def _tensors(made: list[tuple[int, int, bool]]) -> ClickTensors:
    """Clicks (voxel, part, positive) on the parts of one object."""
    voxel, part, positive = (np.array(column) for column in zip(*made, strict=True))
    order: Int64 = np.arange(len(made), dtype=np.int64)
    whole = np.full(len(made), _OBJECT, dtype=np.int64)
    return ClickTensors(voxel.astype(np.int64), whole, part.astype(np.int64), order, positive)


def _iou(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    union = int((a | b).sum())
    return float((a & b).sum() / union) if union else 0.0
