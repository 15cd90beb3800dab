"""The studio in a browser: a click until its mask is painted, and what large scans cost.

    python benchmarks/studio.py                        clicks on the sample room, then scans of 1 and 5 million points
    python benchmarks/studio.py --points 1000000       the sample room, then one million only
    python benchmarks/studio.py --points --clicks 100  the sample room only

It may be run in pieces, whose figures are put together: `--clicks 0` leaves the sample room out, `--clicks-large 0` the
clicks on larger scans, `--no-viewer` their comparison with the bare page, which `--frames 2` makes shorter.

A large scan is the sample room with so many points on its surfaces. It is opened and clicked in the studio as a person
would; then the studio's viewer turns, picks and recolours as many points of a made-up scan beside a bare three.js page.
Chromium draws in software here, so frames are told apart from all else and compared with those of the bare page, frame
for frame in the same run; both wait for their pixels. Needs Chromium and the development environment. Figures are
written as JSON, named after the processor.
"""

import argparse
import json
import os
import statistics
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from scipy.spatial import KDTree
from speed import processor, processor_stem
from studio_pages import FLAGS, SIZE, bench_pages, clicked, opened, studio

from pinpoint3d.io import load_scene, save_scene
from pinpoint3d.scene import Scene

out = Console(highlight=False, soft_wrap=True)
CLICKED = (
    ("whole", "click to painted mask"),
    ("model", "the model's own time"),
    ("frame", "the frame"),
    ("rest", "the rest"),
    ("before", "  of it before the request: picking"),
    ("server", "  of it server and transfer"),
    ("after", "  of it after the answer: decoding, recolouring, panels"),
)


def main() -> None:
    """Measure, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, nargs="*", default=[1_000_000, 5_000_000])
    parser.add_argument("--clicks", type=int, default=40, help="on the sample room")
    parser.add_argument("--clicks-large", type=int, default=20, help="on every larger scan")
    parser.add_argument("--viewer", action=argparse.BooleanOptionalAction, default=True, help="the bare page as well")
    parser.add_argument("--frames", type=int, default=4, help="of a turn of each page about the scan, at least 2")
    parser.add_argument("--model", default="geodesic")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / f"studio-{processor_stem()}.json"
    figures: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    figures["machine"] = {"processor": processor(), "cores": os.cpu_count()}
    room = load_scene(Path(str(files("pinpoint3d"))) / "assets" / "sample_room.ply")
    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for points in [0, *options.points]:
            clicks = options.clicks_large if points else options.clicks
            if not clicks and not (points and options.viewer):
                continue
            own = figures.setdefault(f"{points or len(room)} points", {})
            if clicks:
                scan = dense(room, points) if points else room
                own[f"clicks, {options.model}"] = click(browser, scan, clicks, options.model, Path(folder))
            if points and options.viewer:
                with bench_pages() as address:
                    own["viewer"] = large(browser, address, points, options.frames)
            path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        browser.close()


def dense(room: Scene, points: int) -> Scene:
    """A scan with `points` points: each somewhere between a point of the room and one of its next."""
    rng = np.random.default_rng(0)
    near = KDTree(room.xyz).query(room.xyz, k=5)[1]
    rows = np.arange(points) % len(room)
    other = near[rows, rng.integers(5, size=points)]
    share = rng.random((points, 1), dtype=np.float32)
    assert room.rgb is not None
    return Scene("dense", room.xyz[rows] + share * (room.xyz[other] - room.xyz[rows]), rgb=room.rgb[rows])


def click(browser: Browser, scan: Scene, count: int, model: str, folder: Path) -> dict[str, Any]:
    """Open a scan in the studio and click on it."""
    path = folder / f"{scan.name}.ply"
    save_scene(path, scan)
    with studio(path, model) as address:
        page, opening = opened(browser, address)
        times = clicked(page, load_scene(path).xyz, count)
        page.close()
    out.print(f"\n{len(scan):,} points in the studio")
    text = "scan sent after {sent_s:.1f} s, encoded by the model after {encoded_s:.1f} s, open after {open_s:.1f} s"
    out.print(f"  {text.format(**opening)}")
    out.print(f"  {f'{count} clicks, {model} (ms)':58} median    p95")
    figures = {}
    for name, text in CLICKED:
        median, p95 = np.percentile(times[name], (50, 95)).round(1).tolist()
        figures[name] = {"median_ms": median, "p95_ms": p95}
        out.print(f"  {text:58} {median:6.0f} {p95:6.0f}")
    return {"opening": {name: round(value, 2) for name, value in opening.items()}, "count": count, **figures}


def large(browser: Browser, address: str, points: int, count: int) -> dict[str, Any]:
    """Showing, turning by `count` frames, picking and recolouring `points` points."""
    pages = {}
    for name in ("studio", "bare"):
        page = pages[name] = browser.new_page(viewport=SIZE)
        page.set_default_timeout(600_000)
        page.goto(f"{address}/{name}.html")
    loaded = pages["studio"].evaluate(f"bench.load({points})")
    bare_ms = pages["bare"].evaluate(f"bench.load({points}, {loaded['diameter']})")
    frames: dict[str, list[float]] = {
        "bare": pages["bare"].evaluate(f"bench.orbit({count})"),
        "studio": pages["studio"].evaluate(f"bench.orbit({count})"),
        "edges": pages["studio"].evaluate(f"bench.orbit({count}, true)"),
    }
    frame = {name: statistics.median(times) for name, times in frames.items()}
    picked = pages["studio"].evaluate("bench.picks(10)")
    writes = [pages["studio"].evaluate("bench.recolour(0.1)") for _ in range(count - 1)]
    for page in pages.values():
        page.close()
    pick = {"median_ms": statistics.median(picked["times"]), "longest_ms": max(picked["times"])}
    recolour = {name: statistics.median(each[name] for each in writes) for name in ("written", "taken", "frame")}
    out.print(f"\n{points:,} points in the viewer (ms)")
    out.print(
        f"  shown after {loaded['shown']:.0f} (bare page {bare_ms:.0f}), can be picked after {loaded['indexed']:.0f}, "
        f"in which the page stood still for {loaded['stalled']:.0f} at most"
    )
    times = {name: f"{frame[name]:.0f} ({frame[name] / frame['bare']:.2f} times)" for name in ("studio", "edges")}
    out.print(
        f"  frame while turning {times['studio']}, with shaded edges {times['edges']}, bare page {frame['bare']:.0f}"
    )
    wrong = f"of {picked['hits']} that meet a point {picked['wrong']} differ from a search of all"
    out.print(f"  pick {pick['median_ms']:.2f}, longest {pick['longest_ms']:.1f}; {wrong}")
    out.print(
        f"  recolouring a tenth of the points: {recolour['written']:.1f} until they are handed to the graphics card, "
        f"{recolour['taken']:.1f} until it has them, its frame {recolour['frame']:.0f} longer than those around it"
    )
    return {
        "shown_ms": {"studio": loaded["shown"], "bare": bare_ms},
        "indexed_ms": loaded["indexed"],
        "stalled_ms": loaded["stalled"],
        "frame_ms": frame,
        "pick": pick | {"hits": picked["hits"], "wrong": picked["wrong"]},
        "recolour_ms": recolour,
    }


if __name__ == "__main__":
    main()
