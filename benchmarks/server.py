"""What the server takes beside the model: commands on a scan of a million points, over loopback.

    python benchmarks/server.py --points 1000000

A command's time ends when its answer is decoded; the model's own share is what the answer says it was. Paint, undo and
rename ask no model.
"""

import argparse
import base64
import tempfile
import threading
import time
import zlib
from pathlib import Path

import httpx2
import numpy as np
import uvicorn
from rich.console import Console

from pinpoint3d.io import save_scene
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.server import frames
from pinpoint3d.server.app import make_app
from pinpoint3d.server.serve import bind, fill
from pinpoint3d.server.settings import ServerSettings


def room(points: int, rng: np.random.Generator) -> Scene:
    """A floor of 10 x 10 m with boxes on it, as many points on each."""
    boxes = 10
    each = points // (boxes + 1)
    clouds = [np.column_stack([rng.uniform(0, 10, (points - boxes * each, 2)), np.zeros(points - boxes * each)])]
    corners = [(k % 5 * 2 + 0.6, k // 5 * 4 + 2, 0) for k in range(boxes)]
    clouds += [rng.uniform(0, 0.8, (each, 3)) + corner for corner in corners]
    return Scene(
        "room", np.concatenate(clouds).astype(np.float32), rgb=rng.integers(0, 255, (points, 3), dtype=np.uint8)
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--model", default="voronoi")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        save_scene(Path(folder) / "room.ply", room(options.points, rng))
        settings = ServerSettings(data=Path(folder) / "data")
        app = make_app(settings, load_model(options.model))
        fill(app.state.studio, [Path(folder) / "room.ply"], None, "m")
        with bind("127.0.0.1", 0) as socket:
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
            thread = threading.Thread(target=server.run, args=([socket],))
            thread.start()
            with httpx2.Client(base_url=f"http://127.0.0.1:{socket.getsockname()[1]}/api", timeout=600) as http:
                measure(http, options.points, options.rounds, rng)
            server.should_exit = True
            thread.join()


def measure(http: httpx2.Client, points: int, rounds: int, rng: np.random.Generator) -> None:
    """Open the scene and give commands."""
    console = Console(soft_wrap=True)
    while not http.get("/health", timeout=60).is_success:
        time.sleep(0.1)
    scene = http.get("/scenes").json()[0]["id"]
    session = http.post(f"/scenes/{scene}/lease", json={"owner": "a", "client": "a"}).json()["session"]
    for what in ("geometry", "labels"):
        started = time.perf_counter()
        content = http.get(f"/sessions/{session}/{what}").content
        console.print(f"{what}: {time.perf_counter() - started:.2f} s, {len(content) / 1e6:.1f} MB")

    taken: dict[str, list[tuple[float, float, int]]] = {}

    def do(what: str, **fields: object) -> None:
        started = time.perf_counter()
        response = http.post(f"/sessions/{session}/commands", json={"do": what, **fields})
        header, arrays = frames.decode(response.content)
        total = 1000 * (time.perf_counter() - started)
        taken.setdefault(what, []).append((total, header["model_ms"], len(arrays["labels"])))

    do("add_click", point=0)
    for k in range(rounds):
        point = int(rng.integers(points // 11 * (1 + k % 10), points // 11 * (2 + k % 10)))
        do("add_click", point=point, object=f"box {k}")
    start = int(rng.integers(points // 2))
    for k in range(rounds):
        rows = start + k * 20_000 + np.flatnonzero(rng.random(20_000) < 0.5)
        mask = np.zeros(points, dtype=np.bool_)
        mask[rows[rows < points]] = True
        packed = zlib.compress(np.packbits(mask, bitorder="little").tobytes(), 1)
        do("paint", object=f"part {k}", points=base64.b64encode(packed).decode())
        do("rename", object=f"part {k}", name=f"thing {k}")
    for _ in range(3 * rounds):
        do("undo")
    console.print(f"\n{points:,} points; milliseconds, median (95th percentile)\n")
    console.print("| command | points changed | whole | model | beside the model |\n|---|---:|---:|---:|---:|")
    for what, rows in taken.items():
        whole, model, changed = np.array(rows).T
        figures = [f"{np.median(ms):.1f} ({np.percentile(ms, 95):.1f})" for ms in (whole, model, whole - model)]
        console.print(f"| {what} | {np.median(changed):,.0f} | {' | '.join(figures)} |")


if __name__ == "__main__":
    main()
