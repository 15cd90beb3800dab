import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from nearest_click import load

from pinpoint3d.engines import Engine
from pinpoint3d.errors import FileError, ModelError, PinPointError
from pinpoint3d.evaluation.published import published_figures, read_published
from pinpoint3d.evaluation.rows import read_run
from pinpoint3d.evaluation.run import run
from pinpoint3d.evaluation.samples import Level, Selection
from pinpoint3d.evaluation.settings import Settings, read_settings
from pinpoint3d.io import save_scene
from pinpoint3d.prompts import ClickRule
from pinpoint3d.scene import Scene

TIMES = {"ms", "encode_ms", "peak_mb"}


@pytest.fixture
def settings(scans):
    return Settings("nearest", f"folder:{scans}", Level.OBJECT, Selection.SINGLE, clicks=4)


def rows(out):
    """All rows of a run but for what a clock or the memory says."""
    return [
        {name: value for name, value in json.loads(line).items() if name not in TIMES}
        for file in ("rows.jsonl", "samples.jsonl")
        for line in (out / file).read_text().splitlines()
    ]


def test_rows_say_what_happened(settings, tmp_path):
    results = run(settings, tmp_path / "out", workers=1, load=load)
    assert [r.sample.sample for r in results] == [f"{scene}/object {o}" for scene in ("left", "right") for o in (1, 2)]
    assert results == read_run(tmp_path / "out")
    for result in results:
        assert [row.click for row in result.clicks] == [1, 2, 3, 4]
        assert all(row.boundary_iou is not None and row.ms > 0 for row in result.clicks)
        assert result.clicks[-1].iou > 0.5
        assert result.sample.points == 7000
        assert result.sample.extents[0] == pytest.approx(0.4 * 3**0.5, rel=0.05)
    assert results[1].sample.categories == ("crate",)
    assert read_settings(tmp_path / "out") == settings
    figures = {f.name: f.value for f in published_figures(read_published(tmp_path / "out" / "published.csv"), 4)}
    assert figures["IoU@3"] == pytest.approx(sum(r.clicks[2].iou for r in results) / 4)


@pytest.mark.parametrize("level", [Level.PART, Level.HIERARCHICAL])
def test_every_level_runs(settings, tmp_path, level):
    results = run(replace(settings, level=level, selection=Selection.ALL), tmp_path / "out", workers=1, load=load)
    assert [len(r.sample.objects) for r in results] == [2 + (level is Level.HIERARCHICAL)] * 4
    assert all(r.clicks[-1].click <= 4 * r.clicks[-1].n_targets for r in results)
    assert min(r.clicks[-1].iou for r in results) > 0.5


@pytest.mark.slow
def test_processes_give_the_same_rows(settings, tmp_path):
    run(settings, tmp_path / "one", workers=1, load=load)
    run(settings, tmp_path / "two", workers=2, load=load)
    assert rows(tmp_path / "one") == rows(tmp_path / "two")


def test_a_seeded_rule_gives_the_same_rows(settings, tmp_path):
    jittery = replace(settings, rule=ClickRule(jitter=0.05), seed=3)
    for name in ("one", "two"):
        run(jittery, tmp_path / name, workers=1, load=load)
    run(replace(jittery, seed=4), tmp_path / "three", workers=1, load=load)
    assert rows(tmp_path / "one") == rows(tmp_path / "two") != rows(tmp_path / "three")


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.5, 0.85, 1.0])
def test_a_cut_off_run_is_continued(settings, tmp_path, kept):
    run(settings, tmp_path / "whole", workers=1, load=load)
    run(settings, tmp_path / "cut", workers=1, load=load)
    clicks, samples = tmp_path / "cut" / "rows.jsonl", tmp_path / "cut" / "samples.jsonl"
    # Rows are written before their sample's line, so cut the rows after the samples that are kept.
    done = samples.read_bytes()
    samples.write_bytes(done[: int(len(done) * kept * 0.9)])
    text = clicks.read_bytes()
    clicks.write_bytes(text[: int(len(text) * kept)] if kept else b"")
    (tmp_path / "cut" / "published.csv").unlink()
    finished = samples.read_bytes().count(b"\n")
    calls = []

    def counting(name):
        segmenter = load(name)
        calls.append(name)
        return segmenter

    run(settings, tmp_path / "cut", workers=1, load=counting)
    assert rows(tmp_path / "cut") == rows(tmp_path / "whole")
    assert (tmp_path / "cut" / "published.csv").read_text() == (tmp_path / "whole" / "published.csv").read_text()
    assert finished < 4
    assert calls


def test_a_finished_run_is_not_made_again(settings, tmp_path):
    first = run(settings, tmp_path / "out", workers=1, load=load)
    assert run(settings, tmp_path / "out", workers=1, load=load) == first  # timings too


