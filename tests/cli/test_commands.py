"""Each command does its job."""

import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pinpoint3d.io import load_labelled, load_labels, load_scene, save_labels
from pinpoint3d.scene import Hierarchy
from pinpoint3d.session import Session

_CLICKS = ("--click", "0.5,1,0.3:red box/lid", "--click", "1.4,1,0.3:blue box", "--click", "1,0.3,0:background")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_segment_writes_everything_into_a_folder(run, boxes, folder):
    result = run("segment", boxes.name, *_CLICKS, "--out", "results")
    assert result.exit_code == 0, result.output
    found = {path.name for path in (folder / "results").iterdir()}
    ends = (".labelled.ply", ".labels.json", ".clicks.json", ".pp3d", ".png")
    assert found == {f"boxes{end}" for end in ends}
    labels = load_labels(folder / "results" / "boxes.labelled.ply")
    scene = load_scene(boxes)
    assert [labels.object_name(o) for o in labels.objects()] == ["red box", "blue box"]
    for xyz, label in (((0.5, 1, 0.3), (1, 1)), ((1.4, 1, 0.3), (2, 0)), ((1, 0.3, 0), (0, 0))):
        clicked = np.linalg.norm(scene.xyz - xyz, axis=1).argmin()
        assert (labels.object[clicked], labels.part[clicked]) == label
    assert np.array_equal(load_labels(folder / "results" / "boxes.labels.json").object, labels.object)
    with Image.open(folder / "results" / "boxes.png") as picture:
        assert picture.width > 1000
    for words in ("red box", "lid", "blue box", "pinpoint3d", "3 clicks"):
        assert words in result.stdout


def test_saved_session_can_be_continued(run, boxes, folder):
    run("segment", boxes.name, *_CLICKS, "--out", "boxes.pp3d")
    session = Session.open(folder / "boxes.pp3d")
    assert session.undo()
    assert session.undo()
    assert session.masks.objects().tolist() == [1]


def test_clicks_file_gives_what_clicks_give(run, boxes, folder):
    run("segment", boxes.name, *_CLICKS, "--out", "by_click")
    result = run("segment", boxes.name, "--clicks", "by_click/boxes.clicks.json", "--out", "by_file.npz")
    assert result.exit_code == 0, result.output
    one, other = load_labels(folder / "by_click" / "boxes.labelled.ply"), load_labels(folder / "by_file.npz")
    assert np.array_equal(one.object, other.object)
    assert np.array_equal(one.part, other.part)


def test_several_outputs_and_formats(run, boxes, folder):
    result = run("segment", boxes.name, *_CLICKS, "--out", "a.las", "--out", "deep/er/b.json", "--out", "c.png")
    assert result.exit_code == 0, result.output
    assert load_labels(folder / "a.las").object_name(2) == "blue box"
    names = {entry["name"] for entry in json.loads((folder / "deep" / "er" / "b.json").read_text())["objects"]}
    assert {"red box", "blue box"} <= names
    assert (folder / "c.png").exists()


def test_later_click_on_the_same_place_is_reported(run, boxes):
    result = run(
        "segment", boxes.name, "--click", "0.5,1,0.3:box", "--click", "0.5,1,0.3:lid of the box", "--out", "x.json"
    )
    assert "no voxel of its own: box" in " ".join(result.stdout.split())


def test_world_coordinates_far_from_zero(run, boxes, folder):
    scene, far = load_scene(boxes), np.array([400_000.0, 5_000_000.0, 200.0])
    np.savetxt(folder / "utm.csv", scene.xyz + far, "%.4f", ",", header="x,y,z", comments="")
    result = run("segment", "utm.csv", "--click", "400001.4,5000001,200.3:box", "--out", "utm.npz")
    assert result.exit_code == 0, result.output
    back, labels = load_labelled(folder / "utm.npz")
    assert (labels.object == 1).sum() > 100
    np.testing.assert_allclose(back.world(), scene.xyz + far, atol=1e-3)


def test_info(run, boxes):
    result = run("info", boxes.name, "--unit", "cm")
    assert result.exit_code == 0
    assert "9,000" in result.stdout
    assert "0.020 x 0.020 x 0.003 m" in result.stdout


def test_names_from_a_file_are_not_markup(run, boxes, folder):
    scene = load_scene(boxes)
    labels = Hierarchy(np.ones(len(scene), np.int32), np.zeros(len(scene), np.int32), {1: "[red]box[/red]"})
    save_labels(folder / "named.ply", scene, labels)
    assert "[red]box[/red]" in run("info", "named.ply").stdout


