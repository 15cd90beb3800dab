"""Is one result better than another? A paired test over the samples both have."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pinpoint3d.errors import PinPointError
from pinpoint3d.evaluation.curves import ClickCurve
from pinpoint3d.evaluation.figures import AREA, Figure, Term, figure
from pinpoint3d.evaluation.sources import Source

_PERMUTATIONS = 10_000


@dataclass(frozen=True)
class Comparison:
    """B less A in one figure.

    Attributes:
        a: mean of A.
        b: mean of B.
        difference: mean of the paired differences with its 95 % interval (bootstrap over scenes).
        p: two-sided probability of a difference as large if A and B were the same.
    """

    a: float
    b: float
    difference: Figure
    p: float


def compare(a: Source, b: Source, name: str, cap: int) -> Comparison:
    """Compare two results in "IoU@k", "NoC@t" or "area under curve", every sample counting (complete protocol).

    The p value is of a permutation test that swaps A and B scene by scene, because samples of one scene are not
    independent: 10,000 random swaps, fixed seed, counted with the real one.

    Raises:
        PinPointError: the two do not have the same samples, or the figure is unknown.
    """
    number = _number(name, cap)
    of_a, of_b = ({curve.sample: curve for curve in source.curves} for source in (a, b))
    odd = sorted(of_a.keys() ^ of_b.keys())
    if odd:
        lacking = b.name if odd[0] in of_a else a.name
        raise PinPointError(
            f"{lacking} lacks sample {odd[0]!r}, and the two differ in {len(odd)} samples; compare results "
            f"of the same samples, and give published files their --list"
        )
    curves = list(of_a.values())
    before = np.array([number(curve) for curve in curves])
    after = np.array([number(of_b[curve.sample]) for curve in curves])
    gain = after - before
    difference = figure(name, [Term(curve.scene, g) for curve, g in zip(curves, gain, strict=True)])
    _, scene = np.unique([curve.scene for curve in curves], return_inverse=True)
    by_scene = np.bincount(scene, weights=gain)
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(_PERMUTATIONS, len(by_scene)))
    as_large = np.count_nonzero(np.abs(signs @ by_scene) >= abs(by_scene.sum()) * (1 - 1e-9))
    return Comparison(float(before.mean()), float(after.mean()), difference, (as_large + 1) / (_PERMUTATIONS + 1))


def _number(name: str, cap: int) -> Callable[[ClickCurve], float]:
    if name == AREA:
        return lambda curve: curve.area(cap)
    found = re.fullmatch(r"(IoU|NoC)@(\d+)", name)
    kind, at = (found[1], int(found[2])) if found else ("", 0)
    if kind == "IoU" and 1 <= at <= cap:
        return lambda curve: curve.iou_at(at)
    if kind == "NoC" and at <= 100:
        return lambda curve: curve.clicks_to(at / 100, cap)
    raise PinPointError(f"unknown figure {name!r}; known are IoU@1 to IoU@{cap}, NoC@50 (per cent) and {AREA!r}")
