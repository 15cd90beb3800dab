"""What scanners there are, and how wrong they measure."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from pinpoint3d.arrays import Float64


@dataclass(frozen=True)
class Sensor(ABC):
    """A scanner that sends a ray a pixel.

    Attributes:
        width, height: pixels.
        near, far: metres along the axis between which it measures.
        base, growth: axial noise in metres, `base + growth * (z - 0.4)^2`.
        grazing: how much the noise grows at grazing angles.
        wave: metres at 1 m, growing as z^2, of the slow distortion over one frame.
        step: metres at 1 m, growing as z^2, between two depths that it tells apart; 0 as fine as numbers go.
        shift: pixels that colours lie beside depths, at most.
        flying: share of the pixels on an edge that fall between what lies before and behind.
        faint: reflected light, 0..1, below which a pixel is often lost.
    """

    width: int
    height: int
    near: float
    far: float
    base: float
    growth: float
    grazing: float
    wave: float
    step: float
    shift: float
    flying: float
    faint: float

    @abstractmethod
    def rays(self, at: Float64) -> Float64:
        """f64 [N, 3]: rays right, down, forward through pixels f64 [N, 2]; their lengths are what it measures in."""

    def sigma(self, z: Float64, cosine: Float64) -> Float64:
        """f64 [N]: axial noise in metres at depth z f64 [N] and cosine f64 [N] between ray and normal.

        Nguyen, Izadi and Lovell (2012), Modeling Kinect sensor noise, equation 3.
        """
        angle = np.arccos(np.clip(cosine, 0.09, 1))
        slanted = angle**2 / (np.pi / 2 - angle) ** 2
        return np.asarray(self.base + self.growth * (z - 0.4) ** 2 + self.grazing / np.sqrt(z) * slanted)


@dataclass(frozen=True)
class DepthCamera(Sensor):
    """A hand-held depth camera.

    Attributes:
        field: horizontal field of view in degrees.
    """

    field: float = 60.0

    def rays(self, at: Float64) -> Float64:
        """f64 [N, 3]: rays right, down, forward through pixels f64 [N, 2]; forward is 1, so that lengths are depths."""
        focal = self.width / 2 / np.tan(np.radians(self.field / 2))
        middle = np.array([self.width, self.height]) / 2
        return np.concatenate([(at - middle) / focal, np.ones((len(at), 1))], axis=1)


@dataclass(frozen=True)
class Lidar(Sensor):
    """A scanner on a tripod that turns all the way round.

    Attributes:
        lowest, highest: degrees above the horizon between which it looks.
    """

    lowest: float = -60.0
    highest: float = 85.0

    def rays(self, at: Float64) -> Float64:
        """f64 [N, 3]: unit rays right, down, forward through pixels f64 [N, 2]."""
        around = at[:, 0] / self.width * 2 * np.pi
        up = np.radians(self.highest + at[:, 1] / self.height * (self.lowest - self.highest))
        return np.stack([np.sin(around) * np.cos(up), -np.sin(up), np.cos(around) * np.cos(up)], axis=1)


# Structured light: Nguyen, Izadi and Lovell (2012); depth steps after Khoshelham and Elberink (2012), section 3.2.
STRUCTURED_LIGHT = DepthCamera(192, 144, 0.35, 5.0, 0.0008, 0.0019, 0.0001, 0.0006, 0.002, 1.2, 0.05, 0.05, field=62.0)
TIME_OF_FLIGHT = DepthCamera(192, 152, 0.4, 5.5, 0.002, 0.0005, 0.0002, 0.0004, 0.0, 0.9, 0.07, 0.035, field=70.0)
TRIPOD = Lidar(900, 420, 0.4, 30.0, 0.0015, 0.00002, 0.0001, 0.0, 0.0, 2.0, 0.1, 0.02)
