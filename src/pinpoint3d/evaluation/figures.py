"""Figures of a set of samples with 95 % intervals, under the complete protocol.

Every figure is a ratio of sums over samples; its interval is a bootstrap over scenes, because samples of one scene
are not independent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.evaluation.curves import ClickCurve

CLICKS = (1, 2, 3, 5, 10, 15, 20)
THRESHOLDS = (50, 65, 80, 85, 90)  # per cent
LOWERING = "clicks lowering IoU"
AREA = "area under curve"
_RESAMPLES = 2000


@dataclass(frozen=True)
class Figure:
    """A number and its 95 % interval.

    Attributes:
        name: "IoU@3", "NoC@80", "fail@80" and so on; shares and IoU are 0..1.
        value: the number.
        low: lower end of the interval, NaN where there is none.
        high: upper end, likewise.
        count: samples (or keys, or clicks) it is taken over.
    """

    name: str
    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Term:
    """What one sample adds to a figure: `total` over `weight`."""

    scene: str
    total: float
    weight: float = 1.0


def figure(name: str, terms: Sequence[Term]) -> Figure:
    """The ratio of sums with the 2.5 and 97.5 percentiles of 2,000 bootstrap resamples of the scenes, fixed seed.

    NaN without any term; no interval, NaN, from a single scene.
    """
    total, weight = np.array([[t.total, t.weight] for t in terms]).reshape(-1, 2).T
    if weight.sum() == 0:
        return Figure(name, float("nan"), float("nan"), float("nan"), 0)
    scenes, scene = np.unique([t.scene for t in terms], return_inverse=True)
    if len(scenes) == 1:
        return Figure(name, float(total.sum() / weight.sum()), float("nan"), float("nan"), round(weight.sum()))
    sums = [np.bincount(scene, weights=of_terms) for of_terms in (total, weight)]
    low, high = np.percentile(_resampled(np.stack(sums, axis=1).astype(np.float64)), (2.5, 97.5))
    return Figure(name, float(total.sum() / weight.sum()), float(low), float(high), round(weight.sum()))


def _resampled(sums: Float64) -> Float64:
    """f64 [B]: ratios of resampled scenes, from f64 [S, 2] totals and weights."""
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=_RESAMPLES)
    totals, weights = (drawn @ sums).T
    return np.asarray(totals[weights > 0] / weights[weights > 0])


def mean_figure(name: str, curves: Sequence[ClickCurve], numbers: Iterable[float]) -> Figure:
    """The mean of one number a curve."""
    return figure(name, [Term(curve.scene, number) for curve, number in zip(curves, numbers, strict=True)])


def complete_figures(curves: Sequence[ClickCurve], cap: int) -> list[Figure]:
    """Figures in which every sample counts.

    IoU@k is 0 where nothing could be clicked; NoC@t is the cap, and fail@t counts the samples that stay below t
    within it; "clicks lowering IoU" is the share of added clicks that do; "area under curve" sums the curve up.
    """
    lowered = [(curve.scene, *curve.lowered()) for curve in curves]
    return [
        *(mean_figure(f"IoU@{k}", curves, [c.iou_at(k) for c in curves]) for k in CLICKS if k <= cap),
        *(mean_figure(f"NoC@{t}", curves, [c.clicks_to(t / 100, cap) for c in curves]) for t in THRESHOLDS),
        *(mean_figure(f"fail@{t}", curves, [c.fails(t / 100, cap) for c in curves]) for t in THRESHOLDS),
        figure(LOWERING, [Term(scene, worse, added) for scene, worse, added in lowered]),
        mean_figure(AREA, curves, [c.area(cap) for c in curves]),
    ]
