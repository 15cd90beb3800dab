"""What a folder of synthetic scenes was asked to hold, and its record beside the shards."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pinpoint3d.errors import FileError
from pinpoint3d.io import atomic_path

RECIPE = "synth.json"
SHARD_SIZE = 10
_FORMAT = "pinpoint3d synthetic scenes"


@dataclass(frozen=True)
class Recipe:
    """The same recipe always gives the same bytes.

    Attributes:
        version: of the generator.
        seed: of all that is random.
        split: which object designs are used.
        scenes: how many; their indices count from 0.
        config: further settings of the generator, as JSON knows them.
        shard_size: scenes a shard.
    """

    version: str
    seed: int
    split: str
    scenes: int
    config: Mapping[str, Any] = field(default_factory=dict)
    shard_size: int = SHARD_SIZE

    def __post_init__(self) -> None:
        if self.scenes < 1 or self.shard_size < 1:
            raise ValueError(f"{self.scenes} scenes in shards of {self.shard_size}: expected at least one of each")

    def name(self, index: int) -> str:
        """What scene `index` is called."""
        return f"{self.split}-{self.seed}-{index:05d}"

    def names(self) -> list[str]:
        """Names of all scenes, by index."""
        return [self.name(index) for index in range(self.scenes)]

    def index(self, name: str) -> int | None:
        """Inverse of `name`; None where no scene is called so."""
        digits = name.rpartition("-")[2]
        index = int(digits) if digits.isdecimal() else self.scenes
        return index if index < self.scenes and self.name(index) == name else None

    def shards(self) -> list[range]:
        """Indices of the scenes of every shard."""
        starts = range(0, self.scenes, self.shard_size)
        return [range(start, min(start + self.shard_size, self.scenes)) for start in starts]


def claim(folder: Path, recipe: Recipe) -> None:
    """Write the recipe to the folder, made where there is none, or see that it holds scenes of the same recipe.

    Raises:
        FileError: the folder holds scenes of another recipe, or cannot be written to.
    """
    path = folder / RECIPE
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(folder, f"cannot be made: {error.strerror}") from error
    wanted = json.loads(json.dumps(asdict(recipe)))
    if not path.exists():
        with atomic_path(path) as temporary:
            text = json.dumps({"format": _FORMAT} | wanted, indent=1, sort_keys=True)
            temporary.write_text(text + "\n", encoding="utf-8")
        return
    there = asdict(read_recipe(folder))
    for name, value in wanted.items():
        if there[name] != value:
            told = _difference(there[name], value) if name == "config" else f"{name}: {there[name]}, not {value}"
            raise FileError(path, f"is of scenes made otherwise ({told}); choose another folder, or remove this one")


def read_recipe(folder: Path) -> Recipe:
    """The recipe of a folder.

    Raises:
        FileError: the file is missing or damaged, or the folder is none.
    """
    path = folder / RECIPE
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields.pop("format") != _FORMAT:
            raise ValueError("another format")
        return Recipe(**fields)
    except OSError as error:
        hint = 'name a folder that "pinpoint3d data synth" wrote'
        raise FileError(path, f"cannot be read: {error.strerror}; {hint}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise FileError(path, f"is no recipe of synthetic scenes ({error}); make them again") from error


def _difference(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """The first setting that differs."""
    name = next(name for name in sorted({*there, *wanted}) if there.get(name) != wanted.get(name))
    return f"{name}: {there.get(name)}, not {wanted.get(name)}"
