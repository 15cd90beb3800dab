"""Every mistake a user can make: one clear line on standard error, exit code 2, nothing written."""

import os
import struct

import numpy as np
import pytest
import torch

from pinpoint3d.io import load_scene, save_scene
from pinpoint3d.scene import Scene

_CLICK = ("--click", "0.5,1,0.3:red box")
_HEADER = (
    b"ply\nformat binary_little_endian 1.0\nelement vertex %d\n"
    b"property float x\nproperty float y\nproperty float z\nend_header\n"
)


@pytest.fixture
def refused(run, folder):
    def check(*arguments, says):
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        result = run(*arguments)
        after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert result.exit_code == 2, result.output
        errors = [line for line in result.stderr.splitlines() if not line.startswith("warning: ")]
        assert len(errors) == 1
        assert errors[0].startswith("error: ")
        for words in [says] if isinstance(says, str) else says:
            assert words in errors[0]
        assert before == after, "something was written"

    return check


def test_missing_scan(refused):
    refused("segment", "room.ply", *_CLICK, says="room.ply: no such file")
    refused("info", "room.ply", says="room.ply: no such file")
    refused("convert", "room.ply", "room.las", says="room.ply: no such file")


@pytest.mark.parametrize("suffix", ["ply", "pcd", "las", "laz", "e57", "obj", "npz", "xyz", "glb"])
def test_empty_file(refused, folder, suffix):
    (folder / f"room.{suffix}").touch()
    refused("segment", f"room.{suffix}", *_CLICK, says=f"room.{suffix}: is empty")


@pytest.mark.parametrize("suffix", ["ply", "las", "laz", "npz"])
def test_truncated_file(refused, boxes, suffix):
    whole = boxes.with_name(f"cut.{suffix}")
    save_scene(whole, load_scene(boxes))
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    refused("segment", whole.name, *_CLICK, says=whole.name)


def test_truncated_pcd(refused, folder):
    (folder / "cut.pcd").write_bytes(
        b"VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 100\nHEIGHT 1\nPOINTS 100\nDATA binary\n"
        + bytes(600)
    )
    refused("segment", "cut.pcd", *_CLICK, says="cut.pcd")


@pytest.mark.parametrize("suffix", ["ply", "pcd", "las", "xyz", "csv", "txt", "npz", "obj", "stl", "e57", "glb"])
def test_text_that_is_no_cloud(refused, folder, suffix):
    (folder / f"shopping.{suffix}").write_text("milk, bread\nand a pound of nails\n")
    refused("segment", f"shopping.{suffix}", *_CLICK, says=f"shopping.{suffix}")


def test_zero_points(refused, folder):
    (folder / "none.ply").write_bytes(_HEADER % 0)
    refused("segment", "none.ply", *_CLICK, says="none.ply: has no points")


def test_all_nan(refused, folder):
    (folder / "nan.ply").write_bytes(_HEADER % 5 + struct.pack("<f", float("nan")) * 15)
    refused("segment", "nan.ply", *_CLICK, says="none of its 5 points has finite coordinates")


def test_fifty_million_points_in_a_header(refused, folder, monkeypatch):
    (folder / "huge.ply").write_bytes(_HEADER % 50_000_000)
    monkeypatch.setattr("pinpoint3d.io.memory.available_bytes", lambda: 4 * 2**30)
    refused("segment", "huge.ply", *_CLICK, says=("50,000,000 points", "GiB of memory", "4.0 GiB are available"))


def test_unknown_format(refused, folder):
    (folder / "room.docx").write_text("x")
    refused("segment", "room.docx", *_CLICK, says="unknown suffix '.docx'")


@pytest.mark.parametrize("option", [("--up", "q"), ("--unit", "mile")])
def test_unknown_axis_or_unit(refused, boxes, option):
    refused("segment", boxes.name, *_CLICK, *option, says=("unknown", option[1], "known are"))


def test_click_off_the_cloud(refused, boxes):
    refused("segment", boxes.name, "--click", "0.5,1,3:box", says=("0.5,1,3 is off the cloud", "2.7 m away"))


@pytest.mark.parametrize(
    ("click", "says"),
    [
        ("0.5,1,0.3", "write"),
        ("0.5,1:box", "three numbers"),
        ("0.5,1,0.3:/lid", "the object's name is missing"),
        ("0.5,1,0.3:!box", "no click yet"),
        ("nan,1,0.1:box", "three numbers"),
    ],
)
def test_malformed_click(refused, boxes, click, says):
    refused("segment", boxes.name, "--click", click, says=says)


def test_part_without_its_object(refused, boxes, folder):
    (folder / "clicks.json").write_text('[{"xyz": [0.5, 1, 0.3], "part": "lid"}]')
    refused(
        "segment",
        boxes.name,
        "--clicks",
        "clicks.json",
        says=("clicks.json: clicks[0]: part 'lid' is given without its object"),
    )


def test_no_click(refused, boxes):
    refused("segment", boxes.name, says="nothing is clicked")


