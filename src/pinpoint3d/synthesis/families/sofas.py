"""Sofas and upholstered armchairs."""

from pinpoint3d.synthesis.modelling.builder import Builder
from pinpoint3d.synthesis.modelling.fittings import corners, leg_style, legs, throw_pillow
from pinpoint3d.synthesis.modelling.materials import fabric, leather, metal, shade, wood
from pinpoint3d.synthesis.modelling.shapes import box, cushion


def sofa(b: Builder) -> None:
    """Two or three places, or a corner place to lie on."""
    _upholstered(b, b.count(2, 4), b.uniform(0.55, 0.72))


def armchair(b: Builder) -> None:
    _upholstered(b, 1, b.uniform(0.5, 0.65))


def _upholstered(b: Builder, places: int, each: float) -> None:
    cover = b.finish(fabric, fabric, leather)
    loose = b.accent(cover, fabric) if b.chance(0.3) else shade(b.rng, cover, 5)
    arm = b.uniform(0.1, 0.24)
    depth, seat, back = b.uniform(0.8, 1.0), b.uniform(0.4, 0.46), b.uniform(0.72, 0.95)
    low = b.uniform(0.04, 0.16)
    inside = places * each
    width = inside + 2 * arm
    legs(
        b,
        corners(width - 0.14, depth - 0.14),
        low + 0.01,
        b.uniform(0.03, 0.06),
        b.finish(wood, metal),
        style=leg_style(b),
    )
    base = seat - b.uniform(0.12, 0.17)
    b.add(
        "base", box((-inside / 2 - 0.01, -depth / 2 + 0.02, low), (inside / 2 + 0.01, depth / 2, base), 0.015, 2), cover
    )
    thick = b.uniform(0.14, 0.22)
    b.add(
        "back",
        box((-inside / 2 - 0.01, depth / 2 - thick, low), (inside / 2 + 0.01, depth / 2, back - 0.04), 0.05, 3),
        cover,
    )
    height = seat + b.uniform(0.1, 0.22)
    soft = b.chance(0.4)
    arms = []
    for s in (-1, 1):
        a, c = s * inside / 2, s * (inside / 2 + arm)
        corner = (min(a, c), -depth / 2, low), (max(a, c), depth / 2, height)
        arms.append(cushion(*corner, 0.2) if soft else box(*corner, b.uniform(0.02, 0.05), 3))
    b.each("armrest", arms, cover)
    n = places if b.chance(0.8) else 1
    wide = inside / n
    softness = b.uniform(0.15, 0.35)
    y = depth / 2 - thick
    seats, backs = [], []
    for i in range(n):
        x = i * wide - inside / 2
        seats.append(cushion((x + 0.004, -depth / 2, base - 0.01), (x + wide - 0.004, y - 0.08, seat), softness))
        backs.append(
            cushion((x + 0.006, y - 0.16, seat - 0.02), (x + wide - 0.006, y + 0.03, back), softness + 0.1).turned(
                "x", -6, (0, y, seat)
            )
        )
    b.each("seat cushion", seats, loose)
    b.each("back cushion", backs, loose)
    throws = b.pick(0, 0, 1, 2) if places > 1 else b.pick(0, 0, 1)
    pillows = []
    for i in range(throws):
        side = b.uniform(0.38, 0.48)
        x = (-1) ** i * (inside / 2 - side / 2)
        solid = throw_pillow(side, side, 0.15).turned("x", 90)
        pillows.append(
            solid.turned("y", b.uniform(-15, 15)).turned("x", -20).shifted(x, y - 0.2, seat + side / 2 - 0.02)
        )
    b.each("pillow", pillows, b.finish(fabric))