def test_other_settings_need_another_folder(settings, tmp_path):
    run(settings, tmp_path / "out", workers=1, load=load)
    with pytest.raises(FileError, match=r"run\.json: is a run of other settings \(clicks: 4\)"):
        run(replace(settings, clicks=5), tmp_path / "out", workers=1, load=load)


def test_a_scan_without_labels_stops_the_run_before_it_begins(settings, scans, tmp_path):
    save_scene(scans / "zebra.ply", Scene("zebra", read_points(scans)))
    with pytest.raises(FileError, match=r"zebra\.ply: has no labels: no integer field object"):
        run(settings, tmp_path / "out", workers=1, load=load)
    assert not (tmp_path / "out").exists()


def read_points(scans):
    from pinpoint3d.io import load_scene

    return load_scene(scans / "left.ply").xyz


def test_an_unknown_segmenter(settings, tmp_path):
    with pytest.raises(ModelError, match="unknown model"):
        run(replace(settings, segmenter="nonesuch"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("file", "edit", "problem"),
    [
        ("rows.jsonl", lambda lines: [*lines[:2], lines[2][:50] + "\n", *lines[3:]], r"rows\.jsonl:3: is no row"),
        ("rows.jsonl", lambda lines: [lines[0].replace('"iou": 0', '"iou": -0'), *lines[1:]], r"rows\.jsonl:1.*IoU"),
        ("rows.jsonl", lambda lines: [*lines, lines[-1]], r"rows\.jsonl:17: repeats click 4"),
        (
            "samples.jsonl",
            lambda lines: [*lines, lines[1]],
            r"samples\.jsonl:5: repeats sample left/object 2 of line 2",
        ),
        ("samples.jsonl", lambda lines: ["{}\n", *lines], r"samples\.jsonl:1: is no row"),
    ],
)
def test_a_damaged_record_is_named(settings, tmp_path, file, edit, problem):
    run(settings, tmp_path / "out", workers=1, load=load)
    path = tmp_path / "out" / file
    path.write_text("".join(edit(path.read_text().splitlines(keepends=True))))
    with pytest.raises(FileError, match=problem):
        read_run(tmp_path / "out")


def test_no_run_there(tmp_path):
    with pytest.raises(FileError, match=r"samples\.jsonl: no such file"):
        read_run(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("engine", list(Engine))
def test_a_mistake_found_in_a_worker_comes_home_as_it_was(settings, tmp_path, monkeypatch, engine):
    if engine is Engine.RAY:
        pytest.importorskip("ray", reason="the extra pinpoint3d[ray] is not installed")
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    with pytest.raises(FileError, match=r"^graph\.bin: is damaged$"):
        run(replace(settings, segmenter="fails"), tmp_path / "out", workers=2, engine=engine, load=load)


@pytest.mark.slow
def test_a_dead_worker_is_explained(settings, tmp_path):
    with pytest.raises(PinPointError, match="worker process died"):
        run(replace(settings, segmenter="dies"), tmp_path / "out", workers=2, load=load)


GO = """
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    from nearest_click import load
    from pinpoint3d.evaluation.run import run
    from pinpoint3d.evaluation.settings import read_settings

    run(read_settings(Path(sys.argv[2])), Path(sys.argv[2]), workers=2, load=load)
"""


@pytest.mark.slow
def test_a_killed_run_is_continued_and_leaves_no_process(settings, scans, tmp_path):
    for copy in range(6):
        shutil.copy(scans / "left.ply", scans / f"copy{copy}.ply")
    slow = replace(settings, segmenter="slow")
    out = tmp_path / "out"
    out.mkdir()
    (out / "run.json").write_text(json.dumps(slow.to_json()))
    script = tmp_path / "go.py"
    script.write_text(GO)
    here = Path(__file__).parent
    process = subprocess.Popen([sys.executable, script, here, out], start_new_session=True)
    samples = out / "samples.jsonl"
    patience = time.monotonic() + 120
    while not (samples.exists() and samples.read_bytes()) and time.monotonic() < patience:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 0 < samples.read_bytes().count(b"\n") < 16
    while alive(process.pid) and time.monotonic() < patience:
        time.sleep(0.1)
    assert not alive(process.pid)
    run(slow, out, workers=1, load=load)
    run(slow, tmp_path / "whole", workers=1, load=load)
    assert rows(out) == rows(tmp_path / "whole")


def alive(group):
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_a_ray_cluster_gives_the_same_rows(settings, tmp_path, monkeypatch):
    pytest.importorskip("ray", reason="the extra pinpoint3d[ray] is not installed")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    run(settings, tmp_path / "one", workers=1, load=load)
    run(settings, tmp_path / "ray", workers=2, engine=Engine.RAY, load=load)
    assert rows(tmp_path / "one") == rows(tmp_path / "ray")


def test_ray_that_is_not_installed_is_explained(settings, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(PinPointError, match=r"pip install \"pinpoint3d\[ray\]\""):
        run(settings, tmp_path / "out", engine=Engine.RAY, load=load)
