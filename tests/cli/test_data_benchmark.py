"""`pinpoint3d data benchmark`: the same scenes everywhere, and whoever has others is told."""

import json
from functools import partial

import pytest

from pinpoint3d.engines import Engine, run_all
from pinpoint3d.synthesis import benchmark as known
from pinpoint3d.synthesis.generate import VERSION, generate_scene
from pinpoint3d.synthesis.storage.make import make_scenes


@pytest.fixture
def small_benchmark(monkeypatch, tmp_path, quick):
    """A benchmark of three scenes a split, whose checksums are known."""
    monkeypatch.setattr(known, "SCENES", 3)
    monkeypatch.setattr(known, "_ASSET", tmp_path / "known.json")
    known.make_benchmark(tmp_path / "first", workers=1)
    known.write_marks(known.marks(tmp_path / "first"))


def test_benchmark_is_made_and_compared(run, folder, small_benchmark):
    result = run("data", "benchmark", "--out", "bench", "--workers", 1)
    assert "all 6 scenes are those of pinpoint-synth, bit for bit" in result.stdout
    assert run("eval", "run", "--data", "synth:bench/val", "--segmenter", "voronoi", "--clicks", 1, "--out", "x").stdout


def test_benchmark_names_a_scene_that_differs(run, refused, folder, small_benchmark):
    make_scenes(folder / "other", seed=1, scenes=3, split="val", shard_size=known.SHARD_SIZE, workers=1)
    run("data", "benchmark", "--out", "bench", "--workers", 1)
    split = folder / "bench" / "val"
    recipe = json.loads((split / "synth.json").read_text())
    (split / "synth.json").write_text(json.dumps(recipe | {"seed": 1}))
    refused("benchmark", "--out", "bench", "--workers", 1, says="seed: 1, not")
    (split / "synth.json").write_text(json.dumps(recipe))
    asset = json.loads(known._ASSET.read_text())
    name = next(iter(asset["scenes"]))
    asset["scenes"][name][0] = "0" * 16
    known._ASSET.write_text(json.dumps(asset))
    assert "1 but for rounding" in run("data", "benchmark", "--out", "bench", "--workers", 1).stdout
    asset["scenes"][name][2] += 1
    known._ASSET.write_text(json.dumps(asset))
    refused("benchmark", "--out", "bench", "--workers", 1, says=("1 of 6 scenes", name))


def test_the_shipped_checksums_are_of_this_generator():
    scenes = known.read_marks()
    assert known.known_version() == VERSION
    assert len(scenes) == 2 * known.SCENES
    assert len({mark.checksum for mark in scenes.values()}) == len(scenes)
    assert all(mark.objects >= 1 and mark.parts >= mark.objects for mark in scenes.values())


@pytest.mark.slow
@pytest.mark.parametrize(("split", "number"), [("val", 4), ("test", 24)])
def test_shipped_checksums_hold(split, number):
    """Scenes in which things come to rest otherwise where a matrix product is rounded otherwise."""
    environment = known.arithmetic()
    generate = partial(generate_scene, known.SEEDS[split], split=split)
    (labelled,) = run_all(generate, [number], Engine.LOCAL, 1, None, environment)
    found, shipped = known.mark_of(labelled), known.read_marks()[labelled.scene.name]
    assert found == shipped if environment else found.objects == shipped.objects
