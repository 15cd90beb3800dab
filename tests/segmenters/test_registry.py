import os
import subprocess
import sys

import pytest

from pinpoint3d.errors import FileError, ModelError
from pinpoint3d.segmenters import registry
from pinpoint3d.segmenters.registry import available_models, home, load_model, weights_path


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PINPOINT3D_HOME", str(tmp_path / "home"))


def test_default_is_the_best_that_is_ready(monkeypatch, tmp_path):
    assert load_model().name == next(model.name for model in available_models() if model.ready)
    assert [model.name for model in available_models()][:2] == ["pinpoint3d", "geodesic"]
    assert {model.name for model in available_models() if not model.ready} == {"pinpoint3d-published", "agile3d"}
    monkeypatch.setattr(registry, "weights_path", lambda name: tmp_path / "none")
    assert load_model().name == "geodesic"


@pytest.mark.parametrize("name", ["geodesic", "random_walker", "region_growing", "voronoi"])
def test_every_baseline_answers_to_its_name(name):
    model = load_model(name)
    assert model.name == name
    assert 0 < model.voxel_size < 0.1


def test_unknown_name_lists_the_known_and_the_nearest():
    with pytest.raises(ModelError, match=r"did you mean random_walker\? known are pinpoint3d, geodesic, .*agile3d"):
        load_model("randomwalk")


def test_network_without_weights_says_how_to_get_them():
    with pytest.raises(ModelError, match="weights import"):
        load_model("pinpoint3d-published")


def test_missing_checkpoint(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        load_model(tmp_path / "none.safetensors")


def test_imported_weights_answer_to_their_name(monkeypatch):
    kept = weights_path("pinpoint3d-published")
    kept.parent.mkdir(parents=True)
    kept.touch()
    asked = []
    monkeypatch.setattr(registry, "_network", lambda path, name: asked.append((path, name)))
    load_model("pinpoint3d-published")
    assert asked == [(kept, "pinpoint3d-published")]


def test_the_model_that_ships():
    path = weights_path("pinpoint3d")
    assert path.stat().st_size < 25e6
    model = load_model("pinpoint3d")
    assert model.name == "pinpoint3d"
    assert sum(weight.numel() for weight in model.network.parameters()) > 1e6


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/pinpoint3d"),
        ("linux", {"XDG_DATA_HOME": ""}, "/home/me/.local/share/pinpoint3d"),
        ("darwin", {}, "/home/me/Library/Application Support/pinpoint3d"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/pinpoint3d"),
        ("win32", {"PINPOINT3D_HOME": "/mine"}, "/mine"),
    ],
)
def test_home_follows_the_platform(monkeypatch, platform, variables, folder):
    for name in ("PINPOINT3D_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setattr(sys, "platform", platform)
    assert home().as_posix() == folder


def test_home_that_is_a_file(tmp_path, monkeypatch):
    (tmp_path / "home").touch()
    monkeypatch.setenv("PINPOINT3D_HOME", str(tmp_path / "home"))
    with pytest.raises(FileError, match="must name a folder"):
        home()


def test_naming_models_and_geodesic_needs_no_torch():
    code = (
        "import sys, pinpoint3d, pinpoint3d.cli; pinpoint3d.available_models(); pinpoint3d.load_model('geodesic');"
        "pinpoint3d.Session; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0
