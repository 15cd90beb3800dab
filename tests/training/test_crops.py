from dataclasses import replace

import numpy as np
import torch

from pinpoint3d.training.crops import make_crop


def cropped(boxes, config, patterned, seed=1):
    return make_crop(boxes.scan(0), replace(config.augmentation, patterned=patterned), np.random.default_rng(seed))


def colours(crop):
    return crop.surface.features[:, :3]


def test_patterns_change_colours_alone(boxes, config):
    plain, painted = (cropped(boxes, config, share) for share in (0.0, 1.0))
    assert np.array_equal(plain.coord, painted.coord)
    assert np.array_equal(plain.object, painted.object)
    assert np.array_equal(plain.part, painted.part)
    assert not torch.equal(colours(plain), colours(painted))


def test_crops_depend_on_the_seed_alone(boxes, config):
    one, same, other = (cropped(boxes, config, 1.0, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.coord, same.coord)
    assert torch.equal(colours(one), colours(same))
    assert len(one.coord) != len(other.coord) or not np.array_equal(one.coord, other.coord)
