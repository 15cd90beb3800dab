import numpy as np
import pytest
from PIL import Image

from pinpoint3d.errors import FileError
from pinpoint3d.io.picture import Marker, draw_picture, save_picture
from pinpoint3d.io.splat import Camera, Splat, spacing_of
from pinpoint3d.scene import Hierarchy, Scene, object_colour


@pytest.fixture(autouse=True)
def coarse(monkeypatch):
    """Four times as fast."""
    monkeypatch.setattr("pinpoint3d.io.picture._SUPER", 1)


@pytest.fixture(scope="module")
def wall_and_ball() -> tuple[Scene, Hierarchy]:
    """A wall at x = 0 with a ball, object 1, in front of it; one point is far astray and one has no coordinates."""
    rng = np.random.default_rng(1)
    wall = np.column_stack([np.zeros(4000), rng.uniform(-1, 1, 4000), rng.uniform(0, 2, 4000)])
    ball = rng.normal(size=(2000, 3))
    ball = 0.3 * ball / np.linalg.norm(ball, axis=1, keepdims=True) + (0.8, 0, 0.6)
    xyz = np.concatenate([wall, ball, [[1000, 0, 0], [np.nan, 0, 0]]]).astype(np.float32)
    objects = np.repeat([0, 1, 0, -1], [4000, 2000, 1, 1]).astype(np.int32)
    scene = Scene("wall", xyz, rgb=np.full((len(xyz), 3), 90, np.uint8))
    return scene, Hierarchy(objects, np.minimum(objects, 0), {1: "ball"})


def share(image: Image.Image, colour: tuple[int, int, int], part: tuple[float, float, float, float]) -> float:
    """Share of the pixels within a part of the image that are of a colour, unshaded."""
    width, height = image.size
    crop = np.asarray(image.crop((part[0] * width, part[1] * height, part[2] * width, part[3] * height)))
    return float((np.abs(crop.astype(int) - colour).max(axis=2) < 6).mean())


def test_both_views_show_scan_and_mask(wall_and_ball):
    image = draw_picture(*wall_and_ball)
    panel = 800 / image.width
    for top, bottom in ((0.0, 0.5), (0.5, 1.0)):
        assert share(image, object_colour(1), (0, top, panel, bottom)) == 0
        assert share(image, object_colour(1), (panel, top, 2 * panel, bottom)) > 0.02
        assert share(image, (90, 90, 90), (0, top, panel, bottom)) > 0.1


def test_same_picture_every_time(wall_and_ball):
    markers = [Marker((0.8, 0.3, 0.6), 1), Marker((0.0, 0.9, 1.0), 0), Marker((0.0, 0.5, 1.0), 1, positive=False)]
    first, second = (draw_picture(*wall_and_ball, markers).tobytes() for _ in range(2))
    assert first == second
    assert first != draw_picture(*wall_and_ball).tobytes()


def test_scans_without_colour_size_or_many_points(wall_and_ball):
    scene, labels = wall_and_ball
    draw_picture(Scene("grey", scene.xyz), labels)
    one = Hierarchy(np.ones(1, np.int32), np.zeros(1, np.int32))
    image = draw_picture(Scene("point", np.zeros((1, 3), np.float32)), one, [Marker((0.0, 0.0, 0.0), 1)])
    assert share(image, object_colour(1), (0, 0, 1, 1)) > 0


def test_legend_is_cut_where_it_does_not_fit():
    ids = np.arange(1, 101, dtype=np.int32)
    xyz = np.random.default_rng(0).random((100, 3)).astype(np.float32)
    names = {int(i): "a very long name that cannot fit into the legend " * 3 for i in ids}
    image = draw_picture(Scene("many", xyz), Hierarchy(ids, np.zeros_like(ids), names))
    assert np.asarray(image)[:, -10:].min() == 255, "nothing runs over the edge"


def test_near_points_hide_far_ones():
    plane = np.stack(np.meshgrid(np.linspace(-1, 1, 60), np.linspace(-1, 1, 60)), axis=-1).reshape(-1, 2)
    low, high = (np.column_stack([plane, np.full(len(plane), z)]).astype(np.float32) for z in (0, 0.5))
    xyz = np.concatenate([low, high])
    camera = Camera.around(xyz, azimuth=0, elevation=80, width=200, height=150)
    splat = Splat(camera, xyz, spacing_of(xyz))
    assert splat.owner[75, 100] >= len(low)
    pixel, depth = camera.project(np.array([[0, 0, 0.5], [0, 0, 0.0]]))
    assert splat.sees(pixel[0], depth[0])
    assert not splat.sees(pixel[1], depth[1])


@pytest.mark.parametrize("azimuth", [0, 77, 200])
def test_camera_keeps_every_point_in_view(rng, azimuth):
    xyz = (rng.normal(size=(500, 3)) * (5, 1, 0.2) + 1000).astype(np.float32)
    camera = Camera.around(xyz, azimuth, 30, 640, 480)
    pixel, depth = camera.project(xyz.astype(float))
    assert (depth > 0).all()
    assert (pixel >= 0).all()
    assert (pixel <= (640, 480)).all()
    assert np.ptp(pixel[:, 0]) > 500 or np.ptp(pixel[:, 1]) > 400, "and fills it"


def test_unwritable_picture(wall_and_ball, tmp_path):
    with pytest.raises(FileError, match="does not exist"):
        save_picture(tmp_path / "none" / "picture.png", *wall_and_ball)
