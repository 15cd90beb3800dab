import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from pinpoint3d.server.problems import RefusedError
from pinpoint3d.server.store import Event, Store, migrate
from pinpoint3d.server.tables import Table


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'log.db'}"


def test_migrations_make_the_tables_from_nothing(url):
    migrate(url)
    migrate(url)
    with create_engine(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_the_log_keeps_its_order_and_its_commands(url, tmp_path):
    store = Store(url)
    scene = store.add_scene(tmp_path / "a.ply")
    store.append(scene.id, "ann", [Event("do", "1"), Event("do", "2", "key")])
    store.append(scene.id, "bob", [Event("undo")])
    store.close()
    again = Store(url)
    told = [(row.place, row.kind, row.body, row.command_id, row.owner) for row in again.events(scene.id)]
    assert told == [(0, "do", "1", None, "ann"), (1, "do", "2", "key", "ann"), (2, "undo", "", None, "bob")]
    with pytest.raises(RefusedError, match="the event log cannot be used"):
        again.append(scene.id, "ann", [Event("do", "3"), Event("do", "4", "key")])
    assert len(again.events(scene.id)) == 3, "all of a call or nothing"
    again.close()


def test_commits_reach_the_disk_before_they_return(url, tmp_path):
    store = Store(url)
    store.add_scene(tmp_path / "a.ply")
    with sqlite3.connect(tmp_path / "log.db") as other:
        assert other.execute("select count(*) from scene").fetchone() == (1,)
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar() == 2
    store.close()


def test_unknown_scenes(url):
    store = Store(url)
    for call in (lambda: store.scene("x"), lambda: store.append("x", "ann", [Event("undo")])):
        with pytest.raises(RefusedError) as caught:
            call()
        assert caught.value.status == 404
    store.close()
