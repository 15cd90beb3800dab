"""One scene from the first click to the export, as an annotator goes through it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pinpoint3d.io import load_labels

pytestmark = pytest.mark.slow


def test_a_scene_from_first_click_to_export(serve: Callable, person: Callable, tmp_path: Path) -> None:
    server, one = serve(), person()
    page = one.page
    one.open(server.address)
    one.shot("1-sample")
    assert one.tree() == []

    # A click gives a mask: in the tree, in the labels and in the colours of the picture.
    seat = one.spot("chair", "seat")
    page.mouse.move(*seat)
    page.wait_for_timeout(1500)
    one.shot("2-preview")
    one.click(seat)
    assert one.tree() == ["object 1"]
    assert one.points(2) > 1000
    page.mouse.move(400, 60)
    one.shot("3-click")

    # Not this: a negative click takes points away.
    before = one.points(2)
    floor = one.spot(None)
    one.click(floor, "Shift")
    one.click(one.spot("chair", "back"), "Shift")
    assert page.get_by_test_id("click-2").get_attribute("aria-label") == "Click 3: not object 1"
    assert one.points(2) < before
    one.shot("4-negative")

    # Move a click, then delete it.
    place = page.get_by_test_id("click-2").bounding_box()
    held = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    was = page.get_by_test_id("click-2").get_attribute("data-xyz")
    one.drag(held, one.spot("table"))
    assert page.get_by_test_id("click-2").get_attribute("data-xyz") != was
    one.shot("5-moved")
    one.press("Delete")
    assert one.markers() == 2
    one.press("Control+z")
    assert one.markers() == 3
    one.press("Control+Shift+z")

    # Step in and cut parts.
    one.click(one.spot("chair", "seat", skip=2), double=True)
    page.get_by_test_id("crumbs").wait_for()
    one.click(one.spot("chair", "seat", skip=5))
    one.press("p")
    one.click(one.spot("chair", "back"))
    assert one.tree() == ["object 1", "part 1", "part 2"]
    one.shot("6-parts")

    # Names, with completion.
    one.press("Enter")
    page.keyboard.type("bac")
    one.shot("7-names")
    page.keyboard.press("ArrowDown")
    one.press("Enter")
    page.get_by_test_id("target-1/0").dblclick()
    page.keyboard.type("chair")
    one.press("Enter")
    assert one.tree() == ["chair", "part 1", "back"]

    # Undo to the start, redo to the end.
    made = one.labels()
    steps = 0
    while page.get_by_test_id("undo").is_enabled():
        one.press("Control+z")
        steps += 1
    assert one.tree() == []
    assert one.markers() == 0
    assert max(one.labels()) <= 1
    one.shot("8-undone")
    while page.get_by_test_id("redo").is_enabled():
        one.press("Control+Shift+z")
        steps -= 1
    assert steps == 0
    assert one.tree() == ["chair", "part 1", "back"]
    assert one.labels() == made

    # Hide and isolate change the picture, not the labels.
    page.get_by_test_id("hide-1/1").click()
    one.shot("9-hidden")
    page.get_by_test_id("hide-1/1").click()
    page.get_by_test_id("isolate-1/0").click()
    one.shot("10-isolated")
    page.get_by_test_id("isolate-1/0").click()
    assert one.labels() == made

    # The brush paints a new object over what is in sight.
    one.press("Escape")
    one.press("Escape")
    one.press("Escape")
    one.press("b")
    one.press("n")
    x, y = one.spot("cabinet")
    one.drag((x - 12, y), (x + 12, y))
    assert one.tree() == ["chair", "part 1", "back", "object 2"]
    assert "0 clicks" in page.get_by_test_id("target-2/0").text_content()
    one.press("Escape")
    one.shot("11-brush")

    # Export, and read it with the package.
    page.get_by_test_id("export").click()
    one.shot("12-export")
    with page.expect_download() as download:
        page.get_by_test_id("export-ply").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    exported = load_labels(path)
    assert exported.object_names[1] == "chair"
    assert exported.part_names[1, 2] == "back"
    painted = np.array(one.labels())
    pairs = np.where(exported.object > 0, exported.object * 100 + exported.part, 0)
    assert np.array_equal(_partition(pairs), _partition(np.where(painted > 1, painted, 0)))

    # Reload: all is there.
    tree, count = one.tree(), one.markers()
    page.reload()
    page.get_by_test_id("target-2/0").wait_for()
    assert one.tree() == tree
    assert one.markers() == count
    assert np.array_equal(_partition(np.array(one.labels())), _partition(painted))
    page.get_by_test_id("undo").click()
    one.saved()
    assert one.tree() == ["chair", "part 1", "back"]
    one.shot("13-reloaded")


def _partition(labels: np.ndarray) -> np.ndarray:
    """Labels numbered by first appearance: a session may number them anew when it is opened."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse]


