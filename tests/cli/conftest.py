"""The command line run in this process, in an empty folder, with a user's folder of its own."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from pinpoint3d.cli import app
from pinpoint3d.io import save_scene
from pinpoint3d.scene import Scene

sys.path.insert(0, str(Path(__file__).parents[1] / "synthesis"))
from stand_in import Config, generate


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The working folder; empty but for what a test puts there."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("PINPOINT3D_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("pinpoint3d.io.picture._SUPER", 1)  # coarser pictures, four times as fast
    return work


@pytest.fixture
def run() -> Callable[..., Result]:
    def call(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments])

    return call


@pytest.fixture
def boxes(folder) -> Path:
    """A red and a blue box of 40 cm, 30 cm high, on a grey floor: 9,000 points."""
    rng = np.random.default_rng(3)
    points = [np.column_stack([rng.uniform(0, 2, (4000, 2)), np.zeros(4000)])]
    for x in (0.5, 1.4):
        box = rng.uniform((x - 0.2, 0.8, 0), (x + 0.2, 1.2, 0.3), (2500, 3))
        for face, (axis, value) in enumerate(((0, x - 0.2), (0, x + 0.2), (1, 0.8), (1, 1.2), (2, 0.3))):
            box[face * 500 : face * 500 + 500, axis] = value
        points.append(box)
    rgb = np.repeat([(120, 120, 120), (200, 30, 30), (30, 30, 200)], [4000, 2500, 2500], axis=0)
    scene = Scene("boxes", np.concatenate(points).astype(np.float32), rgb=rgb.astype(np.uint8))
    save_scene(folder / "boxes.ply", scene)
    return folder / "boxes.ply"


def boxes_in_rooms(seed, index, *, split, config):
    """A scene that takes no time, whatever the settings."""
    return generate(seed, index, split=split, config=Config())


@pytest.fixture
def quick(monkeypatch):
    """Scenes that take no time; how their rooms stand is not looked at."""
    monkeypatch.setattr("pinpoint3d.synthesis.storage.make.generate_scene", boxes_in_rooms)
    monkeypatch.setattr("pinpoint3d.synthesis.benchmark.arithmetic", dict)
    monkeypatch.setattr("pinpoint3d.datasets.check.why_unknown", lambda recipe, library: "not looked at")
    monkeypatch.setattr("pinpoint3d.io.sheet._SUPER", 1)


@pytest.fixture
def refused(run) -> Callable[..., None]:
    """`pinpoint3d data` with arguments that it must refuse in one line, which holds the words of `says`."""

    def check(*arguments, says):
        result = run("data", *arguments)
        assert result.exit_code == 2, result.output
        (line,) = [line for line in result.stderr.splitlines() if not line.startswith("warning: ")]
        assert line.startswith("error: ")
        for words in [says] if isinstance(says, str) else says:
            assert words in line

    return check
