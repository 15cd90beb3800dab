import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pinpoint3d.cli import app
from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.errors import FileError
from pinpoint3d.synthesis.storage.recipe import Recipe
from pinpoint3d.synthesis.storage.shards import write_shards

sys.path.insert(0, str(Path(__file__).parents[1] / "synthesis"))
from stand_in import Config, generate


@pytest.fixture
def folder(tmp_path):
    recipe = Recipe("1", 5, "validation", 3, asdict(Config()), shard_size=2)
    write_shards(tmp_path / "synth", recipe, generate, Config(), workers=1)
    return tmp_path / "synth"


def test_scenes_are_read_by_name(folder):
    dataset = open_dataset(f"synth:{folder}")
    assert list(dataset.scenes()) == [f"validation-5-0000{index}" for index in range(3)]
    assert dataset.split("validation-5-00000") == dataset.recipe.split == "validation"
    assert list(dataset.listed()) == []
    labelled = dataset.load("validation-5-00002")
    assert labelled.labels.part_name(1, 2) == "lid"
    assert labelled.labels.objects().tolist() == [1]


def test_another_folder_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"synth\.json: cannot be read"):
        open_dataset(f"synth:{tmp_path}").scenes()


def test_the_robot_annotates_it(folder, tmp_path):
    arguments = ["eval", "run", "--segmenter", "voronoi", "--data", f"synth:{folder}", "--clicks", "2"]
    result = CliRunner().invoke(app, [*arguments, "--workers", "1", "--level", "part", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert "3 samples" in result.stdout
