"""The surface network behind the segmenter interface: the model that ships."""

from typing import NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pinpoint3d.arrays import Float16, Float32, Int32, Int64
from pinpoint3d.model.surface_decoder import JUDGED, LOWEST, REACH, Level, Previous, Targets
from pinpoint3d.model.surface_network import FINE, SurfaceNetwork
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid
from pinpoint3d.segmenters.click_gate import ClickGate, Kind
from pinpoint3d.segmenters.correction import Correction
from pinpoint3d.segmenters.graph import FINEST, suitable_grid
from pinpoint3d.segmenters.masks import MaskLogits, PartLogits
from pinpoint3d.segmenters.planes import background_planes
from pinpoint3d.segmenters.surface_regions import Answer, Box, Prefix, Region, SurfaceEmbedding, remembered
from pinpoint3d.segmenters.upsampling import Borders, Shown, Upsampler

_MOST_VOXELS = 400_000  # of the whole scan; beyond it voxels grow
_KEPT_PATHS = 64

F = TypeVar("F", np.float16, np.float32)


class SurfaceNetworkSegmenter:
    """Objects over the scene, then the parts of each object that has part clicks, inside its mask only.

    The first clicks on all targets are answered together. Every later click corrects the answer before it. Objects are
    found in voxels as wide as the scan asks for, parts in finer ones, around their object only. The largest plane of
    the scan is background until a positive click lies on it.

    Args:
        network: its weights are used as they are, in evaluation mode.
        name: under which `load_model` finds it.
        device: "cpu", "cuda", ...; by default CUDA where there is a GPU.
    """

    voxel_size = FINE * FINEST  # the finest it uses; a scene's own is its grid's

    def __init__(self, network: SurfaceNetwork, name: str, device: torch.device | str | None = None) -> None:
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.network = network.to(self.device).eval()
        self.gate = ClickGate.shipped().to(self.device)
        self.name = name

    @torch.inference_mode()
    def encode(self, scene: Scene) -> SurfaceEmbedding:
        """Voxelise a scene at the sizes that suit it and run the network; a progress bar where it takes over a second.

        Raises:
            ValueError: the scene has no finite point.
        """
        size = suitable_grid(scene, _MOST_VOXELS).size
        grid = VoxelGrid.from_scene(scene, FINE * size)
        whole = Region.encode(self.network, self.device, Level.OBJECT, scene, grid, size, np.arange(len(grid)))
        surface = whole.scene.surface
        position = surface.position.cpu().numpy().astype(np.float64) * size
        planes = background_planes(position, surface.normal.cpu().numpy().astype(np.float64), size, most=1)
        ground = planes[0].without_things(position, size) if planes else np.zeros(0, dtype=np.int64)
        upsampler = Upsampler(surface, whole.coarse_of, grid, size)
        return SurfaceEmbedding(scene, grid, whole, size, ground, upsampler)

    @torch.inference_mode()
    def segment(self, embedding: SurfaceEmbedding, clicks: ClickTensors) -> MaskLogits:
        """Masks of every clicked object and part. Without a positive click, everything is background."""
        rows = zip(clicks.voxel, clicks.object, clicks.part, clicks.positive, strict=True)
        made: Prefix = tuple((int(v), int(o), int(p), bool(positive)) for v, o, p, positive in rows)
        first = _first_answer(made)
        done = next((n for n in range(len(made) - 1, first - 1, -1) if made[:n] in embedding.answers), None)
        shown = None if done is None else embedding.answers[made[:done]]
        for number in range(first if done is None else done + 1, len(made) + 1):
            masks, shown = self._answer(embedding, clicks.select(np.arange(len(made)) < number), shown)
            embedding.remember(made[:number], shown)
        return masks

    def _answer(
        self, embedding: SurfaceEmbedding, clicks: ClickTensors, shown: Answer | None
    ) -> tuple[MaskLogits, Answer]:
        """Masks of all clicks, of which the newest corrects what was shown, if anything was."""
        ids, label = clicks.objects(), clicks.labels()[0]
        logits, changed = self._objects(embedding, clicks, label, ids, shown)
        was = None if shown is None else _shown(shown, ids, int(label[-1]))
        borders = embedding.upsampler.borders(logits, changed, was)
        row = embedding.whole.coarse_of.copy()
        row[borders.voxel] = len(logits) + np.arange(len(borders.voxel))
        all_logits = np.concatenate([logits, borders.logits], dtype=np.float32)
        parts: dict[int, PartLogits] = {}
        masks = MaskLogits(clicks, ids, all_logits, parts, clicks.status(), row)
        objects = masks.object_label
        with_parts = [object_id for object_id in ids.tolist() if len(clicks.parts(object_id))]
        boxes = {} if shown is None else dict(shown.boxes)
        grown = set(ids.tolist() if shown is None else np.unique(objects[objects != shown.object]).tolist())
        for o in with_parts:
            parts[o] = self._parts(embedding, clicks, o, objects, o in grown, shown, boxes)
        return masks, Answer(*masks.labels(), ids, logits, borders, parts, boxes)

    def _objects(
        self, embedding: SurfaceEmbedding, clicks: ClickTensors, label: Int64, ids: Int64, shown: Answer | None
    ) -> tuple[Float16, Int64]:
        """f16 [M, 1 + O] at the voxels of the whole, and those i64 [N] where they are not as they were.

        A click gives voxels that have its target among their nearest to it; nothing where it says what was shown.
        """
        whole, voxel = embedding.whole, clicks.voxel
        nothing_new = shown is not None and shown.object[voxel[-1]] == label[-1]
        if shown is not None and nothing_new and np.array_equal(ids, shown.ids):
            return shown.logits, np.zeros(0, dtype=np.int64)
        nothing = np.zeros((len(whole.fine_of), 1), dtype=np.float16)
        logits = _carried(nothing, ids[:0], ids) if shown is None else _carried(shown.logits, shown.ids, ids)
        if nothing_new or len(ids) == 0:
            return logits, np.zeros(0, dtype=np.int64)
        known = np.isin(label, ids) | (label == 0)
        column = np.full(len(logits), -1) if shown is None else _column(shown.object[whole.fine_of], ids)
        targets, newest = self._clicks(whole, voxel[known], label[known], ids, column)
        previous: Previous | None = None
        kind: Kind | None = None
        paths = self._paths(embedding, targets)
        reached = (paths[1:] <= REACH).any(dim=0)
        if shown is not None:
            previous = newest
            own = paths[previous.said]
            nearer = sum((path < own).byte() for path in paths)
            reached &= (own <= REACH) & (nearer < JUDGED) & (previous.column != previous.said)
            if not _opens_target(clicks):
                kind = Kind.of_object(int(label[-1]), int(shown.object[voxel[-1]]), shown.parts)
        question = _Question(whole, Level.OBJECT, targets, paths, torch.nonzero(reached)[:, 0])
        rows, judged = self._judge(question, previous, kind, logits)
        changed = rows.cpu().numpy()
        logits[changed] = judged.half().cpu().numpy()
        on_ground = np.isin(whole.voxel_of(voxel[label > 0]), embedding.ground)
        if not on_ground.any():
            logits[embedding.ground, 1:] = LOWEST
        return logits, changed

    def _parts(
        self,
        embedding: SurfaceEmbedding,
        clicks: ClickTensors,
        object_id: int,
        objects: Int32,
        grown: bool,
        shown: Answer | None,
        boxes: dict[int, Box],
    ) -> PartLogits:
        """The parts of one object: what was shown, corrected by a click on them, and found where the mask grew.

        They are found in surroundings that go with the mask; a mask that changed little keeps its own in `boxes`. What
        was shown stays where the mask has not `grown` and no click speaks of its parts.
        """
        label, part = clicks.labels()
        # a click on the object as a whole says nothing of its parts; a negative click on a part does
        about = (label == object_id) & (clicks.part > 0) & (objects[clicks.voxel] == object_id)
        before = None if shown is None else shown.parts.get(object_id)
        if before is not None and not about[-1] and not grown:
            return before
        ids, inside = clicks.parts(object_id), objects == object_id
        known = before or PartLogits(ids[:0], np.zeros((len(objects), 1), dtype=np.float32))
        answer = _carried(known.logits, known.ids, ids)
        if not about.any():
            return PartLogits(ids, answer)
        boxes[object_id] = embedding.box(inside, boxes.get(object_id))
        region = embedding.around(boxes[object_id], self.network, self.device)
        column = np.where(inside[region.fine_of], -1, 0)
        if shown is not None and before is not None:
            was, part_was = shown.object[region.fine_of], shown.part[region.fine_of]
            column = np.where(was == object_id, _column(part_was, ids), column)
        targets, newest = self._clicks(region, clicks.voxel[about], part[about], ids, column)
        voxels = region.voxels(inside)
        paths = self.network.paths(region.scene, Level.PART, targets, voxels, region.costs)
        asked = voxels & ((newest.column != newest.said) if about[-1] else (newest.column < 0)).cpu()
        rows = torch.nonzero(asked)[:, 0].to(paths.device)
        previous: Previous | None = None
        kind: Kind | None = None
        if before is not None and about[-1]:
            previous = newest
            # a person who clicks where no part is shown is about to find the part, not to correct its border
            on_rest = int(newest.column[newest.voxel]) == 0
            kind = None if on_rest or _opens_target(clicks) else Kind.BETWEEN
        question = _Question(region, Level.PART, targets, paths, rows, voxels)
        rows, judged = self._judge(question, previous, kind, answer[region.fine_of])
        place = np.full(len(region.fine_of), -1)
        place[rows.cpu().numpy()] = np.arange(len(rows))
        place = place[region.coarse_of]
        answer[region.fine[place >= 0]] = judged.cpu().numpy()[place[place >= 0]]
        return PartLogits(ids, answer)

    def _judge(
        self, question: "_Question", previous: Previous | None, kind: Kind | None, shown: Float16 | Float32
    ) -> tuple[Tensor, Tensor]:
        """Those voxels asked about whose answer is new, i64 [M], and its logits f32 [M, 1 + T].

        Not asked about are voxels that were shown as what the newest click says. A click of some `kind` has to pass the
        gate; one that opens a target gets whatever is more likely than not. `shown` are the logits there were at all
        voxels of the piece.
        """
        region, level, targets, paths, rows, inside = question
        judged = self.network.judge(region.scene, level, targets, paths, rows, previous)
        if previous is None or len(rows) == 0:
            return rows, judged
        alone = Targets.of(torch.tensor([previous.voxel]), torch.tensor([1]), 1).to(self.device)
        correction = Correction(
            previous,
            region.scene.surface.position,
            rows,
            judged,
            lambda: torch.from_numpy(shown[rows.cpu().numpy()].astype(np.float32)).to(self.device),
            targets,
            paths,
            lambda: self.network.paths(region.scene, level, alone, inside, region.costs)[1],
        )
        needed = correction.odds.new_zeros(()) if kind is None else self.gate.needed(kind, correction)
        new = (correction.odds > needed) | (previous.column[rows] < 0)
        judged[:, previous.said] -= needed
        return rows[new], judged[new]

    def _paths(self, embedding: SurfaceEmbedding, targets: Targets) -> Tensor:
        """f32 [1 + O, M], searched anew only for the objects whose clicks are new."""
        columns = [tuple(clicks.tolist()) for clicks in torch.split(targets.voxel, targets.counts)]
        new = [clicks for clicks in dict.fromkeys(columns) if clicks not in embedding.paths]
        if new:
            whole, first = embedding.whole, np.cumsum([0, *map(len, new)])
            wanted = Targets(torch.tensor([v for clicks in new for v in clicks]), torch.from_numpy(first))
            found = self.network.paths(whole.scene, Level.OBJECT, wanted.to(self.device), costs=whole.costs)
            embedding.paths.update(zip(new, found, strict=True))
        return torch.stack(remembered(embedding.paths, columns, _KEPT_PATHS))

    def _clicks(self, region: Region, voxel: Int64, label: Int64, ids: Int64, shown: Int64) -> tuple[Targets, Previous]:
        """The latest click on every voxel of a region, and what the newest corrects; clicks come as they were made.

        Args:
            region: where.
            voxel: i64 [Q], clicked voxels of the scan's grid.
            label: i64 [Q], what they speak for.
            ids: i64 [T], the targets.
            shown: i64 [M], columns that were shown in the region, -1 where nothing was.
        """
        voxel, column = region.voxel_of(voxel), _column(label, ids)
        newest = len(voxel) - 1 - np.unique(voxel[::-1], return_index=True)[1]
        order = np.sort(newest)
        targets = Targets.of(torch.from_numpy(voxel[order]), torch.from_numpy(column[order]), len(ids))
        before = torch.from_numpy(shown).to(self.device)
        return targets.to(self.device), Previous(before, int(voxel[-1]), int(column[-1]))


