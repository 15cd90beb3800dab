"""Tables and desks."""

from collections.abc import Sequence

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder, numbered
from pinpoint3d.synthesis.modelling.fittings import HANDLES, beam, corners, drawer, handle_finish, leg_style, legs, slab
from pinpoint3d.synthesis.modelling.materials import glass, metal, paint, powder_coated, wood
from pinpoint3d.synthesis.modelling.outlines import ellipse
from pinpoint3d.synthesis.modelling.shapes import Solid, box, disc, lathe, prism, shift


def table(b: Builder) -> None:
    """Dining, coffee and side tables on legs, a column, trestles or panels."""
    kind = b.pick("dining", "dining", "coffee", "side")
    size = {"dining": (0.9, 2.0, 0.72, 0.77), "coffee": (0.7, 1.3, 0.36, 0.5), "side": (0.4, 0.6, 0.42, 0.62)}[kind]
    height = b.uniform(*size[2:])
    width = b.uniform(*size[:2])
    depth = width * b.uniform(0.5, 1.0) if kind != "side" else width
    depth = min(depth, 1.0)
    frame = b.finish(wood, wood, paint, powder_coated)
    top = b.finish(glass) if b.chance(0.1) else b.accent(frame, wood, wood, paint)
    thick = b.uniform(0.016, 0.045)
    low = height - thick
    base = b.pick("legs", "legs", "legs", "column", "trestle", "panel")
    if base == "column" and width > 1.3:
        base = "legs"
    if base == "column" or b.chance(0.15):
        outline = ellipse(width, width if base == "column" else depth, 36)
        depth = width if base == "column" else depth
        b.add("top", prism(outline, low, height, 0.004), top)
        spread = 0.6
    else:
        b.add("top", slab(width, depth, low, height, radius=b.pick(0.0, 0.02, 0.08)), top)
        spread = 0.9
    wx, wy = width * spread, depth * spread
    if base == "legs":
        leg_thick = b.uniform(0.04, 0.08) if kind == "dining" else b.uniform(0.03, 0.05)
        legs(
            b,
            corners(wx - leg_thick, wy - leg_thick),
            low,
            leg_thick,
            frame,
            style=leg_style(b),
            splay=b.pick(0, 0, 0.04),
        )
        if b.chance(0.5):
            apron = b.uniform(0.05, 0.09)
            x, y = (wx - leg_thick) / 2, (wy - leg_thick) / 2
            z = low - apron / 2
            rails = [beam((-x, s * y, z), (x, s * y, z), 0.02, apron) for s in (-1, 1)]
            rails += [beam((s * x, -y, z), (s * x, y, z), 0.02, apron) for s in (-1, 1)]
            b.each("apron", rails, frame)
        if kind != "dining" and b.chance(0.35):
            z = height * b.uniform(0.25, 0.4)
            b.add("shelf", box((-wx / 2 + 0.01, -wy / 2 + 0.01, z), (wx / 2 - 0.01, wy / 2 - 0.01, z + 0.018)), frame)
    elif base == "column":
        foot = width * b.uniform(0.28, 0.36)
        if b.chance(0.5):
            b.add("base", lathe([(foot, 0), (foot, 0.012), (foot * 0.5, 0.03), (0.03, 0.05)], 28), frame)
        else:
            n = b.pick(3, 4)
            turns = np.arange(n) * 2 * np.pi / n + np.pi / 4
            feet = [beam((0, 0, 0.09), (foot * np.cos(a), foot * np.sin(a), 0.02), 0.04) for a in turns]
            b.each("foot", feet, frame)
        b.add(
            "column",
            lathe([(0.035, 0.03), (b.uniform(0.03, 0.06), low * 0.4), (0.03, low - 0.02), (0.09, low)], 16),
            frame,
        )
    elif base == "trestle":
        for number, s in enumerate((-1, 1), 1):
            x = s * wx * 0.4
            trestle = [beam((x - 0.0, e * wy * 0.45, 0), (x, e * wy * 0.12, low), 0.04) for e in (-1, 1)]
            rail = beam((x, -wy * 0.3, low * 0.35), (x, wy * 0.3, low * 0.35), 0.03)
            cap = beam((x, -wy * 0.42, low - 0.02), (x, wy * 0.42, low - 0.02), 0.04)
            b.add(numbered("trestle", number, 2), trestle[0] + trestle[1] + rail + cap, frame)
    else:
        b.each(
            "side panel",
            [box((x - 0.015, -wy / 2, 0), (x + 0.015, wy / 2, low), 0.002) for x in (-wx / 2, wx / 2)],
            frame,
        )
        b.add("brace", beam((-wx / 2, 0, low * 0.75), (wx / 2, 0, low * 0.75), 0.02, 0.12), frame)


