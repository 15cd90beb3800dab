"""Parity with the published networks, and what benchmarks/golden.py says of it."""

import json
import shutil
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from pinpoint3d import native
from pinpoint3d.native.library import TILES

PIECE = Path(__file__).parent / "golden"  # a piece of one scene: our own data, recorded from the published code


@pytest.mark.parametrize("width", native.vector_widths() if native.available() else [None])
def test_the_recorded_piece(golden: ModuleType, width: int | None) -> None:
    with native.vectors_of(width) if width else nullcontext():
        rows = list(golden.check(PIECE))
    assert {row.what for row in rows} >= {"level16", "unet", "adapter", "posenc", "stage0_part", "obj", "part"}
    assert [row for row in rows if not row.passed or row.agreement not in (None, 1.0)] == []
    assert max(row.difference for row in rows if row.difference is not None) < (3e-5 if width == TILES else 1e-5)


@pytest.mark.slow
def test_every_recorded_scene(golden: ModuleType, shared: Path) -> None:
    rows = list(golden.check(shared / "golden"))
    assert len(rows) > 100
    assert [row for row in rows if not row.passed] == []


@pytest.mark.slow
def test_another_salt_is_out(golden: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shutil.copytree(PIECE, tmp_path / "golden")
    meta = json.loads((folder / "golden_meta.json").read_text())
    (folder / "golden_meta.json").write_text(json.dumps(meta | {"salt": "pepper"}))
    assert golden.main([str(folder)]) == 1
    assert "posenc" in capsys.readouterr().out


def test_compare_counts_nan_and_other_labels_as_out(golden: ModuleType) -> None:
    reference = np.array([[0.0, 1.0], [2.0, 0.0]])
    assert golden.compare("s", "c", "w", reference, reference, labels=True).passed
    assert not golden.compare("s", "c", "w", reference[:, ::-1], reference, labels=True).passed
    assert not golden.compare("s", "c", "w", reference * np.nan, reference).passed
    assert not golden.compare("s", "c", "w", reference[:1], reference).passed


@pytest.mark.parametrize("damage", ["no folder", "no meta", "bad meta", "no scene", "bad scene", "bad clicks"])
def test_another_format_is_one_line(
    golden: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    folder = tmp_path / "golden"
    if damage != "no folder":
        shutil.copytree(PIECE, folder)
    meta, scene = folder / "golden_meta.json", folder / "scene_small.npz"
    match damage:
        case "no meta":
            meta.unlink()
        case "bad meta":
            meta.write_text("[]")
        case "no scene":
            scene.unlink()
        case "bad scene":
            scene.write_bytes(b"nothing")
        case "bad clicks":
            with np.load(scene) as file:
                arrays = dict(file)
            np.savez(scene, **arrays | {"p_bg_clicks": "{}"})
    assert golden.main([str(folder)]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "Traceback" not in message
