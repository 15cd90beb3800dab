"""One surface: whatever is done to a local session and to a remote one leads to the same labels."""

import inspect

import numpy as np
import pytest

from pinpoint3d.errors import ClickError, FileError, PinPointError
from pinpoint3d.io import load_labels, load_scene
from pinpoint3d.scene import Hierarchy
from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.server.remote import RemoteSession
from pinpoint3d.session import ClickRequest, Session, SessionSurface


@pytest.fixture
def remote(client, scan):
    return RemoteSession("http://localhost", scan, owner="ann", client=client)


@pytest.fixture
def local(scan):
    return Session(load_model("voronoi"), load_scene(scan))


def work(session: SessionSurface) -> None:
    at = session.scene.world()
    session.background(at[900])
    session.click(at[3], object="left")
    session.add([ClickRequest(tuple(at[600]), "right"), ClickRequest(tuple(at[4]), "left", "corner")])
    session.move(2, at[700])
    session.reassign(2, "left", "far")
    session.rename("left", "far", to="arm")
    session.create("table")
    session.create("table", "leg")
    session.paint(np.arange(10, 30), "table", "leg")
    session.paint(np.arange(10, 15), "table", "leg", erase=True)
    session.lock("table")
    session.click(at[20], object="left")
    session.unlock("table")
    session.undo()
    session.remove(0)
    session.undo()
    session.redo()


def test_the_same_work_gives_the_same_labels(local, remote):
    work(local)
    work(remote)
    for name in ("object", "part", "object_names", "part_names"):
        np.testing.assert_equal(getattr(remote.masks, name), getattr(local.masks, name))
    assert remote.summary() == pytest.approx(local.summary())
    np.testing.assert_allclose(remote.confidence, local.confidence, atol=0.5 / 255)
    assert remote.requests() == local.requests()
    request = ClickRequest(tuple(local.scene.world()[601]), "right")
    np.testing.assert_array_equal(remote.candidate(request), local.candidate(request))


def test_labels_and_projects_come_back(local, remote, tmp_path):
    work(remote)
    remote.save(tmp_path / "a.pp3d")
    again = Session.open(tmp_path / "a.pp3d")
    np.testing.assert_array_equal(again.masks.object, remote.masks.object)
    remote.export(tmp_path / "a.scannet.zip")
    np.testing.assert_array_equal(load_labels(tmp_path / "a.scannet.zip").part, remote.masks.part)
    local.import_labels(remote.masks)
    np.testing.assert_array_equal(local.masks.part, remote.masks.part)
    one = np.ones(len(remote.scene), dtype=np.int32)
    remote.import_labels(Hierarchy(one, one, {1: "all"}))
    assert remote.masks.object_names[1] == "all", "names come along"


def test_faulty_clicks_of_a_file_are_told_and_none_is_made(remote, tmp_path):
    at = remote.scene.world()[3].tolist()
    (tmp_path / "clicks.json").write_text(f'[{{"xyz": {at}, "object": "a"}}, {{"xyz": [99, 0, 0], "object": "a"}}]')
    with pytest.raises(FileError, match=r"clicks.json: clicks\[1\]: .* off the cloud"):
        remote.load_clicks(tmp_path / "clicks.json")
    assert len(remote.clicks) == 0
    with pytest.raises(ClickError, match="there is no click 7"):
        remote.remove(7)
    assert remote.undo() is False


def test_closing_gives_the_scene_back(client, remote, scan):
    remote._http = client  # closing the client would end the server
    client.post(f"/api{remote._address}/release")
    assert client.get("/api/scenes").json()[0]["owner"] is None


def test_a_server_that_is_none():
    with pytest.raises(PinPointError, match="no server answers at http://localhost:9"):
        RemoteSession("http://localhost:9", "0123456789ab")


def test_every_promise_of_the_surface_is_kept_by_both():
    for name, member in inspect.getmembers(SessionSurface, inspect.isfunction):
        for kind in (Session, RemoteSession):
            if not name.startswith("_"):
                assert inspect.signature(getattr(kind, name)) == inspect.signature(member), (kind, name)
