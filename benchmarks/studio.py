"""The studio in a browser: a click until its mask is painted, and what large scans cost.

    python benchmarks/studio.py                  clicks on the sample room, then 1 and 5 million points
    python benchmarks/studio.py --points 1       one million only
    python benchmarks/studio.py --clicks 0       no clicks

Chromium draws in software here, so frame times are compared with a bare three.js page of the same points, frame for
frame in the same run; both wait for their pixels. Needs Chromium and the development environment.
"""

import argparse
import functools
import http.server
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console

from pinpoint3d.io import load_scene

out = Console(highlight=False, soft_wrap=True)
STUDIO = Path(__file__).parents[1] / "studio"
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"]
SIZE = {"width": 1280, "height": 800}
ROUNDS = 3  # turns of each page about the scan, in turns

# Milliseconds from the release of the button to the second frame after the mask was written, and what the model took.
CLICK = """([x, y]) => new Promise(done => {
    const saved = document.querySelector('[data-testid=saved]'), canvas = document.querySelector('canvas');
    const box = canvas.getBoundingClientRect();
    const at = {clientX: box.left + x, clientY: box.top + y, pointerId: 1, bubbles: true};
    canvas.setPointerCapture = () => undefined;
    const seen = new MutationObserver(() => {
        if (saved.dataset.state !== 'saved') return;
        seen.disconnect();
        const written = performance.now();
        requestAnimationFrame(() => requestAnimationFrame(() => {
            const model = Number(document.querySelector('[data-testid=readout]').dataset.modelMs);
            done([performance.now() - started, written - started, model]);
        }));
    });
    seen.observe(saved, {attributes: true});
    canvas.dispatchEvent(new PointerEvent('pointerdown', at));
    const started = performance.now();
    canvas.dispatchEvent(new PointerEvent('pointerup', at));
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, nargs="*", default=[1, 5], metavar="MILLIONS")
    parser.add_argument("--clicks", type=int, default=40)
    parser.add_argument("--scan", type=Path, help="click on this scan instead of the sample room")
    parser.add_argument("--model", default="geodesic")
    options = parser.parse_args()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        if options.clicks:
            clicks(browser, options.clicks, options.scan, options.model)
        if options.points:
            with pages() as address:
                for millions in options.points:
                    large(browser, address, millions * 1_000_000)
        browser.close()


def clicks(browser: Browser, count: int, scan: Path | None, model: str) -> None:
    """Clicks at places all over a scan, each starting an object of its own, ten at a time."""
    with studio(scan, model) as address:
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(600_000)
        page.goto(address)
        page.get_by_test_id("hint").wait_for()
        page.get_by_test_id("preview").click()
        scene = load_scene(scan or Path(str(files("pinpoint3d"))) / "assets" / "sample_room.ply")
        times = [page.evaluate(CLICK, place) for place in places(page, scene.xyz, count)]
        page.close()
    whole, written, model_ms = np.array(times).T
    rest = written - model_ms
    out.print(f"\n{scene.name}, {len(scene.xyz):,} points, {model}, {count} clicks (ms)   median    p95")
    for name, values in (
        ("click to painted mask", whole),
        ("the model's own time", model_ms),
        ("the rest but the frame: server, transfer, recolouring", rest),
    ):
        out.print(f"  {name:55} {np.median(values):8.0f} {np.percentile(values, 95):6.0f}")


def places(page: Page, xyz: np.ndarray, count: int) -> Iterator[list[float]]:
    """Pixels at which points of the scan are seen; every tenth click begins anew, the others are for new objects."""
    rng = np.random.default_rng(0)
    made = 0
    for row in rng.permutation(len(xyz)):
        at = page.evaluate(
            """([row, ...xyz]) => {
                const at = pinpoint3d.onScreen(xyz);
                const beside = document.elementFromPoint(at.x, at.y + 52)?.tagName !== 'CANVAS';
                return pinpoint3d.pick(at.x, at.y) === row && !beside ? [at.x, at.y] : null;
            }""",
            [int(row), *xyz[row].tolist()],
        )
        if at is None:
            continue
        page.keyboard.press("n")
        yield at
        made += 1
        if made == count:
            return
        if made % 10 == 0:
            for _ in range(10):
                page.keyboard.press("Control+z")
            page.locator("[data-testid=saved][data-state=saved]").wait_for()
            page.wait_for_timeout(300)


def large(browser: Browser, address: str, points: int) -> None:
    """Loading, turning, picking and recolouring `points` points."""
    pages = {}
    for name in ("studio", "bare"):
        page = pages[name] = browser.new_page(viewport=SIZE)
        page.set_default_timeout(600_000)
        page.goto(f"{address}/{name}.html")
    loaded = pages["studio"].evaluate(f"bench.load({points})")
    bare_ms = pages["bare"].evaluate(f"bench.load({points}, {loaded['diameter']})")
    frames: dict[str, list[float]] = {"bare": [], "studio": [], "edges": []}
    for _ in range(ROUNDS):
        frames["bare"] += pages["bare"].evaluate("bench.orbit(4)")
        frames["studio"] += pages["studio"].evaluate("bench.orbit(4)")
        frames["edges"] += pages["studio"].evaluate("bench.orbit(4, true)")
    frame = {name: statistics.median(times) for name, times in frames.items()}
    picked = pages["studio"].evaluate("bench.picks(10)")
    changes = [pages["studio"].evaluate("bench.recolour(0.1)") for _ in range(3)]
    for page in pages.values():
        page.close()
    out.print(f"\n{points:,} points (ms)")
    out.print(f"  shown {loaded['shown']:.0f} (bare page {bare_ms:.0f}), can be picked after {loaded['indexed']:.0f}")
    times = {name: f"{frame[name]:.0f} ({frame[name] / frame['bare']:.2f} times)" for name in ("studio", "edges")}
    out.print(
        f"  frame while turning {times['studio']}, with shaded edges {times['edges']}, bare page {frame['bare']:.0f}"
    )
    middle, longest = statistics.median(picked["times"]), max(picked["times"])
    wrong = f"of {picked['hits']} that meet a point {picked['wrong']} differ from a search of all"
    out.print(f"  pick {middle:.2f}, longest {longest:.1f}; {wrong}")
    writes = [change["written"] for change in changes]
    out.print(f"  recolouring a tenth of the points: {statistics.median(writes):.0f} before the next frame is drawn")


@contextmanager
def studio(scan: Path | None, model: str) -> Iterator[str]:
    """A server of its own; its address."""
    with tempfile.TemporaryDirectory() as data:
        command = [
            sys.executable,
            "-c",
            "from pinpoint3d.cli import main; main()",
            "studio",
            "--no-browser",
            "--port",
            "0",
        ]
        command += ["--data", data, "--model", model, *([str(scan)] if scan else [])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        while process.poll() is None:
            with suppress(OSError):
                urlopen(f"{address}api/health").close()
                break
            time.sleep(0.05)
        yield address
        process.terminate()
        process.wait()


@contextmanager
def pages() -> Iterator[str]:
    """The two pages of studio/bench, built and served; their address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    with tempfile.TemporaryDirectory() as built:
        vite = STUDIO / "node_modules" / "vite" / "bin" / "vite.js"
        command = [
            node,
            str(vite),
            "build",
            "--config",
            "bench/vite.config.ts",
            "--outDir",
            built,
            "--logLevel",
            "error",
        ]
        subprocess.run(command, cwd=STUDIO, check=True)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=built))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


if __name__ == "__main__":
    main()
