"""Clicks answered along a surface whose borders are known: how far, how alike, and what was shown before."""

from dataclasses import dataclass
from enum import IntEnum

import torch
from torch import Tensor, nn
from torch.nn.functional import pad, softplus

from pinpoint3d import native
from pinpoint3d.model.config import SurfaceConfig
from pinpoint3d.model.judge import Judge
from pinpoint3d.model.surface import Surface

FARTHEST = 500.0  # voxels
JUDGED = 3  # nearest targets that a voxel may belong to; the others have no chance
_UNLIKE = -4.0  # likeness to a column without clicks
_LENGTH_PRICE = 0.02  # initial cost of a step of one voxel; a border of even odds costs 0.69
_EVIDENCE = 6  # cost and distance: to the target, to its nearest rival, and their difference
_MEMORY = 4  # whether it was shown, whether it has the newest click, and how far and how deep that is
REACH = 10.0  # cost of a path that is as good as none
LOWEST = -30.0  # a probability of 1e-13
_BY_COST = 8.0
_BY_DISTANCE = 0.25
_AT_ONCE = 16384  # voxels judged together on a CPU: what is known of hundreds of thousands would fill the memory


class Level(IntEnum):
    """What is told apart."""

    OBJECT = 0
    PART = 1


@dataclass(frozen=True, eq=False)
class SurfaceFeatures:
    """All that is known of a scan before the first click.

    Attributes:
        surface: the scan.
        features: f32 [V, C].
        borders: f32 [E, 2], log odds that an edge crosses the border of an object, of a part.
    """

    surface: Surface
    features: Tensor
    borders: Tensor


@dataclass(frozen=True, eq=False)
class Targets:
    """Clicked voxels, sorted by what they speak for.

    Attributes:
        voxel: i64 [Q].
        first: i64 [T + 2], where the clicks of each column begin: column 0 is the background and may have none.
    """

    voxel: Tensor
    first: Tensor

    @classmethod
    def of(cls, voxel: Tensor, column: Tensor, n_targets: int) -> "Targets":
        """From clicks i64 [Q] in any order and the column i64 [Q] of each."""
        order = torch.argsort(column, stable=True)
        counts = torch.bincount(column, minlength=n_targets + 1)
        return cls(voxel[order], pad(counts.cumsum(0), (1, 0)))

    def to(self, device: torch.device) -> "Targets":
        """The same with the voxels on another device; the rest is asked for on the CPU."""
        return Targets(self.voxel.to(device), self.first)

    @property
    def counts(self) -> list[int]:
        """Clicks of every column."""
        return self.first.diff().tolist()


@dataclass(frozen=True, eq=False)
class Previous:
    """What was shown before the newest click: a click corrects it, and leaves alone what is right.

    Attributes:
        column: i64 [V], of every voxel; -1 where nothing was shown.
        voxel: the newest click.
        said: the column it speaks for.
    """

    column: Tensor
    voxel: int
    said: int

    def corrected(self, logits: Tensor, rows: Tensor) -> Tensor:
        """i64 [M], columns after the click of the voxels `rows`, i64 [M], of logits f32 [M, K].

        The click gives voxels to what it speaks for and changes nothing else; where nothing was shown, all may win.
        """
        was = self.column[rows]
        after = torch.where(self.odds(logits) > 0, self.said, was)
        return torch.where(was < 0, logits.argmax(dim=1), after)

    def odds(self, logits: Tensor) -> Tensor:
        """f32 [M], log odds of what the click speaks for against all else, of logits f32 [M, K]."""
        others = torch.cat([logits[:, : self.said], logits[:, self.said + 1 :]], dim=1)
        return logits[:, self.said] - others.logsumexp(dim=1)

    def away(self, position: Tensor, rows: Tensor) -> Tensor:
        """f32 [M]: distance of the voxels `rows`, i64 [M], from the click; of positions f32 [V, 3] in voxels."""
        distance: Tensor = (position[rows] - position[self.voxel]).norm(dim=1)
        return distance

    def clearance(self, position: Tensor) -> Tensor:
        """f32, how far the click is from where something else was shown; of positions f32 [V, 3] in voxels.

        The click lies in the middle of an error as a person sees it, and that ends there: the distance bounds what is
        meant from above.
        """
        click = position[self.voxel]
        other = position[self.column != self.column[self.voxel]]
        return (other - click).norm(dim=1).amin() if len(other) else click.new_tensor(FARTHEST)

    def memory(self, position: Tensor, clearance: Tensor, rows: Tensor, n_columns: int) -> Tensor:
        """f32 [M, K, 4] at the voxels `rows`, i64 [M], of positions f32 [V, 3] in voxels, with their `clearance`."""
        away = self.away(position, rows)
        memory = position.new_zeros(len(rows), n_columns, _MEMORY)
        was = self.column[rows]
        memory[torch.arange(len(rows), device=rows.device), was.clamp(min=0), 0] = (was >= 0).float()
        memory[:, self.said, 1] = 1.0
        memory[:, self.said, 2] = _squash(away.clamp(max=FARTHEST), _BY_DISTANCE)
        memory[:, self.said, 3] = _squash(clearance, _BY_DISTANCE)
        return memory


