"""Who works on which scene. A lease ends by itself when nothing is heard of its owner; work is kept either way."""

import secrets
import time
from dataclasses import dataclass

from pinpoint3d.server import wire
from pinpoint3d.server.problems import leased, missing
from pinpoint3d.server.store import Store
from pinpoint3d.server.tables import LeaseRow


@dataclass
class Held:
    """A scene in somebody's hands.

    Attributes:
        row: as it is stored.
        heard: `time.monotonic()` when the owner was heard of last; a restart counts as that.
    """

    row: LeaseRow
    heard: float

    @property
    def idle(self) -> float:
        """Seconds since the owner was heard of."""
        return time.monotonic() - self.heard


class Leases:
    """All leases; asked in the event loop, stored by the caller."""

    def __init__(self, store: Store, idle_s: float) -> None:
        self._idle_s = idle_s
        now = time.monotonic()
        self._by_scene = {row.scene_id: Held(row, now) for row in store.leases()}
        self._lost: dict[str, str] = {}  # session -> scene of those that were taken over

    def owner(self, scene_id: str) -> str | None:
        """Who holds a scene now."""
        held = self._by_scene.get(scene_id)
        return held.row.owner if held and held.idle < self._idle_s else None

    def take(self, scene_id: str, scene_name: str, request: wire.LeaseRequest) -> LeaseRow:
        """Hold a scene; the same client goes on with its own. Raises RefusedError where somebody else works."""
        held = self._by_scene.get(scene_id)
        if held and held.row.client != request.client:
            if held.idle < self._idle_s:
                raise leased(scene_name, self._told(held))
            self._lost[held.row.session] = scene_id
        session = held.row.session if held and held.row.client == request.client else secrets.token_urlsafe(18)
        row = LeaseRow(scene_id=scene_id, session=session, client=request.client, owner=request.owner)
        self._by_scene[scene_id] = Held(row, time.monotonic())
        return row

    def hear(self, session: str) -> Held:
        """The lease a request belongs to; its owner has been heard of. Raises RefusedError when it was lost."""
        for held in self._by_scene.values():
            if secrets.compare_digest(held.row.session.encode(), session.encode()):
                held.heard = time.monotonic()
                return held
        if session in self._lost:
            taker = self._by_scene.get(self._lost[session])
            if taker:
                raise leased("the scene", self._told(taker), lost=True)
        raise missing("session", session)

    def release(self, session: str) -> str:
        """Give a scene back; its id."""
        scene_id = self.hear(session).row.scene_id
        del self._by_scene[scene_id]
        return scene_id

    def idle(self) -> list[str]:
        """Scenes whose owners were not heard of for too long."""
        return [scene_id for scene_id, held in self._by_scene.items() if held.idle >= self._idle_s]

    def _told(self, held: Held) -> wire.Owner:
        return wire.Owner(name=held.row.owner, idle_s=held.idle, free_in_s=max(0.0, self._idle_s - held.idle))
