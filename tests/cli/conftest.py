"""The command line run in this process, in an empty folder, with a user's folder of its own."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from pinpoint3d.cli import app
from pinpoint3d.io import save_scene
from pinpoint3d.scene import Scene


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The working folder; empty but for what a test puts there."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("PINPOINT3D_HOME", str(tmp_path / "home"))
    return work


@pytest.fixture
def run() -> Callable[..., Result]:
    def call(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(a) for a in arguments])

    return call


@pytest.fixture
def boxes(folder) -> Path:
    """Two flat boxes on a floor, 10 cm and 40 cm high, a red and a blue one."""
    rng = np.random.default_rng(3)
    floor = np.column_stack([rng.uniform(0, 2, (4000, 2)), np.zeros(4000)])
    points, colours = [floor], [np.full((4000, 3), 120)]
    for x, high, colour in ((0.5, 0.1, (200, 30, 30)), (1.4, 0.4, (30, 30, 200))):
        side = rng.uniform((x - 0.2, 0.8), (x + 0.2, 1.2), (1500, 2))
        points.append(np.column_stack([side, np.full(1500, high)]))
        wall = rng.uniform(-0.2, 0.2, 1500)
        points.append(np.column_stack([x + wall, np.full(1500, 0.8), rng.uniform(0, high, 1500)]))
        colours.append(np.full((3000, 3), colour))
    xyz = np.concatenate(points).astype(np.float32)
    save_scene(folder / "boxes.ply", Scene("boxes", xyz, rgb=np.concatenate(colours).astype(np.uint8)))
    return folder / "boxes.ply"
