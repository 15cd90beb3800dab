"""What walls have: doors, windows, radiators, curtains."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder, numbered
from pinpoint3d.synthesis.modelling.fittings import beam, front, knob
from pinpoint3d.synthesis.modelling.materials import fabric, glass, metal, paint, powder_coated, sanitary, shade, wood
from pinpoint3d.synthesis.modelling.outlines import bent
from pinpoint3d.synthesis.modelling.shapes import Solid, box, cylinder, lathe, sheet, shift, superellipsoid, tube, turn


def _frame(width: float, height: float, bar: float, depth: float, *, sill: bool) -> Solid:
    """Around an opening of a wall: two posts and a lintel, and a sill where wanted; its middle on the plane y = 0."""
    y, w = depth / 2, width / 2
    posts = [box((s * w if s > 0 else -w - bar, -y, 0), (w + bar if s > 0 else -w, y, height), 0.003) for s in (-1, 1)]
    frame = posts[0] + posts[1] + box((-w - bar, -y, height), (w + bar, y, height + bar), 0.003)
    return frame + box((-w - bar, -y, -bar), (w + bar, y, 0), 0.003) if sill else frame


def interior_door(b: Builder) -> None:
    """Leaf in its frame, plain, panelled or with a pane; a lever or knob on both sides; hinges."""
    width, height = b.uniform(0.7, 0.95), b.uniform(1.95, 2.1)
    frame = b.finish(paint, wood, sanitary)
    leaf = b.accent(frame, wood, paint)
    b.add("frame", _frame(width, height, b.uniform(0.05, 0.1), b.uniform(0.1, 0.16), sill=False), frame)
    side = b.pick(-1, 1)
    angle = b.uniform(5, 100) if b.chance(0.4) else 0.0
    t, hinge = 0.04, side * width / 2
    steel = b.accent(leaf, metal, metal, powder_coated)
    with b.within(shift(0, -0.03, 0), turn("z", side * angle, (hinge, 0, 0))):
        b.add("leaf", box((-width / 2 + 0.003, -t / 2, 0.006), (width / 2 - 0.003, t / 2, height - 0.003), 0.002), leaf)
        style = b.pick("plain", "panels", "panels", "pane")
        for face in (0, 180):
            with b.within(turn("z", face), shift(0, -t / 2, 0)):
                if style == "panels":
                    spans = b.pick(
                        [(0.15, 0.95), (1.1, height - 0.15)], [(0.15, 0.7), (0.8, 1.3), (1.4, height - 0.15)]
                    )
                    for number, (low, high) in enumerate(spans, 1):
                        with b.within(shift(0, 0.001, (low + high) / 2)):
                            b.add(f"panel {number}", front(width - 0.24, high - low, 0.012, "framed"), leaf)
                elif style == "pane":
                    b.add(
                        "pane",
                        box((-width / 2 + 0.13, -0.004, 1.0), (width / 2 - 0.13, 0.001, height - 0.14)),
                        b.finish(glass),
                    )
        x = -side * (width / 2 - 0.06)
        lever = b.chance(0.75)
        for y, flip in ((-t / 2, 1), (t / 2, -1)):
            b.add(
                "plate",
                box((x - 0.022, min(y, y - flip * 0.006), 0.9), (x + 0.022, max(y, y - flip * 0.006), 1.1), 0.002),
                steel,
            )
            grip = knob(0.028, 0.06)
            if lever:
                grip = tube(bent([(0, 0, 0), (0, -0.05, 0), (side * 0.12, -0.05, 0)], 0.02), 0.009)
            b.add("handle", (grip if flip > 0 else grip.scaled(y=-1)).shifted(x, y, 1.05), steel)
    levels = np.linspace(0.2, height - 0.2, b.pick(2, 3))
    b.each("hinge", [cylinder(0.01, z - 0.05, z + 0.05, segments=10).shifted(hinge, -0.055) for z in levels], steel)


def window(b: Builder) -> None:
    """One or two sashes with panes, perhaps with bars; a handle each; a board below."""
    n = b.pick(1, 2, 2)
    width, height = n * b.uniform(0.45, 0.75), b.uniform(0.7, 1.4)
    frame = b.finish(sanitary, sanitary, paint, wood)
    sash_finish, bar = b.accent(frame, paint, wood), b.uniform(0.04, 0.06)
    b.add("frame", _frame(width, height, bar, 0.08, sill=True), frame)
    each, clear = width / n, b.finish(glass)
    cross = b.chance(0.35)
    for i in range(n):
        side = -1 if i == 0 else 1
        angle = b.uniform(5, 80) if b.chance(0.15) else 0.0
        x, half = (i + 0.5) * each - width / 2, each / 2 - 0.002
        with b.within(shift(x, -0.01, 0), turn("z", side * angle, (side * half, 0, 0))):
            rail = 0.05
            pieces = _frame(2 * (half - rail), height - 2 * rail, rail, 0.05, sill=True).shifted(z=rail)
            b.add(numbered("sash", i + 1, n), pieces, sash_finish)
            b.add(
                numbered("pane", i + 1, n),
                box((-half + rail, -0.006, rail), (half - rail, 0.006, height - rail)),
                clear,
            )
            if cross:
                bars = beam((0, 0, rail), (0, 0, height - rail), 0.022) + beam(
                    (-half + rail, 0, height * 0.5), (half - rail, 0, height * 0.5), 0.022
                )
                b.add(numbered("glazing bar", i + 1, n), bars, sash_finish)
            grip = tube(bent([(0, 0, 0), (0, -0.035, 0), (0, -0.035, -0.11)], 0.015), 0.008).shifted(
                -side * (half - 0.025), -0.025, height * 0.5
            )
            b.add(numbered("handle", i + 1, n), grip, b.accent(sash_finish, metal))
    if b.chance(0.7):
        b.add(
            "sill",
            box((-width / 2 - 0.1, -0.22, -bar - 0.03), (width / 2 + 0.1, 0.0, -bar), 0.006),
            b.accent(frame, wood, paint),
        )


def radiator(b: Builder) -> None:
    """A ribbed panel or a row of columns, with valve and pipes."""
    body = b.finish(sanitary, sanitary, powder_coated)
    width, height = b.uniform(0.5, 1.4), b.uniform(0.4, 0.65)
    low = 0.12
    if b.chance(0.5):
        n = max(5, round(width / 0.05))
        xs = (np.arange(n) + 0.5) * width / n - width / 2
        for x in xs:
            b.add("columns", box((x - 0.018, -0.05, low), (x + 0.018, 0.05, low + height), 0.014, 2), body)
        for z in (low + 0.04, low + height - 0.04):
            b.add("columns", tube([(xs[0], 0, z), (xs[-1], 0, z)], 0.016), body)
    else:
        b.add("panel", box((-width / 2, -0.045, low), (width / 2, -0.03, low + height), 0.004), body)
        b.add("panel", box((-width / 2, 0.03, low), (width / 2, 0.045, low + height), 0.004), body)
        for x in np.arange(-width / 2 + 0.03, width / 2 - 0.02, 0.04):
            b.add("panel", box((x - 0.011, -0.051, low + 0.03), (x + 0.011, -0.044, low + height - 0.03), 0.003), body)
        b.add("grille", box((-width / 2, -0.045, low + height - 0.012), (width / 2, 0.045, low + height)), body)
    side = b.pick(-1, 1)
    x, pipe = side * (width / 2 + 0.03), b.accent(body, metal)
    top = low + (height * 0.85 if b.chance(0.5) else 0.05)
    b.each(
        "pipe",
        [
            tube(bent([(x, 0, 0), (x, 0, top), (side * (width / 2 - 0.01), 0, top)], 0.02), 0.009),
            cylinder(0.009, 0, low + 0.03, segments=8).shifted(-side * (width / 2 - 0.06)),
        ],
        pipe,
    )
    b.add(
        "valve",
        cylinder(0.022, 0, 0.07, 0.018, 14).turned("y", side * 90).shifted(x, 0, top),
        b.accent(body, sanitary, metal),
    )


def curtain(b: Builder) -> None:
    """One or two lengths of cloth in folds from a rod with finials."""
    width, height = b.uniform(1.0, 2.2), b.uniform(1.3, 2.4)
    cloth, steel = b.finish(fabric), b.finish(metal, powder_coated, wood)
    rod = height + 0.02
    b.add("rod", tube([(-width / 2 - 0.1, 0, rod), (width / 2 + 0.1, 0, rod)], 0.012), steel)
    ends = [
        superellipsoid((x - 0.025, -0.025, rod - 0.025), (x + 0.025, 0.025, rod + 0.025), segments=12)
        for x in (-width / 2 - 0.1, width / 2 + 0.1)
    ]
    b.each("finial", ends, steel)
    b.each("bracket", [tube([(x, 0.1, rod), (x, 0, rod)], 0.008) for x in (-width / 2 - 0.02, width / 2 + 0.02)], steel)
    n = b.pick(1, 2, 2)
    lengths, rings = [], []
    for i in range(n):
        share = b.uniform(0.12, 0.24) if b.chance(0.7) else 0.48
        span = width * share * (2 if n == 1 else 1)
        start = -width / 2 if i == 0 else width / 2 - span
        waves = max(3, round(span / b.uniform(0.09, 0.14)))
        u, v = np.linspace(0, 1, waves * 8 + 1), np.linspace(0, 1, 5)
        deep = 0.035 * (0.7 + 0.6 * (1 - v)) * (1 + 0.25 * np.sin(9 * u[:, None] + b.uniform(0, 6)))
        y = deep * np.sin(2 * np.pi * waves * u[:, None]) + 0 * v
        x = start + span * u[:, None] + 0.012 * np.sin(4 * np.pi * waves * u[:, None]) + 0 * v
        lengths.append(sheet(np.stack([x, y, 0.02 + (height - 0.03) * v + 0 * x], axis=2), 0.004))
        rings += [
            lathe([(0.016, -0.003), (0.021, -0.003), (0.021, 0.003), (0.016, 0.003)], 12, closed=True)
            .turned("y", 90)
            .shifted(start + span * k / waves, 0, rod - 0.005)
            for k in range(waves + 1)
        ]
    b.each("curtain", lengths, cloth)
    for ring in rings:
        b.add("rings", ring, steel)


def blind(b: Builder) -> None:
    """Slats on cords under a rail."""
    width, height = b.uniform(0.6, 1.3), b.uniform(0.5, 1.3)
    slat = b.finish(sanitary, wood, metal, paint)
    b.add("rail", box((-width / 2, -0.025, height), (width / 2, 0.025, height + 0.04), 0.003), slat)
    tilt, pitch = b.uniform(-60, 60), 0.045
    for z in np.arange(0.05, height - 0.02, pitch):
        b.add(
            "slats",
            box((-width / 2 + 0.01, -0.024, -0.001), (width / 2 - 0.01, 0.024, 0.0015)).turned("x", tilt).shifted(z=z),
            slat,
        )
    b.add(
        "bottom rail",
        box((-width / 2 + 0.005, -0.022, 0), (width / 2 - 0.005, 0.022, 0.022), 0.004),
        shade(b.rng, slat),
    )
    b.each(
        "cord",
        [tube([(s * width * 0.35, -0.026, 0.01), (s * width * 0.35, -0.026, height)], 0.002, 5) for s in (-1, 1)],
        b.finish(sanitary),
    )
    if b.chance(0.6):
        b.add(
            "wand",
            tube([(width * 0.42, -0.035, height), (width * 0.42, -0.035, height * 0.4)], 0.005, 6),
            b.accent(slat, metal),
        )
