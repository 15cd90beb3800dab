"""Poses as robot descriptions write them, as matrices f64 [4, 4]."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial.transform import Rotation

from pinpoint3d.arrays import Float64


def pose(position: Sequence[float], rotation: Rotation | None = None, scale: Sequence[float] | None = None) -> Float64:
    """First scale, then turn, then move."""
    matrix = np.eye(4)
    if rotation is not None:
        matrix[:3, :3] = rotation.as_matrix()
    if scale is not None:
        matrix[:3, :3] *= np.asarray(scale)
    matrix[:3, 3] = position
    return matrix


def roll_pitch_yaw(angles: Sequence[float]) -> Rotation:
    """Radians about the fixed axes x, y and z, in this order."""
    return Rotation.from_euler("xyz", angles)


def quaternion(wxyz: Sequence[float]) -> Rotation:
    """A quaternion, its real part first; of any length but zero."""
    return Rotation.from_quat(np.asarray(wxyz)[[1, 2, 3, 0]])


def along(direction: Sequence[float]) -> Rotation:
    """The least turn that takes the axis z into a direction."""
    unit = np.asarray(direction, dtype=np.float64) / np.linalg.norm(direction)
    axis = np.cross((0.0, 0.0, 1.0), unit)
    length = float(np.linalg.norm(axis))
    if length < 1e-12:
        return Rotation.identity() if unit[2] > 0 else Rotation.from_rotvec((np.pi, 0, 0))
    return Rotation.from_rotvec(axis / length * np.arctan2(length, unit[2]))
