"""Every format of points but PCD, from files written here by hand or by the format's own library."""

import struct
from pathlib import Path

import laspy
import numpy as np
import pye57
import pytest

from pinpoint3d.errors import FileError
from pinpoint3d.io import load_scene

from .conftest import write

XYZ = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0.5]], dtype=np.float32)
RGB = np.array([[255, 0, 1], [0, 128, 2], [9, 9, 9], [1, 2, 3]], dtype=np.uint8)


# PLY


def ply_header(form: str, coordinate: str = "float", channel: str = "uchar", more: str = "") -> str:
    return (
        f"ply\nformat {form} 1.0\ncomment made by hand\nelement vertex 4\n"
        + "".join(f"property {coordinate} {axis}\n" for axis in "xyz")
        + "property float confidence\n"
        + "".join(f"property {channel} {name}\n" for name in ("red", "green", "blue"))
        + f"{more}end_header\n"
    )


@pytest.mark.parametrize(("form", "order"), [("binary_little_endian", "<"), ("binary_big_endian", ">")])
def test_binary_ply_in_both_byte_orders(tmp_path: Path, form: str, order: str) -> None:
    rows = b"".join(struct.pack(f"{order}4f3B", *p, 0.5, *c) for p, c in zip(XYZ, RGB, strict=True))
    scene = load_scene(write(tmp_path / "a.ply", ply_header(form).encode() + rows))
    np.testing.assert_array_equal(scene.xyz, XYZ)
    np.testing.assert_array_equal(scene.rgb, RGB)
    assert scene.xyz.dtype == np.float32
    assert scene.faces is None


@pytest.mark.parametrize(("channel", "scale"), [("uchar", 1), ("ushort", 257), ("float", 1 / 255)])
def test_ascii_ply_with_colours_of_any_depth(tmp_path: Path, channel: str, scale: float) -> None:
    rows = "".join(
        " ".join([*map(str, p), "0.5", *(f"{int(v) * scale:.9g}" for v in c)]) + "\n"
        for p, c in zip(XYZ, RGB, strict=True)
    )
    np.testing.assert_array_equal(
        load_scene(write(tmp_path / "a.ply", ply_header("ascii", channel=channel) + rows)).rgb, RGB
    )


@pytest.mark.parametrize("form", ["ascii", "binary_little_endian"])
def test_ply_polygons_become_fans_of_triangles(tmp_path: Path, form: str) -> None:
    polygons = [[0, 1, 2, 3], [3, 2, 1], [0, 1], [3, 2, 1, 0]]
    more = "element face 4\nproperty list uchar int vertex_indices\n"
    if form == "ascii":
        rows = "".join(" ".join(map(str, [*p, 0, *c])) + "\n" for p, c in zip(XYZ, RGB, strict=True))
        rows += "".join(" ".join(map(str, [len(polygon), *polygon])) + "\n" for polygon in polygons)
        content = (ply_header(form, more=more) + rows).encode()
    else:
        content = ply_header(form, more=more).encode()
        content += b"".join(struct.pack("<4f3B", *p, 0, *c) for p, c in zip(XYZ, RGB, strict=True))
        content += b"".join(struct.pack(f"<B{len(p)}i", len(p), *p) for p in polygons)
    faces = load_scene(write(tmp_path / "a.ply", content)).faces
    assert faces is not None
    assert faces.tolist() == [[0, 1, 2], [0, 2, 3], [3, 2, 1], [3, 2, 1], [3, 1, 0]]


def test_ply_comments_may_hold_any_letters(tmp_path: Path) -> None:
    rows = "".join(" ".join(map(str, [*p, 0, *c])) + "\n" for p, c in zip(XYZ, RGB, strict=True))
    header = ply_header("ascii").replace("made by hand", "gescannt von Jürgen")
    assert len(load_scene(write(tmp_path / "a.ply", header + rows))) == 4


# Text

NUMBERS = ["0 0 0 255 0 1", "1 0 0 0 128 2", "1 1 0 9 9 9", "0 1 0.5 1 2 3"]


