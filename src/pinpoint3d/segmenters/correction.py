"""A click that corrects what was shown, and all that is known of the voxels it could change."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

from pinpoint3d.model.surface_decoder import FARTHEST, Previous, Targets, squashed_cost

_BESIDE = 1.5  # voxels
_CLOSE = 0.5  # voxels
_MOST_SURE = 12.0  # log odds
EVIDENCE = 18


@dataclass(frozen=True, eq=False)
class Correction:
    """M voxels that the newest click could give to what it speaks for; distances are in voxels.

    Attributes:
        previous: the click, and what was shown.
        position: f32 [V, 3], of the voxels of the piece.
        rows: i64 [M], those that could change.
        judged: f32 [M, K], the network's logits there.
        shown: looks up the logits of what was shown there, f32 [M, K].
        targets: all clicks.
        paths: f32 [K, V], costs of the cheapest paths from these.
        own_path: finds the costs of the paths from the newest click alone, f32 [V].
    """

    previous: Previous
    position: Tensor
    rows: Tensor
    judged: Tensor
    shown: Callable[[], Tensor]
    targets: Targets
    paths: Tensor
    own_path: Callable[[], Tensor]

    @cached_property
    def odds(self) -> Tensor:
        """f32 [M], log odds of what the click speaks for against all else, as the network has it."""
        return self.previous.odds(self.judged)

    @cached_property
    def away(self) -> Tensor:
        """f32 [M], distance from the click."""
        return self.previous.away(self.position, self.rows)

    @cached_property
    def clearance(self) -> Tensor:
        """f32 [], distance of the click from where something else was shown."""
        return self.previous.clearance(self.position)

    @cached_property
    def beside(self) -> Tensor:
        """f32 [], median log odds of the voxels beside the click; 0 where none could change."""
        near = self.odds[self.away <= _BESIDE]
        return near.median() if len(near) else self.odds.new_zeros(())

    @cached_property
    def evidence(self) -> Tensor:
        """f32 [M, EVIDENCE]: what tells whether the click means a voxel.

        Of each voxel what the network says and how far it is from the click, straight and along the surface, beside
        the same of what was shown there; and of the click what it would change, how much room it has, how large the
        masks are that it weighs, and how far the annotation has come.
        """
        was = self.previous.column[self.rows].clamp(min=0)
        count = torch.bincount(self.previous.column.clamp(min=0), minlength=len(self.paths)).to(self.odds)
        room = self.clearance.clamp(min=_CLOSE)
        proposed = 1 + (self.odds > 0).sum()
        said_path = squashed_cost(self.paths[self.previous.said, self.rows])
        was_path = squashed_cost(self.paths[was, self.rows])
        each = [
            self.odds,
            self.odds / self.beside.clamp(min=1),
            self.away.log1p(),
            ((self.away + 1) / (room + 1)).log(),
            (1 + count[was]).log(),
            squashed_cost(self.own_path()[self.rows]),
            said_path - was_path,
            was_path,
            ((self._nearest_click_of(was) + 1) / (self.away + 1)).log(),
            _odds_of(self.shown(), was).clamp(-_MOST_SURE, _MOST_SURE),
        ]
        n_targets = len(self.paths) - 1
        of_click = [
            self.beside,
            room.log(),
            (1 + (self.previous.column == self.previous.said).sum()).log(),
            self.odds.new_tensor(len(self.targets.voxel) / n_targets).log(),
            proposed.log(),
            (proposed / (room + 1).square()).log(),
            self.odds.new_tensor(n_targets).log(),
            (1 + (self.previous.column >= 0).sum()).log(),
        ]
        return torch.cat([torch.stack(each, dim=1), torch.stack(of_click).expand(len(self.rows), -1)], dim=1)

    def _nearest_click_of(self, column: Tensor) -> Tensor:
        """f32 [M]: distance to the nearest click of a column, i64 [M], `FARTHEST` where it has none."""
        nearest = torch.full_like(self.odds, FARTHEST)
        for target, clicks in enumerate(torch.split(self.targets.voxel, self.targets.counts)):
            of_it = column == target
            if len(clicks) and bool(of_it.any()):
                nearest[of_it] = torch.cdist(self.position[self.rows[of_it]], self.position[clicks]).amin(dim=1)
        return nearest


def _odds_of(logits: Tensor, column: Tensor) -> Tensor:
    """f32 [M]: log odds of one column of each row, i64 [M], against all others, of logits f32 [M, K]."""
    own = logits.gather(1, column[:, None])
    return own[:, 0] - logits.scatter(1, column[:, None], -torch.inf).logsumexp(dim=1)
