import math

import pytest
import torch

from pinpoint3d.training.losses import border_loss, mask_loss


def test_a_sure_and_right_answer_costs_nothing():
    truth = torch.tensor([0, 1, 2, 1])
    logits = 50.0 * torch.nn.functional.one_hot(truth, 3)
    assert float(mask_loss(logits, truth)) == pytest.approx(0, abs=1e-5)


def test_even_odds_cost_the_logarithm_of_two_and_the_dice_of_halves():
    truth = torch.tensor([0] * 50 + [1] * 50)
    cross_entropy, dice = math.log(2), 1 - (2 * 25 + 1) / (50 + 50 + 1)
    assert float(mask_loss(torch.zeros(100, 2), truth)) == pytest.approx(cross_entropy + 2 * dice, rel=1e-5)


def test_voxels_without_a_label_do_not_count():
    truth, logits = torch.tensor([0, 1, -1, -1]), torch.randn(4, 2)
    assert float(mask_loss(logits, truth)) == pytest.approx(float(mask_loss(logits[:2], truth[:2])))
    nothing = mask_loss(logits.requires_grad_(), torch.full((4,), -1))
    assert float(nothing.detach()) == 0
    nothing.backward()


def test_weights_move_the_loss_to_the_heavy_voxels():
    truth, logits = torch.tensor([0, 1]), torch.tensor([[3.0, 0.0], [3.0, 0.0]])
    heavy_right = mask_loss(logits, truth, torch.tensor([9.0, 1.0]))
    heavy_wrong = mask_loss(logits, truth, torch.tensor([1.0, 9.0]))
    assert heavy_right < heavy_wrong


def test_borders_of_parts_are_learned_within_objects_only():
    edges = torch.tensor([[0, 1], [1, 2], [2, 3], [4, 5]])
    objects, parts = torch.tensor([1, 1, 2, 2, 0, 0]), torch.tensor([1, 2, 1, 1, 0, 0])
    right = torch.tensor([[-50.0, 50.0], [50.0, 0.0], [-50.0, -50.0], [-50.0, 0.0]])
    assert float(border_loss(right, edges, objects, parts)) == pytest.approx(0, abs=1e-6)
    assert float(border_loss(-right, edges, objects, parts)) == pytest.approx(100, rel=1e-3)
    elsewhere = torch.tensor([[-50.0, 50.0], [50.0, 9.0], [-50.0, -50.0], [-50.0, 9.0]])
    assert float(border_loss(elsewhere, edges, objects, parts)) == pytest.approx(0, abs=1e-6)


def test_border_where_parts_are_not_known_is_learned_for_objects_only():
    edges, objects, parts = torch.tensor([[0, 1]]), torch.tensor([1, 1]), torch.tensor([-1, 2])
    wrong_about_parts = torch.tensor([[-50.0, 50.0]])
    assert float(border_loss(wrong_about_parts, edges, objects, parts)) == pytest.approx(0, abs=1e-6)