@pytest.mark.parametrize("separator", [" ", ",", ";", "\t", ", "])
@pytest.mark.parametrize(
    "head", ["", "x y z r g b\n", "# X Y Z Red Green Blue\n", "//x y z r g b\n", "4\n", "# by hand\n\nx y z r g b\n"]
)
def test_text_whatever_its_separator_and_head(tmp_path: Path, separator: str, head: str) -> None:
    text = head + "\n".join(NUMBERS) + "\n"
    if "by hand" not in head:
        text = text.replace("# X", "#X").replace(" ", separator)
    scene = load_scene(write(tmp_path / "a.xyz", text))
    np.testing.assert_array_equal(scene.xyz, XYZ)
    np.testing.assert_array_equal(scene.rgb, RGB)


def test_text_columns_go_by_their_names(tmp_path: Path) -> None:
    text = (
        '"r","g","b","intensity","z","y","x"\n' + "\n".join("9,8,7,0.5,3,2,1" for _ in range(2)) + "\n4,4,4,0,6,5,4\n"
    )
    scene = load_scene(write(tmp_path / "a.csv", text))
    assert scene.xyz.tolist() == [[1, 2, 3], [1, 2, 3], [4, 5, 6]]
    assert scene.rgb is not None
    assert scene.rgb[0].tolist() == [9, 8, 7]


