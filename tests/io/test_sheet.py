import numpy as np
import pytest
from PIL import Image

from pinpoint3d.io import sheet
from pinpoint3d.io.sheet import draw_sheet, save_sheet, save_turntable
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene, object_colour


@pytest.fixture(autouse=True)
def smaller(monkeypatch):
    monkeypatch.setattr(sheet, "_WIDTH", 140)
    monkeypatch.setattr(sheet, "_HEIGHT", 110)


def closed_room(ceiling=True):
    """A green box in the middle of a room with four red walls, a floor and a ceiling."""
    rng = np.random.default_rng(0)
    faces = []
    for axis in range(3):
        for side in (0.0, 3.0) if axis < 2 or ceiling else (0.0,):
            face = rng.uniform(0, 3, (4000, 3))
            face[:, axis] = side
            faces.append(face)
    shell = np.concatenate(faces)
    box = rng.uniform(1.2, 1.8, (3000, 3)) - (0, 0, 1.2)
    rgb = np.repeat([(200, 30, 30), (30, 160, 60)], [len(shell), len(box)], axis=0).astype(np.uint8)
    label = np.repeat([0, 1], [len(shell), len(box)]).astype(np.int32)
    xyz = np.concatenate([shell, box]).astype(np.float32)
    return LabelledScene(Scene("room", xyz, rgb=rgb), Hierarchy(label, label, {1: "box"}))


def share(picture, colour):
    """Share of pixels of about a colour, shading aside."""
    pixels = np.asarray(picture.convert("RGB"), dtype=np.float64)
    mine = np.array(colour) / np.linalg.norm(colour)
    norm = np.linalg.norm(pixels, axis=2)
    return float(((pixels @ mine > 0.97 * norm) & (norm > 40)).mean())


@pytest.mark.parametrize("ceiling", [True, False])
def test_one_sees_into_a_closed_room(ceiling):
    page = draw_sheet([closed_room(ceiling)])
    scan, objects = (page.crop((k * 140, 30, k * 140 + 140, 140)) for k in range(2))
    assert share(scan, (30, 160, 60)) > 0.01
    assert share(objects, object_colour(1)) > 0.01


@pytest.mark.parametrize("number", [1, 5])
def test_every_scan_has_its_place(number):
    page = draw_sheet(closed_room() for _ in range(number))
    assert (page.width > 600) is (number > 4)
    full = np.asarray(page).reshape(page.height, page.width, 3)
    strip = draw_sheet([closed_room()])
    across = 1 if number <= 4 else 2
    for place in range(number):
        left, top = place % across * strip.width, place // across * strip.height
        np.testing.assert_array_equal(full[top : top + strip.height, left : left + strip.width], np.asarray(strip))


def test_a_scan_without_colours_or_objects_is_drawn(tmp_path):
    bare = LabelledScene(
        Scene("bare", np.eye(3, dtype=np.float32)), Hierarchy(np.zeros(3, np.int32), np.zeros(3, np.int32))
    )
    save_sheet(tmp_path / "sheet.png", [bare])
    with Image.open(tmp_path / "sheet.png") as page:
        assert np.asarray(page).min() < 200


@pytest.mark.parametrize("name", ["turn.gif", "turn.png"])
def test_a_turntable_turns(tmp_path, name):
    save_turntable(tmp_path / name, closed_room(), frames=4)
    frames = []
    with Image.open(tmp_path / name) as animation:
        assert animation.n_frames == 4
        for number in range(4):
            animation.seek(number)
            frames.append(np.asarray(animation.convert("RGB")))
            assert share(animation, (30, 160, 60)) > 0.005  # walls never hide the box
    assert all((frames[k] != frames[k - 1]).any() for k in range(4))
