"""From a coordinate to the nearest point of a scan."""

import numpy as np
from scipy.spatial import KDTree

from pinpoint3d.errors import ClickError, SceneError
from pinpoint3d.prompts.click import Click
from pinpoint3d.scene import Scene

REACH = 0.10  # metres; farther from every point than this, a click is taken for a mistake
_KEPT = 4096  # places whose nearest point is remembered: every answer asks for those of all clicks


class PointLocator:
    """A k-d tree over the finite points of a scene, built once and asked for every click.

    Raises:
        SceneError: the scene has no finite point.
    """

    def __init__(self, scene: Scene) -> None:
        self._rows = np.flatnonzero(scene.finite)
        if len(self._rows) == 0:
            raise SceneError(f"{scene.name}: no finite point")
        self._origin = scene.origin
        self._tree = KDTree(scene.xyz[self._rows])
        self._found: dict[tuple[float, float, float], tuple[int, float]] = {}

    def nearest(self, xyz: tuple[float, float, float]) -> tuple[int, float]:
        """Row of the nearest finite point and its distance in metres."""
        if xyz not in self._found:
            if len(self._found) == _KEPT:
                self._found.clear()
            distance, row = self._tree.query(xyz)
            self._found[xyz] = int(self._rows[row]), float(distance)
        return self._found[xyz]

    def point_of(self, click: Click) -> int:
        """Row of the point a click lands on.

        Raises:
            ClickError: no point lies within `REACH` of the click.
        """
        row, distance = self.nearest(click.xyz)
        if distance > REACH:
            x, y, z = self._origin + click.xyz
            raise ClickError(
                f"click {x:.10g},{y:.10g},{z:.10g} is off the cloud: the nearest point is {distance:.3g} m away "
                f"(at most {REACH:g} m); take coordinates from the scan, in metres, z up"
            )
        return row