def test_text_without_names(tmp_path: Path) -> None:
    assert load_scene(write(tmp_path / "a.txt", "0 0 0\nnan 0 0\n1 1 1\n")).finite.tolist() == [True, False, True]
    assert load_scene(write(tmp_path / "b.txt", "0 0 0 7\n1 1 1 7\n")).rgb is None
    normals = load_scene(write(tmp_path / "c.txt", "0 0 0 0 0 -1\n1 1 1 0 0 1\n"))
    assert normals.rgb is None
    assert normals.normal is not None
    colours = load_scene(write(tmp_path / "d.pts", "2\n0 0 0 -900 1 2 3\n1 1 1 -800 4 5 6\n")).rgb
    assert colours is not None
    assert colours.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a text about a cloud\nof points\n", "line 1 is neither numbers nor names"),
        ("x,y\n1,2\n", "line 1 is neither"),
        ("1 2\n3 4\n", "has 2 columns, a point needs three"),
        ("0 0 0\n1 1\n", "not numbers in equal columns"),
        ("0 0 0\n1 1 one\n", "not numbers in equal columns"),
        ("x y z\n1 2 3 4\n5 6 7 8\n", "names 3 columns but has 4"),
        ("# x y z\n\n", "no line of numbers"),
        (b"\x80\x81\xff\xfe\n", "is no text"),
    ],
)
def test_text_that_is_no_cloud(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(FileError, match=message):
        load_scene(write(tmp_path / "a.txt", text))


# NumPy


def test_npy_and_npz(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.hstack([XYZ, RGB]).astype(np.float32))
    np.testing.assert_array_equal(load_scene(tmp_path / "a.npy").rgb, RGB)
    np.savez(tmp_path / "b.npz", points=XYZ, colors=RGB / 255, part=np.zeros(4, dtype=np.int32))
    scene = load_scene(tmp_path / "b.npz")
    np.testing.assert_array_equal(scene.xyz, XYZ)
    np.testing.assert_array_equal(scene.rgb, RGB)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"cloud": XYZ}, r"no array xyz or points \(found: cloud\)"),
        ({"xyz": XYZ[:, :2]}, r"expected numbers \[N, 3\]"),
        ({"xyz": XYZ, "rgb": RGB[:2]}, r"rgb is uint8 \[2, 3\], expected numbers \[4, 3\]"),
        ({"xyz": XYZ, "faces": np.array([[0, 1, 4]])}, "beyond its 4 vertices"),
        ({"xyz": XYZ, "names": np.array("{}")}, "names of objects and parts are damaged"),
    ],
)
def test_npz_that_is_no_cloud(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(FileError, match=message):
        load_scene(tmp_path / "a.npz")


def test_pickles_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"x": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(FileError, match="no sound NumPy file"):
        load_scene(tmp_path / "a.npy")


# LAS


@pytest.mark.parametrize("suffix", [".las", ".laz"])
@pytest.mark.parametrize("depth", [1, 256, 257])
def test_las_in_utm(tmp_path: Path, suffix: str, depth: int) -> None:
    rng = np.random.default_rng(0)
    header = laspy.LasHeader(point_format=2, version="1.2")
    header.scales, header.offsets = np.array([0.001, 0.001, 0.0001]), np.array([500_000.123, 5_400_000.0, 0.0])
    las = laspy.LasData(header)
    las.X, las.Y, las.Z = (rng.integers(0, 600_000, 50) for _ in range(3))
    rgb = rng.integers(0, 256, (50, 3))
    las.red, las.green, las.blue = rgb.T * depth
    las.write(str(tmp_path / f"a{suffix}"))

    scene = load_scene(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(scene.origin[:2] % 1, 0)
    assert (scene.origin[:2] > 400_000).all()
    assert scene.origin[2] == 0
    integers = np.rint((scene.world() - header.offsets) / header.scales)
    np.testing.assert_array_equal(integers, np.stack([las.X, las.Y, las.Z], axis=1))
    np.testing.assert_array_equal(scene.rgb, rgb)


def test_las_without_measured_colours_has_none(tmp_path: Path) -> None:
    las = laspy.LasData(laspy.LasHeader(point_format=2, version="1.2"))
    las.x, las.y, las.z = XYZ.astype(np.float64).T
    las.write(str(tmp_path / "a.las"))
    assert load_scene(tmp_path / "a.las").rgb is None


def test_las_whose_header_would_take_for_ever_or_all_memory(tmp_path: Path) -> None:
    las = laspy.LasData(laspy.LasHeader(point_format=0, version="1.2"))
    las.x, las.y, las.z = XYZ.astype(np.float64).T
    las.write(str(tmp_path / "a.laz"))
    sound = (tmp_path / "a.laz").read_bytes()
    (points_at,) = struct.unpack_from("<I", sound, 96)
    (table_at,) = struct.unpack_from("<q", sound, points_at)
    chunk_size_at = sound.index(b"laszip encoded") + 52 + 12
    for place, message in {100: "its records do not fit", table_at + 4: "chunks", chunk_size_at: "chunks"}.items():
        damaged = bytearray(sound)
        struct.pack_into("<I", damaged, place, 3_000_000_000)
        with pytest.raises(FileError, match=message):
            load_scene(write(tmp_path / "b.laz", bytes(damaged)))


# E57


def test_e57_merges_scans_and_keeps_invalid_points(tmp_path: Path) -> None:
    x, y, z = XYZ.astype(np.float64).T
    plain = {"cartesianX": x, "cartesianY": y, "cartesianZ": z}
    red, green, blue = RGB.T
    quarter_turn = np.array([np.sqrt(0.5), 0, 0, np.sqrt(0.5)])
    with pye57.E57(str(tmp_path / "a.e57"), mode="w") as file:
        state = np.array([0, 2, 0, 0], dtype=np.int8)
        file.write_scan_raw(
            plain | {"cartesianInvalidState": state, "colorRed": red, "colorGreen": green, "colorBlue": blue}
        )
        file.write_scan_raw(plain, rotation=quarter_turn, translation=np.array([10.0, 0, 0]))
    scene = load_scene(tmp_path / "a.e57")
    expected = np.concatenate([XYZ, np.stack([10 - y, x, z], axis=1)])
    expected[1] = np.nan
    np.testing.assert_allclose(scene.xyz, expected, atol=1e-6)
    np.testing.assert_array_equal(scene.rgb, np.concatenate([RGB, np.full((4, 3), 128)]))


def test_a_damaged_e57_is_left_where_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.e57", b"ASTM-E57" + b"\0" * 100)
    with pytest.raises(FileError, match="no sound E57 file"):
        load_scene(path)
    assert path.exists()
