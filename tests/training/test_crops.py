from dataclasses import replace

import numpy as np
import pytest
import torch

from pinpoint3d.training.crops import make_crop


def unevenness(crop):
    """Metres: how far the floor lies from a plane."""
    floor = crop.surface.position[crop.object == 0].numpy() * 0.03
    design = np.column_stack([floor[:, :2], np.ones(len(floor))])
    return (floor[:, 2] - design @ np.linalg.lstsq(design, floor[:, 2], rcond=None)[0]).std()


def contrast(crop):
    """Between the quartiles of the floor, which is of one colour but for what of a box lies in its voxels."""
    colours = crop.surface.features[torch.from_numpy(crop.object == 0), :3]
    low, high = torch.quantile(colours, torch.tensor([0.25, 0.75]), dim=0)
    return float((high - low).max())


def cropped(boxes, config, roughness, seed=1):
    change = replace(config.augmentation, voxels=9000, noise=0, scale=0, colourless=0, roughness=roughness)
    return make_crop(boxes.scan(0), change, np.random.default_rng(seed))


def test_rough_surfaces_are_bent_and_not_torn(boxes, config):
    flat, bent = (max((cropped(boxes, config, rough, n) for n in range(5)), key=unevenness) for rough in (0.0, 1.0))
    assert unevenness(flat) < 2e-3
    assert 0.003 < unevenness(bent) < 0.03
    assert contrast(flat) < 0.01 < contrast(bent)
    for label in (1, 2):  # a box keeps its size but for what a slope of a few per cent, and other voxels, make of it
        ratio = (bent.object == label).sum() / (flat.object == label).sum()
        assert ratio == pytest.approx(1, abs=0.3)
        extent = [np.ptp(crop.coord[crop.object == label], axis=0) for crop in (flat, bent)]
        assert np.abs(extent[1] - extent[0]).max() < 0.15


def test_roughness_depends_on_the_seed_alone(boxes, config):
    one, same, other = (cropped(boxes, config, 1.0, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.coord, same.coord)
    assert len(one.coord) != len(other.coord) or not np.array_equal(one.coord, other.coord)
