"""The event log and the queue, in SQLite or any database SQLAlchemy knows. Calls block; they run on threads."""

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import case, create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import sessionmaker

from pinpoint3d.server import wire
from pinpoint3d.server.problems import RefusedError, missing
from pinpoint3d.server.tables import EventRow, LeaseRow, ReviewRow, SceneRow

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Event:
    """What is to be logged of one accepted command."""

    kind: str
    body: str = ""
    command_id: str | None = None


class Store:
    """All that outlives the server.

    Raises:
        RefusedError: the database fails; nothing of the call is kept then.
    """

    def __init__(self, url: str) -> None:
        """Open a database and bring its tables up to date."""
        self.engine = create_engine(url)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _durable)
        migrate(url)
        self._open = sessionmaker(self.engine, expire_on_commit=False)

    def scenes(self) -> list[SceneRow]:
        """The queue, in the order it was filled."""
        with self._transaction() as t:
            return list(t.scalars(select(SceneRow).order_by(SceneRow.added_at, SceneRow.id)))

    def scene(self, scene_id: str) -> SceneRow:
        """One scene. Raises RefusedError where there is none."""
        with self._transaction() as t:
            return _existing(t, scene_id)

    def add_scene(self, path: Path, *, up: str | None = None, unit: str = "m", sample: bool = False) -> SceneRow:
        """Put a file into the queue, unless it is there."""
        with self._transaction() as t:
            known = t.scalar(select(SceneRow).where(SceneRow.path == str(path)))
            if known is not None:
                return known
            now = time.time()
            row = SceneRow(
                id=secrets.token_hex(6), name=path.stem[:200], path=str(path), up=up, unit=unit, sample=sample
            )
            row.added_at = row.changed_at = now
            t.add(row)
            t.flush()
            return row

    def change_scene(self, scene_id: str, **changes: Any) -> SceneRow:
        """Set columns of a scene."""
        with self._transaction() as t:
            row = _existing(t, scene_id)
            for name, value in changes.items():
                setattr(row, name, value)
            row.changed_at = time.time()
            return row

    def note_progress(self, made: Mapping[str, Mapping[str, Any]]) -> None:
        """Set the counts of scenes, by id."""
        with self._transaction() as t:
            for scene_id, counts in made.items():
                row = _existing(t, scene_id)
                for name, value in counts.items():
                    setattr(row, name, value)

    def events(self, scene_id: str) -> list[EventRow]:
        """What was done to a scene, oldest first."""
        with self._transaction() as t:
            return list(t.scalars(select(EventRow).where(EventRow.scene_id == scene_id).order_by(EventRow.place)))

    def append(self, scene_id: str, owner: str, entries: Sequence[Event]) -> None:
        """Log accepted commands; on disk when this returns."""
        with self._transaction() as t:
            # Statements, not objects: every command waits for this, or shares the interpreter with it.
            run, now = t.connection().execute, time.time()
            state = case((SceneRow.state == "todo", "in_work"), else_=SceneRow.state)
            scene = update(SceneRow).where(SceneRow.id == scene_id).values(changed_at=now, state=state)
            if run(scene).rowcount == 0:
                raise missing("scene", scene_id)
            last = run(select(func.max(EventRow.place)).where(EventRow.scene_id == scene_id)).scalar()
            given = {"scene_id": scene_id, "owner": owner, "at": now}
            placed = enumerate(entries, 0 if last is None else last + 1)
            run(insert(EventRow), [{**given, "place": place, **vars(entry)} for place, entry in placed])

    def reviews(self, scene_id: str) -> list[wire.Review]:
        """What was said of a scene's objects and parts, in their order."""
        with self._transaction() as t:
            rows = t.scalars(
                select(ReviewRow).where(ReviewRow.scene_id == scene_id).order_by(ReviewRow.object, ReviewRow.part)
            )
            names = wire.Review.model_fields.keys() - {"part"}
            return [wire.Review(part=row.part or None, **{name: getattr(row, name) for name in names}) for row in rows]

    def set_review(self, scene_id: str, author: str, given: wire.GiveReview) -> None:
        """Keep what was said of an object or a part in place of what was said before."""
        with self._transaction() as t:
            scene = _existing(t, scene_id)
            key = scene_id, given.object, given.part or 0
            row = t.get(ReviewRow, key)
            if given.verdict is None:
                if row is not None:
                    t.delete(row)
            else:
                if row is None:
                    row = ReviewRow(scene_id=scene_id, object=given.object, part=given.part or 0, comment="")
                    t.add(row)
                row.verdict, row.author, row.at = given.verdict, author, time.time()
                if given.comment is not None:
                    row.comment = given.comment
            t.flush()
            sent_back = ReviewRow.scene_id == scene_id, ReviewRow.verdict == "sent_back"
            scene.sent_back = t.scalar(select(func.count()).select_from(ReviewRow).where(*sent_back)) or 0

    def leases(self) -> list[LeaseRow]:
        """Who holds what."""
        with self._transaction() as t:
            return list(t.scalars(select(LeaseRow)))

    def set_lease(self, scene_id: str, lease: LeaseRow | None) -> None:
        """Give a scene to somebody else, or to nobody."""
        with self._transaction() as t:
            t.execute(delete(LeaseRow).where(LeaseRow.scene_id == scene_id))
            if lease is not None:
                t.add(lease)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        try:
            with self._open.begin() as transaction:
                yield transaction
        except SQLAlchemyError as error:
            told = f"the event log cannot be used ({type(error).__name__})"
            raise RefusedError("unavailable", told, retry_after_s=2.0) from error


def migrate(url: str) -> None:
    """Bring the tables of a database up to date, from nothing or from any earlier version."""
    command.upgrade(configured(url), "head")


def configured(url: str) -> Config:
    """What alembic needs to know to move a database between versions."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def _existing(transaction: Transaction, scene_id: str) -> SceneRow:
    row = transaction.get(SceneRow, scene_id)
    if row is None:
        raise missing("scene", scene_id)
    return row


def _durable(connection: Any, _: Any) -> None:
    """What is committed survives a power cut; readers do not wait for the writer."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")
