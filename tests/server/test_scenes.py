import os

import pytest

from pinpoint3d.server.uploads import CHUNK_BYTES


def test_the_queue_tells_state_and_progress(client, page):
    page.do("add_click", point=3, object="left")
    page.do("add_click", point=900)
    (scene,) = client.get("/api/scenes").json()
    assert (scene["name"], scene["state"], scene["owner"]) == ("two", "in_work", "ann")
    assert (scene["points"], scene["objects"], scene["clicks"]) == (1001, 1, 2)
    assert 0.4 < scene["labelled"] < 1
    changed = client.patch(f"/api/scenes/{scene['id']}", json={"state": "review", "name": "room 7"}).json()
    assert (changed["state"], changed["name"]) == ("review", "room 7")
    page.do("undo")
    assert client.get("/api/scenes").json()[0]["state"] == "review", "only scenes to do are begun by a command"


def test_a_path_is_queued_once(client, scan):
    ids = {client.post("/api/scenes/open", json={"path": str(scan)}).json()["id"] for _ in range(2)}
    assert len(ids) == len(client.get("/api/scenes").json()) == 1


def test_paths_stay_inside_the_allowed_folders(client, scan, tmp_path):
    secret = tmp_path / "secret.ply"
    secret.write_bytes(scan.read_bytes())
    (scan.parent / "link.ply").symlink_to(secret)
    paths = [secret, scan.parent / ".." / "secret.ply", "/etc/passwd", scan.parent / "link.ply", "two.ply", "\0"]
    for path in paths:
        response = client.post("/api/scenes/open", json={"path": str(path)})
        assert (response.status_code, response.json()["code"]) == (403, "forbidden"), path
    assert client.post("/api/scenes/open", json={"path": str(scan.parent / "no.ply")}).status_code == 404
    assert client.get("/api/folders", params={"path": str(tmp_path)}).status_code == 403


def test_folders_are_listed(client, scan):
    (scan.parent / "more").mkdir()
    (scan.parent / "notes.md").write_text("")
    top = client.get("/api/folders").json()
    assert top["folders"] == [str(scan.parent)]
    inside = client.get("/api/folders", params={"path": str(scan.parent)}).json()
    assert (inside["folders"], inside["scans"]) == ([str(scan.parent / "more")], [str(scan)])


def test_an_upload_goes_on_where_it_was_cut_off(client, start, settings):
    content = os.urandom(CHUNK_BYTES + 10)
    begun = client.post("/api/uploads", json={"name": "big.ply", "size": len(content)}).json()
    address = f"/api/uploads/{begun['id']}"
    assert begun["missing"] == [0, 1]
    assert client.put(f"{address}/chunks/1", content=content[CHUNK_BYTES:]).json()["missing"] == [0]
    assert client.post(f"{address}/finish", json={}).status_code == 409
    again = start(settings)
    assert again.get(address).json()["missing"] == [0]
    assert again.put(f"{address}/chunks/0", content=content[:-5]).status_code == 422, "a chunk of another size"
    assert again.put(f"{address}/chunks/2", content=b"").status_code == 404
    again.put(f"{address}/chunks/0", content=content[:CHUNK_BYTES])
    scene = again.post(f"{address}/finish", json={}).json()["scene"]
    assert scene["name"] == "big"
    (path,) = (settings.data / "uploads" / "come").rglob("*.ply")
    assert path.read_bytes() == content
    assert again.post(f"{address}/finish", json={}).json()["scene"]["id"] == scene["id"], "asked twice, the same scene"


@pytest.mark.parametrize(
    "name", ["../../escape.ply", "..\\..\\escape.ply", "/etc/escape.ply", "a\0b.ply", "x" * 200 + ".ply"]
)
def test_names_of_uploads_never_become_paths(client, settings, upload, scan, name):
    upload(client, name, scan.read_bytes())
    come = settings.data / "uploads" / "come"
    (path,) = come.rglob("*.ply")
    assert path.resolve().is_relative_to(come.resolve())
    assert not list(settings.data.parent.glob("escape*"))


def test_files_of_other_kinds_and_sizes_are_refused(client, settings):
    assert client.post("/api/uploads", json={"name": "a.exe", "size": 5}).json()["code"] == "bad_file"
    assert client.post("/api/uploads", json={"name": "a.ply", "size": settings.upload_bytes + 1}).status_code == 413
    assert client.post("/api/uploads", json={"name": "a.ply", "size": 0}).status_code == 422
    for key in ("..", "%2e%2e", "0" * 16):
        assert client.get(f"/api/uploads/{key}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "huge.ply",
            b"ply\nformat binary_little_endian 1.0\nelement vertex 4000000000\nproperty float x\n"
            b"property float y\nproperty float z\nend_header\n",
        ),
        ("none.ply", b"ply\nend_header\n"),
        ("text.las", b"hello"),
        ("empty.xyz", b"\n"),
        ("broken.pp3d", b"PK\x03\x04"),
        ("nan.xyz", b"nan nan nan\n"),
    ],
)
def test_hostile_scans_are_told_as_such(client, upload, name, content):
    scene = upload(client, name, content)["scene"]["id"]
    lease = client.post(f"/api/scenes/{scene}/lease", json={"owner": "ann", "client": "ann"}).json()
    for what in ("labels", "geometry"):
        response = client.get(f"/api/sessions/{lease['session']}/{what}")
        assert (response.status_code, response.json()["code"]) == (422, "bad_file")
        assert response.json()["message"].startswith(name), "the server's paths stay on the server"
