"""Shapes look outwards, fill what they say they fill, and keep doing so when moved."""

import numpy as np
import pytest

from pinpoint3d.synthesis.modelling.outlines import bent, circle, hoop, rectangle
from pinpoint3d.synthesis.modelling.shapes import (
    Solid,
    box,
    casing,
    cylinder,
    lathe,
    layers,
    prism,
    sheet,
    superellipsoid,
    tube,
    turn,
)


def volume(solid: Solid) -> float:
    """Of what the surface encloses; negative where it is inside out."""
    a, b, c = solid.vertices[solid.faces].transpose(1, 0, 2)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


GRID = np.stack([*np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0], indexing="ij"), np.zeros((3, 2))], axis=2)
RING = rectangle(2, 2), rectangle(1, 1)
SHAPES = {
    "box": (box((0, 0, 0), (1, 2, 3)), 6.0),
    "bevelled box": (box((0, 0, 0), (1, 2, 3), 0.01, 3), 6.0),
    "cylinder": (cylinder(1, 0, 2, segments=64), 2 * np.pi),
    "cone": (cylinder(1, 0, 3, 0.0, segments=64), np.pi),
    "cup": (lathe([(1, 0), (1, 1), (0.5, 1), (0.5, 0.5), (0, 0.5)], 64), np.pi * 0.875),
    "prism": (prism(rectangle(2, 1, 0.01), 0, 3), 6.0),
    "frame": (layers([(RING[1], 0), (RING[0], 0), (RING[0], 1), (RING[1], 1)], closed=True), 3.0),
    "tube": (tube([(0, 0, 0), (0, 0, 1), (0, 0, 3)], 1.0, 64), 3 * np.pi),
    "level tube": (tube([(0, 0, 0), (2, 0, 0)], 0.5, profile=rectangle(2, 2)), 2.0),
    "bent tube": (tube(bent([(0, 0, 0), (5, 0, 0), (5, 5, 0)], 0.1), 0.1, 32), 0.314),
    "hoop": (tube(hoop(1, 0, 128), 0.1, 48, closed=True), 2 * np.pi**2 * 0.01),
    "ellipsoid": (superellipsoid((-1, -1, -1), (1, 1, 1), segments=96), 4 / 3 * np.pi),
    "sheet": (sheet(GRID, 0.1), 0.2),
    "casing": (casing((0, 0, 0), (1, 1, 1), 0.1)[0] + casing((0, 0, 0), (1, 1, 1), 0.1)[1], 1 - 0.8 * 0.9 * 0.8),
    "circle": (prism(circle(1.0, 96), 0, 1), np.pi),
}


@pytest.mark.parametrize("name", SHAPES)
def test_volume(name: str) -> None:
    solid, expected = SHAPES[name]
    assert volume(solid) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("name", SHAPES)
def test_moving_turning_and_mirroring_keep_it_outward(name: str) -> None:
    solid, _ = SHAPES[name]
    moved = solid.moved(turn("y", 40, (1, 2, 3))).turned("x", -70).scaled(x=-1).shifted(1, 2, 3)
    assert volume(moved) == pytest.approx(volume(solid))
    assert volume(solid.inverted()) == pytest.approx(-volume(solid))


def test_turning_is_counter_clockwise_about_a_point() -> None:
    at = box((1, 0, 0), (2, 1, 1)).turned("z", 90, (1, 0, 0))
    np.testing.assert_allclose([at.vertices.min(axis=0), at.vertices.max(axis=0)], [[0, 0, 0], [1, 1, 1]], atol=1e-12)
