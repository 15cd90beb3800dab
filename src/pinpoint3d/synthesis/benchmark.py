"""pinpoint-synth: 60 validation and 60 test scenes whose designs and families no training scene shows.

Nothing is downloaded. The scenes are made from fixed seeds and compared with what the package knows of each: its
checksum, and, since another processor may round a coordinate otherwise, its points, objects, parts and middle. How
things come to rest hangs on the last bit of a matrix product, so all x86 processors compute these products alike.

    python -m pinpoint3d.synthesis.benchmark FOLDER

makes them to a folder and writes the file of checksums anew, after the generator has changed.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch

from pinpoint3d.io import atomic_path
from pinpoint3d.progress import track
from pinpoint3d.scene import LabelledScene
from pinpoint3d.synthesis.generate import VERSION
from pinpoint3d.synthesis.storage.make import make_scenes
from pinpoint3d.synthesis.storage.packed import checksum as checksum_of
from pinpoint3d.synthesis.storage.packed import pack
from pinpoint3d.synthesis.storage.shards import Shards

SEEDS = {"val": 20261, "test": 20262}
SCENES = 60
SHARD_SIZE = 6
_ASSET = Path(str(files("pinpoint3d") / "assets" / "pinpoint_synth.json"))
_DIGITS = 16  # of a checksum, in hexadecimal
_POINTS, _MOVED_M = 0.005, 0.002  # how much of its points and how far its middle a like scene may differ


@dataclass(frozen=True)
class Mark:
    """What a scene is known by.

    Attributes:
        checksum: of its packed arrays, shortened.
        points, objects, parts: how many it has.
        middle: mean of its points in metres.
    """

    checksum: str
    points: int
    objects: int
    parts: int
    middle: tuple[float, float, float]

    def is_like(self, other: "Mark") -> bool:
        """Whether a few points more or less, or rounded otherwise, are all that differs."""
        same = (self.objects, self.parts) == (other.objects, other.parts)
        near = np.abs(np.subtract(self.middle, other.middle)).max() <= _MOVED_M
        return bool(same and near and abs(self.points - other.points) <= _POINTS * other.points)


@dataclass(frozen=True)
class Comparison:
    """Scenes by how they compare with the published ones.

    Attributes:
        same: bit for bit.
        like: but for the rounding of another processor.
        other: anything else; these make figures that cannot be compared.
    """

    same: list[str]
    like: list[str]
    other: list[str]


def make_benchmark(folder: Path, workers: int | None = None) -> None:
    """Make both splits, each in a folder of its own, or what is missing of them.

    Raises:
        FileError: the folder holds other scenes, or cannot be written to.
        PinPointError: a worker died.
    """
    for split, seed in SEEDS.items():
        make_scenes(
            folder / split,
            seed=seed,
            scenes=SCENES,
            split=split,
            shard_size=SHARD_SIZE,
            workers=workers,
            environment=arithmetic(),
        )


def arithmetic() -> dict[str, str]:
    """The environment in which NumPy's OpenBLAS rounds alike on all x86 processors with AVX2, whatever else they have.

    OpenBLAS chooses its kernels for the processor once, when it is loaded; those of Haswell are what the checksums in
    the package were made with. Empty on other processors.
    """
    chosen = torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512")
    return {"OPENBLAS_CORETYPE": "Haswell"} if chosen else {}


def compare(folder: Path) -> Comparison:
    """Look at every scene of a folder that `make_benchmark` wrote.

    Raises:
        FileError: a scene is missing or damaged.
    """
    found, known = marks(folder), read_marks()
    same = [name for name, mark in found.items() if mark == known.get(name)]
    like = [name for name, mark in found.items() if name not in same and name in known and mark.is_like(known[name])]
    return Comparison(same, like, [name for name in known | found if name not in {*same, *like}])


def marks(folder: Path) -> dict[str, Mark]:
    """Of every scene of both splits, by name.

    Raises:
        FileError: a scene is missing or damaged.
    """
    made: dict[str, Mark] = {}
    shards = [Shards.open(folder / split) for split in SEEDS]
    with track("comparing", SCENES * len(SEEDS)) as advance:
        for split in shards:
            for name in split.names():
                made[name] = mark_of(split.load(name))
                advance(1)
    return made


def mark_of(labelled: LabelledScene) -> Mark:
    """Of one scene, be it generated or read."""
    labels, objects = labelled.labels, labelled.labels.objects().tolist()
    x, y, z = (round(float(c), 4) for c in labelled.scene.xyz.mean(axis=0, dtype=np.float64))
    parts = sum(len(labels.parts(o)) for o in objects)
    return Mark(checksum_of(pack(labelled))[:_DIGITS], len(labels), len(objects), parts, (x, y, z))


def read_marks() -> dict[str, Mark]:
    """What the package knows of every scene, by name."""
    content = json.loads(_ASSET.read_text(encoding="utf-8"))
    return {
        name: Mark(checksum, points, objects, parts, (x, y, z))
        for name, (checksum, points, objects, parts, x, y, z) in content["scenes"].items()
    }


def known_version() -> str:
    """Of the generator whose scenes the package knows."""
    return str(json.loads(_ASSET.read_text(encoding="utf-8"))["version"])


def write_marks(found: Mapping[str, Mark]) -> None:
    """Write the asset anew."""
    rows = {name: [mark.checksum, mark.points, mark.objects, mark.parts, *mark.middle] for name, mark in found.items()}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    with atomic_path(_ASSET) as temporary:
        temporary.write_text(
            f'{{\n "version": {json.dumps(VERSION)},\n "scenes": {{\n{lines}\n }}\n}}\n', encoding="utf-8"
        )


if __name__ == "__main__":
    make_benchmark(Path(sys.argv[1]))
    write_marks(marks(Path(sys.argv[1])))
