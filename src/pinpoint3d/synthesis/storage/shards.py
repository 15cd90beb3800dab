"""Many labelled scenes in few files, made by any number of processes and continued where they stopped.

A folder holds `synth.json`, which says what was asked for, and `shard-00000.npz` and so on with some scenes each,
every array under `<scene>/<array>` as `packed` lists them. A scene is a function of version, seed and index alone, so
the same recipe gives the same bytes, whoever made which shard and however often it was cut off.
"""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pinpoint3d.arrays import AnyArray
from pinpoint3d.engines import Engine, run_all
from pinpoint3d.errors import FileError
from pinpoint3d.io import atomic_path
from pinpoint3d.io.archive import add_array, read_array
from pinpoint3d.progress import track
from pinpoint3d.scene import LabelledScene
from pinpoint3d.synthesis.storage.packed import pack, unpack
from pinpoint3d.synthesis.storage.recipe import RECIPE, Recipe, claim, read_recipe


class Generate(Protocol):
    """Makes scene `index` of a seed; a function of a module, so that it can be sent to another process."""

    def __call__(self, seed: int, index: int, *, split: str, config: Any) -> LabelledScene: ...


def write_shards(
    folder: Path,
    recipe: Recipe,
    generate: Generate,
    config: Any,
    *,
    engine: Engine = Engine.LOCAL,
    workers: int | None = None,
    address: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Make the scenes that the folder does not have yet.

    Args:
        folder: where shards go, made where there is none; on a cluster all its nodes see it under this path.
        recipe: what to make.
        generate: what makes a scene.
        config: its settings; the recipe has them as JSON.
        engine: where to work.
        workers: processes; see `run_all`.
        address: of a Ray cluster.
        environment: of the workers.

    Returns:
        How many scenes were made now.

    Raises:
        FileError: the folder holds scenes of another recipe, or cannot be written to.
        PinPointError: a scene cannot be made, or a worker died.
    """
    claim(folder, recipe)
    for unfinished in folder.glob(".shard-*.npz"):  # of a run that was killed
        unfinished.unlink(missing_ok=True)
    shards = recipe.shards()
    paths = [shard_path(folder, number) for number in range(len(shards))]
    missing = [
        _Shard(path, indices, recipe, generate, config)
        for path, indices in zip(paths, shards, strict=True)
        if not path.exists()
    ]
    made = 0
    with track("making scenes", recipe.scenes) as advance:
        advance(recipe.scenes - sum(len(shard.indices) for shard in missing))
        for count in run_all(_write_shard, missing, engine, workers, address, environment):
            made += count
            advance(count)
    return made


def shard_path(folder: Path, number: int) -> Path:
    return folder / f"shard-{number:05d}.npz"


@dataclass(frozen=True)
class _Shard:
    """A shard to make."""

    path: Path
    indices: range
    recipe: Recipe
    generate: Generate
    config: Any


def _write_shard(shard: _Shard) -> int:
    recipe = shard.recipe
    with atomic_path(shard.path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for index in shard.indices:
            labelled = shard.generate(recipe.seed, index, split=recipe.split, config=shard.config)
            for key, array in pack(labelled).items():
                add_array(archive, f"{recipe.name(index)}/{key}", array)
    return len(shard.indices)


@dataclass(frozen=True)
class Shards:
    """The scenes of a folder, read one at a time.

    Attributes:
        folder: where the shards lie.
        recipe: what they hold.
    """

    folder: Path
    recipe: Recipe

    @classmethod
    def open(cls, folder: Path) -> "Shards":
        """Look at a folder.

        Raises:
            FileError: it is no folder of synthetic scenes, or shards are missing; the message says how many.
        """
        recipe = read_recipe(folder)
        count = len(recipe.shards())
        missing = [number for number in range(count) if not shard_path(folder, number).exists()]
        if missing:
            first = shard_path(folder, missing[0]).name
            problem = f"lacks {len(missing)} of {count} shards ({first} first); run the command that made it again"
            raise FileError(folder, problem)
        return cls(folder, recipe)

    def names(self) -> list[str]:
        return self.recipe.names()

    def load(self, name: str) -> LabelledScene:
        """Read a scene by its name.

        Raises:
            FileError: there is no such scene, or its shard is damaged.
        """
        return unpack(name, *self._arrays(name))

    def arrays(self, name: str) -> dict[str, AnyArray]:
        """The packed arrays of a scene.

        Raises:
            FileError: as `load`.
        """
        return self._arrays(name)[0]

    def _arrays(self, name: str) -> tuple[dict[str, AnyArray], Path]:
        index = self.recipe.index(name)
        if index is None:
            known = f"{self.recipe.name(0)} to {self.recipe.name(self.recipe.scenes - 1)}"
            raise FileError(self.folder / RECIPE, f"has no scene {name}; its scenes are {known}")
        path = shard_path(self.folder, index // self.recipe.shard_size)
        try:
            with zipfile.ZipFile(path) as archive:
                keys = [Path(entry).stem for entry in archive.namelist() if entry.startswith(f"{name}/")]
                return {key: read_array(archive, f"{name}/{key}") for key in keys}, path
        except OSError as error:
            raise FileError(path, f"cannot be read: {error.strerror or error}") from error
        except Exception as error:  # damaged bytes raise anything at all
            raise FileError(path, f"is damaged ({error}); remove it and run the command that made it again") from error