class ClickDecoder(nn.Module):
    """Masks of the targets of one level.

    Args:
        config: of the network.
        bend: what a path pays for a step of one voxel around a right angle, beside the border that is seen there.
    """

    def __init__(self, config: SurfaceConfig, bend: float) -> None:
        super().__init__()
        self.bend = bend
        channels, self.heads = config.planes[-1], config.heads
        self.key = nn.Linear(channels, config.heads * config.key)
        self.query = nn.Linear(channels, config.heads * config.key)
        self.negatives = nn.Parameter(torch.randn(config.negatives, config.heads * config.key))
        self.absent = nn.Parameter(torch.zeros(channels))
        self.log_price = nn.Parameter(torch.tensor(_LENGTH_PRICE).log())
        evidence = _EVIDENCE + 2 * config.heads + 1 + _MEMORY
        self.target = Judge(evidence, channels, config.hidden)
        self.background = Judge(evidence, channels, config.hidden)
        with torch.no_grad():  # begin as plain growth: the cheapest path wins, the background beyond a cost of 1
            self.target.plain.weight[0, 0] = -2.0
            self.target.plain.bias[0] = 2 * _squash(torch.tensor(1.0), _BY_COST)

    def costs(self, scene: SurfaceFeatures, border: Tensor) -> Tensor:
        """f32 [E]: what a path pays for each edge of a scene, of log odds f32 [E] that it crosses a border."""
        length, bend = scene.surface.geometry[:, 0], scene.surface.geometry[:, 1]
        return (self.log_price.exp() + self.bend * bend) * length + softplus(border)

    def judge(
        self, scene: SurfaceFeatures, targets: Targets, paths: Tensor, rows: Tensor, previous: Previous | None
    ) -> Tensor:
        """f32 [M, 1 + T] logits at the voxels `rows`, i64 [M], of paths that cost f32 [1 + T, V]; `LOWEST` if far."""
        at = scene.surface.position
        clearance = at.new_zeros(()) if previous is None else previous.clearance(at).clamp(max=FARTHEST)
        whole = torch.is_grad_enabled() or rows.device.type != "cpu"
        whole_panels = self.background.inner.in_features % native.PANEL == 0
        if not whole and whole_panels and native.serves(scene.features, at, paths, rows, self.negatives):
            return self._judge_compiled(scene, targets, paths, rows, previous, clearance)
        pieces = torch.split(rows, max(1, len(rows)) if whole else _AT_ONCE)
        return torch.cat([self._judge(scene, targets, paths[:, some], some, previous, clearance) for some in pieces])

    def _judge_compiled(
        self,
        scene: SurfaceFeatures,
        targets: Targets,
        paths: Tensor,
        rows: Tensor,
        previous: Previous | None,
        clearance: Tensor,
    ) -> Tensor:
        at, clicked, counts = scene.surface.position, scene.features[targets.voxel], targets.counts
        newest, column = None, self._column(clicked, counts)
        if previous is not None:
            place = torch.cat([at[previous.voxel], _squash(clearance, _BY_DISTANCE)[None]])
            newest = native.Newest(previous.column, previous.said, place)
        queries = self._queries(clicked)
        return native.judge(
            native.Sight(scene.features, at, rows, (self.key.weight, self.key.bias)),
            native.Spoken(at[targets.voxel], targets.first, paths, _number(counts), queries * queries.shape[2] ** -0.5),
            newest,
            self.background.packed(column),
            self.target.packed(column),
            min(JUDGED, len(counts) - 1),
            native.Scales(REACH, _BY_COST, FARTHEST, _BY_DISTANCE, _UNLIKE, LOWEST),
        )

    def _judge(
        self,
        scene: SurfaceFeatures,
        targets: Targets,
        paths: Tensor,
        rows: Tensor,
        previous: Previous | None,
        clearance: Tensor,
    ) -> Tensor:
        at, voxel = scene.surface.position, scene.features[rows]
        clicked, counts = scene.features[targets.voxel], targets.counts
        cost = squashed_cost(paths.T)
        distance = torch.cdist(at[rows], at[targets.voxel], compute_mode="donot_use_mm_for_euclid_dist")
        away = _squash(-_greatest(-distance.clamp(max=FARTHEST), counts, -FARTHEST), _BY_DISTANCE)

        keys, queries = self._by_head(self.key(voxel)), self._queries(clicked)
        likeness = torch.einsum("mhd,qhd->mqh", keys, queries) * keys.shape[2] ** -0.5
        alike = _greatest(likeness, [len(self.negatives) + counts[0], *counts[1:]], _UNLIKE)

        number = _number(counts).to(voxel.device).expand(len(rows), -1)
        costs = [part for x in (cost, away) for part in (x, _rival(x), x - _rival(x))]
        if previous is None:
            memory = at.new_zeros(len(rows), len(counts), _MEMORY)
        else:
            memory = previous.memory(at, clearance, rows, len(counts))
        near = 1 + (cost + away)[:, 1:].sort(dim=1, stable=True).indices[:, :JUDGED]
        weighed = torch.cat([torch.zeros_like(near[:, :1]), near], dim=1)  # the background, and targets with a chance
        evidence = torch.cat(
            [
                _columns(torch.stack([*costs, number], dim=2), weighed),
                _columns(alike, weighed),
                _columns(-_rival(-alike), weighed),
                _columns(memory, weighed),
            ],
            dim=2,
        )
        column = self._column(clicked, counts)
        logits = evidence.new_full((len(rows), len(counts)), LOWEST)
        logits[:, :1] = self.background(evidence[:, :1], voxel, column, weighed[:, :1])
        return logits.scatter(1, near, self.target(evidence[:, 1:], voxel, column, near))

    def _by_head(self, x: Tensor) -> Tensor:
        return x.view(len(x), self.heads, x.shape[1] // self.heads)

    def _queries(self, clicked: Tensor) -> Tensor:
        """f32 [negatives + Q, heads, key] of the clicked voxels' features f32 [Q, C]."""
        return self._by_head(torch.cat([self.negatives, self.query(clicked)]))

    def _column(self, clicked: Tensor, counts: list[int]) -> Tensor:
        """f32 [1 + T, C]: mean features of the clicked voxels of every column."""
        return torch.stack([x.mean(dim=0) if len(x) else self.absent for x in torch.split(clicked, counts)])


def _number(counts: list[int]) -> Tensor:
    return torch.tensor(counts).float().log1p()


def squashed_cost(paths: Tensor) -> Tensor:
    """Costs of paths, of any shape, as they are weighed: what is far differs little."""
    return _squash(paths.clamp(max=REACH), _BY_COST)


def _squash(x: Tensor, scale: float) -> Tensor:
    return torch.log1p(scale * x)


def _columns(x: Tensor, chosen: Tensor) -> Tensor:
    """Some columns of every row: f32 [M, K, C] and i64 [M, N] -> [M, N, C]."""
    return x.gather(1, chosen[..., None].expand(-1, -1, x.shape[2]))


def _greatest(x: Tensor, counts: list[int], absent: float) -> Tensor:
    """f32 [M, Q, ...] -> [M, K, ...]: the greatest among the clicks of each column; `absent` where it has none."""
    none = x.new_full((len(x), *x.shape[2:]), absent)
    return torch.stack([part.amax(dim=1) if part.shape[1] else none for part in torch.split(x, counts, dim=1)], dim=1)


def _rival(x: Tensor) -> Tensor:
    """The least of the other columns: f32 [M, K, ...] -> the same; of a single column, itself."""
    if x.shape[1] == 1:
        return x
    two = x.topk(2, dim=1, largest=False)
    columns = torch.arange(x.shape[1], device=x.device).view(1, -1, *[1] * (x.ndim - 2))
    return torch.where(two.indices[:, :1] == columns, two.values[:, 1:], two.values[:, :1])
