import asyncio
import socket as sockets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest
import uvicorn
from starlette.websockets import WebSocketDisconnect

from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.server.app import make_app
from pinpoint3d.server.serve import bind, fill


def test_a_name_that_leads_here_is_not_enough(client):
    for host in ("evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""):
        response = client.get("/api/scenes", headers={"host": host})
        assert (response.status_code, response.json()["code"]) == (403, "forbidden"), host
    for host in ("localhost:8000", "127.0.0.1:1", "[::1]:9"):
        assert client.get("/api/scenes", headers={"host": host}).status_code == 200, host


def test_pages_of_other_sites_are_refused(client, page):
    for origin in ("https://evil.example", "null", "http://localhost:9"):
        assert client.post("/api/uploads", json={}, headers={"origin": origin}).status_code == 403
    assert client.get("/api/scenes", headers={"origin": "http://localhost"}).status_code == 200
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(
            f"ws://localhost/api/sessions/{page.session}/ws", headers={"origin": "https://evil.example"}
        ),
    ):
        pass


def test_a_configured_origin_may_call(start, settings):
    client = start(replace(settings, origins=("https://ours.example",)))
    response = client.get("/api/scenes", headers={"origin": "https://ours.example"})
    assert response.headers["access-control-allow-origin"] == "https://ours.example"


def test_a_token_is_demanded(start, settings):
    client = start(replace(settings, host="0.0.0.0", token="open sesame"))
    assert client.get("/api/health").status_code == 200
    for headers in (
        {},
        {"authorization": "Bearer open"},
        {"authorization": "open sesame"},
        {"cookie": "pinpoint3d_token=x"},
    ):
        response = client.get("/api/scenes", headers=headers)
        assert (response.status_code, response.json()["code"]) == (401, "unauthorised")
    assert client.get("/api/scenes", headers={"authorization": "Bearer open sesame"}).status_code == 200
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("ws://localhost/api/sessions/x/ws"):
        pass
    assert client.get("/?token=wrong").status_code == 401
    entered = client.get("/?token=open%20sesame", follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    to_scene = client.get("/?token=open%20sesame&scene=a%26b", follow_redirects=False)
    assert to_scene.headers["location"] == "/?scene=a%26b"
    assert {"HttpOnly", "SameSite=strict"} <= set(entered.headers["set-cookie"].split("; "))
    assert client.get("/api/scenes").status_code == 200, "the browser shows its cookie from now on"


def test_the_page_is_confined(client):
    for address in ("/", "/api/scenes", "/nowhere"):
        headers = client.get(address).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_too_much_is_refused(start, settings):
    client = start(replace(settings, body_bytes=1000))
    assert client.post("/api/scenes/open", content=b"x" * 1001).status_code == 413

    def chunks():
        for _ in range(3):
            yield b"x" * 500

    response = client.post("/api/scenes/open", content=chunks())
    assert (response.status_code, response.json()["code"]) == (413, "bad_request")


def test_too_fast_is_refused(start, settings):
    client = start(replace(settings, rate=1.0))
    answers = [client.get("/api/health") for _ in range(15)]
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "rate")
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"path": 1}', b'{"path": "a", "x": 1}', b"null"]
)
def test_bodies_that_are_none(client, content):
    response = client.post("/api/scenes/open", content=content, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["code"]) in ((422, "bad_request"), (400, "bad_request"))


def test_unknown_addresses_are_typed_too(client):
    assert client.get("/api/nothing").json()["code"] == "not_found"
    assert client.delete("/api/scenes").json()["code"] == "bad_request"
    assert client.get("/api/sessions/none/labels").json()["code"] == "not_found"


def test_settings_never_show_the_token(settings):
    assert "sesame" not in repr(replace(settings, token="sesame"))


def test_metrics_are_in_the_form_of_prometheus(client, page):
    page.do("add_click", point=3, object="left")
    lines = client.get("/api/metrics").text.splitlines()
    assert "pinpoint3d_sessions 1" in lines
    assert "pinpoint3d_commands_total 1" in lines


def test_who_comes_before_the_server_is_ready_waits(settings):
    server = uvicorn.Server(uvicorn.Config(make_app(settings, load_model("voronoi")), log_level="critical"))
    with bind("127.0.0.1", 0) as socket, ThreadPoolExecutor() as threads:
        early = threads.submit(httpx2.get, f"http://127.0.0.1:{socket.getsockname()[1]}/api/health", timeout=60)
        time.sleep(0.2)
        running = threads.submit(server.run, [socket])
        try:
            assert early.result(60).status_code == 200
        finally:
            server.should_exit = True
        running.result(60)


def test_answers_are_sent_without_waiting_for_what_went_before():
    async def accepted(socket):
        met = asyncio.get_running_loop().create_future()
        async with await asyncio.start_server(lambda _, writer: met.set_result(writer), sock=socket):
            _, client = await asyncio.open_connection(*socket.getsockname())
            writer = await met
            at_once = writer.get_extra_info("socket").getsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY)
            for each in client, writer:
                each.close()
            return at_once

    with bind("127.0.0.1", 0) as socket:
        assert asyncio.run(accepted(socket))


def test_a_request_that_the_end_of_the_server_cuts_off_is_told_so(settings, scan):
    model, reading, gate = load_model("voronoi"), threading.Event(), threading.Event()

    class Slow:
        name, voxel_size, segment = model.name, model.voxel_size, model.segment

        def encode(self, scene):
            reading.set()
            gate.wait(60)
            return model.encode(scene)

    app = make_app(settings, Slow())
    fill(app.state.studio, [scan], None, "m")
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with bind("127.0.0.1", 0) as socket, ThreadPoolExecutor() as threads:
        running = threads.submit(server.run, [socket])
        address = f"http://127.0.0.1:{socket.getsockname()[1]}/api"
        try:
            with httpx2.Client(base_url=address, timeout=60) as http:
                scene = http.get("/scenes").json()[0]["id"]
                session = http.post(f"/scenes/{scene}/lease", json={"owner": "a", "client": "a"}).json()["session"]
                waiting = threads.submit(http.get, f"/sessions/{session}/labels")
                assert reading.wait(60)
                server.should_exit = True
                response = waiting.result(60)
        finally:  # whatever failed, the threads end
            server.should_exit = True
            gate.set()
        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
        running.result(60)
