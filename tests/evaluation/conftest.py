"""A folder of two small labelled scans; and the segmenter of these tests where worker processes find it."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pinpoint3d.io import save_labels
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene

sys.path.insert(0, str(Path(__file__).parent))


def block_scene(name: str, seed: int) -> LabelledScene:
    """Two blocks of 40 cm on a floor of 2 x 1 m, each with a lower part 1 and an upper part 2."""
    rng = np.random.default_rng(seed)
    floor = np.c_[rng.uniform((0, 0), (2, 1), (3000, 2)), np.zeros(3000)]
    xyz, whole, part = [floor], [np.zeros(3000)], [np.zeros(3000)]
    for number, x in enumerate((0.3, 1.3), start=1):
        block = rng.uniform((x, 0.3, 0.02), (x + 0.4, 0.7, 0.42), (2000, 3))
        xyz.append(block)
        whole.append(np.full(2000, number))
        part.append(np.where(block[:, 2] < 0.22, 1, 2))
    objects, parts = (np.concatenate(a).astype(np.int32) for a in (whole, part))
    labels = Hierarchy(objects, parts, object_names={1: "box", 2: "crate"})
    return LabelledScene(Scene(name, np.concatenate(xyz).astype(np.float32)), labels)


@pytest.fixture
def blocks() -> LabelledScene:
    return block_scene("blocks", 0)


@pytest.fixture(scope="session")
def write_scans() -> Callable[[Path], Path]:
    """Makes a folder of the scans `left` and `right`."""

    def write(folder: Path) -> Path:
        folder.mkdir()
        for seed, name in enumerate(("left", "right")):
            made = block_scene(name, seed)
            save_labels(folder / f"{name}.ply", made.scene, made.labels)
        return folder

    return write


@pytest.fixture
def scans(tmp_path, write_scans) -> Path:
    return write_scans(tmp_path / "scans")
