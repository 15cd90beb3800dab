import json

import numpy as np
import pytest

from pinpoint3d.errors import FileError
from pinpoint3d.evaluation.curves import ClickCurve
from pinpoint3d.evaluation.figures import LOWERING, complete_figures
from pinpoint3d.evaluation.published import (
    PublishedRow,
    curves_of,
    published_figures,
    published_rows,
    read_published,
    write_published,
)


def values(figures):
    return {figure.name: figure.value for figure in figures}


@pytest.fixture
def released(shared):
    return shared / "results" / "pinpoint3d"


@pytest.mark.parametrize("name", ["partscan", "multiscan"])
def test_every_logged_metric(released, name):
    logged = json.loads((released / "logged_metrics.json").read_text())[f"{name}_random_part"]
    found = values(published_figures(read_published(released / f"{name}_random_part.csv"), cap=10))
    assert {key: found[key] for key in logged} == pytest.approx(logged, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "ious", "lowering"), [("partscan", (48.1, 63.5, 67.1), 27), ("multiscan", (41.7, 57.6, 63.2), 32)]
)
def test_every_sample_counted(released, name, ious, lowering):
    path = released / f"{name}_random_part.csv"
    curves = curves_of(read_published(path), path, released / f"{name}_val_list.json")
    found = values(complete_figures(curves, cap=10))
    assert [100 * found[f"IoU@{k}"] for k in (1, 3, 5)] == pytest.approx(ious, abs=0.06)
    assert round(100 * found[LOWERING]) == lowering


def write(path, text):
    path.write_text(text)
    return path


GOOD = "0 a 2 0.0 0.0\n0 a 2 1.0 0.4\n0 a 2 1.5 0.7\n1 a 2 0.0 0.0\n1 a 2 1.0 0.9\n1 a 2 1.5 0.8\n2 b 3 0.0 0.0\n"


def test_published_faults_are_kept_and_mended(tmp_path):
    path = write(tmp_path / "rows.csv", GOOD)
    rows = read_published(path)
    published = values(published_figures(rows, cap=2))
    # Sample 2 has no row of one click and is dropped; samples 0 and 1 share the key (a, 2), and 0 comes first.
    assert published["IoU@1"] == pytest.approx(0.65)
    assert published["NoC@65"] == 1.5
    complete = values(complete_figures(curves_of(rows, path), cap=2))
    assert complete["IoU@1"] == pytest.approx(1.3 / 3)
    assert complete["IoU@2"] == pytest.approx(1.5 / 3)
    assert complete["NoC@65"] == pytest.approx((1.5 + 1.0 + 2.0) / 3)
    assert complete["fail@65"] == pytest.approx(1 / 3)
    assert complete[LOWERING] == 0.5


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("3 c 2 1.0", r"rows\.csv:8: has 4 fields"),
        ("3 c 2 1.0 nan", r"rows\.csv:8: IoU nan"),
        ("3 c 2 1.0 1.5", r"rows\.csv:8: IoU 1\.5"),
        ("3 c 2 inf 0.5", r"rows\.csv:8: clicks inf"),
        ("3 c two 1.0 0.5", r"rows\.csv:8: has no number"),
        ("", r"rows\.csv:8: has 0 fields"),
        ("1 a 2 1.5 0.8", r"rows\.csv:8: repeats sample 1 at 1\.5 clicks of line 6"),
        ("1 c 2 2.0 0.8", r"rows\.csv:8: sample 1 is c 2, was a 2"),
    ],
)
def test_a_damaged_row_is_named(tmp_path, line, problem):
    with pytest.raises(FileError, match=problem):
        read_published(write(tmp_path / "rows.csv", GOOD + line + "\n"))


def test_no_rows(tmp_path):
    with pytest.raises(FileError, match="holds no rows"):
        read_published(write(tmp_path / "rows.csv", ""))
    with pytest.raises(FileError, match="No such file"):
        read_published(tmp_path / "none.csv")


def listing(samples):
    return json.dumps({key: {"clicks": {}, "obj": {str(i): 101.0 + i for i in range(n)}} for key, n in samples})


def test_listed_samples_without_rows_count_as_nothing(tmp_path):
    path = write(tmp_path / "rows.csv", GOOD)
    names = write(tmp_path / "list.json", listing([("a_obj_1", 2), ("a_obj_1_7", 2), ("b_obj_1", 3), ("c_obj_1", 2)]))
    curves = curves_of(read_published(path), path, names)
    assert [(c.sample, c.status) for c in curves] == [
        ("a_obj_1", "ok"),
        ("a_obj_1_7", "ok"),
        ("b_obj_1", "no voxel"),
        ("c_obj_1", "missing"),
    ]
    assert values(complete_figures(curves, cap=2))["IoU@1"] == pytest.approx(1.3 / 4)


def test_rows_as_agile3d_has_them(tmp_path):
    # Two samples in turns, whole numbers of clicks, scenes without their prefix, the object's id in the third place.
    text = "".join(f"{i} 0568_00 {i + 2} {k} {(i + 1) * k / 10}\n" for k in range(4) for i in range(2))
    path = write(tmp_path / "rows.csv", text)
    names = write(tmp_path / "list.json", listing([("scene0568_00_obj_2", 2), ("scene0568_00_obj_3", 3)]))
    rows = read_published(path)
    assert values(published_figures(rows, cap=3))["NoC@50"] == 3
    curves = curves_of(rows, path, names)
    assert [c.sample for c in curves] == ["scene0568_00_obj_2", "scene0568_00_obj_3"]
    np.testing.assert_allclose(curves[1].iou, [0.2, 0.4, 0.6])


@pytest.mark.parametrize("samples", [[("a_obj_1", 2)], [("a_obj_1", 2), ("z_obj_1", 2)], [("a_obj_1", 3)]])
def test_rows_of_another_list_are_named(tmp_path, samples):
    path = write(tmp_path / "rows.csv", GOOD)
    names = write(tmp_path / "list.json", listing(samples))
    with pytest.raises(FileError, match=r"rows\.csv:[14]: sample [01]"):
        curves_of(read_published(path), path, names)


def test_a_run_in_the_published_format(tmp_path):
    some = np.array([1.0, 1.5]), np.array([0.25, 1.0])
    curves = [
        ClickCurve("s/1", "s", 2, *some),
        ClickCurve("s/2", "s", 2, *some, status="no voxel"),
        ClickCurve("s/3", "s", 16, np.array([1.0]), np.array([0.5])),
    ]
    path = tmp_path / "rows.csv"
    write_published(path, published_rows(curves, cap=2, most=15))
    assert read_published(path) == [
        PublishedRow(0, "s", 2, 0.0, 0.0),
        PublishedRow(0, "s", 2, 1.0, 0.25),
        PublishedRow(0, "s", 2, 1.5, 1.0),
        PublishedRow(0, "s", 2, 2.0, 1.0),  # right before the cap, so the score holds
        PublishedRow(1, "s", 2, 0.0, 0.0),  # a target without a voxel is dropped
    ]
    assert max(row.n_targets for row in published_rows(curves, cap=2)) == 16
