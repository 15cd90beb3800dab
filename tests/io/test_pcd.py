"""PCD files, written here by hand in the three encodings of the format."""

import struct
from pathlib import Path

import numpy as np
import pytest

from pinpoint3d.errors import FileError
from pinpoint3d.io import load_scene

XYZ = np.array([[0, 0, 0], [1, 2, 3], [np.nan, 0, 0], [0.5, 0.25, -1]], dtype=np.float32)
RGB = np.array([[255, 0, 1], [0, 128, 2], [9, 9, 9], [1, 2, 3]], dtype=np.uint8)


def header(data: str, points: int = 4, fields: str = "x y z", size: str = "4 4 4", kind: str = "F F F") -> bytes:
    count = " ".join("1" for _ in fields.split())
    return (
        f"# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS {fields}\nSIZE {size}\nTYPE {kind}\n"
        f"COUNT {count}\nWIDTH {points}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {points}\nDATA {data}\n"
    ).encode()


def write(path: Path, *chunks: bytes) -> Path:
    path.write_bytes(b"".join(chunks))
    return path


def literal_lzf(raw: bytes) -> bytes:
    """The plainest LZF stream: runs of up to 32 bytes, each after its length less one."""
    return b"".join(bytes([len(raw[k : k + 32]) - 1]) + raw[k : k + 32] for k in range(0, len(raw), 32))


def packed(rgb: np.ndarray, alpha: int = 0) -> np.ndarray:
    r, g, b = rgb.astype(np.uint32).T
    return np.uint32(alpha) << 24 | r << 16 | g << 8 | b


@pytest.mark.parametrize("alpha", [0, 255])
@pytest.mark.parametrize(("name", "kind"), [("rgb", "F"), ("rgb", "U"), ("rgba", "U")])
def test_binary_with_packed_colours(tmp_path: Path, name: str, kind: str, alpha: int) -> None:
    table = np.zeros(4, dtype=[("xyz", "<f4", 3), ("rgb", "<u4")])
    table["xyz"], table["rgb"] = XYZ, packed(RGB, alpha)
    head = header("binary", fields=f"x y z {name}", size="4 4 4 4", kind=f"F F F {kind}")
    scene = load_scene(write(tmp_path / "a.pcd", head, table.tobytes()))
    np.testing.assert_array_equal(scene.xyz, XYZ)
    np.testing.assert_array_equal(scene.rgb, RGB)
    np.testing.assert_array_equal(scene.finite, [True, True, False, True])


def test_ascii_keeps_nan_rows_in_place(tmp_path: Path) -> None:
    body = b"0 0 0\n1 2 3\nnan 0 0\n0.5 0.25 -1\n"
    np.testing.assert_array_equal(load_scene(write(tmp_path / "a.pcd", header("ascii"), body)).xyz, XYZ)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("U", "4210752"), ("F", "4210752"), ("F", "4.210752e+06"), ("F", repr(float(np.uint32(0x404040).view("f4"))))],
)
def test_ascii_colour_as_number_or_as_float_bits(tmp_path: Path, kind: str, text: str) -> None:
    head = header("ascii", 2, "x y z rgb", "4 4 4 4", f"F F F {kind}")
    scene = load_scene(write(tmp_path / "a.pcd", head, f"0 0 0 {text}\n1 1 1 {text}\n".encode()))
    assert scene.rgb is not None
    assert scene.rgb.tolist() == [[64, 64, 64]] * 2


def test_padding_and_fields_of_several_values_are_stepped_over(tmp_path: Path) -> None:
    head = header("binary", 2, "x y z _ histogram", "4 4 4 1 4", "F F F U F").replace(
        b"COUNT 1 1 1 1", b"COUNT 1 1 1 4"
    )
    head = head.replace(b"4 1\nWIDTH", b"4 3\nWIDTH")
    rows = b"".join(struct.pack("<3f4x3f", k, k, k, 9, 9, 9) for k in range(2))
    assert load_scene(write(tmp_path / "a.pcd", head, rows)).xyz.tolist() == [[0, 0, 0], [1, 1, 1]]


