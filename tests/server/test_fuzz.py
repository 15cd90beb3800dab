"""Bad input of every kind: each is answered with a typed refusal, none with a 500, and the server still answers."""

import json

import numpy as np
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from pinpoint3d.server.wire import Problem

pytestmark = pytest.mark.slow
_SERVER_ERRORS = {503, 507}  # capacity and storage are typed answers


@pytest.fixture
def operations(client, page):
    """What OpenAPI says can be asked, sent to a server where a session is open."""
    return schemathesis.openapi.from_dict(client.app.openapi())


def test_three_hundred_requests_of_the_schema(client, page, operations):
    page.do("add_click", point=3, object="left")
    seen = []

    def answered(case) -> None:
        parameters = case.path_parameters or {}
        if "session" in parameters and not case.path.endswith("release"):  # deeper than sessions nobody has
            parameters["session"] = page.session
        request = case.as_transport_kwargs(base_url="http://localhost")
        names = {
            "method": "method",
            "url": "url",
            "params": "params",
            "headers": "headers",
            "json": "json",
            "data": "content",
        }
        response = client.request(**{names[key]: value for key, value in request.items() if key in names})
        seen.append(response.status_code)
        assert response.status_code < 500 or response.status_code in _SERVER_ERRORS, (case, response.text)
        if not response.is_success and response.status_code != 303:
            Problem.model_validate_json(response.content)

    quick = settings(max_examples=20, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    for result in operations.get_all_operations():
        quick(given(case=result.ok().as_strategy())(answered))()
    assert len(seen) >= 300
    assert client.get("/api/health").json()["status"] == "ok"
    assert page.reload().state["revision"] >= 1


def test_mutated_commands(client, page, rng: np.random.Generator):
    """Commands with bytes changed, cut or doubled, and frames of the server sent back to it."""
    page.do("add_click", point=3, object="left")
    sound = [
        json.dumps({"do": "paint", "object": "left", "points": "eJxjYAAAAAIAAQ=="}).encode(),
        json.dumps({"do": "add_click", "point": 600, "object": "right", "part": 3, "positive": True}).encode(),
        client.get(f"/api/sessions/{page.session}/labels").content,
    ]
    address = f"/api/sessions/{page.session}/commands"
    for _ in range(300):
        content = bytearray(sound[rng.integers(len(sound))])
        for _ in range(rng.integers(1, 6)):
            content[rng.integers(len(content))] = rng.integers(256)
        content = content[: rng.integers(1, len(content) + 1)] * int(rng.integers(1, 3))
        response = client.post(address, content=bytes(content), headers={"content-type": "application/json"})
        assert response.status_code < 500, response.text
    assert page.reload().row("left")["clicks"] >= 1


def test_mutated_web_socket_messages(client, page, rng: np.random.Generator):
    """Texts and bytes that are no previews; bytes end the socket, nothing ends the server."""
    page.do("add_click", point=3, object="left")
    sound = json.dumps({"id": 1, "point": 600, "object": "right"}).encode()
    for _ in range(30):
        with client.websocket_connect(f"ws://localhost/api/sessions/{page.session}/ws") as socket:
            for _ in range(5):
                content = bytearray(sound)
                content[rng.integers(len(content))] = rng.integers(32, 127)
                socket.send_text(content.decode())
                message = socket.receive()
                assert message["type"] == "websocket.send"
            socket.send_bytes(rng.bytes(50))
    assert client.get("/api/health").json()["status"] == "ok"
