"""Vessels to drink and pour from."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.materials import ceramic, glass, metal, paint, paper, plastic
from pinpoint3d.synthesis.modelling.outlines import bent
from pinpoint3d.synthesis.modelling.shapes import disc, lathe, tube


def mug(b: Builder) -> None:
    """A cup with an ear."""
    r, h, wall = b.uniform(0.036, 0.048), b.uniform(0.08, 0.12), 0.004
    flare, waist = b.uniform(-0.006, 0.01), b.uniform(-0.004, 0.004)
    body = b.finish(ceramic, ceramic, paint, metal)
    outside = [(r - 0.006, 0.0), (r, 0.006), (r + waist, h / 2), (r + flare, h - 0.002), (r + flare - wall / 2, h)]
    inside = [(r + flare - wall, h - 0.002), (r + waist - wall, h / 2), (r - wall, 0.01), (0.0, 0.008)]
    b.add("body", lathe(outside + inside, 24), body)
    out, top, foot = b.uniform(0.026, 0.036), h * b.uniform(0.78, 0.88), h * b.uniform(0.15, 0.3)
    edge = r - 0.003
    path = bent([(edge, 0, foot), (r + out, 0, foot), (r + out, 0, top), (edge, 0, top)], b.uniform(0.015, 0.03), 5)
    b.add("handle", tube(path, b.uniform(0.005, 0.007)), b.accent(body, ceramic))


def bottle(b: Builder) -> None:
    """Wine, water or soap: body, neck, cap, perhaps a label."""
    r, h = b.uniform(0.03, 0.048), b.uniform(0.18, 0.33)
    neck, shoulder = r * b.uniform(0.28, 0.5), h * b.uniform(0.5, 0.72)
    body = b.finish(glass, plastic, plastic, metal)
    z = np.linspace(0, 1, 6)
    bend = [(neck + (r - neck) * (np.cos(np.pi * t) + 1) / 2, shoulder + (h * 0.84 - shoulder) * t) for t in z]
    top = h * 0.95
    b.add("body", lathe([(r * 0.9, 0), (r, 0.006), *bend, (neck, top)], 22), body)
    cap = b.accent(body, plastic, metal)
    b.add("cap", disc(neck + 0.003, top - 0.015, h, 0.002, 16), cap)
    if b.chance(0.6):
        low, high = shoulder * b.uniform(0.15, 0.3), shoulder * b.uniform(0.7, 0.95)
        b.add(
            "label",
            lathe([(r, low), (r + 0.0008, low + 0.001), (r + 0.0008, high), (r, high + 0.001)], 22),
            b.finish(paper, paint),
        )