def test_compressed_golden_bytes(tmp_path: Path) -> None:
    # Two points (0, 0, 0) and (1, 1, 1): x0 x1 y0 y1 z0 z1 in float32. The stream holds the first 8 bytes as they
    # are, then one back reference of 16 bytes to a distance of 8: (7 << 5 | 0), 16 - 9, 8 - 1.
    stream = bytes([7]) + struct.pack("<2f", 0, 1) + bytes([0xE0, 16 - 9, 8 - 1])
    body = struct.pack("<2I", len(stream), 24) + stream
    assert load_scene(write(tmp_path / "a.pcd", header("binary_compressed", 2), body)).xyz.tolist() == [
        [0] * 3,
        [1] * 3,
    ]


def test_compressed_is_field_by_field(tmp_path: Path) -> None:
    raw = XYZ.T.tobytes()
    stream = literal_lzf(raw)
    body = struct.pack("<2I", len(stream), len(raw)) + stream
    scene = load_scene(write(tmp_path / "a.pcd", header("binary_compressed"), body))
    np.testing.assert_array_equal(scene.xyz, XYZ)


@pytest.mark.parametrize("fault", ["one byte less", "one byte more", "damaged reference"])
def test_compressed_stream_of_another_length_is_refused(tmp_path: Path, fault: str) -> None:
    raw = XYZ.T.tobytes()
    stream = {
        "one byte less": literal_lzf(raw[:-1]),
        "one byte more": literal_lzf(raw + b"\0"),
        "damaged reference": bytes([0xFF, 0xFF, 0xFF]) + literal_lzf(raw),
    }[fault]
    body = struct.pack("<2I", len(stream), len(raw)) + stream
    with pytest.raises(FileError, match=r"a\.pcd: the compressed data is damaged"):
        load_scene(write(tmp_path / "a.pcd", header("binary_compressed"), body))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (header("binary", 9) + b"\0" * 40, "cut short: its header declares 9 points, it holds 3"),
        (header("ascii", 9) + b"0 0 0\n", "cut short: its header declares 9 points, it holds 1"),
        (header("binary_compressed", 9) + struct.pack("<2I", 99, 108) + b"x", "cut short"),
        (header("binary_compressed", 9) + b"x", "cut short"),
        (header("binary_compressed", 9) + struct.pack("<2I", 9, 9) + b"x" * 9, "its header makes 108"),
        (header("ascii") + b"0 0\n" * 4, "2 numbers a line, its FIELDS and COUNT say 3"),
        (header("ascii") + b"0 0 zero\n" * 4, "not numbers"),
        (header("gzip"), "DATA gzip is not one of"),
        (header("binary", 0), "has no points"),
        (header("binary", 4, "a b c") + b"\0" * 48, r"no columns x, y, z \(found: a, b, c\)"),
        (header("binary", 4, kind="F F Q") + b"\0" * 48, "does not understand Q"),
        (header("binary", 4, size="4 4 3") + b"\0" * 48, "field z has type F of 3 bytes"),
        (header("binary", 4, size="4 4") + b"\0" * 48, "do not fit"),
        (header("binary", 4).replace(b"POINTS 4", b"POINTS -4"), "declares -4 points"),
        (b"no cloud\n", "no line DATA"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(FileError, match=message) as caught:
        load_scene(write(tmp_path / "a.pcd", content))
    assert str(caught.value).startswith(str(tmp_path / "a.pcd"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", ["ascii", "binary", "binary_compressed"])
def test_a_cloud_beyond_the_memory_is_refused_from_its_header(tmp_path: Path, data: str) -> None:
    with pytest.raises(FileError, match=r"50,000,000,000 points need about .* GiB of memory and .* GiB are available"):
        load_scene(write(tmp_path / "a.pcd", header(data, 50_000_000_000)))


def test_real_scans(shared: Path) -> None:
    desk = load_scene(shared / "data/scans/pcl/milk_cartoon_all_small_clorox.pcd")
    assert len(desk) == 307200
    assert desk.rgb is not None
    assert int(desk.finite.sum()) == 241407
    room = load_scene(shared / "data/scans/open3d/fragment.pcd")
    assert room.normal is not None
    np.testing.assert_allclose(np.linalg.norm(room.normal, axis=1), 1, atol=1e-3)
