"""`studio` and `segment --server` on the command line."""

import socket

import pytest
from typer.testing import CliRunner

from pinpoint3d.cli import app
from pinpoint3d.io import load_labels, load_scene
from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.server.serve import fill
from pinpoint3d.server.studio import Studio


@pytest.fixture
def refused(tmp_path, monkeypatch):
    monkeypatch.setenv("PINPOINT3D_HOME", str(tmp_path / "home"))

    def check(*arguments, says):
        result = CliRunner().invoke(app, ["studio", "--no-browser", "--port", "0", *map(str, arguments)])
        assert result.exit_code == 2, result.output
        assert says in result.stderr
        assert len([line for line in result.stderr.splitlines() if line.startswith("error: ")]) == 1

    return check


def test_mistakes_are_one_line(refused, tmp_path, scan):
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "no.ply", says="no.ply: no such file")
    refused(tmp_path / "empty", says="empty: holds no scan")
    refused("--allow", scan, says="two.ply: is no folder")
    refused("--data", scan, says="two.ply: cannot be made")
    refused("--model", "nobody", says="unknown model 'nobody'")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused("--port", port, says=f"port {port} of 127.0.0.1 cannot be used")


def test_the_queue_is_filled_with_scans_and_folders_or_the_sample(settings, scan, another):
    studio = Studio(settings, load_model("voronoi"))
    fill(studio, [], None, "m")
    assert [(row.name, row.sample) for row in studio.store.scenes()] == [("sample_room", True)]
    fill(studio, [scan, scan.parent], None, "m")
    assert [row.name for row in studio.store.scenes()] == ["sample_room", "two", "other"]
    studio.close()


def test_segment_by_a_server_writes_what_segment_writes(launch, scan, tmp_path, monkeypatch):
    monkeypatch.setenv("PINPOINT3D_HOME", str(tmp_path / "home"))
    _, address = launch()
    at = load_scene(scan).world()
    clicks = [
        f"--click={','.join(map(str, at[row]))}:{name}" for row, name in ((900, "background"), (3, "left/corner"))
    ]
    for name, more in (("local.npz", ["--model", "voronoi"]), ("remote.npz", ["--server", address])):
        result = CliRunner().invoke(app, ["segment", str(scan), *clicks, *more, "--out", str(tmp_path / name)])
        assert result.exit_code == 0, result.output
    local, remote = load_labels(tmp_path / "local.npz"), load_labels(tmp_path / "remote.npz")
    assert remote.object.tolist() == local.object.tolist()
    assert remote.part_names == local.part_names == {(1, 1): "corner"}
    missing = CliRunner().invoke(app, ["segment", str(scan), *clicks, "--server", "http://localhost:9"])
    assert (missing.exit_code, missing.stderr.count("\n")) == (2, 1)
