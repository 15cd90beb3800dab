"""Objects painted anew: the parts of real things are often of one colour, and their surfaces have patterns."""

import numpy as np
from scipy.ndimage import map_coordinates
from scipy.spatial.transform import Rotation

from pinpoint3d.arrays import Float32, Float64, UInt8
from pinpoint3d.scene import Hierarchy, Scene

_PERIOD = (0.02, 0.4)  # metres from one stripe to the next
_ONE_COLOUR = 0.5  # share of painted objects whose parts have one colour
_PATTERNED = 0.8  # share of painted objects with a pattern
_WHOLE = 0.7  # share of patterns that go over a whole object; others are on one part
_LINE = 0.12  # of a period that a thin line covers


def repainted(scene: Scene, labels: Hierarchy, share: float, rng: np.random.Generator) -> UInt8:
    """u8 [N, 3]: the scene's colours, where a share of its objects, and now and then the room, is painted anew."""
    assert scene.rgb is not None
    rgb = scene.rgb.astype(np.float64)
    for thing in np.unique(labels.object):
        if thing >= 0 and rng.random() < share:
            rows = np.flatnonzero(labels.object == thing)
            rgb[rows] = _painted(scene.xyz[rows], rgb[rows], labels.part[rows], rng)
    return np.clip(rgb, 0, 255).astype(np.uint8)


def _painted(xyz: Float32, rgb: Float64, part: np.ndarray, rng: np.random.Generator) -> Float64:
    """f64 [N, 3]: one object's colours, its light and shade kept."""
    if rng.random() < _ONE_COLOUR:
        _, numbered = np.unique(part, return_inverse=True)
        count = np.bincount(numbered)
        mean = np.stack([np.bincount(numbered, along) / count for along in rgb.T], axis=1)
        rgb = rgb - mean[numbered] + mean[rng.integers(len(mean))]
    if rng.random() < _PATTERNED:
        rows = np.arange(len(xyz)) if rng.random() < _WHOLE else np.flatnonzero(part == rng.choice(part))
        ink = rng.uniform(0, 255, 3) if rng.random() < 0.5 else rgb.mean(axis=0) * rng.uniform(0.3, 1.7)
        cover = rng.uniform(0.1, 0.9) * _pattern(xyz[rows], rng)[:, None]
        rgb[rows] += cover * (ink - rgb[rows].mean(axis=0))
    return rgb


def _pattern(xyz: Float32, rng: np.random.Generator) -> Float64:
    """f64 [N] in 0..1: how much of its ink a pattern has at each point: grain, checks, lines or blotches."""
    period = np.exp(rng.uniform(*np.log(_PERIOD)))
    at = xyz @ Rotation.random(random_state=rng).as_matrix() / period
    at += rng.uniform(0, 1.5) * _between_nodes(xyz, rng.uniform(2, 6) * period, rng)
    kind = rng.integers(4)
    if kind == 0:
        return np.asarray(0.5 + 0.5 * np.sin(2 * np.pi * at[:, 0]))
    if kind == 1:
        return np.asarray((np.floor(2 * at).sum(axis=1) % 2).astype(np.float64))
    if kind == 2:
        return np.asarray((at[:, :2] % 1 < _LINE).any(axis=1).astype(np.float64))
    return np.asarray((_between_nodes(xyz, period, rng)[:, 0] > rng.uniform(-0.5, 0.5)).astype(np.float64))


def _between_nodes(xyz: Float32, apart: float, rng: np.random.Generator) -> Float64:
    """f64 [N, 3]: normal deviates at the nodes of a grid, metres apart, and linear between them."""
    at = (xyz - xyz.min(axis=0)).T / apart
    nodes = rng.normal(size=(3, *(at.max(axis=1).astype(np.int64) + 2)))
    return np.stack([map_coordinates(along, at, order=1, mode="nearest") for along in nodes], axis=1)