def desk(b: Builder) -> None:
    """A top on legs or panels, with drawers on one side or both, or none."""
    width, depth, height = b.uniform(1.0, 1.8), b.uniform(0.55, 0.8), b.uniform(0.7, 0.76)
    frame = b.finish(wood, wood, paint, powder_coated, metal)
    top = b.accent(frame, wood, wood, paint)
    low = height - b.uniform(0.018, 0.035)
    b.add("top", slab(width, depth, low, height, radius=b.pick(0.0, 0.0, 0.03), bevel=0.003), top)
    sides = b.pick((), (1,), (-1,), (-1, 1))
    pedestal = b.uniform(0.32, 0.42)
    if b.chance(0.5):
        free = [c for c in corners(width - 0.1, depth - 0.1) if np.sign(c[0]) not in sides]
        if free:
            legs(b, free, low, b.uniform(0.035, 0.06), frame, style=leg_style(b))
    else:
        panels = [s for s in (-1, 1) if s not in sides]
        b.each(
            "side panel",
            [
                box((s * width / 2 - s * 0.05, -depth / 2 + 0.02, 0), (s * width / 2 - s * 0.02, depth / 2 - 0.02, low))
                for s in panels
            ],
            frame,
        )
    if b.chance(0.6):
        b.add(
            "back panel",
            box((-width / 2 + 0.04, depth / 2 - 0.05, low - 0.35), (width / 2 - 0.04, depth / 2 - 0.035, low)),
            frame,
        )
    front_finish = b.accent(frame, wood, paint)
    grip = (b.pick(*HANDLES), handle_finish(b, front_finish))
    style = b.pick("flat", "flat", "framed", "round")
    n = b.count(2, 4)
    for k, s in enumerate(sides):
        x = s * (width - pedestal - 0.04) / 2
        foot = b.pick(0.02, 0.0, 0.08)
        body = box((x - pedestal / 2, -depth / 2 + 0.04, foot), (x + pedestal / 2, depth / 2 - 0.03, low))
        b.add(numbered("pedestal", k + 1, len(sides)), body, frame)
        if foot > 0:
            feet = [(x + i * 0.15, j * 0.2) for i in (-1, 1) for j in (-1, 1)]
            b.add(numbered("pedestal", k + 1, len(sides)), _feet(feet, foot), frame)
        high = (low - foot - 0.02) / n
        for i in range(n):
            with b.within(shift(x, -depth / 2 + 0.04, low - 0.01 - (i + 0.5) * high)):
                pull = b.uniform(0.05, 0.3) if b.chance(0.15) else 0.0
                name = numbered("drawer", k * n + i + 1, n * len(sides))
                drawer(
                    b,
                    name,
                    (pedestal - 0.01, high - 0.006, depth - 0.15),
                    front_finish,
                    style=style,
                    grip=grip,
                    pull=pull,
                )


def _feet(places: Sequence[tuple[float, float]], height: float) -> Solid:
    solids = [disc(0.02, 0, height, segments=10).shifted(x, y) for x, y in places]
    return solids[0] + solids[1] + solids[2] + solids[3]