def test_an_export_comes_back_and_is_a_scan_as_well(serve: Callable, person: Callable, tmp_path: Path) -> None:
    server, one = serve(model="geodesic"), person()
    page = one.page
    one.open(server.address)
    one.click(one.spot("chair", "seat"))
    one.click(one.spot("chair", "seat", skip=2), double=True)
    one.click(one.spot("chair", "seat", skip=5))
    one.press("F2")
    page.keyboard.type("seat")
    one.press("Enter")
    made = np.array(one.labels())
    page.get_by_test_id("export").click()
    with page.expect_download() as download:
        page.get_by_test_id("export-ply").click()
    path = tmp_path / "labelled.ply"
    download.value.save_as(path)

    while page.get_by_test_id("undo").is_enabled():
        one.press("Control+z")
    assert one.tree() == []
    page.get_by_test_id("import-input").set_input_files(path)
    page.get_by_test_id("target-1/1").wait_for()
    one.saved()
    assert one.tree() == ["object 1", "seat"]
    assert np.array_equal(_partition(np.maximum(one.labels(), 1)), _partition(np.maximum(made, 1)))
    one.press("Control+z")
    assert one.tree() == []

    page.get_by_test_id("scene-name").click()
    page.get_by_test_id("upload-input").set_input_files(path)
    page.get_by_test_id("scene-name").get_by_text("labelled").wait_for()
    one.saved()
    one.shot("19-uploaded")
    one.click(one.spot("chair", "seat"))
    assert one.tree() == ["object 1"]


def test_clicks_go_to_other_targets_and_keys_can_be_changed(serve: Callable, person: Callable) -> None:
    server, one = serve(model="geodesic"), person()
    page = one.page
    one.open(server.address)
    one.click(one.spot("chair", "seat"))
    one.press("n")
    one.click(one.spot("table"))
    assert one.tree() == ["object 1", "object 2"]

    # Right-click gives a click to another target.
    box = page.get_by_test_id("click-1").bounding_box()
    page.mouse.click(box["x"] + 10, box["y"] + 10, button="right")
    page.get_by_test_id("turn-around").wait_for()
    page.wait_for_timeout(300)
    one.shot("14-click-menu")
    page.get_by_role("button", name="object 1").last.click()
    one.saved()
    assert "2 clicks" in page.get_by_test_id("target-1/0").text_content()
    assert one.tree() == ["object 1"]
    one.press("n")
    one.click(one.spot("lamp"))

    # A locked target keeps its points whatever is painted.
    page.get_by_test_id("lock-1/0").click()
    one.saved()
    locked = one.points(2)
    page.get_by_test_id("target-2/0").click()
    one.press("b")
    x, y = one.spot("chair", "seat")
    one.drag((x - 10, y), (x + 10, y))
    assert one.points(2) == locked

    # Another key for hiding, kept over a reload.
    page.keyboard.press("?")
    page.get_by_test_id("key-hide").click()
    page.keyboard.press("u")
    one.shot("15-shortcuts")
    page.get_by_test_id("close-sheet").click()
    page.reload()
    page.get_by_test_id("target-1/0").click()
    page.get_by_test_id("canvas").focus()
    page.keyboard.press("u")
    assert page.get_by_test_id("hide-1/0").get_attribute("aria-pressed") == "true"
    stored = page.evaluate("localStorage.getItem('pinpoint3d.settings')")
    assert json.loads(stored)["remapped"]["hide"] == ["U"]
