"""What is minimised: masks that are wrong, and borders that are not where they should be."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, one_hot

DICE = 2.0  # weight beside cross-entropy (AGILE3D, section 3.4)
IGNORED = -1


def mask_loss(logits: Tensor, truth: Tensor, weight: Tensor | None = None) -> Tensor:
    """Cross-entropy and multi-class Dice of one mask a column.

    Args:
        logits: f32 [M, 1 + T].
        truth: i64 [M], the right column, -1 where it is not known.
        weight: f32 [M] of each voxel; all alike by default.

    Returns:
        A scalar; zero where nothing is known.
    """
    known = truth != IGNORED
    if not bool(known.any()):
        return logits.sum() * 0
    logits, truth = logits[known].float(), truth[known]
    share = torch.ones_like(logits[:, :1]) if weight is None else weight[known, None]
    probability, wanted = logits.softmax(dim=1) * share, one_hot(truth, logits.shape[1]) * share
    dice = 1 - (2 * (probability * wanted / share).sum(dim=0) + 1) / (probability.sum(dim=0) + wanted.sum(dim=0) + 1)
    wrong = cross_entropy(logits, truth, reduction="none")
    return (wrong * share[:, 0]).sum() / share.sum() + DICE * dice.mean()


def border_loss(logits: Tensor, edges: Tensor, objects: Tensor, parts: Tensor) -> Tensor:
    """Binary cross-entropy of both kinds of borders; those of parts are learned from the edges within objects.

    Beyond an object, where most edges are, nobody asks for its parts.

    Args:
        logits: f32 [E, 2].
        edges: i64 [E, 2].
        objects: i64 [V], -1 where not known.
        parts: i64 [V], -1 where not known; only compared within an object.
    """
    a, b = edges.T
    known = (objects[a] != IGNORED) & (objects[b] != IGNORED)
    across = objects[a] != objects[b]
    within = known & ~across & (objects[a] > 0) & (parts[a] != IGNORED) & (parts[b] != IGNORED)
    wanted, counted = torch.stack([across, parts[a] != parts[b]], dim=1), torch.stack([known, within], dim=1)
    loss = binary_cross_entropy_with_logits(logits.float(), wanted.float(), reduction="none")
    return ((loss * counted).sum(dim=0) / counted.sum(dim=0).clamp(min=1)).sum()
