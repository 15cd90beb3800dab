"""Things with doors, drawers and shelves."""

import numpy as np

from pinpoint3d.synthesis.modelling.builder import Builder, numbered
from pinpoint3d.synthesis.modelling.fittings import HANDLES, beam, corners, door, drawer, handle_finish, leg_style, legs
from pinpoint3d.synthesis.modelling.materials import Finish, bright, metal, paint, powder_coated, shade, wood
from pinpoint3d.synthesis.modelling.shapes import box, casing, shift, tube


def _carcass(b: Builder, width: float, depth: float, height: float, finish: Finish, *, seen: bool) -> float:
    """The body of a cabinet on a plinth or legs, its front on the plane y = -depth / 2; the height of its bottom."""
    base = b.pick("plinth", "legs", "none")
    low = {"plinth": b.uniform(0.04, 0.1), "legs": b.uniform(0.08, 0.2), "none": 0.0}[base]
    if base == "legs":
        frame = b.accent(finish, wood, powder_coated)
        legs(b, corners(width - 0.08, depth - 0.08), low, b.uniform(0.03, 0.045), frame, style=leg_style(b))
    elif base == "plinth":
        b.add("plinth", box((-width / 2 + 0.01, -depth / 2 + 0.04, 0), (width / 2 - 0.01, depth / 2, low)), finish)
    outside, inside = casing((-width / 2, -depth / 2, low), (width / 2, depth / 2, height), 0.018)
    b.add("body", outside, finish)
    b.add("body", inside, finish, inner=not seen)
    if b.chance(0.4):
        over = 0.015
        b.add(
            "top",
            box((-width / 2 - over, -depth / 2 - 0.022, height), (width / 2 + over, depth / 2, height + 0.025), 0.004),
            b.accent(finish, wood),
        )
    return low


def cabinet(b: Builder) -> None:
    """One to three doors, shut or open, perhaps with a row of drawers above."""
    n = b.count(1, 3)
    width = n * b.uniform(0.32, 0.5)
    depth, height = b.uniform(0.3, 0.5), b.uniform(0.6, 1.0) if b.chance(0.6) else b.uniform(1.2, 1.9)
    finish = b.finish(wood, wood, paint, paint)
    leaf = b.accent(finish, wood, paint)
    angles = [b.uniform(10, 110) if b.chance(0.2) else 0.0 for _ in range(n)]
    low = _carcass(b, width, depth, height, finish, seen=any(angles))
    drawers = b.chance(0.4)
    row = b.uniform(0.13, 0.2) if drawers else 0.0
    style = b.pick("flat", "framed", "round")
    grip = (b.pick(*HANDLES[:5]), handle_finish(b, leaf))
    each, tall = width / n, height - low - row - 0.006
    if any(angles):
        for z in np.linspace(low, height - row, b.count(3, 5))[1:-1]:
            b.add(
                "shelf",
                box((-width / 2 + 0.018, -depth / 2 + 0.02, z), (width / 2 - 0.018, depth / 2 - 0.018, z + 0.016)),
                finish,
            )
    for i, angle in enumerate(angles):
        hinge = 1 if i == n - 1 and n > 1 else -1 if i == 0 and n > 1 else b.pick(-1, 1)
        x = (i + 0.5) * each - width / 2
        with b.within(shift(x, -depth / 2, low + tall / 2)):
            door(
                b,
                numbered("door", i + 1, n),
                (each - 0.004, tall - 0.004),
                leaf,
                style=style,
                grip=grip,
                hinge=hinge,
                angle=angle,
                grip_height=0.0 if height > 1.1 else tall * 0.3,
            )
        if drawers:
            pull = b.uniform(0.05, depth * 0.5) if b.chance(0.12) else 0.0
            with b.within(shift(x, -depth / 2, height - row / 2)):
                drawer(
                    b,
                    numbered("drawer", i + 1, n),
                    (each - 0.004, row - 0.006, depth - 0.06),
                    leaf,
                    style=style,
                    grip=grip,
                    pull=pull,
                )


