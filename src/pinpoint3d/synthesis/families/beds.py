"""Beds."""

from numpy.random import Generator

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import corners, leg_style, legs, throw_pillow
from pinpoint3d.synthesis.modelling.materials import Finish, fabric, leather, paint, powder_coated, wood
from pinpoint3d.synthesis.modelling.shapes import box, cushion


def bed(b: Builder) -> None:
    """Frame, headboard, mattress, blanket and pillows; single or double."""
    double = b.chance(0.5)
    width = b.uniform(1.35, 1.85) if double else b.uniform(0.85, 1.05)
    length = b.uniform(1.95, 2.1)
    frame = b.finish(wood, wood, paint, fabric, powder_coated)
    low = b.uniform(0.15, 0.28)
    rail = b.uniform(0.08, 0.2)
    y0, y1 = -length / 2, length / 2
    legs(b, corners(width - 0.08, length - 0.08), low, b.uniform(0.04, 0.08), frame, style=leg_style(b))
    b.add("frame", box((-width / 2, y0, low), (width / 2, y1, low + rail), 0.01), frame)
    board = b.uniform(0.75, 1.2)
    head = b.accent(frame, wood, fabric, leather)
    if b.chance(0.5):
        b.add("headboard", cushion((-width / 2 - 0.02, y1, 0.1), (width / 2 + 0.02, y1 + 0.1, board), 0.15), head)
    else:
        b.add("headboard", box((-width / 2 - 0.02, y1, 0), (width / 2 + 0.02, y1 + 0.04, board), 0.008), head)
    if b.chance(0.3):
        b.add("footboard", box((-width / 2 - 0.02, y0 - 0.04, 0), (width / 2 + 0.02, y0, board * 0.6), 0.008), frame)
    top = low + rail + b.uniform(0.12, 0.2)
    b.add(
        "mattress",
        box((-width / 2 + 0.02, y0 + 0.02, low + rail - 0.03), (width / 2 - 0.02, y1 - 0.01, top), 0.035, 3),
        b.finish(_linen),
    )
    n = b.pick(1, 2) if double else 1
    each = min(0.75, (width - 0.1) / n)
    pillow = b.finish(_linen, fabric)
    pillows = []
    for i in range(n):
        x = (i - (n - 1) / 2) * (width - 0.08) / n
        solid = throw_pillow(each - 0.04, 0.46, 0.15)
        pillows.append(solid.turned("x", b.uniform(5, 20)).turned("z", b.uniform(-8, 8)).shifted(x, y1 - 0.28, top))
    b.each("pillow", pillows, pillow)
    if b.chance(0.7):
        start = b.uniform(0.0, 0.5)
        side = b.uniform(0.01, 0.03)
        quilt = box(
            (-width / 2 - side, y0 - 0.01, top - b.uniform(0.12, 0.3)),
            (width / 2 + side, y1 - 0.55 - start, top + 0.03),
            0.03,
            3,
        )
        b.add("blanket", quilt, b.finish(fabric))


def _linen(rng: Generator) -> Finish:
    return paint(rng) if rng.random() < 0.3 else fabric(rng)._replace(rgb=(240, 238, 232))
