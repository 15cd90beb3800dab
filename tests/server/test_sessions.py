import base64
import json
import zlib

import numpy as np
import pytest

from pinpoint3d.io import load_labels, load_scene
from pinpoint3d.server import frames
from pinpoint3d.session.points import pack
from pinpoint3d.session.session import Session


def test_geometry_is_the_scan_point_by_point(page, scan):
    header, arrays = page.frame("GET", "geometry")
    scene = load_scene(scan)
    np.testing.assert_array_equal(arrays["xyz"], scene.xyz)
    np.testing.assert_array_equal(arrays["rgb"], scene.rgb)
    assert (header["points"], header["missing"], arrays["missing"].tolist()) == (1001, 1, [1000])
    np.testing.assert_allclose(header["bounds"], scene.bounds)


def test_quantised_geometry_is_within_half_a_step(page, scan):
    header, arrays = page.frame("GET", "geometry", params={"xyz": "u2"})
    scene = load_scene(scan)
    back = np.array(header["bounds"][0]) + arrays["xyz"] * np.array(header["scale"])
    np.testing.assert_allclose(back[:1000], scene.xyz[:1000], atol=max(header["scale"]) * 0.51)
    assert arrays["missing"].tolist() == [1000]


def test_answers_lead_from_state_to_state(page):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=600, object="right")
    page.do("add_click", point=4, object="left", part="corner")
    assert set(page.labels[:500]) == {page.row("corner")["label"]}
    assert set(page.labels[500:1000]) == {page.row("right")["label"]}
    assert page.labels[1000] == 0, "nothing is said of a point without coordinates"
    told = page.labels.copy()
    page.reload()
    np.testing.assert_array_equal(page.labels, told)
    assert page.row("right")["points"] == 500
    assert page.row("left")["points"] == 500, "an object holds its parts"
    assert page.row("left")["clicks"] == 2
    assert [row["name"] for row in page.state["targets"]] == ["left", "corner", "right"]


def test_a_click_carries_only_what_changed(page):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=600, object="right")
    _, arrays = page.frame("POST", "commands", json={"do": "rename", "object": "left", "name": "chair"})
    assert len(arrays["labels"]) == 0
    _, arrays = page.frame("POST", "commands", json={"do": "undo"})
    _, arrays = page.frame("POST", "commands", json={"do": "undo"})
    assert len(arrays["labels"]) == 500


def test_undo_to_the_start_and_redo_to_the_end(page):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=600, object="right")
    page.do("move_click", place=1, point=700)
    page.do("reassign_click", place=1, object="left", part="far")
    page.do("paint", object="left", part="near", points=pack(np.arange(10, 20)))
    page.do("rename", object="left", name="chair")
    page.do("lock", object="chair")
    end, labels = page.state["targets"], page.labels.copy()
    for left in reversed(range(7)):
        assert page.do("undo")["can_undo"] == (left > 0)
    assert page.state["targets"] == page.state["clicks"] == []
    assert set(page.labels[:1000]) == {1}
    assert page.refused("undo") == {"code": "bad_command", "message": "there is nothing to undo"}
    for left in reversed(range(7)):
        assert page.do("redo")["can_redo"] == (left > 0)
    assert page.state["targets"] == end
    np.testing.assert_array_equal(page.labels, labels)


def test_painting_stands_over_the_model_and_under_locks(page):
    page.do("add_click", point=900)
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=600, object="right")
    right, left = page.row("right")["label"], page.row("left")["label"]
    page.do("paint", object="left", points=pack(np.arange(600, 650)))
    assert set(page.labels[600:650]) == {left}
    page.do("lock", object="right")
    page.do("paint", object="left", points=pack(np.r_[650:660, 850:860]))
    assert set(page.labels[650:660]) == {right}, "locked points stay"
    page.do("add_click", point=700, object="left")
    assert page.row("right")["points"] == 250, "nor do clicks of others take them"
    assert "locked" in page.refused("add_click", point=701, object="right")["message"]
    assert "locked" in page.refused("paint", object="right", points=pack(np.arange(5)))["message"]
    page.do("unlock", object="right")
    assert page.row("right")["points"] < 250
    page.do("paint", object="left", points=pack(np.arange(600, 610)), erase=True)
    assert set(page.labels[600:610]) == {1}