def test_convert_turns_scales_and_keeps_labels(run, boxes, folder):
    run("segment", boxes.name, *_CLICKS, "--out", "labelled.ply")
    result = run("convert", "labelled.ply", "turned.npz", "--up", "y", "--unit", "ft")
    assert result.exit_code == 0, result.output
    scene, labels = load_labelled(folder / "turned.npz")
    before, old = load_labelled(folder / "labelled.ply")
    np.testing.assert_allclose(scene.xyz[:, 2], before.xyz[:, 1] * 0.3048, atol=1e-6)
    assert np.array_equal(labels.object, old.object)
    assert labels.object_name(1) == "red box"


def test_convert_says_what_it_leaves_behind(run, boxes, folder):
    scene, ones = load_scene(boxes), np.ones(9_000, np.int32)
    save_labels(folder / "coded.ply", scene, Hierarchy(ones, ones), convention="partscan")
    result = run("convert", "coded.ply", "plain.xyz")
    assert result.exit_code == 0, result.output
    assert "not carried over: label" in result.stdout


def test_models_are_listed(run):
    result = run("models")
    assert result.exit_code == 0
    for name in ("geodesic", "voronoi", "pinpoint3d", "no weights"):
        assert name in result.stdout


@pytest.mark.parametrize("command", ["", "segment", "info", "convert", "demo", "weights import"])
def test_help_teaches_by_example(run, command):
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert f"pinpoint3d {command}".rstrip() + " " in result.stdout


def test_no_arguments_print_the_help(run):
    result = run()
    assert result.exit_code == 0
    assert "pinpoint3d demo" in result.output


def test_version(run):
    assert run("--version").stdout.startswith("pinpoint3d 0.")


@pytest.mark.slow
def test_demo(run, folder):
    result = run("demo")
    assert result.exit_code == 0, result.output
    assert "Look at demo-out/sample_room.png" in result.stdout
    labels = load_labels(folder / "demo-out" / "sample_room.labelled.ply")
    truth = load_labels(Path(str(EXAMPLES.parent / "src" / "pinpoint3d" / "assets" / "sample_room.ply")))
    for o, name in truth.object_names.items():
        mine = next(k for k, v in labels.object_names.items() if v == name)
        a, b = truth.object == o, labels.object == mine
        assert (a & b).sum() / (a | b).sum() > 0.6, name


def test_example_runs(folder, monkeypatch, capsys):
    spec = spec_from_file_location("example", EXAMPLES / "segment_a_room.py")
    example = module_from_spec(spec)
    spec.loader.exec_module(example)
    monkeypatch.setattr(sys, "argv", ["segment_a_room.py"])
    example.main()
    assert "chair" in capsys.readouterr().out
    assert load_labels(folder / "room.labelled.ply").object_name(2) == "chair"
    assert Session.open(folder / "room.pp3d").redo()


@pytest.fixture
def small_network(folder) -> Path:
    """A small network with random weights, saved in this program's own form."""
    from pinpoint3d.model import create_network
    from pinpoint3d.model.checkpoints import save_network
    from pinpoint3d.model.config import NetworkConfig

    config = NetworkConfig(
        stem=8, planes=(8,) * 8, blocks=(1,) * 8, hidden=16, heads=2, feedforward=32, layers=2, background_queries=2
    )
    save_network(create_network(config, np.random.default_rng(0)), folder / "small.safetensors")
    return folder / "small.safetensors"


def test_imported_weights_answer_by_name(run, boxes, small_network):
    result = run("weights", "import", small_network.name)
    assert result.exit_code == 0, result.output
    assert "pinpoint3d-published is ready" in result.stdout
    for model in (("--model", "pinpoint3d-published"), ("--model", small_network.name)):
        result = run("segment", boxes.name, *_CLICKS, *model, "--out", "labels.json")
        assert result.exit_code == 0, result.output
        assert f"\n{small_network if small_network.name in model else 'pinpoint3d-published'}: " in result.stdout


def test_session_of_a_network_file_reopens_from_another_folder(run, boxes, small_network, monkeypatch, tmp_path):
    run("segment", boxes.name, *_CLICKS, "--model", small_network.name, "--out", "boxes.pp3d")
    monkeypatch.chdir(tmp_path)
    session = Session.open(boxes.with_suffix(".pp3d"))
    before = session.masks.object
    session.undo()
    session.redo()
    assert np.array_equal(session.masks.object, before)
