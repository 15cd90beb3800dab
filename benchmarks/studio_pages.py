"""A studio server and the pages of studio/bench for the benchmark of the studio, and what is done on them."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser, Page

STUDIO = Path(__file__).parents[1] / "studio"
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]
SIZE = {"width": 1280, "height": 800}

# Milliseconds of one click: from the release of the button to the request, from there to the end of its answer, from
# there until the answer is written, from there until the pixels are there; and what the model took.
_CLICK = """async ([x, y]) => {
    const saved = document.querySelector('[data-testid=saved]'), canvas = document.querySelector('canvas');
    const gl = canvas.getContext('webgl2'), frame = () => new Promise(requestAnimationFrame);
    const drawn = () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    const box = canvas.getBoundingClientRect();
    const at = {clientX: box.left + x, clientY: box.top + y, pointerId: 1, bubbles: true};
    canvas.setPointerCapture = () => undefined;
    await frame();
    await frame();
    drawn();
    performance.clearResourceTimings();
    const written = new Promise(done => {
        const seen = new MutationObserver(() => {
            if (saved.dataset.state !== 'saved') return;
            seen.disconnect();
            done(performance.now());
        });
        seen.observe(saved, {attributes: true});
    });
    canvas.dispatchEvent(new PointerEvent('pointerdown', at));
    const started = performance.now();
    canvas.dispatchEvent(new PointerEvent('pointerup', at));
    const applied = await written;
    await frame();
    drawn();
    const painted = performance.now();
    const sent = performance.getEntriesByType('resource').find(each => each.name.endsWith('/commands'));
    const model = Number(document.querySelector('[data-testid=readout]').dataset.modelMs);
    return [sent.startTime - started, sent.responseEnd - sent.startTime, applied - sent.responseEnd, painted - applied,
        model];
}"""

# Where a row of the scan lies in the picture, if a click there is a click on it and on nothing else.
_PLACE = """([row, ...xyz]) => {
    const at = pinpoint3d.onScreen(xyz);
    const beside = [0, 52].some(dy => document.elementFromPoint(at.x, at.y + dy)?.tagName !== 'CANVAS');
    return pinpoint3d.pick(at.x, at.y) === row && !beside ? [at.x, at.y] : null;
}"""

# Seconds from the start of the navigation: when the scan has come, when the model's labels have, and now.
_OPENED = """() => {
    const end = name => performance.getEntriesByType('resource').find(each => each.name.endsWith(name)).responseEnd;
    return [end('/geometry'), end('/labels'), performance.now()].map(ms => ms / 1000);
}"""


def opened(browser: Browser, address: str) -> tuple[Page, dict[str, float]]:
    """The studio with its scan open, and in how many seconds it came to that."""
    page = browser.new_page(viewport=SIZE)
    page.set_default_timeout(600_000)
    page.goto(address)
    page.get_by_test_id("hint").wait_for()
    return page, dict(zip(("sent_s", "encoded_s", "open_s"), page.evaluate(_OPENED), strict=True))


def clicked(page: Page, xyz: np.ndarray, count: int) -> dict[str, list[float]]:
    """Milliseconds of `count` clicks at places all over a scan, each on an object of its own, ten at a time."""
    rng = np.random.default_rng(0)
    times: list[list[float]] = []
    for row in rng.permutation(len(xyz)):
        if len(times) == count:
            break
        at = page.evaluate(_PLACE, [int(row), *xyz[row].tolist()])
        if at is None:
            continue
        page.keyboard.press("n")
        times.append(page.evaluate(_CLICK, at))
        if len(times) % 10 == 0:
            for _ in range(10):
                page.keyboard.press("Control+z")
            page.locator("[data-testid=saved][data-state=saved]").wait_for()
            page.wait_for_timeout(300)
    before, exchange, after, frame, model = np.array(times).T
    rest = before + exchange - model + after
    named = {"model": model, "before": before, "server": exchange - model, "after": after, "rest": rest, "frame": frame}
    return {name: values.tolist() for name, values in (named | {"whole": rest + model + frame}).items()}


@contextmanager
def studio(scan: Path, model: str) -> Iterator[str]:
    """A server of its own with one scan; its address."""
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-c", "from pinpoint3d.cli import main; main()", "studio", str(scan)]
        command += ["--no-browser", "--port", "0", "--data", data, "--model", model]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        while process.poll() is None:
            with suppress(OSError):
                urlopen(f"{address}api/health").close()
                break
            time.sleep(0.05)
        try:
            yield address
        finally:
            process.terminate()
            process.wait()


@contextmanager
def bench_pages() -> Iterator[str]:
    """The two pages of studio/bench, built and served; their address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    vite = STUDIO / "node_modules" / "vite" / "bin" / "vite.js"
    with tempfile.TemporaryDirectory() as built:
        command = [str(node), str(vite), "build", "--config", "bench/vite.config.ts"]
        subprocess.run([*command, "--outDir", built, "--logLevel", "error"], cwd=STUDIO, check=True)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=built))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
