import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from pinpoint3d.engines import Engine
from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.storage.packed import STEP, checksum, pack, unpack
from pinpoint3d.synthesis.storage.recipe import Recipe
from pinpoint3d.synthesis.storage.shards import Shards, write_shards

sys.path.insert(0, str(Path(__file__).parent))
from stand_in import Config, generate, noting

HERE, CONFIG = Path("shard.npz"), Config()


def recipe_of(config=CONFIG, scenes=7, **fields):
    return Recipe("1", 5, "train", scenes, asdict(config), **{"shard_size": 3} | fields)


def made(folder, config=CONFIG, make=generate, workers=1, **fields):
    write_shards(folder, recipe_of(config, **fields), make, config, workers=workers)
    return content(folder)


def content(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_shard_gives_back_what_was_generated(tmp_path):
    made(tmp_path / "out")
    shards = Shards.open(tmp_path / "out")
    assert len(shards.names()) == len(set(shards.names())) == 7
    for index, name in enumerate(shards.names()):
        found, wanted = shards.load(name), generate(5, index, split="train", config=Config())
        assert found.scene.name == name
        np.testing.assert_allclose(found.scene.xyz, wanted.scene.xyz, atol=STEP * 0.51)
        assert np.array_equal(found.scene.rgb, wanted.scene.rgb)
        assert np.array_equal(found.labels.object, wanted.labels.object)
        assert np.array_equal(found.labels.part, wanted.labels.part)
        assert found.labels.object_names == wanted.labels.object_names
        assert found.labels.part_names == wanted.labels.part_names


def test_the_same_recipe_gives_the_same_bytes(tmp_path, monkeypatch):
    first = made(tmp_path / "one")
    assert list(first) == ["shard-00000.npz", "shard-00001.npz", "shard-00002.npz", "synth.json"]
    monkeypatch.setattr(time, "time", lambda: 2e9)  # a zip keeps dates
    assert made(tmp_path / "two") == first
    assert made(tmp_path / "three", Config(points=301))["shard-00001.npz"] != first["shard-00001.npz"]


@pytest.mark.slow
def test_two_processes_give_the_same_bytes(tmp_path):
    assert made(tmp_path / "one") == made(tmp_path / "two", workers=2)


@pytest.mark.slow
def test_a_ray_cluster_gives_the_same_bytes(tmp_path, monkeypatch):
    pytest.importorskip("ray", reason="Ray is not installed")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    write_shards(tmp_path / "ray", recipe_of(), generate, Config(), engine=Engine.RAY, workers=2)
    assert content(tmp_path / "ray") == made(tmp_path / "one")


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_only_what_is_missing_is_made_again(tmp_path, monkeypatch, lost):
    whole = made(tmp_path / "out")
    (tmp_path / "out" / f"shard-0000{lost}.npz").unlink()
    (tmp_path / "out" / f".shard-0000{lost}.12ab34cd.npz").write_bytes(b"PK half")
    (tmp_path / "notes").mkdir()
    monkeypatch.setenv("STAND_IN_NOTES", str(tmp_path / "notes"))
    assert made(tmp_path / "out", make=noting) == whole
    again = {int(path.name) for path in (tmp_path / "notes").iterdir()}
    assert again == set(range(7)[3 * lost : 3 * lost + 3])
    assert write_shards(tmp_path / "out", recipe_of(), generate, Config(), workers=1) == 0


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_run_is_continued(tmp_path, workers):
    """A real kill, in the middle of a shard."""
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from dataclasses import asdict; from pathlib import Path\n"
        "from pinpoint3d.synthesis.storage.recipe import Recipe\n"
        "from pinpoint3d.synthesis.storage.shards import write_shards\n"
        "from stand_in import Config, generate\n"
        "if __name__ == '__main__':\n"
        "    slow = Config(slow_s=0.3)\n"
        "    recipe = Recipe('1', 5, 'train', 40, asdict(Config()), 3)\n"
        f"    write_shards(Path('out'), recipe, generate, slow, workers={workers})\n"
    )
    (tmp_path / "program.py").write_text(program)
    process = subprocess.Popen([sys.executable, "program.py"], cwd=tmp_path)
    out = tmp_path / "out"
    deadline = time.monotonic() + 60
    while len(list(out.glob("shard-*.npz"))) < 2 or not list(out.glob(".shard-*.npz")):
        assert time.monotonic() < deadline, "the run makes nothing"
        assert process.poll() is None, "the run ended before it was killed"
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(1.0)  # the workers end with their parent
    before = set(content(out))
    assert len(before) < 14
    assert made(out, scenes=40) == made(tmp_path / "whole", scenes=40)


