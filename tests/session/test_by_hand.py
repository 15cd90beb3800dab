"""Points given by hand: packed sets, layers of strokes, labels brought along."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d.errors import ClickError
from pinpoint3d.scene import Hierarchy
from pinpoint3d.session import Session
from pinpoint3d.session.commands import from_json, to_json
from pinpoint3d.session.layers import Layer
from pinpoint3d.session.palette import Palette
from pinpoint3d.session.points import Stroke, pack, unpack

ROWS = st.sets(st.integers(0, 99), min_size=1).map(sorted)
IDS = st.integers(-1, 40) | st.integers(60_000, 60_040)


@given(ROWS)
def test_packed_points_come_back(rows):
    assert unpack(pack(np.array(rows)), 100).tolist() == rows


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", pack(np.array([100])), pack(np.array([9_999]))])
def test_packed_points_of_others_are_refused(text):
    with pytest.raises(ClickError):
        unpack(text, 100)


@given(st.lists(st.tuples(st.integers(1, 3), ROWS), max_size=8), st.lists(st.integers(0, 8), max_size=8))
def test_a_layer_followed_back_and_forth_is_as_one_made_anew(strokes, stops):
    made = tuple(Stroke((o, 0), pack(np.array(rows))) for o, rows in strokes)
    layer, palette = Layer(100), Palette()
    for stop in stops:
        layer.follow(made[:stop])
        expected = {row: palette.number((o, 0)) for o, rows in strokes[:stop] for row in rows}
        rows, labels = layer.held(palette)
        assert dict(zip(rows.tolist(), labels.tolist(), strict=True)) == expected


@given(st.lists(st.tuples(IDS, IDS), min_size=1, max_size=50))
def test_labels_stand_for_their_targets(pairs):
    objects, parts = np.array(pairs, dtype=np.int32).T
    parts = np.where(objects > 0, np.maximum(parts, 0), np.minimum(objects, 0)).astype(np.int32)
    palette = Palette()
    palette.number((7, 7))
    labels = palette.labels(objects, parts)
    np.testing.assert_array_equal(palette.object[labels], objects)
    np.testing.assert_array_equal(palette.part[labels], parts)
    np.testing.assert_array_equal(palette.labels(objects, parts), labels)


def test_every_command_has_a_json_form(session, at):
    session.click(at(1.0), object="chair")
    session.paint([20, 21], "chair", "arm")
    session.lock("chair")
    session.unlock("chair")
    session.create("table")
    session.import_labels(session.masks)
    for command in session.history.commands:
        assert from_json(json.loads(json.dumps(to_json(command)))) == command


def test_strokes_locks_and_imports_are_saved(session, at, tmp_path, nearest):
    session.click(at(1.0), object="chair")
    session.paint([20, 21], "chair", "arm")
    session.lock("chair", "arm")
    session.save(tmp_path / "a.pp3d")
    again = Session.open(tmp_path / "a.pp3d", nearest)
    np.testing.assert_array_equal(again.masks.part, session.masks.part)
    assert [row.locked for row in again.summary()] == [False, True]
    again.undo(), again.undo()
    assert again.masks.object[20] == 0


def test_imported_targets_stay_until_they_are_clicked(session, at):
    objects = np.zeros(42, dtype=np.int32)
    objects[:20], objects[20:40] = 1, 2
    parts = np.zeros(42, dtype=np.int32)
    parts[:5] = 1
    session.import_labels(Hierarchy(objects, parts, {1: "chair", 2: "table"}, {(1, 1): "leg"}))
    session.click(at(1.0), object="chair", part="seat")
    masks = session.masks
    assert (masks.object[:20] == 1).all(), "clicks on parts keep the outline"
    assert (masks.object[20:40] == 2).all()
    assert (masks.part[:5] == 1).all(), "and the parts that were not clicked"
    assert masks.part_name(1, masks.part[10]) == "seat"
    session.click(at(1.0), object="chair")
    assert (session.masks.object[:3] == 0).all(), "a clicked object follows its clicks"
    assert (session.masks.object[20:40] == 2).all()


def test_labels_of_another_scan_are_refused(session):
    few = np.zeros(3, dtype=np.int32)
    with pytest.raises(ClickError, match="3 labels for the 42 points of line"):
        session.import_labels(Hierarchy(few, few))


def test_painting_nothing_is_told(session, at):
    session.click(at(1.0), object="chair")
    for rows in ([], [10], [41]):
        with pytest.raises(ClickError, match="none of these points can be changed"):
            session.paint(rows, "chair")
    with pytest.raises(ClickError, match="beyond the 42 points"):
        session.paint([42], "chair")
