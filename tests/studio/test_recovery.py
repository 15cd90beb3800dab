"""What happens when things break, and when others are at work."""

import signal
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_a_killed_server_loses_nothing(serve: Callable, person: Callable) -> None:
    server, one = serve(model="geodesic"), person()
    one.open(server.address)
    one.click(one.spot("chair", "seat"))
    one.press("n")
    one.click(one.spot("table"))
    made = one.labels()

    server.stop(signal.SIGKILL)
    # Work goes on; the page keeps what it could not send.
    one.page.mouse.click(*one.spot("lamp"))
    one.page.locator("[data-testid=saved][data-state=offline]").wait_for()
    one.shot("16-offline")
    server.start()
    one.saved()
    assert one.markers() == 3
    one.press("Control+z")
    assert one.tree() == ["object 1", "object 2"]

    one.page.reload()
    one.page.get_by_test_id("target-2/0").wait_for()
    assert one.markers() == 2
    assert len(set(one.labels())) == len(set(made))


def test_two_people_at_two_scenes_and_a_third_refused(serve: Callable, person: Callable, tmp_path: Path) -> None:
    sample = (files("pinpoint3d") / "assets" / "sample_room.ply").read_bytes()
    scans = tmp_path / "scans"
    scans.mkdir()
    for name in ("north", "south", "west"):
        (scans / f"{name}.ply").write_bytes(sample)
    server = serve(str(scans), "--capacity", "2", model="geodesic")
    people = [person(), person(), person()]

    def take(who: int, name: str) -> None:
        page = people[who].page
        page.goto(server.address)
        page.get_by_test_id("blank").get_by_role("button", name=name).click()

    take(0, "north")
    take(1, "south")
    for one in people[:2]:
        one.page.get_by_test_id("hint").wait_for()
        one.saved()
    people[0].click(people[0].spot("chair", "seat"))
    people[1].click(people[1].spot("table"))
    assert people[0].tree() == people[1].tree() == ["object 1"]
    assert people[0].labels() != people[1].labels()

    take(2, "west")
    told = people[2].page.get_by_test_id("trouble")
    told.wait_for()
    assert "2 places" in told.text_content()
    people[2].shot("17-capacity")
    take(2, "north")
    told.wait_for()
    people[2].page.get_by_text("is in work").wait_for()
    people[2].shot("18-leased")