def test_missing_clicks_file(refused, boxes):
    refused("segment", boxes.name, "--clicks", "clicks.json", says="clicks.json: cannot be read")


def test_unknown_model(refused, boxes):
    refused("segment", boxes.name, *_CLICK, "--model", "geodesik", says=("did you mean geodesic?", "voronoi"))
    refused("segment", boxes.name, *_CLICK, "--model", "x.pth", says="x.pth: no such file")


@pytest.mark.parametrize("name", ["pinpoint3d-published", "agile3d"])
def test_network_without_weights(refused, boxes, name):
    refused("segment", boxes.name, *_CLICK, "--model", name, says=("no trained weights", "weights import", "geodesic"))


def test_checkpoint_of_another_architecture(refused, boxes, folder):
    torch.save({"model": {"layer.weight": torch.zeros(3, 3)}}, folder / "other.pth")
    refused("segment", boxes.name, *_CLICK, "--model", "other.pth", says=("other.pth", "not the weights of"))
    refused("weights", "import", "other.pth", says=("other.pth", "not the weights of"))


@pytest.mark.parametrize("content", [b"", b"not a checkpoint"])
def test_file_that_is_no_checkpoint(refused, boxes, folder, content):
    for name in ("broken.pth", "broken.safetensors"):
        (folder / name).write_bytes(content)
        refused("segment", boxes.name, *_CLICK, "--model", name, says=name)
        refused("weights", "import", name, says=name)


def test_output_that_cannot_be_written(refused, boxes):
    refused("segment", boxes.name, *_CLICK, "--out", boxes.name + "/results", says="is a file, not a folder")
    refused("segment", boxes.name, *_CLICK, "--out", boxes.name + "/labels.ply", says="is a file, not a folder")
    refused("segment", boxes.name, *_CLICK, "--out", "good.ply", "--out", boxes.name + "/bad.ply", says="bad.ply")
    refused("demo", "--out", boxes.name + "/demo", says="is a file, not a folder")
    refused("convert", boxes.name, boxes.name + "/boxes.las", says="boxes.las")
    refused("convert", boxes.name, "nowhere/boxes.las", says="nowhere")


def test_scan_is_never_overwritten(refused, boxes):
    refused("segment", boxes.name, *_CLICK, "--out", boxes.name, says="is the scan itself")
    refused("convert", boxes.name, boxes.name, says="is the scan itself")


def test_unknown_output_format(refused, boxes):
    refused("segment", boxes.name, *_CLICK, "--out", "labels.docx", says=("unknown suffix '.docx'", ".ply", ".png"))
    refused("convert", boxes.name, "boxes.e57", says="'.e57'")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("segmen",), "Did you mean 'segment'"),
        (("segment",), "Missing argument 'SCENE'"),
        (("segment", "a.ply", "--clik", "x"), "--clik"),
        (("weights", "imprt"), "imprt"),
        (("info", "a.ply", "b.ply"), "b.ply"),
    ],
)
def test_usage(refused, arguments, says):
    refused(*arguments, says=says)


def test_interruption(run, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pinpoint3d.segmenters.registry.available_models", interrupt)
    assert run("models").exit_code == 130


def test_one_point_and_coinciding_points(run, folder):
    for count in (1, 7):
        (folder / "few.ply").write_bytes(_HEADER % count + struct.pack("<3f", 0.5, 1.0, 0.3) * count)
        result = run("segment", "few.ply", *_CLICK, "--out", f"few{count}")
        assert result.exit_code == 0, result.output
        assert result.stderr.startswith("warning: few.ply: ")
        assert (folder / f"few{count}" / "few.png").stat().st_size > 1000


@pytest.mark.parametrize("form", ["none", "fraction", "16 bit"])
def test_colours_of_any_kind(run, folder, boxes, form):
    scene = load_scene(boxes)
    columns = scene.xyz.astype(float)
    if form != "none":
        columns = np.hstack([columns, scene.rgb.astype(float) * (257 if form == "16 bit" else 1 / 255)])
    header = "x,y,z" + ("" if form == "none" else ",red,green,blue")
    np.savetxt(folder / "colours.csv", columns, "%.8g", ",", header=header, comments="")
    result = run("segment", "colours.csv", *_CLICK, "--out", "labelled.ply")
    assert result.exit_code == 0, result.output
    back = load_scene(folder / "labelled.ply")
    assert back.rgb is None if form == "none" else np.array_equal(back.rgb, scene.rgb)


def test_scene_of_finite_points_survives_infinite_ones(run, folder, boxes):
    scene = load_scene(boxes)
    xyz = scene.xyz.copy()
    xyz[::7] = np.nan
    save_scene(folder / "holes.ply", Scene("holes", xyz, rgb=scene.rgb))
    result = run("segment", "holes.ply", "--click", "1.4,1,0.3:blue box", "--out", "labelled.ply")
    assert result.exit_code == 0, result.output
    assert len(load_scene(folder / "labelled.ply")) == len(xyz)


def test_output_without_permission(refused, boxes, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: mode == os.R_OK)
    refused("segment", boxes.name, *_CLICK, "--out", "results", says="no permission to write in")
