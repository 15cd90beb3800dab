"""Colours and surfaces that things are made of, drawn at random near those that people own."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.random import Generator

from pinpoint3d.synthesis.mesh import Pattern

Rgb: TypeAlias = tuple[int, int, int]


class Finish(NamedTuple):
    """Colour and surface of a part."""

    rgb: Rgb
    pattern: Pattern = Pattern.PLAIN


Material: TypeAlias = Callable[[Generator], Finish]

_WOODS = (
    (222, 190, 148), (236, 214, 180), (203, 160, 110), (181, 130, 82), (146, 96, 58), (112, 72, 46), (84, 56, 40),
    (64, 46, 38), (170, 150, 130), (150, 84, 52),
)  # fmt: skip
_PAINTS = (
    (242, 241, 236), (232, 228, 218), (250, 250, 248), (214, 214, 212), (142, 146, 150), (74, 78, 84), (38, 38, 42),
    (176, 44, 40), (44, 84, 140), (66, 118, 88), (226, 180, 66), (122, 158, 176), (224, 200, 190), (92, 64, 92),
)  # fmt: skip
_FABRICS = (
    (120, 122, 126), (78, 80, 86), (52, 54, 62), (186, 178, 164), (214, 206, 190), (150, 132, 110), (70, 92, 122),
    (46, 62, 96), (96, 116, 92), (164, 84, 66), (128, 46, 52), (200, 160, 84), (120, 150, 150), (196, 150, 150),
)  # fmt: skip
_LEATHERS = ((40, 36, 36), (84, 52, 36), (138, 84, 50), (180, 120, 76), (224, 214, 200), (110, 40, 36))
_PLASTICS = (
    (30, 30, 32), (52, 54, 58), (92, 96, 100), (180, 182, 184), (236, 236, 234), (204, 52, 44), (38, 96, 168),
    (60, 150, 96), (244, 196, 60), (238, 130, 50), (120, 196, 206),
)  # fmt: skip
_METALS = ((196, 198, 200), (168, 170, 174), (128, 130, 134), (190, 160, 100), (170, 108, 74), (70, 70, 74))
_CERAMICS = (
    (244, 243, 238), (236, 230, 218), (226, 214, 190), (90, 120, 150), (160, 186, 170), (60, 66, 76), (190, 90, 70),
    (226, 190, 90), (120, 84, 66),
)  # fmt: skip
_LEAVES = ((58, 104, 52), (84, 132, 64), (44, 82, 48), (112, 146, 84), (134, 66, 84))
_PAPERS = ((196, 160, 112), (178, 140, 94), (210, 180, 136), (238, 236, 228))


def wood(rng: Generator) -> Finish:
    return _near(rng, _WOODS, 10, Pattern.WOOD)


def paint(rng: Generator) -> Finish:
    """Lacquer and paint; white and grey are the most common."""
    return _near(rng, _PAINTS if rng.random() < 0.55 else _PAINTS[:7], 8)


def fabric(rng: Generator) -> Finish:
    return _near(rng, _FABRICS, 14, Pattern.STRIPES if rng.random() < 0.06 else Pattern.FABRIC)


def leather(rng: Generator) -> Finish:
    return _near(rng, _LEATHERS, 8)


def plastic(rng: Generator) -> Finish:
    return _near(rng, _PLASTICS if rng.random() < 0.5 else _PLASTICS[:5], 8)


def metal(rng: Generator) -> Finish:
    return _near(rng, _METALS if rng.random() < 0.4 else _METALS[:3], 6, Pattern.METAL)


def powder_coated(rng: Generator) -> Finish:
    """Metal under dull paint: black, white or grey more often than not."""
    return _near(rng, _PAINTS if rng.random() < 0.25 else ((36, 36, 40), (240, 240, 238), (120, 122, 126)), 8)


def ceramic(rng: Generator) -> Finish:
    return _near(rng, _CERAMICS, 8, Pattern.SPECKLE if rng.random() < 0.15 else Pattern.PLAIN)


def sanitary(rng: Generator) -> Finish:
    """The white of bathrooms and kitchens."""
    return _near(rng, ((246, 246, 242), (250, 249, 247), (238, 232, 220)), 4)


def glass(rng: Generator) -> Finish:
    return _near(rng, ((196, 214, 214), (180, 200, 204), (150, 186, 160)), 10, Pattern.GLASS)


def leaves(rng: Generator) -> Finish:
    return _near(rng, _LEAVES, 12)


def paper(rng: Generator) -> Finish:
    return _near(rng, _PAPERS, 8)


def screen(rng: Generator) -> Finish:
    """A display, dark or lit."""
    return _near(rng, ((18, 20, 24), (26, 30, 38), (70, 110, 150), (205, 214, 224)), 8)


def dark(rng: Generator) -> Finish:
    return _near(rng, ((26, 26, 28), (44, 44, 48)), 6)


def bright(rng: Generator) -> Finish:
    """Any strong colour: book covers, prints, toys."""
    hue = rng.random(3) * 190 + 40
    return _near(rng, (hue.tolist(),), 20, Pattern.PRINT if rng.random() < 0.5 else Pattern.PLAIN)


def shade(rng: Generator, finish: Finish, spread: int = 10) -> Finish:
    """Nearly the same again: the next plank, the other cushion."""
    return _near(rng, (finish.rgb,), spread, finish.pattern)


def _near(
    rng: Generator, anchors: Sequence[Sequence[float]], spread: float, pattern: Pattern = Pattern.PLAIN
) -> Finish:
    anchor = np.asarray(anchors[int(rng.integers(len(anchors)))], dtype=np.float64)
    drawn = anchor + rng.normal(0, spread) + rng.normal(0, spread / 2, 3)
    red, green, blue = np.clip(np.rint(drawn), 0, 255).astype(int).tolist()
    return Finish((red, green, blue), pattern)
