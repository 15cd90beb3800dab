"""Boxes, cylinders and what else robot descriptions are made of; each about its own middle, its axis along z."""

from collections.abc import Sequence

import numpy as np
import trimesh

from pinpoint3d.synthesis.cad.shapes import Shape, grey

_SECTIONS = 32  # of a circle


def box(size: Sequence[float]) -> Shape:
    """A box with edges in metres."""
    return _shape(trimesh.creation.box(extents=size))


def cylinder(radius: float, length: float) -> Shape:
    return _shape(trimesh.creation.cylinder(radius=radius, height=length, sections=_SECTIONS))


def cone(radius: float, length: float) -> Shape:
    made = trimesh.creation.cone(radius=radius, height=length, sections=_SECTIONS)
    made.apply_translation((0, 0, -length / 2))
    return _shape(made)


def capsule(radius: float, length: float) -> Shape:
    """A cylinder of `length` with a half sphere on each end."""
    made = trimesh.creation.capsule(radius=radius, height=length, count=[_SECTIONS, _SECTIONS])
    made.apply_translation(-made.bounds.mean(axis=0))
    return _shape(made)


def ellipsoid(radii: Sequence[float]) -> Shape:
    """A sphere where the three half axes are equal."""
    made = trimesh.creation.icosphere(subdivisions=3)
    made.apply_scale(radii)
    return _shape(made)


def _shape(made: trimesh.Trimesh) -> Shape:
    faces = np.asarray(made.faces, dtype=np.int32)
    return Shape((), np.asarray(made.vertices, dtype=np.float64), faces, grey(len(faces)))