def chest(b: Builder) -> None:
    """One to six rows of drawers in one or two columns."""
    rows, columns = b.pick((b.count(1, 6), 1), (b.count(1, 6), 1), (b.count(1, 4), 2))
    width = b.uniform(0.4, 0.8) if columns == 1 else b.uniform(0.8, 1.5)
    depth, each = b.uniform(0.36, 0.5), b.uniform(0.14, 0.22)
    height = 0.12 + rows * each
    finish = b.finish(wood, wood, paint)
    leaf = b.accent(finish, wood, paint)
    pulls = [b.uniform(0.05, depth * 0.6) if b.chance(0.12) else 0.0 for _ in range(rows * columns)]
    low = _carcass(b, width, depth, height, finish, seen=any(pulls))
    style = b.pick("flat", "flat", "framed", "round")
    grip = (b.pick(*HANDLES), handle_finish(b, leaf))
    wide, tall = (width - 0.01) / columns, (height - low - 0.01) / rows
    for i, pull in enumerate(pulls):
        row, column = divmod(i, columns)
        with b.within(
            shift((column + 0.5) * wide - width / 2 + 0.005, -depth / 2, height - 0.005 - (row + 0.5) * tall)
        ):
            name = numbered("drawer", i + 1, len(pulls))
            drawer(b, name, (wide - 0.006, tall - 0.006, depth - 0.06), leaf, style=style, grip=grip, pull=pull)


def bookcase(b: Builder) -> None:
    """Shelves between two sides, in one to three columns, with or without a back and books."""
    columns = b.pick(1, 1, 2, 3)
    rows = b.count(2, 6)
    each, rise = b.uniform(0.35, 0.8) if columns == 1 else b.uniform(0.3, 0.42), b.uniform(0.28, 0.38)
    depth, t = b.uniform(0.24, 0.4), b.uniform(0.016, 0.03)
    width, height = columns * each, rows * rise + 0.06
    finish = b.finish(wood, wood, paint)
    b.each(
        "side",
        [box((x - t / 2, -depth / 2, 0), (x + t / 2, depth / 2, height), 0.001) for x in (-width / 2, width / 2)],
        finish,
    )
    inner = np.linspace(-width / 2, width / 2, columns + 1)
    if columns > 1:
        b.each(
            "divider",
            [
                box((x - t / 2, -depth / 2 + 0.002, 0.06), (x + t / 2, depth / 2 - 0.002, height - t))
                for x in inner[1:-1]
            ],
            finish,
        )
    levels = 0.06 + np.arange(rows + 1) * rise - t
    boards = [
        box((-width / 2 + t / 2, -depth / 2 + 0.001, z), (width / 2 - t / 2, depth / 2 - 0.001, z + t)) for z in levels
    ]
    b.each("shelf", boards, b.accent(finish, wood))
    if b.chance(0.7):
        b.add(
            "back",
            box((-width / 2, depth / 2 - 0.006, 0.05), (width / 2, depth / 2, height)),
            b.accent(finish, paint, wood),
        )
    if b.chance(0.5):
        for z in levels[:-1]:
            for left in inner[:-1]:
                if b.chance(0.6):
                    _books(b, left + t, z + t, each - 2 * t, rise - t, depth)


def _books(b: Builder, x: float, z: float, width: float, height: float, depth: float) -> None:
    """A row of books that fills some of a compartment."""
    end = x + width * b.uniform(0.3, 0.95)
    finish = b.finish(bright, paint)
    while (thick := b.uniform(0.015, 0.05)) + x < end:
        tall, deep = height * b.uniform(0.6, 0.92), b.uniform(0.13, min(0.2, depth - 0.03))
        b.add("books", box((x, depth / 2 - 0.02 - deep, z), (x + thick - 0.001, depth / 2 - 0.02, z + tall)), finish)
        x += thick
        finish = shade(b.rng, finish, 40) if b.chance(0.4) else b.finish(bright, paint)


