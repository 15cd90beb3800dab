"""The server without its HTTP: scenes, leases and sessions, and what is asked of them."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool

from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.io import load_labels, load_scene
from pinpoint3d.scene import Hierarchy
from pinpoint3d.segmenters import Segmenter
from pinpoint3d.server import wire
from pinpoint3d.server.leases import Held, Leases
from pinpoint3d.server.live import Live, geometry
from pinpoint3d.server.places import SCANS, Places
from pinpoint3d.server.problems import RefusedError
from pinpoint3d.server.settings import ServerSettings
from pinpoint3d.server.store import Event, Store
from pinpoint3d.server.tables import SceneRow
from pinpoint3d.server.uploads import Uploads
from pinpoint3d.server.worker import Worker
from pinpoint3d.session import bundle
from pinpoint3d.session.commands import to_json

_LOG = logging.getLogger(__name__)
_SWEEP_S = 5.0
T = TypeVar("T")


@dataclass
class Slot:
    """A place in memory for one scene.

    Attributes:
        live: the scene once it is loaded.
        lock: held while a command is carried out and answered, so that commands are answered in order.
        loading: held while the scene is read, so that it is read once; who wants the scan alone waits for no answer.
    """

    live: Live | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)


class Studio:
    """Everything a server does. Methods run in the event loop and raise `RefusedError` or `PinPointError`."""

    def __init__(self, settings: ServerSettings, model: Segmenter[Any]) -> None:
        """Open the data folder. Raises FileError when it cannot be made."""
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileError(settings.data, f"cannot be made: {error.strerror}") from error
        self.settings = settings
        self.model = model
        self.store = Store(settings.database_url)
        self.uploads = Uploads(settings)
        self.places = Places(settings.allow)
        self.leases = Leases(self.store, settings.idle_s)
        self.worker = Worker("inference")
        self.slots: dict[str, Slot] = {}
        self.counts = dict.fromkeys(("commands", "previews", "superseded", "refused"), 0)

    def close(self) -> None:
        """End the worker and close the database."""
        self.worker.close()
        self.store.close()

    async def sweep(self) -> None:
        """Free the memory of scenes whose leases have ended, for as long as the server runs."""
        while True:
            await asyncio.sleep(min(_SWEEP_S, self.settings.idle_s / 2))
            await self.note_progress()
            self.free_idle()

    async def note_progress(self) -> None:
        """Note how far the scenes in memory are; what they hold is in the log already."""
        made = {scene_id: slot.live.progress for scene_id, slot in self.slots.items() if slot.live is not None}
        await run_in_threadpool(self.store.note_progress, made)

    def free_idle(self) -> None:
        """Free the memory of scenes whose leases have ended."""
        for scene_id in self.leases.idle():
            slot = self.slots.get(scene_id)
            if slot is not None and not slot.lock.locked():
                del self.slots[scene_id]

    # Scenes

    def told(self, row: SceneRow) -> wire.Scene:
        """A scene as the queue shows it."""
        names = wire.Scene.model_fields.keys() - {"owner"}
        slot = self.slots.get(row.id)
        now = slot.live.progress if slot is not None and slot.live is not None else {}
        columns = {name: getattr(row, name) for name in names} | now
        return wire.Scene(owner=self.leases.owner(row.id), **columns)

    async def scenes(self) -> list[wire.Scene]:
        return [self.told(row) for row in await run_in_threadpool(self.store.scenes)]

    async def open_path(self, request: wire.OpenPath) -> wire.Scene:
        """Put a scan of an allowed folder into the queue."""
        path = await run_in_threadpool(self.places.scan, request.path)
        return self.told(await run_in_threadpool(self.store.add_scene, path, up=request.up, unit=request.unit))

    async def change(self, scene_id: str, request: wire.ChangeScene) -> wire.Scene:
        """Set state or name of a scene."""
        changes = request.model_dump(exclude_none=True)
        return self.told(await run_in_threadpool(lambda: self.store.change_scene(scene_id, **changes)))

    async def finish_upload(self, key: str, request: wire.FinishUpload) -> wire.Uploaded:
        """Put an upload together, and into the queue if it is a scan."""
        path = await run_in_threadpool(self.uploads.finish, key)
        if request.use == "labels":
            return wire.Uploaded(upload=key, scene=None)
        if path.suffix.lower() not in SCANS:
            raise RefusedError("bad_file", f"a file {path.suffix} is no scan")
        row = await run_in_threadpool(lambda: self.store.add_scene(path, up=request.up, unit=request.unit))
        return wire.Uploaded(upload=key, scene=self.told(row))

    # Leases

    async def lease(self, scene_id: str, request: wire.LeaseRequest) -> wire.Lease:
        """Hold a scene, and a place in memory for it."""
        row = await run_in_threadpool(self.store.scene, scene_id)
        self._slot(scene_id)
        held = self.leases.take(scene_id, row.name, request)
        await run_in_threadpool(self.store.set_lease, scene_id, held)
        return wire.Lease(session=held.session, scene=self.told(row), idle_s=self.settings.idle_s)

    async def heartbeat(self, session: str) -> wire.Lease:
        """Keep a lease."""
        held = self.leases.hear(session)
        row = await run_in_threadpool(self.store.scene, held.row.scene_id)
        return wire.Lease(session=session, scene=self.told(row), idle_s=self.settings.idle_s)

    async def release(self, session: str) -> None:
        """Give a scene back and free its memory."""
        scene_id = self.leases.release(session)
        await self.note_progress()
        self.slots.pop(scene_id, None)
        await run_in_threadpool(self.store.set_lease, scene_id, None)

    # Sessions

    async def command(self, session: str, command: wire.Command, *, deflate: bool) -> bytes:
        """Carry a command out and answer what it changed; it is on disk before it is answered."""
        started = time.perf_counter()
        labels = (
            await run_in_threadpool(self._labels, command.upload) if isinstance(command, wire.ImportLabels) else None
        )
        held, slot = self._held(session)
        async with slot.lock:
            live = await self._live(held, slot)
            event = await self.worker.run(lambda: live.carry_out(command, labels))
            self.counts["commands"] += 1
            ask = command.answer or isinstance(command, wire.Refresh)
            logged = asyncio.create_task(self._log(held, slot, event))  # while the model works
            try:
                return await self._ask(self.worker.run(lambda: live.answer(started, ask=ask, deflate=deflate)))
            finally:
                await logged

    async def preview(self, session: str, request: wire.PreviewRequest) -> bytes:
        """What a click would do; only the newest of a session is answered."""
        _, _, live = await self.enter(session)
        self.counts["previews"] += 1
        try:
            return await self._ask(self.worker.run_newest(session, lambda: live.preview(request)))
        except RefusedError:
            self.counts["superseded"] += 1
            raise

    async def labels(self, session: str) -> bytes:
        """All labels; the first time of a scene its encoding as well."""
        started = time.perf_counter()
        return await self.with_live(session, lambda live: live.labels(started))

    async def geometry(self, session: str, *, quantised: bool) -> bytes:
        """The scan itself."""
        _, _, live = await self.enter(session)
        return await run_in_threadpool(lambda: geometry(live.session.scene, quantised=quantised))

    async def with_live(self, session: str, call: Callable[[Live], T]) -> T:
        """Run a call about a session on the device's thread."""
        held, slot = self._held(session)
        async with slot.lock:
            live = await self._live(held, slot)
            return await self._ask(self.worker.run(lambda: call(live)))

    async def enter(self, session: str) -> tuple[Held, Slot, Live]:
        """The lease, the place and the scene in memory of a session."""
        held, slot = self._held(session)
        return held, slot, await self._live(held, slot)

    def _held(self, session: str) -> tuple[Held, Slot]:
        held = self.leases.hear(session)
        return held, self._slot(held.row.scene_id)

    def _slot(self, scene_id: str) -> Slot:
        """The scene's place in memory. Raises RefusedError when all are taken by others."""
        if scene_id not in self.slots:
            self.free_idle()
            if len(self.slots) >= self.settings.capacity:
                self.counts["refused"] += 1
                raise RefusedError(
                    "capacity",
                    f"all {self.settings.capacity} places of this server are taken; try again in a while",
                    capacity=self.settings.capacity,
                    retry_after_s=30.0,
                )
            self.slots[scene_id] = Slot()
        return self.slots[scene_id]

    async def _live(self, held: Held, slot: Slot) -> Live:
        """The scene in memory, replayed from its log if it is not there."""
        async with slot.loading:
            if slot.live is None:
                row = await run_in_threadpool(self.store.scene, held.row.scene_id)
                try:
                    slot.live = await run_in_threadpool(self._load, row, held.row.owner)
                except BaseException:
                    if self.slots.get(row.id) is slot:
                        del self.slots[row.id]
                    raise
            return slot.live

    def _load(self, row: SceneRow, owner: str) -> Live:
        path = Path(row.path)
        log = self.store.events(row.id)
        if path.suffix.lower() == ".pp3d":
            saved = bundle.read(path)
            scene = saved.scene
            if not log:  # what the file's session did becomes the beginning of this one
                commands = saved.history.commands
                done = [Event("do", json.dumps(to_json(command))) for command in commands]
                undone = [Event("undo")] * (len(commands) - saved.history.cursor)
                if commands:
                    self.store.append(row.id, owner, [*done, *undone])
                    log = self.store.events(row.id)
        else:
            scene = load_scene(path, up=row.up, unit=row.unit)
        return Live(self.model, scene, log)

    async def _log(self, held: Held, slot: Slot, event: Event | None) -> None:
        """Put a command on disk; where that fails memory is forgotten, since the log is the truth."""
        if event is None:
            return
        try:
            await run_in_threadpool(self.store.append, held.row.scene_id, held.row.owner, [event])
        except BaseException:
            slot.live = None
            raise

    async def _ask(self, answer: Awaitable[T]) -> T:
        """Wait for an answer of the model; what fails there is the server's trouble, not the client's."""
        try:
            return await answer
        except (PinPointError, RefusedError):
            raise
        except Exception as error:
            _LOG.exception("the model failed")
            raise RefusedError(
                "unavailable", f"the model failed ({type(error).__name__}); your work is kept"
            ) from error

    def _labels(self, upload: str) -> Hierarchy:
        path = self.uploads.path(upload)
        if path.suffix.lower() != ".pp3d":
            return load_labels(path)
        return bundle.read(path).labels()
