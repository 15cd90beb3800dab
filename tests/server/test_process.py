"""The server as a process of its own: killed, started again, and worked on by many."""

import signal
import threading
from pathlib import Path

import httpx2
import numpy as np
import pytest

from pinpoint3d.io import load_scene
from pinpoint3d.server.remote import RemoteSession


@pytest.mark.parametrize("log", ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def test_nothing_is_lost_by_a_kill(launch, open_page, log, request):
    database = [] if log == "sqlite" else ["--database", request.getfixturevalue("postgres")("killed")]
    process, address = launch(*database)
    with httpx2.Client(base_url=address, timeout=60) as http:
        scene = http.get("/api/scenes").json()[0]["id"]
        page = open_page(http, scene=scene)
        page.do("add_click", point=900)
        page.do("add_click", point=3, object="left")
        page.do("rename", object="left", name="chair")
        page.do("undo")
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, address = launch(*database)
    with httpx2.Client(base_url=address, timeout=60) as http:
        again = open_page(http, scene=scene)
        assert again.session == page.session, "the lease outlives the server"
        np.testing.assert_array_equal(again.labels, page.labels)
        assert again.state["targets"] == page.state["targets"]
        assert again.do("redo")["targets"][0]["name"] == "chair"


@pytest.mark.slow
def test_twenty_clients_lose_no_click(launch, scan: Path, tmp_path):
    """Every client has a scene of its own; what the server logged is what was sent."""
    for number in range(20):
        (scan.parent / f"room{number}.ply").write_bytes(scan.read_bytes())
    _, address = launch("--allow", str(scan.parent), "--capacity", "20")
    sent: dict[int, list[int]] = {}
    faults: list[Exception] = []

    def work(number: int) -> None:
        rng = np.random.default_rng(number)
        try:
            with httpx2.Client(base_url=address, timeout=120) as http:
                path = str(scan.parent / f"room{number}.ply")
                scene = http.post("/api/scenes/open", json={"path": path}).json()["id"]
                asked = {"owner": f"client {number}", "client": f"client-{number}"}
                session = http.post(f"/api/scenes/{scene}/lease", json=asked).json()["session"]
                sent[number] = rng.integers(0, 1000, 5).tolist()
                for point in sent[number]:
                    command = {"do": "add_click", "point": point, "object": int(rng.integers(1, 4))}
                    response = http.post(f"/api/sessions/{session}/commands", json=command)
                    assert response.status_code == 200, response.text
                state = http.get(f"/api/sessions/{session}").json()
                assert [click["point"] for click in state["clicks"]] == sent[number]
        except Exception as error:  # told to the test's own thread
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(sent) == 20


def test_a_remote_session_is_as_a_local_one(launch, scan: Path, tmp_path):
    _, address = launch("--token", "open sesame")
    scene = load_scene(scan)
    with RemoteSession(address.split("?")[0].rstrip("/"), scan, token="open sesame") as remote:
        np.testing.assert_array_equal(remote.scene.xyz, scene.xyz)
        remote.click(scene.world()[900])
        remote.click(scene.world()[3], object="left", part="corner")
        assert remote.masks.object_name(1) == "left"
        remote.export(tmp_path / "labels.json")
    assert (tmp_path / "labels.json").stat().st_size > 0
