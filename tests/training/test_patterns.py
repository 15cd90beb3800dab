"""Objects painted anew for training."""

import numpy as np

from pinpoint3d.scene import Hierarchy, Scene
from pinpoint3d.training.patterns import repainted


def two_things():
    """An object of a red and a blue part, one of a grey part, floor, points without a label; all with some shade."""
    rng = np.random.default_rng(0)
    label = np.repeat([[1, 1], [1, 2], [2, 0], [0, 0], [-1, -1]], 400, axis=0).astype(np.int32)
    colour = np.repeat([[180, 60, 60], [60, 60, 180], [120, 120, 120], [200, 190, 180], [90, 90, 90]], 400, axis=0)
    rgb = (colour + rng.integers(-20, 21, (2000, 1))).astype(np.uint8)
    xyz = rng.uniform(0, 1, (2000, 3)).astype(np.float32)
    return Scene("things", xyz, rgb=rgb), Hierarchy(label[:, 0].copy(), label[:, 1].copy())


def painted(share, seed):
    return repainted(*two_things(), share, np.random.default_rng(seed))


def test_without_a_share_nothing_is_painted():
    scene, _ = two_things()
    assert np.array_equal(painted(0.0, 1), scene.rgb)


def test_points_without_a_label_keep_their_colours():
    scene, labels = two_things()
    for seed in range(10):
        assert np.array_equal(painted(1.0, seed)[labels.object < 0], scene.rgb[labels.object < 0])


def test_paint_depends_on_the_seed_alone():
    assert np.array_equal(painted(1.0, 3), painted(1.0, 3))
    assert not np.array_equal(painted(1.0, 3), painted(1.0, 4))


def test_about_half_of_the_painted_objects_have_parts_of_one_colour():
    _, labels = two_things()
    apart = []
    for seed in range(200):
        rgb = painted(1.0, seed).astype(float)
        red, blue = (rgb[(labels.object == 1) & (labels.part == part)].mean(axis=0) for part in (1, 2))
        apart.append(np.abs(red - blue).max())
    assert 0.2 < np.mean(np.array(apart) < 12) < 0.55  # and a pattern on one part alone tells some of these apart


def test_many_painted_things_have_a_pattern_and_keep_their_shade():
    scene, labels = two_things()
    grey = labels.object == 2
    shade = scene.rgb[grey, 0].astype(float)
    spread, kept = [], []
    for seed in range(100):
        colours = painted(1.0, seed)[grey].astype(float)
        spread.append(colours.std(axis=0).max() > 1.3 * shade.std())
        kept.append(np.corrcoef(colours.mean(axis=1), shade)[0, 1])
    assert 0.35 < np.mean(spread) < 0.95
    assert np.median(kept) > 0.3
