"""The tables of the event log."""

from typing import Any, ClassVar

from sqlalchemy import Double, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """Base of all tables; migrations are made from it."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {float: Double()}


class SceneRow(Table):
    """A scene of the queue. Counts are those of its last answer."""

    __tablename__ = "scene"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    path: Mapped[str] = mapped_column(Text, unique=True)
    up: Mapped[str | None]
    unit: Mapped[str] = mapped_column(default="m")
    sample: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="todo")
    points: Mapped[int | None]
    labelled: Mapped[float | None]
    objects: Mapped[int] = mapped_column(default=0)
    clicks: Mapped[int] = mapped_column(default=0)
    sent_back: Mapped[int] = mapped_column(default=0, server_default="0")
    added_at: Mapped[float]
    changed_at: Mapped[float]


class EventRow(Table):
    """One accepted command: `do` with the command's JSON form, `undo` or `redo`. The log is only ever added to."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("scene_id", "place"), UniqueConstraint("scene_id", "command_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    scene_id: Mapped[str] = mapped_column(ForeignKey("scene.id"), index=True)
    place: Mapped[int]
    kind: Mapped[str]
    body: Mapped[str] = mapped_column(Text, default="")
    command_id: Mapped[str | None]
    owner: Mapped[str]
    at: Mapped[float]


class ReviewRow(Table):
    """What was said last of an object (part 0) or a part."""

    __tablename__ = "review"

    scene_id: Mapped[str] = mapped_column(ForeignKey("scene.id"), primary_key=True)
    object: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    verdict: Mapped[str]
    comment: Mapped[str] = mapped_column(Text)
    author: Mapped[str]
    at: Mapped[float]


class LeaseRow(Table):
    """Who holds a scene."""

    __tablename__ = "lease"

    scene_id: Mapped[str] = mapped_column(ForeignKey("scene.id"), primary_key=True)
    session: Mapped[str] = mapped_column(unique=True)
    client: Mapped[str]
    owner: Mapped[str]
