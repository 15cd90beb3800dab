import pytest


@pytest.fixture
def cut(page):
    """A page with an object and a part of it."""
    page.do("add_click", point=3, object="chair")
    page.do("add_click", point=4, object="chair", part="seat")
    return page


@pytest.fixture
def say(cut):
    def call(object=1, part=None, verdict="accepted", **fields):
        request = {"object": object, "part": part, "verdict": verdict, **fields}
        return cut.http.put(f"/api/sessions/{cut.session}/reviews", json=request)

    return call


def test_what_is_sent_back_comes_back_mended(client, cut, say, start, settings):
    say(comment="good")
    told = say(part=1, verdict="sent_back", comment="  the legs are not the seat ").json()
    assert [(each["part"], each["verdict"], each["comment"]) for each in told] == [
        (None, "accepted", "good"),
        (1, "sent_back", "the legs are not the seat"),
    ]
    assert {each["author"] for each in told} == {"ann"}
    assert client.get("/api/scenes").json()[0]["sent_back"] == 1
    _, seat = say(part=1, verdict="mended").json()
    assert (seat["verdict"], seat["comment"]) == ("mended", "the legs are not the seat")
    assert client.get("/api/scenes").json()[0]["sent_back"] == 0
    again = start(settings).get(f"/api/sessions/{cut.session}/reviews").json()
    assert [each["verdict"] for each in again] == ["accepted", "mended"]


def test_a_review_is_taken_away(cut, say):
    say()
    assert say(verdict=None).json() == []
    cut.do("undo")
    assert cut.state["can_redo"], "a review is no step of the work"


def test_sending_back_needs_a_reason(say):
    for comment in ({}, {"comment": "  "}):
        problem = say(verdict="sent_back", **comment)
        assert (problem.status_code, problem.json()["code"]) == (422, "bad_request")
        assert "say what is to be mended" in problem.json()["message"]


@pytest.mark.parametrize("target", [{"object": 9}, {"part": 7}])
def test_only_what_is_there_can_be_reviewed(say, target):
    problem = say(**target)
    assert (problem.status_code, problem.json()["code"]) == (422, "bad_command")


def test_only_who_holds_the_scene_reviews(client, cut):
    client.post(f"/api/sessions/{cut.session}/release")
    assert client.get(f"/api/sessions/{cut.session}/reviews").status_code == 404
