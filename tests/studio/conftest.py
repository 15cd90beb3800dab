"""A server of its own for every test, and a browser that works at it as a person would."""

import base64
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
import pytest

from pinpoint3d.io import load_labelled
from pinpoint3d.scene import Hierarchy, Scene

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
COMMAND = [sys.executable, "-c", "from pinpoint3d.cli import main; main()", "studio"]
PAGE = Path(str(files("pinpoint3d"))) / "server" / "static" / "index.html"
PATIENCE = 120_000  # milliseconds; two cores draw the picture, run the model and the test


@dataclass
class Server:
    """`pinpoint3d studio` in a process of its own."""

    data: Path
    arguments: tuple[str, ...]
    address: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        port = re.search(r":(\d+)/", self.address)
        self.process = subprocess.Popen(
            [*COMMAND, *self.arguments, "--no-browser", "--data", str(self.data), "--port", port[1] if port else "0"],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert self.process.stdout
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                self.address = found[0]
                break
        while self.process.poll() is None:
            with suppress(OSError):
                urlopen(f"{self.address}api/health").close()
                return
            time.sleep(0.05)
        raise AssertionError(f"the server ended with {self.process.returncode}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        assert self.process
        self.process.send_signal(how)
        self.process.wait(30)
        assert self.process.stdout
        self.process.stdout.close()


@dataclass
class Person:
    """Somebody at the page; places are points of the scan, found in the picture by asking the page."""

    page: Any
    scene: Scene
    truth: Hierarchy

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.page.get_by_test_id("hint").wait_for()
        self.page.wait_for_function("pinpoint3d.pick(100, 100) !== null")
        if self.page.get_by_test_id("end-tour").is_visible():
            self.page.get_by_test_id("end-tour").click()

    def rows_of(self, name: str | None, part: str | None = None) -> Any:
        """The points of a true object or of a part of it; of the background without a name."""
        if name is None:
            return np.flatnonzero(self.truth.object == 0)
        object_id = next(key for key, each in self.truth.object_names.items() if each == name)
        rows = self.truth.object == object_id
        if part is not None:
            names = {p: each for (o, p), each in self.truth.part_names.items() if o == object_id}
            rows &= self.truth.part == next(key for key, each in names.items() if each == part)
        return np.flatnonzero(rows)

    def spot(self, name: str | None, part: str | None = None, skip: int = 0) -> tuple[float, float]:
        """A pixel of the page at which a point of a true object or part is seen, well inside of it."""
        rows = self.rows_of(name, part)
        centre = np.median(self.scene.xyz[rows], axis=0)
        rows = rows[np.argsort(np.linalg.norm(self.scene.xyz[rows] - centre, axis=1))][:: max(1, len(rows) // 150)]
        seen = self.page.evaluate(
            """points => points.map(([row, ...xyz]) => {
                const at = pinpoint3d.onScreen(xyz);
                return pinpoint3d.pick(at.x, at.y) === row ? [at.x, at.y] : null;
            })""",
            [[int(row), *self.scene.xyz[row].tolist()] for row in rows],
        )
        found = [place for place in seen if place]
        assert len(found) > skip, f"{name} {part or ''} is not seen"
        box = self.page.get_by_test_id("canvas").bounding_box()
        x, y = found[skip]
        return box["x"] + x, box["y"] + y

    def project(self, name: str) -> list[float]:
        """Where the middle of a true object lies in the picture."""
        centre = np.median(self.scene.xyz[self.rows_of(name)], axis=0).tolist()
        return self.page.evaluate("xyz => { const at = pinpoint3d.onScreen(xyz); return [at.x, at.y]; }", centre)

    def pick_all(self) -> dict[int, int]:
        """The points seen at places all over the picture, with their labels."""
        seen = self.page.evaluate(
            """() => {
                const found = [];
                for (let x = 60; x < 940; x += 20) for (let y = 20; y < 720; y += 20) {
                    const row = pinpoint3d.pick(x, y);
                    if (row !== undefined) found.push(row);
                }
                return found;
            }"""
        )
        labels = self.labels()
        return {row: labels[row] for row in seen}

    def click(self, place: tuple[float, float], *keys: str, double: bool = False) -> None:
        for key in keys:
            self.page.keyboard.down(key)
        (self.page.mouse.dblclick if double else self.page.mouse.click)(*place)
        for key in keys:
            self.page.keyboard.up(key)
        self.saved()

    def drag(self, *places: tuple[float, float]) -> None:
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=6)
        self.page.mouse.up()
        self.page.wait_for_timeout(100)
        self.saved()

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)
        self.saved()

    def saved(self) -> None:
        """Wait until everything is answered."""
        self.page.locator("[data-testid=saved][data-state=saved]").wait_for()

    def points(self, label: int) -> int:
        """How many points carry a label in the picture."""
        return int((np.array(self.labels()) == label).sum())

    def labels(self) -> list[int]:
        """The label of every point; as text, since a browser under remote control hands numbers over one by one."""
        text = self.page.evaluate(
            """() => {
                const bytes = new Uint8Array(Uint16Array.from(pinpoint3d.labels()).buffer);
                let text = "";
                for (let at = 0; at < bytes.length; at += 0x8000)
                    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
                return btoa(text);
            }"""
        )
        return np.frombuffer(base64.b64decode(text), dtype=np.uint16).tolist()

    def tree(self) -> list[str]:
        """Names in the tree, in order."""
        return self.page.locator("[role=treeitem] .name").all_text_contents()

    def markers(self) -> int:
        return self.page.locator(".marker").count()

    def shot(self, name: str) -> None:
        """Keep a picture of the page where STUDIO_SHOTS names a folder."""
        if folder := os.environ.get("STUDIO_SHOTS"):
            self.page.screenshot(path=f"{folder}/{name}.png")


@pytest.fixture(scope="session")
def sample() -> tuple[Scene, Hierarchy]:
    return load_labelled(Path(str(files("pinpoint3d"))) / "assets" / "sample_room.ply")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server with further arguments; "geodesic" reads a scan faster where masks are not what is tested."""
    started: list[Server] = []

    def start(*arguments: str, model: str = "pinpoint3d") -> Server:
        server = Server(tmp_path / "data", ("--model", model, *arguments))
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        if server.process and server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    if not PAGE.exists():
        pytest.skip("the page is not built")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def person(chromium: Any, sample: tuple[Scene, Hierarchy]) -> Iterator[Callable[[], Person]]:
    """Somebody with a browser of their own; what the page reports as an error fails the test."""
    contexts = []
    mistakes: list[str] = []

    def arrive() -> Person:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        return Person(page, *sample)

    yield arrive
    for context in contexts:
        context.close()
    assert mistakes == []
