import json

import pytest
from typer.testing import CliRunner

from pinpoint3d.cli import app
from pinpoint3d.evaluation.compare import compare
from pinpoint3d.evaluation.figures import AREA
from pinpoint3d.evaluation.sources import read_sources


def call(*arguments):
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


@pytest.fixture(scope="module")
def scans(tmp_path_factory, write_scans):
    return write_scans(tmp_path_factory.mktemp("data") / "scans")


@pytest.fixture(scope="module")
def runs(scans, tmp_path_factory):
    """Two runs of one data set: voronoi, once with a steady and once with a trembling hand."""
    folder = tmp_path_factory.mktemp("runs")
    folders = folder / "steady", folder / "trembling"
    for folder, more in zip(folders, ([], ["--jitter", 0.05]), strict=True):
        data = ["--data", f"folder:{scans}", "--level", "part", "--clicks", 3, "--workers", 1, "--out", folder]
        result = call("run", "--segmenter", "voronoi", *data, *more)
        assert result.exit_code == 0, result.output
        assert "4 samples" in result.output
    return folders


def test_released_rows_as_json(shared):
    folder = shared / "results" / "pinpoint3d"
    logged = json.loads((folder / "logged_metrics.json").read_text())["multiscan_random_part"]
    rows, names = folder / "multiscan_random_part.csv", folder / "multiscan_val_list.json"
    result = call("published", rows, "--list", names, "--cap", 10, "--json")
    found = json.loads(result.stdout)
    assert {key: found[key] for key in logged} == pytest.approx(logged, abs=1e-9)
    complete = json.loads(call("published", rows, "--list", names, "--protocol", "complete", "--json").stdout)
    assert complete["IoU@1"] == pytest.approx(0.417, abs=5e-4)


def test_a_cap_of_twenty_has_figures_up_to_twenty(tmp_path):
    lines = [f"0 a 1 {k}.0 {k / 25}\n" for k in range(21)]
    (tmp_path / "objects.csv").write_text("".join(lines))
    found = json.loads(call("published", tmp_path / "objects.csv", "--cap", 20, "--json").stdout)
    assert found["IoU@20"] == 0.8
    assert found["NoC@80"] == found["NoC@90"] == 20
    assert found["NoC@65"] == 17


def test_a_report_in_three_forms(runs, tmp_path):
    result = call("report", *runs, "--out", tmp_path / "report")
    assert result.exit_code == 0, result.output
    text = (tmp_path / "report" / "report.md").read_text()
    assert "| | steady | trembling |" in text
    for title in ("complete protocol", "published protocol", "time and memory", "by category", "by size"):
        assert f"## {title}" in text
        assert title in result.output
    assert "| box: IoU@3 |" in text
    numbers = (tmp_path / "report" / "report.csv").read_text().splitlines()
    assert numbers[0] == "source,section,figure,value,low,high,count"
    assert any(line.startswith("steady,complete protocol,IoU@3,0.") for line in numbers)
    assert (tmp_path / "report" / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_the_complete_table_is_printed_alone_unless_asked_otherwise(runs, scans):
    data = ["--data", f"folder:{scans}", "--level", "part", "--clicks", 3, "--out", runs[0], "--segmenter", "voronoi"]
    assert "published protocol" not in call("run", *data).output
    other = call("run", *data, "--protocol", "published").output
    assert "published protocol" in other
    assert "complete protocol" not in other


def test_two_runs_compared(runs):
    found = json.loads(call("compare", *runs, "--json").stdout)
    assert found["figure"] == AREA
    assert found["difference"] == pytest.approx(found["b"] - found["a"])
    assert found["samples"] == 4
    assert 0 < found["p"] <= 1
    same = call("compare", runs[0], runs[0], "--figure", "NoC@80")
    assert "difference +0.0000 [+0.0000, +0.0000] over 4 samples, p = 1.0000" in same.output


def rows(path, ious):
    path.write_text("".join(f"{i} scene{i} 1 1.0 {iou}\n" for i, iou in enumerate(ious)))
    return path


def test_p_is_small_for_a_real_difference_alone(tmp_path):
    a = rows(tmp_path / "a.csv", [0.5 + 0.01 * (i % 5) for i in range(40)])
    better = rows(tmp_path / "better.csv", [0.6 + 0.01 * (i % 7) for i in range(40)])
    mixed = rows(tmp_path / "mixed.csv", [0.5 + 0.01 * (i % 5) + 0.1 * (-1) ** i for i in range(40)])
    clear = compare(*read_sources([a, better], []), "IoU@1", 1)
    assert clear.p < 0.001
    assert clear.difference.low > 0
    vague = compare(*read_sources([a, mixed], []), "IoU@1", 1)
    assert vague.p > 0.5
    assert vague.difference.low < 0 < vague.difference.high


def test_samples_that_the_published_protocol_drops_are_counted(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("0 a 2 0.0 0.0\n0 a 2 1.0 0.5\n1 b 2 0.0 0.0\n")
    assert call("report", path, "--out", tmp_path / "report").exit_code == 0
    complete, published = (tmp_path / "report" / "report.md").read_text().split("## published protocol")
    assert "| samples | 2 |" in complete
    assert "| samples with a target without voxel | 1 |" in complete
    assert "| samples | 1 |" in published


def mistake(*arguments):
    result = call(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_mistakes_are_one_line(runs, tmp_path, scans):
    assert "lacks sample '2 scene2 1'" in mistake(
        "compare", rows(tmp_path / "three.csv", [0.1] * 3), rows(tmp_path / "two.csv", [0.1] * 2)
    )
    assert "unknown figure 'IoU@9'" in mistake("compare", *runs, "--figure", "IoU@9")
    assert "1 lists for 0 result files" in mistake("report", *runs, "--list", "list.json")
    assert "is a run of other settings (clicks: 3)" in mistake(
        "run", "--segmenter", "voronoi", "--data", f"folder:{scans}", "--level", "part", "--out", runs[0]
    )
    (tmp_path / "three.csv").write_text("0 a 1 1.0 nan\n")
    assert "three.csv:1: IoU nan" in mistake("published", tmp_path / "three.csv")
    assert "run.json: cannot be read" in mistake("report", scans)
    assert "holds no .ply file" in mistake("run", "--data", f"folder:{tmp_path}", "--out", tmp_path / "out")
