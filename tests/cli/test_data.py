"""`pinpoint3d data`: each command does its job, and every mistake is one line that names the file."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from pinpoint3d.io import load_scene, save_labels
from pinpoint3d.scene import Hierarchy
from pinpoint3d.synthesis.cad import ObjectLibrary
from pinpoint3d.synthesis.cad.imports import find_objects


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("command", ["synth", "import", "check", "show", "stats", "benchmark"])
def test_help_teaches_by_example(run, command):
    result = run("data", command, "--help")
    assert result.exit_code == 0
    assert f"pinpoint3d data {command} " in result.stdout


SYNTH = ("data", "synth", "--scenes", 5, "--seed", 7, "--shard-size", 2, "--workers", 1, "--out")


def test_synth_makes_scenes_and_goes_on(run, folder, quick):
    assert "made 5 scenes" in run(*SYNTH, "one").stdout
    before = content(folder / "one")
    (folder / "one" / "shard-00001.npz").unlink()
    assert "made 2 scenes (3 were there)" in run(*SYNTH, "one").stdout
    run(*SYNTH, "two")
    assert content(folder / "one") == before == content(folder / "two")


def test_synth_refuses_a_folder_of_other_scenes(run, refused, folder, quick):
    run(*SYNTH, "one")
    before = content(folder / "one")
    refused(*SYNTH[1:], "one", "--seed", 8, says=("one/synth.json", "seed: 7, not 8", "choose another folder"))
    refused(*SYNTH[1:], "one", "--split", "val", says="split: train, not val")
    assert content(folder / "one") == before


def test_synth_refuses_a_library_that_is_none(refused, folder):
    refused(*SYNTH[1:], "one", "--objects", "nowhere", says="nowhere: is no folder")
    assert not (folder / "one").exists()


@pytest.mark.slow
def test_synth_for_real_is_sound_and_the_same_by_one_or_two_processes(run, folder):
    arguments = ("data", "synth", "--scenes", 2, "--seed", 3, "--shard-size", 1)
    assert run(*arguments, "--out", "one", "--workers", 1).exit_code == 0
    assert run(*arguments, "--out", "two", "--workers", 2).exit_code == 0
    assert content(folder / "one") == content(folder / "two")
    result = run("data", "check", "synth:one", "--workers", 1)
    assert result.exit_code == 0, result.stdout
    assert "0 faults" in result.stdout


@pytest.mark.slow
def test_synth_for_real_killed_half_way_goes_on_to_the_same_bytes(run, folder):
    arguments = ["data", "synth", "--scenes", "4", "--seed", "3", "--shard-size", "1", "--workers", "1", "--out"]
    killed = subprocess.Popen([sys.executable, "-c", "from pinpoint3d.cli import main; main()", *arguments, "half"])
    deadline = time.monotonic() + 120
    while not (list(folder.glob("half/shard-*.npz")) and list(folder.glob("half/.shard-*"))):
        assert time.monotonic() < deadline, "the run makes nothing"
        assert killed.poll() is None, "the run ended before it was killed"
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    there = len(list(folder.glob("half/shard-*.npz")))
    assert f"made {4 - there} scenes ({there} were there)" in run(*arguments, "half").stdout
    assert run(*arguments, "whole").exit_code == 0
    assert content(folder / "half") == content(folder / "whole")


def write_chair(path, parts=("seat", "back")):
    """An OBJ with a box a group, of about a chair's size."""
    boxes = [trimesh.creation.box((0.5, 0.5, 0.4)).apply_translation((0, 0, 0.4 * k)) for k in range(len(parts))]
    lines, start = [], 1
    for part, box in zip(parts, boxes, strict=True):
        lines.append(f"o {part}")
        lines += [f"v {x} {y} {z}" for x, y, z in box.vertices]
        lines += [f"f {a} {b} {c}" for a, b, c in box.faces + start]
        start += len(box.vertices)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture
def cad(folder):
    """Sound and unsound objects in one folder."""
    write_chair(folder / "cad" / "chair_a.obj")
    write_chair(folder / "cad" / "nested" / "chair_b.obj")
    write_chair(folder / "cad" / "again" / "chair_b.obj")
    trimesh.Scene(trimesh.creation.box((0.5, 0.5, 0.5))).export(folder / "cad" / "lump.glb")
    (folder / "cad" / "broken.glb").write_bytes(b"glTF and no more")
    arm = folder / "cad" / "robot" / "arm.urdf"
    arm.parent.mkdir()
    arm.write_text(
        '<robot name="arm"><link name="base"><visual><geometry><mesh filename="package://arm/gone.stl"/></geometry>'
        "</visual></link></robot>"
    )
    tree = folder / "cad" / "partnet" / "result.json"
    tree.parent.mkdir()
    loop = {"id": 0, "name": "chair", "children": [{"id": 1, "name": "leg", "children": [{"id": 0, "name": "chair"}]}]}
    tree.write_text(json.dumps([loop]))
    return folder / "cad"


