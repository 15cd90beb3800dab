import numpy as np
import pytest

from pinpoint3d.errors import ClickError, FileError, SceneError
from pinpoint3d.io import load_labels
from pinpoint3d.prompts import TargetStatus
from pinpoint3d.scene import Scene
from pinpoint3d.session import Session


def test_masks_cover_every_point_and_carry_names(session, at):
    session.click(at(1.0), object="chair")
    session.click(at(3.0), object="table")
    masks = session.masks
    assert len(masks) == len(session.scene)
    assert masks.object[10] == 1
    assert masks.object[30] == 2
    assert masks.object[20] == 0
    assert (masks.object[41], masks.part[41], session.confidence[41]) == (-1, -1, 0)
    assert [masks.object_name(o) for o in masks.objects()] == ["chair", "table"]


def test_parts_stay_inside_their_object(session, at):
    session.click(at(1.0), object="chair")
    session.click(at(0.9), object="chair", part="seat")
    session.click(at(1.3), object="chair", part="leg")
    masks = session.masks
    assert masks.part_name(1, masks.part[9]) == "seat"
    assert masks.part_name(1, masks.part[14]) == "leg"
    assert not masks.part[masks.object != 1].clip(0).any()


def test_negative_clicks_take_points_away(session, at):
    session.click(at(1.0), object="chair", part="seat")
    session.click(at(1.2), object="chair", part="seat", positive=False)
    session.click(at(0.6), object="chair", positive=False)
    masks = session.masks
    assert (masks.object[12], masks.part[12]) == (1, 0), "of the chair, but not of its seat"
    assert masks.object[6] == 0, "not of the chair"
    assert masks.part[10] == 1


def test_background_click(session, at):
    session.click(at(1.0), object="chair")
    before = session.masks.object[14]
    session.background(at(1.4))
    assert (before, session.masks.object[14]) == (1, 0)


def test_scene_is_encoded_once_and_undo_asks_nothing_anew(session, nearest, at):
    session.click(at(1.0), object="chair")
    first = session.masks
    session.click(at(3.0), object="table")
    _ = session.masks, session.confidence, session.summary()
    session.undo()
    assert np.array_equal(session.masks.object, first.object)
    session.redo()
    _ = session.masks
    assert nearest.encoded == 1
    assert len(nearest.answered) == 2


def test_renaming_needs_no_new_answer(session, nearest, at):
    session.click(at(1.0), object="chair", part="seat")
    _ = session.masks
    session.rename("chair", "seat", to="cushion")
    session.rename("chair", to="stool")
    assert session.masks.object_name(1) == "stool"
    assert session.masks.part_name(1, 1) == "cushion"
    session.click(at(0.8), object="stool", part="cushion")
    assert session.clicks[1].part == 1
    assert len(nearest.answered) == 1
    session.undo(), session.undo(), session.undo()
    assert session.masks.object_name(1) == "chair"


def test_clicks_can_be_moved_removed_and_given_away(session, at):
    session.click(at(1.0), object="chair")
    session.click(at(3.0), object="table")
    session.move(0, at(2.0))
    assert session.masks.object[[10, 20]].tolist() == [0, 1]
    session.reassign(0, object="table", part="top")
    assert session.masks.object[20] == 2
    assert session.masks.part_name(2, session.masks.part[20]) == "top"
    session.remove(0)
    assert session.masks.object[20] == 0
    assert len(session.clicks) == 1
    for _ in range(3):
        session.undo()
    assert session.masks.object[10] == 1


def test_ids_and_names_lead_to_the_same_target(session, at):
    session.click(at(1.0), object=7)
    session.click(at(1.1), object="object 7", part=3)
    session.click(at(1.2), object=7, part="part 3")
    session.click(at(3.0), object="next")
    assert [(c.object, c.part) for c in session.clicks] == [(7, None), (7, 3), (7, 3), (8, None)]


def test_doing_after_undo_forgets_what_was_undone(session, at):
    session.click(at(1.0), object="chair")
    session.undo()
    session.click(at(2.0), object="table")
    assert not session.redo()
    assert session.state.names == {(1, 0): "table"}
    assert session.undo()
    assert not session.undo()


