"""How large things are, to notice a chair of 17 cm or of 850 m."""

import re
import warnings
from dataclasses import dataclass
from itertools import pairwise

from pinpoint3d.synthesis.cad.shapes import CadWarning


@dataclass(frozen=True)
class Size:
    """The longest side in metres: the least, the usual and the most that people have at home."""

    least: float
    usual: float
    most: float


SIZES = {
    "armchair": Size(0.6, 0.95, 1.3),
    "bathtub": Size(1.2, 1.7, 2.1),
    "bed": Size(1.2, 2.05, 2.6),
    "bench": Size(0.5, 1.25, 2.5),
    "book": Size(0.1, 0.25, 0.6),
    "bookcase": Size(0.5, 1.8, 2.8),
    "bookshelf": Size(0.5, 1.8, 2.8),
    "bottle": Size(0.08, 0.28, 0.5),
    "box": Size(0.05, 0.4, 1.2),
    "cabinet": Size(0.3, 0.9, 2.6),
    "cactus": Size(0.08, 0.4, 2.0),
    "chair": Size(0.5, 0.85, 1.4),
    "couch": Size(0.8, 1.9, 3.5),
    "desk": Size(0.7, 1.3, 2.5),
    "door": Size(1.6, 2.1, 3.0),
    "faucet": Size(0.1, 0.3, 0.8),
    "fridge": Size(0.5, 1.7, 2.2),
    "keyboard": Size(0.2, 0.44, 0.6),
    "lamp": Size(0.15, 0.6, 2.2),
    "laptop": Size(0.2, 0.35, 0.5),
    "microwave": Size(0.3, 0.48, 0.7),
    "mug": Size(0.06, 0.12, 0.2),
    "pillow": Size(0.2, 0.5, 1.0),
    "refrigerator": Size(0.5, 1.7, 2.2),
    "rug": Size(0.4, 2.0, 5.0),
    "shelf": Size(0.3, 0.9, 2.8),
    "sofa": Size(0.8, 1.9, 3.5),
    "stool": Size(0.25, 0.5, 1.2),
    "table": Size(0.35, 1.1, 3.0),
    "toilet": Size(0.4, 0.75, 1.1),
    "trash": Size(0.15, 0.4, 1.2),
    "trashcan": Size(0.15, 0.4, 1.2),
    "tvcabinet": Size(0.6, 1.4, 2.8),
    "tvunit": Size(0.6, 1.4, 2.8),
    "vase": Size(0.06, 0.3, 1.0),
    "wardrobe": Size(0.8, 2.0, 3.0),
}
OTHER = Size(0.03, 0.6, 4.0)
_WORD = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|\b|_|\d)|[A-Z]?[a-z]+")


def category_of(*names: str) -> str | None:
    """The first thing of known size among the words of some names: "Bed" in "residential_Bed_01"."""
    for name in names:
        words = [word.lower() for word in _WORD.findall(name)]
        pairs = ["".join(pair) for pair in pairwise(words)]
        for word in (*pairs, *words):
            if word in SIZES:
                return str(word)
    return None


def usual_factor(category: str, longest: float) -> float:
    """What makes the longest side, in metres, that of a usual thing of its kind."""
    return SIZES.get(category, OTHER).usual / longest


def warn_of_size(name: str, category: str, longest: float) -> None:
    """Warn where the longest side, in metres, is implausible, and name the factor that mends it."""
    size = SIZES.get(category, OTHER)
    if size.least <= longest <= size.most:
        return
    kind = category if category in SIZES else "thing at home"
    warnings.warn(
        f"{name}: its longest side is {longest:,.3g} m, that of a {kind} is {size.least:g} to {size.most:g} m; "
        f"scale={usual_factor(category, longest):.4g} makes it {size.usual:g} m",
        CadWarning,
        stacklevel=3,
    )