def test_import_keeps_what_it_can_and_names_the_rest(run, cad, folder):
    result = run("data", "import", "cad", "--out", "library", "--up", "z", "--workers", 1)
    assert result.exit_code == 0, result.output
    library = ObjectLibrary(folder / "library")
    assert library.names() == ["chair_a", "chair_b"]
    assert sorted(library.load("chair_a").part_names.values()) == ["back", "seat"]
    skipped = [line for line in result.stdout.splitlines() if line.startswith("skipped")]
    for file, why in (
        ("lump.glb", "has one part only"),
        ("broken.glb", "no sound glTF"),
        ("arm.urdf", "gone.stl, which is missing"),
        ("result.json", "a cycle"),
        ("chair_b", "is taken by"),
    ):
        assert [line for line in skipped if file in line and why in line], (file, skipped)
    assert "2 objects with 4 parts are in library; 5 skipped" in result.stdout


def test_import_options_reach_the_reader(run, cad, folder):
    options = ("--up", "z", "--unit", "cm", "--single", "--workers", 1)
    result = run("data", "import", "cad/lump.glb", "cad/chair_a.obj", "--out", "library", *options)
    assert result.exit_code == 0, result.output
    library = ObjectLibrary(folder / "library")
    assert library.names() == ["chair_a", "lump"]
    np.testing.assert_allclose(np.ptp(library.load("chair_a").bounds, axis=0), (0.005, 0.005, 0.008), rtol=1e-5)
    assert "doubtful" in result.stdout  # a chair of 8 mm


def test_import_of_folders_with_a_file_a_part(run, cad, folder):
    for name, file in (("stool", "stool_leg"), ("stool", "stool_seat"), ("bench", "0"), ("bench", "1")):
        write_chair(folder / "parts" / name / f"{file}.obj", ("box",))
    run("data", "import", "parts", "--out", "library", "--up", "z", "--file-a-part", "--workers", 1)
    library = ObjectLibrary(folder / "library")
    assert library.names() == ["bench", "stool"]
    assert sorted(library.load("stool").part_names.values()) == ["leg", "seat"]
    write_chair(folder / "parts" / "mixed" / "lamp.obj")
    write_chair(folder / "parts" / "mixed" / "desk.obj")
    found = find_objects(folder / "parts")
    assert [str(path.relative_to(folder / "parts")) for path in found] == [
        "bench",  # its files are but numbered
        "mixed/desk.obj",
        "mixed/lamp.obj",
        "stool",  # its files are named after it
    ]
    write_chair(folder / "parts" / "mixed" / "inner" / "shelf.obj")
    names = [path.name for path in find_objects(folder / "parts", file_a_part=True)]
    assert names == ["bench", "mixed", "shelf.obj", "stool"]


def test_parts_that_nobody_put_together_are_objects_of_their_own(run, folder):
    stool = folder / "kits" / "stool"
    stool.mkdir(parents=True)
    for name, size in (("leg1", (0.05, 0.05, 0.5)), ("leg2", (0.05, 0.05, 0.5)), ("seat", (0.4, 0.4, 0.05))):
        trimesh.creation.box(size).export(stool / f"stool_{name}.obj")
    write_chair(folder / "chairs" / "chair.obj")
    result = run("data", "import", "kits", "chairs", "--out", "library", "--up", "z", "--workers", 1)
    assert result.exit_code == 0, result.output
    library = ObjectLibrary(folder / "library")
    assert library.names() == ["chair", "stool_leg1", "stool_leg2", "stool_seat"]
    leg = library.load("stool_leg1")
    assert (leg.category, list(leg.part_names.values())) == ("leg", ["leg1"])
    told = [line for line in result.stdout.splitlines() if line.startswith("doubtful")]
    assert len(told) == 1
    assert "poses.json; until then its 3 parts are objects of their own" in told[0]
    assert "kits: 3 objects with 3 parts, 0 skipped" in result.stdout
    assert "chairs: 1 objects with 2 parts, 0 skipped" in result.stdout
    poses = {f"stool_{name}": np.eye(4).ravel().tolist() for name in ("leg1", "leg2", "seat")}
    (stool / "poses.json").write_text(json.dumps(poses))
    run("data", "import", "kits", "--out", "whole", "--up", "z", "--workers", 1)
    assert ObjectLibrary(folder / "whole").names() == ["stool"]


def test_the_reason_fits_what_was_asked_for(run, cad):
    merged = ("--loose", "--merge-below", 0.1)
    for options, why in (((), "(loose)"), (("--loose",), "hangs together"), (merged, "10 %")):
        result = run("data", "import", "cad/lump.glb", "cad/chair_a.obj", "--out", "library", "--workers", 1, *options)
        assert why in result.stdout, result.stdout
        assert ("(loose)" in result.stdout) is (not options)


def test_import_of_points_names_the_way_to_read_them(refused, folder):
    (folder / "points").mkdir()
    np.savez(folder / "points" / "chair.npz", points=np.zeros((3, 3)))
    refused("import", "points", "--out", "library", says="objects:DIR")