class _Question(NamedTuple):
    """Voxels of a piece that are asked about: `rows`, i64 [M]; paths stay `inside`, bool [V], where it is given."""

    region: Region
    level: Level
    targets: Targets
    paths: Tensor
    rows: Tensor
    inside: Tensor | None = None


def _column(label: Int64 | Int32, ids: Int64) -> Int64:
    """i64 [N]: 1 + place of a label among the ids; 0 where it is not there."""
    if len(ids) == 0:
        return np.zeros(len(label), dtype=np.int64)
    place = np.searchsorted(ids, label)
    return np.where(ids[np.minimum(place, len(ids) - 1)] == label, place + 1, 0)


def _carried(logits: NDArray[F], known: Int64, ids: Int64) -> NDArray[F]:
    """[N, 1 + T]: logits [N, 1 + S] of the targets known so far as those of all `ids`, `LOWEST` for what is new."""
    carried = np.full((len(logits), 1 + len(ids)), LOWEST, dtype=logits.dtype)
    carried[:, np.append(0, _column(known, ids))] = logits
    return carried


def _shown(answer: Answer, ids: Int64, said: int) -> Shown:
    """An answer as the next one sees it, with columns for the objects of that."""
    return Shown(
        Borders(answer.borders.voxel, _carried(answer.borders.logits, answer.ids, ids)),
        lambda voxels: _column(answer.object[voxels], ids),
        int(_column(np.array([said]), ids)[0]),
    )


def _opens_target(clicks: ClickTensors) -> bool:
    """Whether the newest click is the first on its object or part."""
    object_id, part_id = clicks.object[-1], clicks.part[-1]
    same = clicks.positive & (clicks.object == object_id) & ((clicks.part == part_id) | (part_id == 0))
    return bool(object_id > 0 and clicks.positive[-1] and same.sum() == 1)


def _first_answer(made: Prefix) -> int:
    """How many clicks are answered together at first: one positive click a target, or at least one click."""
    targets = set()
    for number, (_, object_id, part, positive) in enumerate(made):
        if not positive or (object_id, part) in targets:
            return max(1, number)
        targets.add((object_id, part))
    return len(made)
