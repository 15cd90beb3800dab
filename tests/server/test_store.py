import secrets
import sqlite3
from dataclasses import replace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from pinpoint3d.server.problems import RefusedError
from pinpoint3d.server.store import Event, Store, configured, migrate
from pinpoint3d.server.tables import Table


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'log.db'}"
    return request.getfixturevalue("postgres")(f"log_{secrets.token_hex(4)}")


def test_migrations_make_the_tables_from_nothing(url):
    migrate(url)
    migrate(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    engine.dispose()


def test_a_log_of_the_first_version_is_taken_over(url):
    command.upgrade(configured(url), "0001")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into scene (id, name, path, unit, sample, state, objects, clicks, added_at, changed_at)"
            " values ('a', 'a', '/a.ply', 'm', false, 'review', 2, 3, 1.5, 2.5)"
        )
    engine.dispose()
    store = Store(url)
    (scene,) = store.scenes()
    assert (scene.state, scene.clicks, scene.sent_back) == ("review", 3, 0)
    assert store.reviews("a") == []
    store.close()
    command.downgrade(configured(url), "base")


def test_a_server_replays_from_the_log(url, start, settings, open_page):
    before = start(replace(settings, database=url))
    page = open_page(before)
    page.do("add_click", point=3, object="left")
    page.do("rename", object="left", name="Löffel 匙 🥄")
    page.do("undo")
    page.do("redo")
    scene = before.get("/api/scenes").json()[0]["id"]
    review = {"object": 1, "verdict": "sent_back", "comment": "it’s a spoon"}
    before.put(f"/api/sessions/{page.session}/reviews", json=review)
    before.__exit__(None, None, None)
    after = start(replace(settings, database=url))
    again = open_page(after, scene=scene)
    assert again.session == page.session, "the lease outlives the server"
    assert [row["name"] for row in again.state["targets"]] == ["Löffel 匙 🥄"]
    assert again.state["revision"] == page.state["revision"]
    assert after.get("/api/scenes").json()[0]["sent_back"] == 1
    assert (again.labels == page.labels).all()


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


def test_commits_reach_the_disk_before_they_return(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'log.db'}")
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
