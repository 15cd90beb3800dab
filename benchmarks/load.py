"""Twenty clients on one server for five minutes: no lost click, no untyped error, memory flat once leases end.

    python benchmarks/load.py
    python benchmarks/load.py --minutes 0.5 --clients 5

Starts the server as a process of its own. Every client works on one scene after another: it leases, clicks, paints,
undoes, previews and releases. Afterwards the event log is compared with what was sent, command by command. There are
fewer places than clients, so typed capacity answers are part of the work.
"""

import argparse
import collections
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx2
import numpy as np
from rich.console import Console

from pinpoint3d.io import save_scene
from pinpoint3d.scene import Scene
from pinpoint3d.session.points import pack

POINTS = 50_000


class Client:
    """One annotator: what was sent and accepted, by scene, and how the server answered."""

    def __init__(self, address: str, number: int) -> None:
        self.http = httpx2.Client(base_url=f"{address}/api", timeout=120)
        self.name = f"client-{number}"
        self.rng = np.random.default_rng(number)
        self.accepted: dict[str, list[str]] = collections.defaultdict(list)
        self.answers: collections.Counter[str] = collections.Counter()
        self.seconds: list[float] = []

    def work(self, scenes: list[str], until: float) -> None:
        """Annotate one scene after another until the time is up."""
        while time.monotonic() < until:
            scene = str(self.rng.choice(scenes))
            lease = self.http.post(f"/scenes/{scene}/lease", json={"owner": self.name, "client": self.name})
            if not lease.is_success:
                self.count(lease)
                time.sleep(0.2)
                continue
            session = lease.json()["session"]
            for _ in range(int(self.rng.integers(5, 20))):
                self.command(session, scene)
                if time.monotonic() > until:
                    break
            self.count(self.http.post(f"/sessions/{session}/release"))
        self.http.close()

    def command(self, session: str, scene: str) -> None:
        """Send one command, or a preview."""
        point, kind = int(self.rng.integers(POINTS)), self.rng.random()
        if kind < 0.2:
            asked = {"point": point, "object": 1}
            self.count(self.http.post(f"/sessions/{session}/preview", json=asked))
            return
        command: dict[str, object] = {"do": "add_click", "point": point, "object": int(self.rng.integers(1, 6))}
        if kind > 0.9:
            command = {"do": "undo"}
        elif kind > 0.7:
            rows = np.unique(self.rng.integers(0, POINTS, 500))
            command = {"do": "paint", "object": int(self.rng.integers(1, 6)), "points": pack(rows)}
        command["id"] = f"{self.name}-{self.rng.integers(2**60)}"
        started = time.perf_counter()
        response = self.http.post(f"/sessions/{session}/commands", json=command)
        self.seconds.append(time.perf_counter() - started)
        self.count(response)
        if response.is_success:
            self.accepted[scene].append(str(command["id"]))

    def count(self, response: httpx2.Response) -> None:
        self.answers["ok" if response.is_success else f"{response.status_code} {response.json()['code']}"] += 1


def main() -> None:
    """Run, and exit with 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--scenes", type=int, default=24)
    parser.add_argument("--capacity", type=int, default=12)
    options = parser.parse_args()
    console = Console(soft_wrap=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "scans").mkdir()
        rng = np.random.default_rng(0)
        for k in range(options.scenes):
            xyz = rng.uniform(0, 3, (POINTS, 3)).astype(np.float32)
            save_scene(folder / "scans" / f"{k:02}.ply", Scene(f"{k:02}", xyz))
        server, address = start(folder, options.capacity)
        try:
            clients = [Client(address, k) for k in range(options.clients)]
            scenes = [scene["id"] for scene in clients[0].http.get("/scenes").json()]
            until = time.monotonic() + 60 * options.minutes
            threads = [threading.Thread(target=client.work, args=(scenes, until)) for client in clients]
            memory = []
            for thread in threads:
                thread.start()
            while any(thread.is_alive() for thread in threads):
                time.sleep(1)
                memory.append(resident(server.pid))
            time.sleep(1)
            left = resident(server.pid)
            alive = httpx2.get(f"{address}/api/health").json()
        finally:
            server.terminate()
            server.communicate()
        answers = sum((client.answers for client in clients), collections.Counter())
        lost, foreign = compare(folder / "data" / "studio.db", clients)
    seconds = np.array([second for client in clients for second in client.seconds])
    half = len(memory) // 2
    console.print(f"answers: {dict(answers)}")
    console.print(f"commands: median {np.median(seconds):.3f} s, 95th percentile {np.percentile(seconds, 95):.3f} s")
    console.print(f"accepted commands that the log lacks: {lost}; logged ones that nobody sent: {foreign}")
    console.print(
        f"memory in MB: {np.median(memory[:half]):.0f} in the first half, {np.median(memory[half:]):.0f} then, "
        f"{left:.0f} with all leases ended; scenes left in memory: {alive['sessions']}"
    )
    untyped = [key for key in answers if key.startswith("5") and key != "503 capacity"]
    sys.exit(bool(lost or foreign or untyped or alive["sessions"]))


def start(folder: Path, capacity: int) -> tuple[subprocess.Popen[str], str]:
    """The server, and its address."""
    code = "from pinpoint3d.cli import main; main()"
    options = ["--no-browser", "--port", "0", "--data", str(folder / "data"), "--capacity", str(capacity)]
    command = [sys.executable, "-c", code, "studio", str(folder / "scans"), *options, "--model", "voronoi"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"COLUMNS": "500"})
    assert server.stdout is not None
    found = re.search(r"http://\S+", server.stdout.readline())
    assert found is not None
    address = found[0].rstrip("/")
    httpx2.get(f"{address}/api/health", timeout=60)
    return server, address


def resident(process: int) -> float:
    """Memory a process holds, in MB; Linux alone tells."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else float("nan")


def compare(database: Path, clients: list[Client]) -> tuple[int, int]:
    """How many accepted commands the log lacks or has in another order, and how many it has that nobody sent."""
    lost = foreign = 0
    with sqlite3.connect(database) as log:
        for (scene,) in log.execute("select id from scene").fetchall():
            rows = log.execute("select command_id from event where scene_id = ? order by place", (scene,)).fetchall()
            logged = [command for (command,) in rows]
            sent = {command for client in clients for command in client.accepted[scene]}
            lost += len(sent - set(logged))
            foreign += len(set(logged) - sent)
            for client in clients:
                own = set(client.accepted[scene])
                lost += [command for command in logged if command in own] != client.accepted[scene]
    return lost, foreign


if __name__ == "__main__":
    main()
