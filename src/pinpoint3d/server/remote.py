"""A session whose scene and model are on a server; the same surface as one in this process."""

import getpass
import secrets
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2
import numpy as np

from pinpoint3d.arrays import AnyArray, Float32, Int64, UInt16
from pinpoint3d.errors import ClickError, FileError, PinPointError
from pinpoint3d.io import atomic_path, save_labels
from pinpoint3d.prompts import Click, ClickSet, TargetStatus
from pinpoint3d.scene import Hierarchy, Scene
from pinpoint3d.server import frames, wire
from pinpoint3d.session import ClickRequest, SessionSurface, TargetSummary
from pinpoint3d.session.exports import export_of
from pinpoint3d.session.points import from_bits, pack
from pinpoint3d.session.state import State
from pinpoint3d.session.surface import three
from pinpoint3d.session.targets import Target

_TIMEOUT_S = 600.0  # encoding a large scene takes its time


class RemoteSession(SessionSurface):
    """A scene of a server, held by a lease until `close`; what can be done to it is told in `SessionSurface`.

    Args:
        server: address of the server, as `http://localhost:8000`.
        scan: a scan of this machine, which is sent; or the id of a scene of the server's queue.
        owner: what others see as who holds the scene; by default the user's name.
        token: what the server asks for, if it does.
        up: as in `load_scene`, for a scan that is sent.
        unit: as in `load_scene`, for a scan that is sent.
        client: what sends the requests; by default one that waits ten minutes for an answer.

    Raises:
        PinPointError: the server does not answer, is full, or refuses; the scene is held by somebody else.
        FileError: the scan is not there, or cannot be read by the server.
    """

    def __init__(
        self,
        server: str,
        scan: str | Path,
        *,
        owner: str | None = None,
        token: str | None = None,
        up: str | None = None,
        unit: str = "m",
        client: httpx2.Client | None = None,
    ) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = client or httpx2.Client(base_url=server.rstrip("/"), headers=headers, timeout=_TIMEOUT_S)
        scene = self._scene_id(scan, up, unit)
        asked = {"owner": owner or getpass.getuser(), "client": secrets.token_hex(16)}
        lease = self._json("POST", f"/scenes/{scene}/lease", asked)
        self._address = f"/sessions/{lease['session']}"
        header, arrays = self._frame("GET", f"{self._address}/geometry")
        self.scene = Scene(
            lease["scene"]["name"],
            np.array(arrays["xyz"]),
            np.array(header["origin"]),
            rgb=arrays.get("rgb"),
            normal=(arrays["normal"] / np.float32(127)).astype(np.float32) if "normal" in arrays else None,
            faces=arrays["faces"].astype(np.int32) if "faces" in arrays else None,
        )
        self._told: wire.State
        self._labels: UInt16
        self._base: int
        self._read_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the scene back; the work stays on the server."""
        self._ask("POST", f"{self._address}/release")
        self._http.close()

    @property
    def state(self) -> State:
        rows = self._told.targets
        clicks = [Click(row.xyz, row.object, row.part, row.positive) for row in self._told.clicks]
        names = {(row.object, row.part or 0): row.name for row in rows}
        return State(ClickSet.of(clicks), names, locked={(r.object, r.part or 0): () for r in rows if r.locked})

    @property
    def model_name(self) -> str:
        return str(self._json("GET", "/health")["model"])

    def prepare(self) -> str:
        self._read_all()
        return f"{self.model_name} at {self._http.base_url}: {len(self.scene):,} points prepared"

    def _add(self, requests: Sequence[ClickRequest], source: Path | None) -> None:
        for i, request in enumerate(requests):
            last = i == len(requests) - 1
            try:
                local = three((np.array(request.xyz) - self.scene.origin).tolist())
                self._do(
                    "add_click",
                    answer=last,
                    xyz=local,
                    object=request.object,
                    part=request.part,
                    positive=request.positive,
                )
            except ClickError as error:
                for _ in range(i):  # none is made if one is faulty
                    self._do("undo")
                if source is None:
                    raise
                raise FileError(source, f"clicks[{i}]: {error}") from error

    def move(self, place: int, xyz: Sequence[float]) -> None:
        self._do("move_click", place=place, xyz=three((np.array(three(xyz)) - self.scene.origin).tolist()))

    def remove(self, place: int) -> None:
        self._do("remove_click", place=place)

    def reassign(
        self, place: int, object: str | int | None = None, part: str | int | None = None, *, positive: bool = True
    ) -> None:
        self._do("reassign_click", place=place, object=object, part=part, positive=positive)

    def rename(self, object: str | int, part: str | int | None = None, *, to: str) -> None:
        self._do("rename", object=object, part=part, name=to)

    def create(self, object: str | int | None = None, part: str | int | None = None) -> Target:
        before = set(self.state.targets())
        self._do("create", object=object, part=part)
        return max(set(self.state.targets()) - before)

    def paint(
        self,
        rows: Int64 | Sequence[int],
        object: str | int | None = None,
        part: str | int | None = None,
        *,
        erase: bool = False,
    ) -> None:
        self._do("paint", object=object, part=part, points=pack(np.asarray(rows, dtype=np.int64)), erase=erase)

    def lock(self, object: str | int, part: str | int | None = None) -> None:
        self._do("lock", object=object, part=part)

    def unlock(self, object: str | int, part: str | int | None = None) -> None:
        self._do("unlock", object=object, part=part)

    def import_labels(self, labels: Hierarchy) -> None:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder:
            path = Path(folder) / "labels.json"
            save_labels(path, self.scene, labels)
            uploaded = self._upload(path, {"use": "labels"})
        self._do("import_labels", upload=uploaded["upload"])

    def undo(self) -> bool:
        possible = self._told.can_undo
        if possible:
            self._do("undo")
        return possible

    def redo(self) -> bool:
        possible = self._told.can_redo
        if possible:
            self._do("redo")
        return possible

    @property
    def masks(self) -> Hierarchy:
        rows = self._told.targets
        size = max((row.label for row in rows), default=1) + 1
        objects, parts = np.zeros((2, size), dtype=np.int32)
        objects[0] = parts[0] = -1
        for row in rows:
            objects[row.label], parts[row.label] = row.object, row.part or 0
        return Hierarchy(
            objects[self._labels],
            parts[self._labels],
            {row.object: row.name for row in rows if row.part is None},
            {(row.object, row.part): row.name for row in rows if row.part is not None},
        )

    @property
    def confidence(self) -> Float32:
        _, arrays = self._frame("GET", f"{self._address}/confidence")
        return (arrays["confidence"] / np.float32(255)).astype(np.float32)

    def candidate(self, request: ClickRequest) -> Int64:
        distance = np.linalg.norm(self.scene.world() - np.array(request.xyz), axis=1)
        asked = {
            "point": int(np.nanargmin(distance)),
            "object": request.object,
            "part": request.part,
            "positive": request.positive,
        }
        _, arrays = self._frame("POST", f"{self._address}/preview", asked)
        return from_bits(arrays["mask"], len(self.scene))

    def summary(self) -> list[TargetSummary]:
        return [
            TargetSummary(
                row.object,
                row.part,
                row.name,
                row.clicks,
                row.points,
                row.confidence,
                None if row.status is None else TargetStatus(row.status),
                row.locked,
            )
            for row in self._told.targets
        ]

    def save(self, path: str | Path) -> None:
        self._download(Path(path), "project")

    def export(self, path: str | Path) -> None:
        self._download(Path(path), export_of(Path(path)).id)

    def _do(self, what: str, *, answer: bool = True, **fields: Any) -> None:
        """Send a command; sent again under the same id where the connection broke."""
        command = {"do": what, "id": secrets.token_hex(8), "answer": answer, **fields}
        try:
            header, arrays = self._frame("POST", f"{self._address}/commands", command)
        except httpx2.TransportError:
            header, arrays = self._frame("POST", f"{self._address}/commands", command)
        told = _state(wire.Answer, header)
        if header["base"] != self._base:
            self._read_all()
            return
        self._told = told
        rows = from_bits(arrays["changed"], len(self.scene))
        self._labels[rows] = arrays["labels"]
        if told.current:
            self._base = told.revision

    def _read_all(self) -> None:
        header, arrays = self._frame("GET", f"{self._address}/labels")
        self._told = _state(wire.Labels, header)
        self._labels = np.array(arrays["labels"], dtype=np.uint16)
        self._base = self._told.revision

    def _scene_id(self, scan: str | Path, up: str | None, unit: str) -> str:
        path = Path(scan)
        if path.is_file():
            uploaded = self._upload(path, {"use": "scene", "up": up, "unit": unit})
            return str(uploaded["scene"]["id"])
        if isinstance(scan, str) and any(scene["id"] == scan for scene in self._json("GET", "/scenes")):
            return scan
        raise FileError(scan, "no such file, and no scene of the server")

    def _upload(self, path: Path, use: dict[str, Any]) -> Any:
        upload = self._json("POST", "/uploads", {"name": path.name, "size": path.stat().st_size})
        with path.open("rb") as file:
            for number in range(upload["chunks"]):
                self._ask("PUT", f"/uploads/{upload['id']}/chunks/{number}", content=file.read(upload["chunk_bytes"]))
        return self._json("POST", f"/uploads/{upload['id']}/finish", use)

    def _download(self, path: Path, format_id: str) -> None:
        content = self._ask("GET", f"{self._address}/export", params={"format": format_id}).content
        with atomic_path(path) as temporary:
            temporary.write_bytes(content)

    def _json(self, method: str, address: str, body: Any = None) -> Any:
        return self._ask(method, address, json=body).json()

    def _frame(self, method: str, address: str, body: Any = None) -> tuple[dict[str, Any], dict[str, AnyArray]]:
        return frames.decode(self._ask(method, address, json=body).content)

    def _ask(self, method: str, address: str, **request: Any) -> httpx2.Response:
        try:
            response = self._http.request(method, f"/api{address}", **request)
        except httpx2.ConnectError as error:
            raise PinPointError(f"no server answers at {self._http.base_url} ({error})") from error
        if response.is_success:
            return response
        try:
            problem = wire.Problem.model_validate_json(response.content)
        except ValueError:
            raise PinPointError(f"{self._http.base_url} is no server of this program") from None
        raise (ClickError if problem.code == "bad_command" else PinPointError)(problem.message)


def _state(kind: type[wire.State], header: dict[str, Any]) -> wire.State:
    return kind.model_validate(header)
