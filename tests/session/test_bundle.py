import json
import shutil
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d.errors import ClickError, FileError
from pinpoint3d.scene import Scene
from pinpoint3d.session import Session

_NAMES = st.sampled_from(["chair", "table", "lamp"])
_PARTS = st.sampled_from([None, "seat", "leg"])
_PLACES = st.integers(0, 5)
_AT = st.integers(0, 40).map(lambda i: [i / 10, 0.0, 0.0])
_ACTIONS = st.one_of(
    st.tuples(st.just("click"), _AT, _NAMES, _PARTS, st.booleans()),
    st.tuples(st.just("background"), _AT),
    st.tuples(st.just("move"), _PLACES, _AT),
    st.tuples(st.just("remove"), _PLACES),
    st.tuples(st.just("reassign"), _PLACES, _NAMES, _PARTS),
    st.tuples(st.just("rename"), _NAMES, _PARTS, st.sampled_from(["desk", "stool", "arm"])),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
)


def perform(session, action):
    kind, *arguments = action
    if kind == "click":
        *where, positive = arguments
        session.click(*where, positive=positive)
    elif kind == "rename":
        *target, name = arguments
        session.rename(*target, to=name)
    else:
        getattr(session, kind)(*arguments)


def snapshot(session):
    masks = session.masks
    return (
        session.state,
        masks.object.tolist(),
        masks.part.tolist(),
        session.confidence.tolist(),
        dict(masks.object_names),
        dict(masks.part_names),
        session.summary(),
    )


@given(actions=st.lists(_ACTIONS, max_size=14))
def test_undo_redo_and_reopening_lose_nothing(nearest_class, tmp_path_factory, actions):
    xyz = np.zeros((42, 3), dtype=np.float32)
    xyz[:, 0] = np.arange(42) / 10
    xyz[7] = np.inf
    session = Session(nearest_class(), Scene("line", xyz))
    first = snapshot(session)
    for action in actions:
        try:
            perform(session, action)
        except ClickError:
            continue
    last = snapshot(session)

    path = tmp_path_factory.mktemp("session") / "line.pp3d"
    session.save(path)
    reopened = Session.open(path, nearest_class())
    assert snapshot(reopened) == last
    assert reopened.model.encoded == 0, "saved masks need no model"

    for one in (session, reopened):
        steps = 0
        while one.undo():
            steps += 1
        assert snapshot(one) == first
        for _ in range(steps):
            assert one.redo()
        assert snapshot(one) == last


@pytest.fixture
def saved(session, at, tmp_path):
    session.click(at(1.0), object="chair", part="seat")
    session.click(at(3.0), object="table")
    session.undo()
    session.save(tmp_path / "line.pp3d")
    return tmp_path / "line.pp3d"


def test_scene_comes_back_whole(session, saved, nearest):
    scene = Session.open(saved, nearest).scene
    for name in ("name", "xyz", "origin", "rgb"):
        np.testing.assert_array_equal(getattr(scene, name), getattr(session.scene, name))
    assert scene.normal is None
    assert scene.faces is None


def test_redo_survives_reopening(saved, nearest):
    session = Session.open(saved, nearest)
    assert session.redo()
    assert session.masks.object_name(2) == "table"


def test_equal_sessions_make_equal_files_that_numpy_opens(session, saved, tmp_path):
    session.save(tmp_path / "again.pp3d")
    assert (tmp_path / "again.pp3d").read_bytes() == saved.read_bytes()
    with np.load(saved) as arrays:
        assert np.array_equal(arrays["object"], session.masks.object)


def test_saving_leaves_the_old_file_when_it_fails(session, saved, monkeypatch):
    before = saved.read_bytes()

    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(FileError, match=r"line\.pp3d: cannot be written: No space left"):
        session.save(saved)
    assert saved.read_bytes() == before
    assert [p.name for p in saved.parent.iterdir()] == ["line.pp3d"]


def repacked(path, change):
    """Rewrite session.json through `change`, or leave an entry out where it returns None."""
    copy = path.with_name("changed.pp3d")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return copy


def edited(path, **fields):
    return repacked(path, lambda n, c: json.dumps(json.loads(c) | fields) if n == "session.json" else c)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda p: p.with_name("none.pp3d"), "No such file"),
        (lambda p: p.parent, "directory"),
        (lambda p: repacked(p, lambda n, c: None if n == "xyz.npy" else c), "xyz.npy is missing"),
        (lambda p: repacked(p, lambda n, c: None if n == "session.json" else c), "is no session file"),
        (lambda p: repacked(p, lambda n, c: c[:-4] if n == "part.npy" else c), "is damaged"),
        (lambda p: repacked(p, lambda n, c: b"{" if n == "session.json" else c), "is damaged"),
        (lambda p: edited(p, version=99), "later version"),
        (lambda p: edited(p, format="other"), "no session file of this program"),
        (lambda p: edited(p, cursor=9), "is damaged"),
        (lambda p: edited(p, commands=[{"do": "remove_click", "place": 3}]), "is damaged"),
        (lambda p: edited(p, commands=[{"do": "explode"}]), "is damaged"),
    ],
)
def test_damaged_and_foreign_files_are_refused(saved, nearest, damage, message):
    path = damage(saved)
    with pytest.raises(FileError, match=message) as error:
        Session.open(path, nearest)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("keep", [0, 10, 200, -1])
def test_truncated_files_are_refused(saved, nearest, keep):
    saved.write_bytes(saved.read_bytes()[:keep])
    with pytest.raises(FileError, match="no session file, or is damaged"):
        Session.open(saved, nearest)


def test_every_flipped_byte_is_read_the_same_or_refused(saved, nearest, rng, tmp_path):
    whole = saved.read_bytes()
    for place in rng.choice(len(whole), 60, replace=False):
        broken = tmp_path / "flipped.pp3d"
        shutil.copy(saved, broken)
        content = bytearray(whole)
        content[place] ^= 0x55
        broken.write_bytes(content)
        try:
            session = Session.open(broken, nearest)
        except FileError:
            continue
        assert len(session.clicks) == 1