def test_a_locked_part_keeps_its_shape(page):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=4, object="left", part="corner")
    corner = np.flatnonzero(page.labels == page.row("corner")["label"])
    page.do("lock", object="left", part="corner")
    page.do("add_click", point=5, object="left", part="edge")
    page.do("add_click", point=6, object="left", part="top")
    np.testing.assert_array_equal(np.flatnonzero(page.labels == page.row("corner")["label"]), corner)


def test_targets_can_be_made_before_their_first_click(page):
    assert [row["name"] for row in page.do("create")["targets"]] == ["object 1"]
    assert [row["name"] for row in page.do("create", object="chair")["targets"]] == ["object 1", "chair"]
    page.do("create", object="chair", new_part=True)
    page.do("create", object="chair", part="seat")
    assert [(row["name"], row["named"]) for row in page.state["targets"]][1:] == [
        ("chair", True),
        ("part 1", False),
        ("seat", True),
    ]
    assert page.refused("create", object="chair")["message"] == "chair is there already"


@pytest.mark.parametrize(
    "command",
    [
        {"do": "add_click", "point": 5000, "object": 1},
        {"do": "add_click", "point": 1000, "object": 1},
        {"do": "add_click", "object": 1},
        {"do": "add_click", "xyz": [90, 0, 0], "object": 1},
        {"do": "add_click", "point": 1, "part": "seat"},
        {"do": "add_click", "point": 1, "object": "ghost", "positive": False},
        {"do": "remove_click", "place": 9},
        {"do": "rename", "object": "nobody", "name": "x"},
        {"do": "paint", "object": 1, "points": "AAAA"},
        {"do": "paint", "object": 1, "points": base64.b64encode(zlib.compress(bytes(10**7))).decode()},
        {"do": "paint", "object": 1, "points": pack(np.array([1001]))},
        {"do": "unlock", "object": 1},
        {"do": "fly"},
        {"do": "add_click", "point": 1, "object": 1, "colour": "red"},
        {"do": "add_click", "point": -1, "object": 1},
        {"do": "import_labels", "upload": "nothing"},
    ],
)
def test_what_cannot_be_done_changes_nothing(page, command):
    page.do("add_click", point=3, object=1)
    revision = page.state["revision"]
    problem = page.refused(**{"what": command["do"], **{k: v for k, v in command.items() if k != "do"}})
    assert set(problem) == {"code", "message"}
    assert page.reload().state["revision"] == revision


def test_a_command_sent_twice_is_done_once(page):
    page.do("add_click", point=3, object="left", id="one")
    again = page.do("add_click", point=3, object="left", id="one")
    assert (again["revision"], len(again["clicks"])) == (1, 1)


def test_the_model_can_wait(page):
    page.do("add_click", point=3, object="left", answer=False)
    state = page.do("add_click", point=600, object="right", answer=False)
    assert not state["current"]
    assert set(page.labels[:1000]) == {1}
    assert [row["name"] for row in state["targets"]] == ["left", "right"]
    assert page.do("refresh")["current"]
    assert page.row("right")["points"] == 500


def test_preview_is_what_the_click_then_gives(page):
    page.do("add_click", point=3, object="left")
    header, arrays = page.frame("POST", "preview", json={"id": 7, "point": 600, "object": "right"})
    assert (header["id"], header["points"]) == (7, 500)
    assert page.reload().state["revision"] == 1, "a preview changes nothing"
    page.do("add_click", point=600, object="right")
    assert np.flatnonzero(np.unpackbits(arrays["mask"], bitorder="little")).tolist() == list(range(500, 1000))


