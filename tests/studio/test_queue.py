"""Scenes from the server's folders and by drag and drop, their way through review, and the labels of a team."""

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SAMPLE = files("pinpoint3d") / "assets" / "sample_room.ply"


def test_scans_from_a_folder_and_by_drag_and_drop(serve: Callable, person: Callable, tmp_path: Path) -> None:
    scans = tmp_path / "scans" / "floor 2"
    scans.mkdir(parents=True)
    (scans / "office.ply").write_bytes(SAMPLE.read_bytes())
    server, one = serve("--allow", str(tmp_path / "scans"), model="geodesic"), person()
    page = one.page
    one.open(server.address)
    page.get_by_test_id("scene-name").click()
    page.get_by_role("button", name="Add a scan from the server").click()
    sheet = page.get_by_test_id("folders")
    sheet.get_by_role("button", name="scans").click()
    sheet.get_by_role("button", name="floor 2").click()
    sheet.get_by_role("button", name="office.ply").wait_for()
    one.shot("30-folders")
    sheet.get_by_role("button", name="office.ply").click()
    page.get_by_test_id("scene-name").get_by_text("office").wait_for()
    one.saved()

    # How a file is understood can be said before; a large one on its way shows how far it is; a refused one says why.
    page.get_by_test_id("scene-name").click()
    page.get_by_test_id("up").select_option("y")
    page.get_by_test_id("unit").select_option("centimetres")
    one.shot("32-queue")
    page.keyboard.press("Escape")
    page.route("**/chunks/*", lambda route: (page.wait_for_timeout(400), route.continue_()))
    drop = page.evaluate_handle(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "dropped.xyz"));
            return data;
        }""",
        "".join(f"{k % 100} {k // 100 % 100} {k % 7}\n" for k in range(20_000)),
    )
    page.dispatch_event("[data-testid=canvas]", "dragover", {"dataTransfer": drop})
    page.get_by_text("Drop to add the scan, y up, in centimetres").wait_for()
    with page.expect_request("**/finish") as finished:
        page.dispatch_event("[data-testid=canvas]", "drop", {"dataTransfer": drop})
        page.get_by_test_id("uploads").get_by_text("dropped.xyz").wait_for()
        assert re.search(r"\d+ %", page.get_by_test_id("uploads").text_content())
        one.shot("31-upload")
    assert finished.value.post_data_json == {"use": "scene", "up": "y", "unit": "cm"}
    page.get_by_test_id("scene-name").get_by_text("dropped").wait_for()
    one.saved()
    page.unroute("**/chunks/*")
    page.get_by_test_id("scene-name").click()
    page.get_by_test_id("upload-input").set_input_files({"name": "a.exe", "mimeType": "", "buffer": b"MZ"})
    assert "a.exe" in page.get_by_test_id("toast").first.text_content()


def test_a_scene_goes_to_the_reviewer_and_back(serve: Callable, person: Callable) -> None:
    server, one = serve(model="geodesic"), person()
    page = one.page
    one.open(server.address)
    one.click(one.spot("chair", "seat"))
    one.press("n")
    one.click(one.spot("table"))
    page.get_by_test_id("scene-name").click()
    page.get_by_test_id("owner").fill("Ann")
    page.get_by_test_id("state-review").click()
    page.keyboard.press("Escape")
    bar = page.get_by_test_id("review-bar")
    bar.get_by_text("0 of 2 looked at").wait_for()
    page.get_by_test_id("canvas").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("y")
    page.get_by_test_id("review-1/0").get_by_text("Accepted").wait_for()
    page.keyboard.press("r")
    page.get_by_test_id("review-comment").fill("the monitor is not of the table")
    one.shot("32-review")
    page.get_by_test_id("send-comment").click()
    bar.get_by_text("2 of 2 looked at").wait_for()
    page.get_by_test_id("hand-on").click()

    # The annotator sees what to mend, after a reload as well, and hands in again.
    page.reload()
    page.get_by_test_id("review-2/0").get_by_text("the monitor is not of the table").wait_for()
    bar.get_by_text("1 to mend").wait_for()
    one.shot("33-sent-back")
    page.get_by_test_id("mended-2/0").click()
    page.get_by_test_id("hand-on").click()
    bar.get_by_text("1 of 2 looked at").wait_for()


def test_labels_of_a_team(serve: Callable, person: Callable) -> None:
    server, one = serve(model="geodesic"), person()
    page = one.page
    one.open(server.address)
    one.click(one.spot("chair", "seat"))
    page.get_by_test_id("label-sets").click()
    page.get_by_test_id("new-set").click()
    page.get_by_test_id("set-name").fill("workshop")
    label = page.get_by_test_id("label").first
    label.get_by_label("Label", exact=True).fill("workbench")
    label.get_by_label("Parts of").fill("vice, vice")
    page.get_by_test_id("save-labels").click()
    told = page.get_by_test_id("label-problem")
    told.wait_for()
    assert told.text_content() == "workbench, parts: the part 'vice' is there twice"
    label.get_by_label("Parts of").fill("vice, drawer")
    label.locator("input[type=color]").fill("#c02020")
    one.shot("34-label-sets")
    page.get_by_test_id("save-labels").click()
    page.get_by_text("Labels are saved").wait_for()
    page.get_by_test_id("close-sheet").click()

    page.get_by_test_id("target-1/0").dblclick()
    page.keyboard.type("workb")
    page.get_by_role("option", name="workbench").click()
    one.saved()
    assert one.tree() == ["workbench"]
    swatch = page.get_by_test_id("target-1/0").locator(".swatch")
    assert swatch.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(192, 32, 32)"
    one.shot("35-recoloured")