def test_import_of_nothing_is_a_mistake(refused, cad, folder):
    refused("import", "nowhere", "--out", "library", says="nowhere: no such file or folder")
    (folder / "empty").mkdir()
    refused("import", "empty", "--out", "library", says="empty: holds no object")
    assert not (folder / "library").exists()
    refused("import", "cad/lump.glb", "--out", "library", "--workers", 1, says="nothing could be imported; 1 skipped")


def save_boxes(boxes, name, change=None, scale=1.0):
    """The scan of two boxes with labels; `change` alters the arrays object and part."""
    whole = np.repeat([0, 1, 2], [4000, 2500, 2500]).astype(np.int32)
    part = np.minimum(whole, 1)
    if change is not None:
        change(whole, part)
    names = {1: "red box", 2: "blue box"}
    scene = replace(boxes, xyz=boxes.xyz * np.float32(scale))
    Path(name).parent.mkdir(exist_ok=True)
    save_labels(name, scene, Hierarchy(whole, part, names, {(o, 1): "body" for o in names}))


@pytest.fixture
def two_boxes(folder, boxes):
    return load_scene(boxes)


def test_check_of_sound_scans(run, two_boxes):
    save_boxes(two_boxes, "scans/a.ply")
    result = run("data", "check", "folder:scans", "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "folder:scans: 1 scenes, 9,000 points, 2 objects, 2 parts" in result.stdout
    assert "0 faults, 0 notes" in result.stdout


def test_check_names_files_and_exits_with_1(run, two_boxes):
    def out_of_range(whole, part):
        whole[0], part[1] = 9, 3

    save_boxes(two_boxes, "scans/labels.ply", out_of_range)
    save_boxes(two_boxes, "scans/millimetres.ply", scale=1000)
    save_boxes(two_boxes, "test/copy.ply", out_of_range)
    Path("test/cut.ply").write_bytes(Path("test/copy.ply").read_bytes()[:-100])
    result = run("data", "check", "folder:scans", "folder:test", "--workers", 1)
    assert result.exit_code == 1
    for words in (
        "folder:scans/labels: object 9 has no name",
        "folder:scans/labels: 1 points have a part and no object",
        "folder:scans/millimetres: is ",
        "its unit is not metres",
        "folder:test/cut: test/cut.ply: ",
        "folder:test/copy: leaks: the same scan as folder:scans/labels",
    ):
        assert words in result.stdout
    report = json.loads(run("data", "check", "folder:scans", "folder:test", "--json", "--workers", 1).stdout)
    assert f"{sum(finding['fault'] for finding in report['findings'])} faults" in result.stdout
    assert report["counts"]["folder:test"]["scenes"] == 1


def test_show_draws_scans_and_objects(run, folder, quick, cad):
    run(*SYNTH, "one")
    result = run("data", "show", "synth:one", "--number", 2, "--out", "two.png")
    assert "wrote two.png: 2 drawn, train-7-00000, train-7-00002" in result.stdout
    run("data", "show", "synth:one", "--name", "train-7-00004", "--turntable", "--out", "turn.gif")
    run("data", "import", "cad", "--out", "library", "--up", "z", "--workers", 1)
    assert "chair_a, chair_b" in run("data", "show", "library:library", "--out", "library.png").stdout
    assert "mug" in run("data", "show", "families:3", "--name", "mug", "--out", "mug.png").stdout
    sizes = {}
    for name in ("two.png", "turn.gif", "library.png", "mug.png"):
        with Image.open(folder / name) as picture:
            assert np.asarray(picture.convert("RGB")).std() > 5
            sizes[name] = picture.size, getattr(picture, "n_frames", 1)
    assert sizes["turn.gif"][1] > 10
    assert sizes["library.png"][0][0] == 2 * sizes["mug.png"][0][0]


def test_show_mistakes(run, refused, folder, quick):
    run(*SYNTH, "one")
    refused("show", "synth:one", "--out", "page.jpg", says="page.jpg: expected a name that ends in .png")
    refused("show", "synth:one", "--name", "train-7-9", "--out", "a.png", says=("train-7-9", "there is train-7-00000"))
    refused("show", "cupboard:one", "--out", "a.png", says="expected KIND:DIR")
    refused("show", "library:nowhere", "--out", "a.png", says="nowhere: is no folder")
    refused("show", "families:oak", "--out", "a.png", says="families:SEED")
    assert not list(folder.glob("*.png"))


def test_stats_put_data_sets_side_by_side(run, two_boxes, quick):
    run(*SYNTH, "one")
    save_boxes(two_boxes, "scans/a.ply")
    result = run("data", "stats", "synth:one", "scans/a.ply", "boxes.ply", "--number", 2)
    assert result.exit_code == 0, result.output
    (header, *rows) = [line for line in result.stdout.splitlines() if line.strip()]
    assert header.split() == ["synth:one", "scans", "the", "first"]
    assert rows[-1].split() == ["scans", "2", "2"]
    density = next(row for row in rows if row.startswith("points a m2"))
    assert density.split()[-1] == "outside"
