"""One small scan with everything a format may lose: colours, a point without coordinates, duplicates, labels, names."""

from pathlib import Path

import numpy as np
import pytest

from pinpoint3d.scene import Hierarchy, Scene


def write(path: Path, content: str | bytes) -> Path:
    """Put content into a new file."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture
def scan() -> Scene:
    """Twelve points of a metre's extent with colours and normals; rows 2 and 3 coincide."""
    rng = np.random.default_rng(7)
    xyz = rng.random((12, 3), dtype=np.float32)
    xyz[3] = xyz[2]
    normal = rng.normal(size=(12, 3))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    rgb = rng.integers(0, 256, (12, 3), dtype=np.uint8)
    return Scene("scan", xyz, rgb=rgb, normal=normal.astype(np.float32))


@pytest.fixture
def labels() -> Hierarchy:
    return Hierarchy(
        object=np.array([0, 0, 1, 1, 1, 2, 2, -1, -1, 12, 12, 0], dtype=np.int32),
        part=np.array([0, 0, 1, 2, 2, 0, 0, -1, -1, 7, 8, 0], dtype=np.int32),
        object_names={1: "chair", 2: 'table "oak"', 12: "Stuhl für Größe\nzwei"},
        part_names={(1, 1): "seat", (1, 2): "leg", (12, 7): "椅子"},
    )