def test_previews_by_web_socket(client, page):
    page.do("add_click", point=3, object="left")
    with client.websocket_connect(f"ws://localhost/api/sessions/{page.session}/ws") as socket:
        socket.send_text(json.dumps({"id": 1, "point": 600, "object": "right"}))
        header, _ = frames.decode(socket.receive_bytes())
        assert (header["kind"], header["id"], header["points"]) == ("preview", 1, 500)
        for text in ("{", "[]", '{"point": -1}', '{"point": 1, "object": ""}', "x" * 10_000):
            socket.send_text(text)
            assert json.loads(socket.receive_text())["problem"]["code"] == "bad_request"
        socket.send_text(json.dumps({"id": 2, "point": 5000, "object": "right"}))
        told = json.loads(socket.receive_text())
        assert (told["id"], told["problem"]["code"]) == (2, "bad_command")


def test_confidence_is_a_byte_a_point(page):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=900)
    page.do("paint", object="left", points=pack(np.array([700])))
    _, arrays = page.frame("GET", "confidence")
    assert arrays["confidence"].shape == (1001,)
    assert (arrays["confidence"][700], arrays["confidence"][1000]) == (255, 0)


def test_every_export_holds_the_same_labels(client, page, tmp_path):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=600, object="right")
    page.do("add_click", point=4, object="left", part="corner")
    page.do("remove_click", place=0)
    expected = np.where(np.arange(1001) < 500, 1, 2)
    expected[1000] = -1
    for form in client.get("/api/exports").json():
        response = client.get(f"/api/sessions/{page.session}/export", params={"format": form["id"]})
        if form["id"] in ("las", "laz"):
            assert response.json()["code"] == "bad_file", "LAS has no place for the point without coordinates"
            continue
        path = tmp_path / f"back{form['suffix']}"
        path.write_bytes(response.content)
        labels = Session.open(path).masks if form["id"] == "project" else load_labels(path)
        np.testing.assert_array_equal(labels.object, expected, err_msg=form["id"])
        if form["whole"]:
            assert labels.part_name(1, 1) == "corner"
    assert client.get(f"/api/sessions/{page.session}/export", params={"format": "doc"}).status_code == 404


@pytest.mark.parametrize("form", ["ply", "project", "partscan", "glb"])
def test_labels_come_back_by_import(client, page, upload, form):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=4, object="left", part="corner")
    page.do("add_click", point=600, object="right")
    before, tree = page.labels.copy(), page.state["targets"]
    file = client.get(f"/api/sessions/{page.session}/export", params={"format": form}).content
    suffix = next(each["suffix"] for each in client.get("/api/exports").json() if each["id"] == form)
    for _ in range(3):
        page.do("undo")
    page.do("import_labels", upload=upload(client, f"room{suffix}", file, use="labels")["upload"])
    np.testing.assert_array_equal(page.labels, before)
    assert [(r["name"], r["points"]) for r in page.state["targets"]] == [(r["name"], r["points"]) for r in tree]
    page.do("add_click", point=5, object="left", part="edge")
    assert page.row("left")["points"] == 500, "parts are cut out of an imported object"
    page.do("undo")
    page.do("undo")
    assert page.state["targets"] == []


def test_labels_of_another_scan_are_refused(client, page, another, upload):
    upload_id = upload(client, "other.label", bytes(4 * 300), use="labels")["upload"]
    assert "300 labels for the 1,001 points" in page.refused("import_labels", upload=upload_id)["message"]


def test_a_project_is_opened_with_its_history(client, page, open_page, scan, tmp_path):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=600, object="right")
    page.do("undo")
    saved = scan.with_suffix(".pp3d")
    saved.write_bytes(client.get(f"/api/sessions/{page.session}/export", params={"format": "project"}).content)
    other = open_page(client, saved, owner="bob")
    assert [row["name"] for row in other.state["targets"]] == ["left"]
    assert (other.state["can_undo"], other.state["can_redo"]) == (True, True)
    assert other.do("redo")["targets"][1]["points"] == 500