def wardrobe(b: Builder) -> None:
    """Two or three tall doors, perhaps drawers below."""
    n = b.pick(2, 2, 3)
    width, depth, height = n * b.uniform(0.42, 0.55), b.uniform(0.52, 0.62), b.uniform(1.8, 2.15)
    finish = b.finish(wood, wood, paint)
    leaf = b.accent(finish, wood, paint)
    angles = [b.uniform(15, 100) if b.chance(0.12) else 0.0 for _ in range(n)]
    low = _carcass(b, width, depth, height, finish, seen=any(angles))
    row = b.uniform(0.2, 0.3) if b.chance(0.4) else 0.0
    style, grip = b.pick("flat", "framed"), (b.pick("bar", "bow", "knob"), handle_finish(b, leaf))
    each, tall = width / n, height - low - row - 0.006
    if any(angles):
        rod = tube([(-width / 2 + 0.02, 0, height - 0.12), (width / 2 - 0.02, 0, height - 0.12)], 0.014)
        b.add("rod", rod, b.finish(metal))
    for i, angle in enumerate(angles):
        x = (i + 0.5) * each - width / 2
        with b.within(shift(x, -depth / 2, low + row + tall / 2)):
            hinge = -1 if i == 0 else 1
            door(b, f"door {i + 1}", (each - 0.004, tall), leaf, style=style, grip=grip, hinge=hinge, angle=angle)
        if row > 0:
            with b.within(shift(x, -depth / 2, low + row / 2)):
                size = (each - 0.004, row - 0.006, depth - 0.08)
                drawer(b, f"drawer {i + 1}", size, leaf, style=style, grip=grip, pull=0.0)


def wall_cabinet(b: Builder) -> None:
    """Hangs above a counter or a basin: one to three doors."""
    n = b.count(1, 3)
    width, depth, height = n * b.uniform(0.3, 0.45), b.uniform(0.15, 0.35), b.uniform(0.4, 0.75)
    finish = b.finish(wood, paint, paint)
    leaf = b.accent(finish, wood, paint)
    open_ = b.uniform(15, 100) if b.chance(0.2) else 0.0
    outside, inside = casing((-width / 2, -depth / 2, 0), (width / 2, depth / 2, height), 0.018)
    b.add("body", outside, finish)
    b.add("body", inside, finish, inner=open_ == 0)
    if open_ > 0:
        b.add(
            "shelf",
            box((-width / 2, -depth / 2 + 0.02, height / 2), (width / 2, depth / 2, height / 2 + 0.016)),
            finish,
        )
    style, grip = b.pick("flat", "framed", "round"), (b.pick(*HANDLES[:5]), handle_finish(b, leaf))
    for i in range(n):
        with b.within(shift((i + 0.5) * width / n - width / 2, -depth / 2, height / 2)):
            size, angle = (width / n - 0.004, height - 0.006), open_ if i == 0 else 0.0
            hinge = 1 if i == n - 1 and n > 1 else -1
            name = numbered("door", i + 1, n)
            door(b, name, size, leaf, style=style, grip=grip, hinge=hinge, angle=angle, grip_height=-height * 0.28)


def wall_shelf(b: Builder) -> None:
    """One or two boards on brackets."""
    width, depth, n = b.uniform(0.5, 1.2), b.uniform(0.16, 0.28), b.pick(1, 1, 2)
    finish = b.finish(wood, wood, paint)
    steel = b.accent(finish, metal, powder_coated)
    levels = [0.14 + 0.34 * k for k in range(n)]
    b.each(
        "shelf", [box((-width / 2, -depth / 2, z), (width / 2, depth / 2, z + 0.022), 0.002) for z in levels], finish
    )
    brackets = []
    for z in levels:
        for x in (-width * 0.36, width * 0.36):
            upright = box((x - 0.012, depth / 2 - 0.012, z - 0.13), (x + 0.012, depth / 2, z))
            arm = box((x - 0.012, -depth * 0.35, z - 0.012), (x + 0.012, depth / 2, z))
            stay = beam((x, depth / 2 - 0.01, z - 0.12), (x, -depth * 0.3, z - 0.01), 0.01)
            brackets.append(upright + arm + stay)
    b.each("bracket", brackets, steel)