def test_summary_counts(session, at):
    session.click(at(1.0), object="chair")
    session.click(at(1.0), object="chair", part="seat")
    session.click(at(1.01), object="lamp")
    chair, seat, lamp = session.summary()
    assert (chair.name, chair.clicks, chair.part) == ("chair", 2, None)
    assert (seat.name, seat.clicks, seat.part) == ("seat", 1, 1)
    assert lamp.status is TargetStatus.OK
    assert seat.status is TargetStatus.NO_VOXEL, "the lamp's click took its voxel"
    assert chair.points == (session.masks.object == 1).sum()
    assert lamp.confidence == pytest.approx(session.confidence[session.masks.object == 2].mean(), abs=0.5 / 255)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"part": "seat"}, "without its object"),
        ({"object": ""}, "empty"),
        ({"object": "Background"}, "cannot name an object"),
        ({"object": 0}, "ids count from 1"),
        ({"object": -3}, "ids count from 1"),
        ({"object": 10**9}, "ids count from 1"),
        ({"object": "sofa", "positive": False}, "no click yet"),
        ({"object": "chair", "part": "arm", "positive": False}, "chair/arm"),
        ({"positive": False}, "background"),
    ],
)
def test_impossible_clicks_change_nothing(session, at, arguments, message):
    session.click(at(1.0), object="chair")
    with pytest.raises(ClickError, match=message):
        session.click(at(2.0), **arguments)
    assert len(session.clicks) == 1
    assert len(session.history.commands) == 1


def test_click_off_the_cloud_says_how_far(session, at):
    with pytest.raises(ClickError, match=r"500001,4000000,102 is off the cloud: the nearest point is 2 m away"):
        session.click([500_001.0, 4_000_000.0, 102.0], object="chair")
    session.click(at(1.0), object="chair")
    with pytest.raises(ClickError, match="off the cloud"):
        session.move(0, [0, 0, 0])
    with pytest.raises(ClickError, match="three coordinates"):
        session.click([1.0, 2.0], object="chair")
    with pytest.raises(ClickError, match="finite"):
        session.click([1.0, 2.0, float("nan")], object="chair")


def test_unknown_places_and_names(session, at):
    session.click(at(1.0), object="chair")
    session.click(at(2.0), object="table")
    for act in (session.remove, session.reassign):
        with pytest.raises(ClickError, match="there is no click 2; there are 2"):
            act(2)
    with pytest.raises(ClickError, match="there is no click -1"):
        session.move(-1, at(1.0))
    with pytest.raises(ClickError, match="no object 'sofa'; there are: chair, table"):
        session.rename("sofa", to="bed")
    with pytest.raises(ClickError, match="taken by object 2"):
        session.rename("chair", to="table")


def test_scene_without_finite_points(nearest):
    with pytest.raises(SceneError, match="nothing to click on"):
        Session(nearest, Scene("void", np.full((3, 3), np.nan, np.float32)))


def test_clicks_file_round_trip(session, nearest, at, tmp_path):
    session.click(at(1.0), object="chair")
    session.click(at(1.1), object="chair", part="seat")
    session.click(at(1.3), object="chair", part="seat", positive=False)
    session.background(at(2.0))
    session.save_clicks(tmp_path / "clicks.json")
    other = Session(nearest, session.scene)
    other.load_clicks(tmp_path / "clicks.json")
    assert other.requests() == session.requests()
    assert other.requests()[0].xyz == (500_001.0, 4_000_000.0, 100.0), "clicks files hold world coordinates"
    assert np.array_equal(other.masks.part, session.masks.part)


def test_faulty_clicks_file_makes_no_click_at_all(session, tmp_path):
    path = tmp_path / "clicks.json"
    path.write_text(
        '[{"xyz": [500001, 4000000, 100], "object": "chair"}, {"xyz": [500002, 4000000, 100], "part": "seat"}]'
    )
    with pytest.raises(FileError, match=r"clicks\[1\]: part 'seat' is given without its object"):
        session.load_clicks(path)
    assert len(session.clicks) == 0


def test_export_keeps_the_order_of_points(session, at, tmp_path):
    session.click(at(1.0), object="chair", part="seat")
    session.export(tmp_path / "line.labelled.ply")
    labels = load_labels(tmp_path / "line.labelled.ply")
    assert np.array_equal(labels.object, session.masks.object)
    assert np.array_equal(labels.part, session.masks.part)
    assert labels.part_name(1, 1) == "seat"
