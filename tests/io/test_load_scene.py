"""What holds for every format: units, axes, origin, warnings, and the errors a user can cause."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pinpoint3d.errors import FileError
from pinpoint3d.io import FORMATS, METRES, UP_AXES, ScanWarning, load_scene, memory
from pinpoint3d.io.units import eight_bit, metres_from_origin, z_up

CORNERS = np.array([[0, 0, 0], [1, 2, 3]], dtype=np.float32)


def npy(path: Path, xyz: np.ndarray) -> Path:
    np.save(path, xyz)
    return path


@pytest.mark.parametrize("up", UP_AXES)
def test_the_up_axis_turns_to_z_without_mirroring(tmp_path: Path, up: str) -> None:
    axis, sign = "xyz".index(up[-1]), -1 if up[0] == "-" else 1
    frame = np.eye(3, dtype=np.float32)
    scene = load_scene(npy(tmp_path / "a.npy", frame), up=up)
    assert scene.xyz[axis].tolist() == [0, 0, sign]
    assert np.linalg.det(scene.xyz) == pytest.approx(1)


def test_normals_turn_with_the_points(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", xyz=CORNERS, normal=np.array([[0, 2, 0], [0, 0, 0.5]]))
    scene = load_scene(tmp_path / "a.npz", up="y")
    assert scene.normal is not None
    assert scene.normal.tolist() == [[0, 0, 1], [0, -1, 0]]


@pytest.mark.parametrize("unit", METRES)
def test_units(tmp_path: Path, unit: str) -> None:
    scene = load_scene(npy(tmp_path / "a.npy", CORNERS.astype(np.float64) / METRES[unit]), unit=unit)
    np.testing.assert_allclose(scene.xyz, CORNERS, rtol=1e-6)


@given(arrays(np.float32, (5, 3), elements=st.floats(-4096, 4096, width=32) | st.just(np.nan) | st.just(np.inf)))
def test_ordinary_coordinates_keep_their_bits(xyz: np.ndarray) -> None:
    for up in ("z", "-y"):
        local, origin = metres_from_origin(z_up(xyz, up), "m")
        assert not origin.any()
        back = local if up == "z" else np.stack([local[:, 0], -local[:, 2], local[:, 1]], axis=1)
        np.testing.assert_array_equal(back, xyz)


def test_utm_coordinates_come_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    millimetres = rng.integers(0, 300_000, (100, 3))
    world = millimetres / 1000 + [500_000, 5_400_000, 200]
    world[7] = np.nan
    world[8, 0] = np.inf
    scene = load_scene(npy(tmp_path / "a.npy", world))
    assert scene.origin.dtype == np.float64
    np.testing.assert_array_equal(scene.origin, np.rint(scene.origin))
    assert scene.origin[2] == 0
    assert scene.extent.max() < 301
    fine = scene.finite
    assert np.flatnonzero(~fine).tolist() == [7, 8]
    np.testing.assert_array_equal(np.rint(scene.world()[fine] * 1000), np.rint(world[fine] * 1000))


@pytest.mark.parametrize(
    ("rgb", "expected"),
    [
        (np.array([[0, 127, 255]], np.uint8), [0, 127, 255]),
        (np.array([[0, 127 / 255, 1.0]]), [0, 127, 255]),
        (np.array([[0, 127.2, 255]], np.float32), [0, 127, 255]),
        (np.array([[0, 127 * 257, 65535]], np.uint16), [0, 127, 255]),
        (np.array([[0, 127 * 256, 65280]], np.uint16), [0, 127, 255]),
        (np.array([[0, 127, 255]], np.int64), [0, 127, 255]),
        (np.array([[0, 1, 1]], np.uint16), [0, 1, 1]),
        (np.array([[np.nan, -3.0, 1.0]]), [0, 0, 255]),
        (np.array([[np.inf, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[-4, 5, 6]], np.int8), [0, 5, 6]),
    ],
)
def test_colours_of_any_depth(rgb: np.ndarray, expected: list[int]) -> None:
    assert eight_bit(rgb).tolist() == [expected]


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (2500, "is 2,500 m across with unit='m'; if its unit is another, load it with unit=\"cm\""),
        (60_000, 'load it with unit="mm"'),
        (0.02, r"is 0.02 m across with unit='m'$"),
        (0, "all 2 finite points coincide"),
    ],
)
def test_an_implausible_extent_warns(tmp_path: Path, size: float, message: str) -> None:
    path = npy(tmp_path / "a.npy", np.array([[0, 0, 0], [size, 0, 0]], dtype=np.float64))
    with pytest.warns(ScanWarning, match=message):
        assert len(load_scene(path)) == 2


def test_one_point_loads_with_a_warning(tmp_path: Path) -> None:
    path = npy(tmp_path / "a.npy", np.array([[1.0, 2, 3], [np.nan, 0, 0]]))
    with pytest.warns(ScanWarning, match="a single finite point"):
        assert len(load_scene(path)) == 2


def test_plausible_scans_load_without_a_word(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_scene(npy(tmp_path / "a.npy", CORNERS))


def test_errors_of_paths(tmp_path: Path) -> None:
    (tmp_path / "empty.ply").touch()
    (tmp_path / "folder.ply").mkdir()
    (tmp_path / "a.docx").write_text("x")
    for name, message in {
        "missing.ply": "no such file",
        "empty.ply": "is empty",
        "folder.ply": "is a folder",
        "a.docx": r"unknown suffix '.docx'; known are .*\.las.*\.pcd.*\.ply",
    }.items():
        with pytest.raises(FileError, match=message) as caught:
            load_scene(tmp_path / name)
        assert str(caught.value).startswith(str(tmp_path / name))


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_of_something_else_is_one_clear_line(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("Dear reader,\nthis is a letter.\n")
    with pytest.raises(FileError) as caught:
        load_scene(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    assert path.exists()


def test_suffixes_in_capitals_are_known(tmp_path: Path) -> None:
    (tmp_path / "A.XYZ").write_text("0 0 0\n1 1 1\n")
    assert len(load_scene(tmp_path / "A.XYZ")) == 2


def test_nothing_to_see(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="has no points"):
        load_scene(npy(tmp_path / "a.npy", np.empty((0, 3))))
    with pytest.raises(FileError, match="none of its 4 points has finite coordinates"):
        load_scene(npy(tmp_path / "a.npy", np.full((4, 3), np.nan)))


def test_wrong_options_are_named(tmp_path: Path) -> None:
    path = npy(tmp_path / "a.npy", CORNERS)
    with pytest.raises(FileError, match="unknown unit 'parsec'; known are m, cm"):
        load_scene(path, unit="parsec")
    with pytest.raises(FileError, match="unknown up axis 'w'"):
        load_scene(path, up="w")
    with pytest.raises(FileError, match="at least one"):
        load_scene(path, mesh="sample", samples=0)


PLY_HEADER = "ply\nformat binary_little_endian 1.0\nelement vertex 50000000\n" + "".join(
    f"property float {axis}\n" for axis in "xyz"
)


def test_fifty_million_points_are_announced_on_a_large_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 400 * 2**30)
    with pytest.warns(ScanWarning, match=r"a\.ply: 50,000,000 points will take about 10\.7 GiB of memory"):
        memory.require_memory(tmp_path / "a.ply", 50_000_000, 600_000_000)


def test_fifty_million_points_are_refused_on_a_small_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.ply").write_text(PLY_HEADER + "end_header\n")
    monkeypatch.setattr(memory, "available_bytes", lambda: 4 * 2**30)
    with pytest.raises(
        FileError, match=r"50,000,000 points need about \d+\.\d GiB of memory and 4\.0 GiB are available"
    ):
        load_scene(tmp_path / "a.ply")


def test_the_same_file_is_tried_where_memory_is_ample_or_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.ply").write_text(PLY_HEADER + "end_header\n")
    for available in (2**50, None):
        monkeypatch.setattr(memory, "available_bytes", lambda available=available: available)
        with (
            pytest.warns(ScanWarning, match="50,000,000 points"),
            pytest.raises(FileError, match="cut short: 50,000,000 rows of vertex declared, 0 held"),
        ):
            load_scene(tmp_path / "a.ply")


def test_memory_is_the_least_of_machine_and_container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    2048 kB\n")
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_CGROUP", tmp_path)
    assert memory.available_bytes() == 2 * 2**20
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available_bytes() == 2 * 2**20
    (tmp_path / "memory.max").write_text(f"{2**20}\n")
    (tmp_path / "memory.current").write_text("1024\n")
    assert memory.available_bytes() == 2**20 - 1024


def test_every_real_scan_opens(shared: Path) -> None:
    paths = sorted(path for path in (shared / "data/scans").rglob("*") if path.suffix in FORMATS)
    assert len(paths) >= 14
    for path in paths:
        scene = load_scene(path, up="-y" if "mosd" in path.parts else None)
        assert scene.rgb is not None
        assert 0.3 < scene.extent.max() < 20
