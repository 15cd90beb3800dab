"""A server in this process, with a model that answers at once, and clients as browsers are."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import pytest
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from pinpoint3d.arrays import AnyArray
from pinpoint3d.io import save_scene
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.server import frames
from pinpoint3d.server.app import make_app
from pinpoint3d.server.settings import ServerSettings
from pinpoint3d.session.points import from_bits


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Points 0-499 on the left, red; 500-799 a metre to the right; 800-999 farther; 1000 has no coordinates."""
    rng = np.random.default_rng(5)
    xyz = rng.uniform(0, 0.5, (1001, 3)).astype(np.float32)
    xyz[500:, 0] += 1.0
    xyz[800:, 0] += 1.0
    xyz[1000] = np.nan
    rgb = np.zeros((1001, 3), dtype=np.uint8)
    rgb[:500, 0] = 200
    folder = tmp_path / "scans"
    folder.mkdir()
    save_scene(folder / "two.ply", Scene("two", xyz, rgb=rgb))
    return folder / "two.ply"


@pytest.fixture
def settings(tmp_path: Path, scan: Path) -> ServerSettings:
    return ServerSettings(data=tmp_path / "data", allow=(scan.parent,), capacity=2)


@pytest.fixture
def start() -> Iterator[Callable[[ServerSettings], TestClient]]:
    """Start servers; each ends with the test, or when its client is closed."""
    running: list[TestClient] = []

    def call(settings: ServerSettings, model: Any = None) -> TestClient:
        client = TestClient(make_app(settings, model or load_model("voronoi")), base_url="http://localhost")
        client.__enter__()
        running.append(client)
        return client

    yield call
    for client in running:
        client.__exit__(None, None, None)


@pytest.fixture
def client(start, settings) -> TestClient:
    return start(settings)


@dataclass
class Page:
    """What a page knows of its session, kept from the answers alone."""

    http: httpx2.Client
    session: str
    labels: AnyArray = field(default_factory=lambda: np.zeros(0, np.uint16))
    state: dict[str, Any] = field(default_factory=dict)

    def reload(self) -> "Page":
        self.state, arrays = self.frame("GET", "labels")
        self.labels = np.array(arrays["labels"])
        return self

    def frame(self, method: str, what: str, **request: Any) -> tuple[dict[str, Any], dict[str, AnyArray]]:
        response = self.http.request(method, f"/api/sessions/{self.session}/{what}", **request)
        assert response.status_code == 200, response.text
        return frames.decode(response.content)

    def do(self, what: str, **fields: Any) -> dict[str, Any]:
        """Carry a command out and follow its answer."""
        before = self.state.get("revision")
        self.state, arrays = self.frame("POST", "commands", json={"do": what, **fields})
        assert self.state["base"] <= before
        self.labels[from_bits(arrays["changed"], len(self.labels))] = arrays["labels"]
        return self.state

    def refused(self, what: str, **fields: Any) -> dict[str, Any]:
        """Send a command that must be refused."""
        response = self.http.post(f"/api/sessions/{self.session}/commands", json={"do": what, **fields})
        assert 400 <= response.status_code < 500, response.text
        return response.json()

    def row(self, name: str) -> dict[str, Any]:
        return next(row for row in self.state["targets"] if row["name"] == name)


@pytest.fixture
def open_page(scan) -> Callable[..., Page]:
    """Open a scene as a page does: one of the queue, or a path."""

    def call(
        http: httpx2.Client, path: Path = scan, owner: str = "ann", client: str | None = None, scene: str | None = None
    ) -> Page:
        if scene is None:
            scene = http.post("/api/scenes/open", json={"path": str(path)}).json()["id"]
        asked = {"owner": owner, "client": client or owner}
        lease = http.post(f"/api/scenes/{scene}/lease", json=asked)
        assert lease.status_code == 200, lease.text
        return Page(http, lease.json()["session"]).reload()

    return call


@pytest.fixture
def page(client, open_page) -> Page:
    return open_page(client)


@pytest.fixture
def another(scan) -> Path:
    """A second scan beside the first."""
    path = scan.with_name("other.ply")
    save_scene(path, replace(Scene("other", np.random.default_rng(6).uniform(0, 1, (300, 3)).astype(np.float32))))
    return path


@pytest.fixture
def upload() -> Callable[..., dict[str, Any]]:
    """Send a file as a page does."""

    def call(http: httpx2.Client, name: str, content: bytes, use: str = "scene") -> dict[str, Any]:
        state = http.post("/api/uploads", json={"name": name, "size": len(content)}).json()
        size = state["chunk_bytes"]
        for number in state["missing"]:
            chunk = content[number * size : (number + 1) * size]
            assert http.put(f"/api/uploads/{state['id']}/chunks/{number}", content=chunk).status_code == 200
        response = http.post(f"/api/uploads/{state['id']}/finish", json={"use": use})
        assert response.status_code == 200, response.text
        return response.json()

    return call


Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def launch(tmp_path, scan) -> Iterator[Start]:
    """Start `pinpoint3d studio`; the process and its address."""
    running = []

    def call(*options: str) -> tuple[subprocess.Popen[str], str]:
        code = "from pinpoint3d.cli import main; main()"
        arguments = ["studio", str(scan), "--no-browser", "--port", "0", "--data", str(tmp_path / "data"), *options]
        command = [sys.executable, "-c", code, *arguments, "--model", "voronoi"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "500"})
        running.append(process)
        assert process.stdout is not None
        address = re.search(r"http://\S+/", process.stdout.readline())
        assert address is not None
        assert httpx2.get(f"{address[0]}api/health", timeout=60).status_code == 200
        return process, address[0].rstrip("/")

    yield call
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of this session's own, on a socket in a folder; call it for the URL of an empty database."""
    pytest.importorskip("pg8000", reason="the package pg8000 is not installed")
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    programs = os.pathsep.join([os.environ["PATH"], *map(str, reversed(versions))])
    initdb, server = shutil.which("initdb", path=programs), shutil.which("postgres", path=programs)
    if not initdb or not server:
        pytest.skip("no PostgreSQL server is installed")
    # It refuses to run as the superuser.
    person = "nobody" if os.name == "posix" and os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if person:
        shutil.chown(folder, person)
    asked = [initdb, "--pgdata", folder / "data", "--username", "studio", "--auth", "trust", "--no-sync"]
    subprocess.run(asked, user=person, cwd=folder, check=True, capture_output=True)
    arguments = [server, "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(arguments, user=person, cwd=folder, stdout=log, stderr=log)

    def address(database: str) -> str:
        return f"postgresql+pg8000://studio@/{database}?unix_sock={folder}/.s.PGSQL.5432"

    def empty(database: str) -> str:
        with engine.connect() as connection:
            connection.exec_driver_sql(f'create database "{database}"')
        return address(database)

    engine = create_engine(address("postgres"), isolation_level="AUTOCOMMIT")
    try:
        for _ in range(100):
            if (folder / ".s.PGSQL.5432").exists():
                break
            assert running.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        yield empty
    finally:
        engine.dispose()
        running.send_signal(signal.SIGINT)  # without waiting for clients
        running.wait(30)
        shutil.rmtree(folder)
