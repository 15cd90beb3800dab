"""What a sample scored after so many clicks, and the numbers drawn from one such curve."""

from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Float64


@dataclass(frozen=True, eq=False)
class ClickCurve:
    """Mean IoU of a sample's targets over clicks.

    Attributes:
        sample: id of the sample.
        scene: name of its scene.
        n_targets: targets of the sample.
        clicks: f64 [K], clicks a target, ascending, from the first round on; empty where nothing could be clicked.
        iou: f64 [K], mean IoU after them. After the last the sample keeps its score.
        status: "ok", "no voxel", or "missing" for a listed sample without a row.
    """

    sample: str
    scene: str
    n_targets: int
    clicks: Float64
    iou: Float64
    status: str = "ok"

    def iou_at(self, clicks: float) -> float:
        """Mean IoU once at most `clicks` clicks a target are made; 0 before the first."""
        made = int(np.searchsorted(self.clicks, clicks + 1e-9))
        return float(self.iou[made - 1]) if made else 0.0

    def clicks_to(self, iou: float, cap: float) -> float:
        """Clicks a target at which the sample first reaches `iou`; the cap where it never does."""
        reached = np.flatnonzero((self.iou >= iou) & (self.clicks <= cap + 1e-9))
        return float(self.clicks[reached[0]]) if len(reached) else cap

    def fails(self, iou: float, cap: float) -> bool:
        """Whether the sample stays below `iou` within the cap."""
        return not ((self.iou >= iou) & (self.clicks <= cap + 1e-9)).any()

    def lowered(self) -> tuple[int, int]:
        """Added clicks that lowered the mean IoU, and all added clicks, the first round left out."""
        change = np.diff(self.iou)
        return int((change < 0).sum()), len(change)

    def area(self, cap: float) -> float:
        """Area under the curve from one click a target to the cap, as a share of what a perfect sample has.

        The curve is a staircase: a score holds until the next click. A cap of one click has the score there.
        """
        if cap <= 1:
            return self.iou_at(cap)
        steps = np.clip(np.append(self.clicks, cap), 1.0, cap)
        return float((self.iou * np.diff(steps)).sum() / (cap - 1.0)) if len(self.iou) else 0.0
