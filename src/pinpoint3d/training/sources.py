"""Where training scans come from: by number, any number of them, the same scan for the same number."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from pinpoint3d.datasets.base import Dataset
from pinpoint3d.errors import FileError
from pinpoint3d.io import atomic_path
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene, VoxelGrid
from pinpoint3d.synthesis.cad import ObjectLibrary
from pinpoint3d.synthesis.generate import DEFAULT, SceneConfig, generate_crop, generate_scene, generate_spread
from pinpoint3d.synthesis.storage.packed import pack, unpack

_TURN = 6  # of as many generated scans, the last is a table top
_SPREAD = (1, 3)  # and these are objects with their points evenly around them
_CELL = 0.004  # metres; one point a cell of this size is kept


class Source(Protocol):
    """An endless list of labelled scans; small enough to be sent to another process."""

    def scan(self, number: int) -> LabelledScene:
        """The scan of a number from 0 on."""
        ...


@dataclass(frozen=True)
class Shuffled:
    """The scans of a data set, over and over, in another order each time.

    Attributes:
        dataset: where they are read from.
        seed: of the order.
    """

    dataset: Dataset
    seed: int

    def scan(self, number: int) -> LabelledScene:
        names = self._names
        turn, place = divmod(number, len(names))
        order = np.random.default_rng([self.seed, turn]).permutation(len(names))
        return self.dataset.load(names[order[place]])

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.dataset.scenes())


@dataclass(frozen=True)
class Generated:
    """Scans from the generator: an object and its surroundings, scanned or as a mesh, now and then a table top.

    Attributes:
        seed: of the generator.
        number: how many different ones there are, over and over again.
        cache: folder where they are kept once made; None makes them anew each time.
        library: CAD objects that take part; those of the training split only.
    """

    seed: int
    number: int
    cache: Path | None = None
    library: Path | None = None

    def scan(self, number: int) -> LabelledScene:
        number %= self.number
        if self.cache is None:
            return self._made(number)
        path = self.cache / f"{self.seed}-{number:06d}.npz"
        try:
            if not path.exists():
                self.cache.mkdir(parents=True, exist_ok=True)
                with atomic_path(path) as temporary, temporary.open("wb") as file:
                    np.savez(file, **pack(self._made(number)))  # type: ignore[arg-type]
            with np.load(path) as arrays:
                return unpack(path.stem, dict(arrays), path)
        except OSError as error:
            raise FileError(path, f"cannot be read or written: {error.strerror or error}") from error

    def _made(self, number: int) -> LabelledScene:
        library = None if self.library is None else ObjectLibrary(self.library)
        config: SceneConfig = replace(DEFAULT, table_tops=1.0, library=library)
        place = number % _TURN
        make = generate_scene if place == _TURN - 1 else generate_spread if place in _SPREAD else generate_crop
        return thinned(make(self.seed, number, config=config))


def thinned(labelled: LabelledScene) -> LabelledScene:
    """One point a cell of 4 mm: more tell a voxel nothing new."""
    scene, labels = labelled.scene, labelled.labels
    rows = VoxelGrid.from_scene(scene, _CELL).voxel_to_point
    rgb = None if scene.rgb is None else scene.rgb[rows]
    return LabelledScene(
        Scene(scene.name, scene.xyz[rows], rgb=rgb),
        Hierarchy(labels.object[rows], labels.part[rows], labels.object_names, labels.part_names),
    )