def test_a_scene_that_cannot_be_made_leaves_no_half_shard(tmp_path):
    with pytest.raises(PinPointError, match="scene 4 cannot be made"):
        made(tmp_path / "out", Config(fails_at=4))
    assert set(content(tmp_path / "out")) == {"shard-00000.npz", "synth.json"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"seed": 6}, "seed: 5, not 6"),
        ({"version": "2"}, "version: 1, not 2"),
        ({"split": "test"}, "split: train, not test"),
        ({"scenes": 9}, "scenes: 7, not 9"),
        ({"shard_size": 4}, "shard_size: 3, not 4"),
        ({"config": asdict(Config(points=299))}, "points: 300, not 299"),
    ],
)
def test_another_recipe_is_refused_and_nothing_is_touched(tmp_path, change, told):
    before = made(tmp_path / "out")
    with pytest.raises(FileError, match=rf"synth\.json: is of scenes made otherwise \({told}\); choose another folder"):
        write_shards(tmp_path / "out", replace(recipe_of(), **change), generate, Config(), workers=1)
    assert content(tmp_path / "out") == before


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError, match="file/out: cannot be made"):
        made(tmp_path / "file" / "out")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is no recipe of synthetic scenes"),
        ("[]", "is no recipe of synthetic scenes"),
        ('{"format": "something else"}', "another format"),
        ('{"format": "pinpoint3d synthetic scenes", "seed": 1}', "is no recipe"),
    ],
)
def test_a_damaged_recipe_is_named(tmp_path, text, told):
    (tmp_path / "synth.json").write_text(text)
    with pytest.raises(FileError, match=rf"synth\.json: .*{told}"):
        Shards.open(tmp_path)


def test_missing_and_damaged_shards_are_named(tmp_path):
    with pytest.raises(FileError, match=r'synth\.json: cannot be read: .*name a folder that "pinpoint3d data synth"'):
        Shards.open(tmp_path)
    made(tmp_path / "out")
    shard = tmp_path / "out" / "shard-00001.npz"
    shards = Shards.open(tmp_path / "out")
    whole = shard.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-40], b"", b"PK", whole.replace(b"xyz", b"zyx")):
        shard.write_bytes(damaged)
        with pytest.raises(FileError, match=r"shard-00001\.npz: .*(is damaged|make the file again)"):
            shards.load(shards.names()[4])
        assert len(shards.load(shards.names()[2]).scene) == 600
    shard.unlink()
    with pytest.raises(FileError, match=r"lacks 1 of 3 shards \(shard-00001\.npz first\)"):
        Shards.open(tmp_path / "out")


@pytest.mark.parametrize("name", ["train-5-00007", "train-6-00001", "box 1", "train-5-1", "", "train-5-²"])
def test_an_unknown_scene_is_named(tmp_path, name):
    made(tmp_path / "out")
    with pytest.raises(FileError, match="its scenes are train-5-00000 to train-5-00006"):
        Shards.open(tmp_path / "out").load(name)


@given(
    arrays_of.arrays(np.float32, st.tuples(st.integers(1, 20), st.just(3)), elements=st.floats(-500, 500, width=32)),
    st.integers(-1, 40_000),
    st.booleans(),
)
def test_packing_keeps_everything_to_half_a_step_and_is_idempotent(xyz, label, coloured):
    labels = np.full(len(xyz), label, dtype=np.int32)
    rgb = np.zeros((len(xyz), 3), np.uint8) if coloured else None
    scan = LabelledScene(
        Scene("scan", xyz, np.array([4e5, 0, -1]), rgb), Hierarchy(labels, labels, {7: "chair"}, {(7, 1): "leg"})
    )
    packed = pack(scan)
    back = unpack("scan", packed, HERE)
    np.testing.assert_allclose(back.scene.xyz, xyz, atol=STEP * 0.51 + 3e-5)  # float32 at 500 m
    np.testing.assert_array_equal(back.scene.origin, scan.scene.origin)
    assert np.array_equal(back.labels.object, labels)
    assert back.labels.part_names == {(7, 1): "leg"}
    assert (back.scene.rgb is None) == (rgb is None)
    assert checksum(pack(back)) == checksum(packed)


def test_a_checksum_sees_every_array():
    scan = generate(0, 0, split="train", config=Config())
    packed = pack(scan)
    sums = {checksum(packed)}
    for key, array in packed.items():
        other = np.array(str(array) + " ") if array.dtype.kind == "U" else array.copy()
        if array.dtype.kind != "U":
            other.flat[0] += 1
        sums.add(checksum(packed | {key: other}))
    assert len(sums) == 1 + len(packed)


def test_what_cannot_be_packed_is_refused():
    point = Scene("holes", np.full((1, 3), np.nan, np.float32))
    one = np.zeros(1, np.int32)
    with pytest.raises(ValueError, match="holes: only a cloud"):
        pack(LabelledScene(point, Hierarchy(one, one)))
