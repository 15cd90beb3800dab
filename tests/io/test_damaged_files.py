"""Small sound files of every format, cut and with bytes changed: a scene or one FileError, nothing else."""

import struct
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pye57
import pytest
import trimesh

from pinpoint3d.errors import FileError
from pinpoint3d.io import FORMATS, ScanWarning, load_labels, load_scene, save_labels, save_scene
from pinpoint3d.io.formats import LABEL_FORMATS
from pinpoint3d.scene import Hierarchy, Scene

MESH = trimesh.creation.box()
PCD = "VERSION 0.7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F U\nCOUNT 1 1 1 1\nWIDTH 6\nHEIGHT 1\nPOINTS 6\nDATA "
ROWS = np.arange(24, dtype="<f4").reshape(6, 4)


def e57(path: Path, scan: Scene, labels: Hierarchy) -> None:
    with pye57.E57(str(path), mode="w") as file:
        file.write_scan_raw(dict(zip(("cartesianX", "cartesianY", "cartesianZ"), scan.xyz.T, strict=True)))


def compressed(path: Path, scan: Scene, labels: Hierarchy) -> None:
    raw = ROWS.T.tobytes()
    stream = b"".join(bytes([7]) + raw[k : k + 8] for k in range(0, len(raw), 8))
    path.write_bytes((PCD + "binary_compressed\n").encode() + struct.pack("<2I", len(stream), len(raw)) + stream)


def ascii_ply(path: Path, scan: Scene, labels: Hierarchy) -> None:
    header = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
    header += "element face 2\nproperty list uchar int vertex_indices\nend_header\n"
    path.write_text(header + "0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n4 0 1 2 0\n")


def mesh_ply(path: Path, scan: Scene, labels: Hierarchy) -> None:
    header = (
        "ply\nformat binary_big_endian 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
    )
    header += "element face 2\nproperty list uchar int vertex_indices\nend_header\n"
    faces = struct.pack(">B3iB4i", 3, 0, 1, 2, 4, 0, 1, 2, 0)
    path.write_bytes(header.encode() + struct.pack(">9f", 0, 0, 0, 1, 0, 0, 0, 1, 0) + faces)


def labelled(path: Path, scan: Scene, labels: Hierarchy) -> None:
    save_labels(path, scan, labels)


def plain(path: Path, scan: Scene, labels: Hierarchy) -> None:
    save_scene(path, scan)


def exported(path: Path, scan: Scene, labels: Hierarchy) -> None:
    if path.suffix == ".gltf":
        for name, content in trimesh.Scene([MESH]).export(file_type="gltf").items():
            (path if name == "model.gltf" else path.with_name(name)).write_bytes(content)
    else:
        MESH.export(str(path))


SOUND: dict[str, Callable[[Path, Scene, Hierarchy], None]] = {
    "pair.ply": labelled,
    "ascii.ply": ascii_ply,
    "mesh.ply": mesh_ply,
    "pair.npz": labelled,
    "pair.las": labelled,
    "pair.laz": labelled,
    "pair.h5": labelled,
    "pair.hdf5": labelled,
    "rows.npy": lambda path, scan, labels: np.save(path, ROWS[:, :3]),
    "ascii.pcd": lambda path, scan, labels: path.write_text(PCD + "ascii\n" + "1 2 3 4\n" * 5 + "0 0 0 9\n") and None,
    "binary.pcd": lambda path, scan, labels: path.write_bytes((PCD + "binary\n").encode() + ROWS.tobytes()) and None,
    "compressed.pcd": compressed,
    "scan.xyz": plain,
    "scan.csv": plain,
    "scan.txt": plain,
    "scan.asc": plain,
    "scan.pts": lambda path, scan, labels: path.write_text("2\n0 0 0 9 1 2 3\n1 1 1 9 1 2 3\n") and None,
    "scan.e57": e57,
    **{f"mesh{suffix}": exported for suffix in (".obj", ".glb", ".gltf", ".stl", ".off")},
}


def test_every_format_is_here() -> None:
    assert {Path(name).suffix for name in SOUND} == set(FORMATS)


@pytest.mark.parametrize("name", SOUND)
def test_damage_gives_a_scene_or_a_file_error(
    tmp_path: Path, scan: Scene, labels: Hierarchy, rng: np.random.Generator, name: str
) -> None:
    path = tmp_path / name
    SOUND[name](path, scan, labels)
    assert load_scene(path).finite.any()
    damage(path, lambda: load_scene(path), 60, rng)


@pytest.mark.parametrize("suffix", LABEL_FORMATS)
def test_damaged_labels(tmp_path: Path, scan: Scene, labels: Hierarchy, rng: np.random.Generator, suffix: str) -> None:
    path = tmp_path / f"labels{suffix}"
    save_labels(path, scan, labels)
    damage(path, lambda: load_labels(path), 200, rng)


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUND)
def test_much_damage(tmp_path: Path, scan: Scene, labels: Hierarchy, rng: np.random.Generator, name: str) -> None:
    path = tmp_path / name
    SOUND[name](path, scan, labels)
    damage(path, lambda: load_scene(path, mesh="sample", samples=10), 1000, rng)


def damage(path: Path, load: Callable[[], object], times: int, rng: np.random.Generator) -> None:
    """Change up to four bytes, cut the file in two cases of five, and load it, again and again."""
    sound = np.fromfile(path, dtype=np.uint8)
    refused = 0
    for _ in range(times):
        content = sound.copy()
        places = rng.integers(0, len(content), rng.integers(0, 5))
        content[places] = rng.integers(0, 256, len(places))
        end = rng.integers(0, len(content)) if rng.random() < 0.4 else len(content)
        path.write_bytes(content[:end].tobytes())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScanWarning)
            try:
                load()
            except FileError as error:
                refused += 1
                message = str(error)
                assert message.startswith(f"{path}: ")
                assert "\n" not in message
    assert 0 < refused < times
