from dataclasses import replace

import numpy as np
import pytest

from pinpoint3d.session.points import pack


def lease(http, scene, owner, client=None):
    return http.post(f"/api/scenes/{scene}/lease", json={"owner": owner, "client": client or owner})


@pytest.fixture
def scene(client, page):
    """The id of the scene that ann holds."""
    return client.get("/api/scenes").json()[0]["id"]


def test_a_scene_is_held_by_one(client, page, scene):
    response = lease(client, scene, "bob")
    assert response.status_code == 409
    problem = response.json()
    assert (problem["code"], problem["owner"]["name"]) == ("leased", "ann")
    assert 0 < problem["owner"]["free_in_s"] <= 600
    assert "free in 10 min" in problem["message"]


def test_a_reload_gets_its_scene_back(client, page, scene, open_page):
    page.do("add_click", point=3, object="left")
    again = open_page(client)
    assert again.session == page.session
    np.testing.assert_array_equal(again.labels, page.labels)
    assert again.do("undo")["can_redo"]


def test_released_scenes_are_free_and_keep_their_work(client, page, scene, open_page):
    page.do("add_click", point=3, object="left")
    assert client.post(f"/api/sessions/{page.session}/release").status_code == 204
    assert client.app.state.studio.slots == {}
    assert client.get("/api/scenes").json()[0]["owner"] is None
    other = open_page(client, owner="bob")
    assert other.row("left")["points"] == 1000
    assert page.refused("undo")["code"] == "not_found"


def test_an_idle_scene_is_freed_taken_over_and_lost(start, settings, open_page):
    client = start(replace(settings, idle_s=600))
    page = open_page(client)
    page.do("add_click", point=3, object="left")
    studio = client.app.state.studio
    held = next(iter(studio.leases._by_scene.values()))
    held.heard -= 601
    studio.free_idle()
    assert studio.slots == {}, "an idle lease frees memory"
    page.do("add_click", point=900)
    assert page.row("left")["points"] < 1000, "and its owner goes on where it stopped"
    held.heard -= 601
    other = open_page(client, owner="bob")
    other.do("undo")
    problem = page.refused("undo")
    assert (problem["code"], problem["owner"]["name"]) == ("lease_lost", "bob")


def test_the_third_scene_is_refused_when_there_are_two_places(client, page, another, scan, open_page):
    open_page(client, another, owner="bob")
    third = scan.with_name("third.ply")
    third.write_bytes(scan.read_bytes())
    scene = client.post("/api/scenes/open", json={"path": str(third)}).json()["id"]
    response = lease(client, scene, "eve")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "30"
    problem = response.json()
    assert (problem["code"], problem["capacity"]) == ("capacity", 2)
    client.post(f"/api/sessions/{page.session}/release")
    assert lease(client, scene, "eve").status_code == 200


def test_two_sessions_do_not_touch_each_other(client, page, another, open_page):
    other = open_page(client, another, owner="bob")
    page.do("add_click", point=3, object="left")
    other.do("add_click", point=3, object="thing")
    other.do("paint", object="thing", part="bit", points=pack(np.arange(9)))
    page.do("undo")
    assert page.reload().state["targets"] == []
    assert [row["name"] for row in other.reload().state["targets"]] == ["thing", "bit"]


def test_everything_is_there_after_a_restart(start, settings, open_page):
    client = start(settings)
    page = open_page(client)
    page.do("add_click", point=900)
    page.do("add_click", point=3, object="left")
    page.do("paint", object="left", part="corner", points=pack(np.arange(30)))
    page.do("lock", object="left", part="corner")
    page.do("add_click", point=600, object="right")
    page.do("undo")
    state = {key: page.state[key] for key in ("revision", "targets", "clicks", "can_undo", "can_redo")}
    again = open_page(start(settings))
    assert again.session == page.session
    np.testing.assert_array_equal(again.labels, page.labels)
    assert {key: again.state[key] for key in state} == state
    again.do("redo")
    assert again.row("right")["clicks"] == 1


def test_what_cannot_be_logged_is_not_done(client, page, monkeypatch):
    page.do("add_click", point=3, object="left")
    studio = client.app.state.studio
    with monkeypatch.context() as patch:
        patch.setattr(studio.store, "append", lambda *_: studio.store._open.no_such_method)
        with pytest.raises(AttributeError):
            page.do("add_click", point=600, object="right")
    assert [row["name"] for row in page.reload().state["targets"]] == ["left"]
