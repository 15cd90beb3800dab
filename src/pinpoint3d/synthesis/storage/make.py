"""Scenes of the generator, made into a folder of shards."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pinpoint3d.engines import Engine
from pinpoint3d.synthesis.cad import ObjectLibrary
from pinpoint3d.synthesis.generate import VERSION, SceneConfig, generate_scene
from pinpoint3d.synthesis.storage.recipe import SHARD_SIZE, Recipe
from pinpoint3d.synthesis.storage.shards import write_shards


def make_scenes(
    folder: Path,
    *,
    seed: int,
    scenes: int,
    split: str = "train",
    library: Path | None = None,
    config: SceneConfig | None = None,
    shard_size: int = SHARD_SIZE,
    engine: Engine = Engine.LOCAL,
    workers: int | None = None,
    address: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Make so many scenes of a seed, or those that the folder does not have yet.

    Args:
        folder: where they go.
        seed: of all that is random.
        scenes: how many.
        split: "train", "val" or "test".
        library: a folder of imported objects that take part.
        config: further settings of the generator.
        shard_size: scenes a file.
        engine: as in `write_shards`, like all that follow.
        workers: see there.
        address: see there.
        environment: see there.

    Returns:
        How many were made now.

    Raises:
        FileError: the folder holds other scenes or cannot be written to, or the library holds no object.
        PinPointError: a worker died.
    """
    config = config or SceneConfig()
    recipe = Recipe(VERSION, seed, split, scenes, describe(config, library), shard_size)
    if library is not None:
        config = replace(config, library=ObjectLibrary(library.resolve()))
    return write_shards(
        folder,
        recipe,
        generate_scene,
        config,
        engine=engine,
        workers=workers,
        address=address,
        environment=environment,
    )


def describe(config: SceneConfig, library: Path | None) -> dict[str, Any]:
    """The settings as JSON knows them; a library is known by its content, wherever it lies.

    Raises:
        FileError: the library holds no object.
    """
    fields: dict[str, Any] = json.loads(json.dumps(asdict(replace(config, library=None))))
    if library is None:
        return fields
    digest, names = hashlib.sha256(), ObjectLibrary(library).names()
    for name in names:
        digest.update(name.encode())
        digest.update((library / f"{name}.npz").read_bytes())
    return fields | {"library": f"{len(names)} objects, sha256 {digest.hexdigest()[:16]}"}
