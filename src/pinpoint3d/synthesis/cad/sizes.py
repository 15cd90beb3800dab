"""How large things are, to notice a chair of 17 cm or of 850 m."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pinpoint3d.synthesis.cad.shapes import CadWarning


@dataclass(frozen=True)
class Size:
    """The longest side in metres: the least, the usual and the most that people have at home.

    Attributes:
        least, usual, most: of the longest side.
        height: the usual height of what is made to reach people's hands, whatever its length.
    """

    least: float
    usual: float
    most: float
    height: float = np.inf


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
    "desk": Size(0.7, 1.3, 2.5, height=0.74),
    "door": Size(1.6, 2.1, 3.0),
    "faucet": Size(0.1, 0.3, 0.8),
    "fridge": Size(0.5, 1.7, 2.2),
    "keyboard": Size(0.2, 0.44, 0.6),
    "lamp": Size(0.15, 0.6, 2.2),
    "laptop": Size(0.2, 0.35, 0.5),
    "microwave": Size(0.3, 0.48, 0.7),
    "mug": Size(0.06, 0.12, 0.2),
    "nightstand": Size(0.3, 0.55, 1.0),
    "pictureframe": Size(0.1, 0.5, 1.5),
    "pillow": Size(0.2, 0.5, 1.0),
    "refrigerator": Size(0.5, 1.7, 2.2),
    "rug": Size(0.4, 2.0, 5.0),
    "shelf": Size(0.3, 0.9, 2.8),
    "sofa": Size(0.8, 1.9, 3.5),
    "stool": Size(0.25, 0.5, 1.2),
    "table": Size(0.35, 1.1, 3.0, height=0.74),
    "toilet": Size(0.4, 0.75, 1.1),
    "trash": Size(0.15, 0.4, 1.2),
    "trashcan": Size(0.15, 0.4, 1.2),
    "tv": Size(0.4, 1.1, 2.2),
    "tvcabinet": Size(0.6, 1.4, 2.8),
    "tvunit": Size(0.6, 1.4, 2.8),
    "vase": Size(0.06, 0.3, 1.0),
    "wardrobe": Size(0.8, 2.0, 3.0),
}
OTHER = Size(0.03, 0.6, 4.0)
_WORD = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|$)|[A-Z]?[a-z]+")


def category_of(*names: str) -> str | None:
    """The first thing of known size in some names: "bed" in "residential_Bed_01", none in "DeskPortrait"."""
    for name in names:
        for token in re.split(r"[^A-Za-z]+", name):
            words: list[str] = [word.lower() for word in _WORD.findall(token)]
            # A compound is a kind of its last word.
            for word in ("".join(words[-2:]), *words[-1:]):
                if word in SIZES:
                    return word
    return None


def plain_name(name: str) -> str:
    """What a thing of unknown size is called: "dumbbell" for "residential_Dumbbell_01"."""
    tokens = [token for token in re.split(r"[^A-Za-z]+", name) if len(token) > 1]
    titled = [token for token in tokens if token[0].isupper()]
    return (titled or tokens or [name])[0].lower()


def usual_factor(category: str, extent: Sequence[float]) -> float:
    """What makes a thing of some extent [3], in metres, z up, as large as usual things of its kind."""
    size = SIZES.get(category, OTHER)
    return float(min(size.usual / max(extent), size.height / extent[2] if extent[2] > 0 else np.inf))


def warn_of_size(name: str, category: str, extent: Sequence[float]) -> None:
    """Warn where the longest side of an extent [3], in metres, is implausible, and name the factor that mends it."""
    size, longest = SIZES.get(category, OTHER), max(extent)
    if size.least <= longest <= size.most:
        return
    kind = category if category in SIZES else "thing at home"
    warnings.warn(
        f"{name}: its longest side is {longest:,.3g} m, that of a {kind} is {size.least:g} to {size.most:g} m; "
        f"scale={usual_factor(category, extent):.4g} would make it a usual one",
        CadWarning,
        stacklevel=3,
    )
