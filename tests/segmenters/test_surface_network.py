from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from pinpoint3d.io import load_scene
from pinpoint3d.model import SurfaceConfig, create_network, save_network
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.click_gate import Kind
from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.segmenters.surface_network import SurfaceNetworkSegmenter
from pinpoint3d.session import Session

SMALL = SurfaceConfig(stem=6, planes=(6, 6, 6, 6, 6, 6, 6, 8), blocks=(1,) * 8, edge=6, heads=2, key=4, hidden=8)


@pytest.fixture
def segmenter():
    return SurfaceNetworkSegmenter(create_network(SMALL, np.random.default_rng(0)), "small")


@pytest.fixture
def scene(rng):
    """Two square patches of 0.6 m, three metres apart."""
    patch = np.pad(rng.uniform(0, 0.6, (4000, 2)), ((0, 0), (0, 1)))
    xyz = np.concatenate([patch, patch + np.array([3, 0, 0.3])]).astype(np.float32)
    return Scene("patches", xyz, rgb=rng.integers(0, 256, xyz.shape, dtype=np.uint8))


def clicks(*rows):
    voxel, objects, parts, positive = zip(*rows, strict=True)
    return ClickTensors(np.array(voxel), np.array(objects), np.array(parts), np.arange(len(voxel)), np.array(positive))


def some_clicks(embedding, rng, number):
    voxel = rng.choice(len(embedding.grid), number, replace=False)
    objects = rng.integers(0, 3, number)
    parts = np.where(objects > 0, rng.integers(0, 3, number), 0)
    rows = zip(voxel, objects, parts, (objects == 0) | (rng.random(number) < 0.8), strict=True)
    return clicks(*[tuple(row) for row in rows])


def test_clicked_voxels_keep_their_label(segmenter, scene, rng):
    embedding = segmenter.encode(scene)
    for number in (1, 3, 8, 20):
        made = some_clicks(embedding, rng, number)
        objects, parts = segmenter.segment(embedding, made).labels()
        wanted, part = made.labels()
        assert np.array_equal(objects[made.voxel], wanted)
        told = (made.part > 0) & (wanted > 0)
        assert np.array_equal(parts[made.voxel][told], part[told])


def test_same_clicks_same_masks_whatever_was_asked_before(segmenter, scene, rng):
    embedding, fresh = segmenter.encode(scene), segmenter.encode(scene)
    made = [some_clicks(embedding, rng, number) for number in (5, 6, 7)]
    for clicks_ in (*made, *made[::-1]):
        segmenter.segment(embedding, clicks_)
    again, once = segmenter.segment(embedding, made[0]), segmenter.segment(fresh, made[0])
    assert np.array_equal(again.object, once.object)
    assert all(np.array_equal(again.parts[o].logits, once.parts[o].logits) for o in once.parts)


def test_clicks_at_once_are_answered_as_one_by_one(segmenter, scene, rng):
    """A click that was taken back, or a session that is reopened, leads to the masks of the clicks that are left."""
    stepwise, at_once = segmenter.encode(scene), segmenter.encode(scene)
    made = some_clicks(stepwise, rng, 9)
    for number in range(1, 10):
        last = segmenter.segment(stepwise, made.select(np.arange(9) < number))
    again = segmenter.segment(at_once, made)
    assert np.array_equal(last.object, again.object)
    assert all(np.array_equal(last.parts[o].logits, again.parts[o].logits) for o in last.parts)


def test_parts_are_told_apart_in_finer_voxels_than_objects(segmenter, scene):
    embedding = segmenter.encode(scene)
    here = int(np.flatnonzero(embedding.grid.coord[:, 0] < 1)[10])
    masks = segmenter.segment(embedding, clicks((here, 1, 0, True), (here + 1, 1, 1, True)))
    mask = masks.labels()[0] == 1
    region = embedding.around(embedding.box(mask, None), segmenter.network, segmenter.device)
    assert embedding.grid.size == pytest.approx(0.6 * embedding.size)
    assert len(region.fine_of) == len(region.fine) > 1.5 * len(np.unique(embedding.whole.voxel_of(region.fine)))
    assert mask[region.fine].sum() == mask.sum()


def test_more_paths_than_are_kept_are_searched_anew(segmenter, scene, rng, monkeypatch):
    monkeypatch.setattr("pinpoint3d.segmenters.surface_network._KEPT_PATHS", 4)
    few, many = segmenter.encode(scene), segmenter.encode(scene)
    voxel = rng.choice(len(few.grid), 24, replace=False)
    made = clicks(*[(v, 1 + n % 5 if n < 5 else int(rng.integers(0, 6)), 0, True) for n, v in enumerate(voxel)])
    for number in range(1, len(voxel) + 1):
        last = segmenter.segment(few, made.select(np.arange(len(voxel)) < number))
    assert len(few.paths) <= 6
    monkeypatch.setattr("pinpoint3d.segmenters.surface_network._KEPT_PATHS", 1000)
    assert np.array_equal(last.object, segmenter.segment(many, made).object)


def test_a_mask_that_changes_a_little_keeps_its_surroundings(segmenter, scene):
    embedding = segmenter.encode(scene)
    coord = embedding.grid.coord
    seat = (coord[:, 0] < 1) & (coord[:, 1] < 0.5)
    box = embedding.box(seat, None)
    assert (np.floor(coord[seat] / embedding.size) >= box[:3]).all()
    assert (np.floor(coord[seat] / embedding.size) <= box[3:]).all()
    grown = (coord[:, 0] < 1) & (coord[:, 1] < 0.5 + 3 * embedding.size)
    assert grown.sum() > seat.sum()
    assert embedding.box(grown, box) == box
    everything = np.ones(len(coord), dtype=bool)
    assert embedding.box(everything, box) == embedding.box(everything, None) != box
    small = (coord[:, 0] < 0.1) & (coord[:, 1] < 0.1)
    assert embedding.box(small, embedding.box(everything, None)) == embedding.box(small, None)


def test_a_click_changes_nothing_where_no_path_leads(segmenter, scene):
    embedding = segmenter.encode(scene)
    here = np.flatnonzero(embedding.grid.coord[:, 0] < 1)
    there = np.flatnonzero(embedding.grid.coord[:, 0] > 1)
    before = segmenter.segment(embedding, clicks((here[10], 1, 0, True))).labels()[0]
    after = segmenter.segment(embedding, clicks((here[10], 1, 0, True), (there[10], 2, 0, True))).labels()[0]
    assert np.array_equal(before[here], after[here])
    assert (before[there] == 0).all()
    assert after[there[10]] == 2


def test_parts_stay_inside_their_object(segmenter, scene, rng):
    embedding = segmenter.encode(scene)
    masks = segmenter.segment(embedding, some_clicks(embedding, rng, 12))
    objects, parts = masks.labels()
    assert (parts[objects == 0] == 0).all()
    assert masks.object.dtype == np.float32
    assert np.isfinite(masks.object).all()


def test_without_positive_clicks_everything_is_background(segmenter, scene):
    embedding = segmenter.encode(scene)
    masks = segmenter.segment(embedding, clicks((5, 0, 0, True), (9, 1, 0, False)))
    assert masks.object.shape == (len(embedding.grid), 1)
    assert (masks.labels()[0] == 0).all()


def test_fine_scans_get_fine_voxels(segmenter, scene, rng):
    small = Scene("small", (scene.xyz[:4000] * 0.2).astype(np.float32))
    assert segmenter.encode(small).grid.size < segmenter.encode(scene).grid.size <= 0.02


def test_a_saved_network_is_loaded_with_its_settings(tmp_path, segmenter, scene):
    path = tmp_path / "tuned.safetensors"
    save_network(segmenter.network, path)
    loaded = load_model(path)
    assert loaded.network.config == SMALL
    made = clicks((10, 1, 1, True), (400, 1, 2, True), (900, 0, 0, True))
    one, other = (model.segment(model.encode(scene), made) for model in (segmenter, loaded))
    assert np.array_equal(one.object, other.object)


def test_a_click_gives_voxels_to_what_it_speaks_for_and_changes_nothing_else(segmenter, scene, rng):
    embedding = segmenter.encode(scene)
    voxel = rng.choice(len(embedding.grid), 12, replace=False)
    rows = [(voxel[0], 1, 0, True), (voxel[1], 2, 0, True), (voxel[2], 1, 0, True), (voxel[3], 1, 1, True)]
    rows += [(v, int(o), int(o > 0), True) for v, o in zip(voxel[4:], rng.integers(0, 3, 8), strict=True)]
    moved = 0
    for number in range(3, len(rows)):
        before = segmenter.segment(embedding, clicks(*rows[:number])).labels()
        after = segmenter.segment(embedding, clicks(*rows[: number + 1])).labels()
        _, said, part, _ = rows[number]
        changed = before[0] != after[0]
        assert (after[0][changed] == said).all()
        stayed = ~changed & (before[1] != after[1])
        assert (after[0][stayed] == said).all()
        if part:
            assert (after[1][stayed] == part).all()
        moved += changed.sum() + stayed.sum()
    assert moved > 20


def test_a_voxel_that_changes_below_even_odds_is_shown_as_changed(segmenter, scene, monkeypatch):
    monkeypatch.setattr(segmenter.gate, "needed", lambda kind, correction: correction.odds.new_tensor(-1000.0))
    embedding = segmenter.encode(scene)
    here = np.flatnonzero(embedding.grid.coord[:, 0] < 2)
    made = [(here[10], 1, 1, True), (here[300], 1, 2, True), (here[310], 1, 2, True)]  # the first two come at once
    before = segmenter.segment(embedding, clicks(*made)).labels()[0] == 1
    wrong = np.setdiff1d(np.flatnonzero(before), [voxel for voxel, *_ in made])[0]
    after = segmenter.segment(embedding, clicks(*made, (wrong, 0, 0, True))).labels()[0] == 1
    assert before.sum() > 20
    assert after.sum() < 0.1 * before.sum()


def test_parts_are_asked_about_only_where_a_click_concerns_them(segmenter, scene, monkeypatch):
    embedding = segmenter.encode(scene)
    here = np.flatnonzero(embedding.grid.coord[:, 0] < 1)
    there = np.flatnonzero(embedding.grid.coord[:, 0] > 1)
    rows = [(here[10], 1, 0, True), (here[900], 1, 1, True), (there[10], 2, 0, True), (there[900], 2, 1, True)]
    rows.append((here[300], 1, 0, True))  # the second on a target: later clicks correct
    before = segmenter.segment(embedding, clicks(*rows))
    asked = []
    judge = segmenter.network.judge
    monkeypatch.setattr(segmenter.network, "judge", lambda scene, *rest: asked.append(scene) or judge(scene, *rest))
    after = segmenter.segment(embedding, clicks(*rows, (there[500], 2, 2, True)))
    assert after.parts[1] is before.parts[1]
    assert np.array_equal(after.labels()[1][here], before.labels()[1][here])
    assert after.labels()[1][there[500]] == 2
    assert asked
    around_first = embedding.regions[embedding.answers[next(reversed(embedding.answers))].boxes[1]]
    assert around_first.scene not in asked


def test_a_target_first_clicked_where_it_was_shown_gets_logits_of_its_own(segmenter, scene):
    embedding = segmenter.encode(scene)
    # a negative click on a part shows its object there
    rows = [(10, 1, 0, True), (900, 2, 1, False), (900, 2, 0, True)]
    assert segmenter.segment(embedding, clicks(*rows[:2])).object.shape[1] == 2
    masks = segmenter.segment(embedding, clicks(*rows))
    assert masks.object.shape[1] == 3
    assert masks.labels()[0][900] == 2


def test_the_first_click_on_a_part_finds_it_however_little_was_shown_of_it():
    scene = load_scene(Path(str(files("pinpoint3d"))) / "assets" / "sample_room.ply")
    session = Session(load_model("pinpoint3d"), scene)
    session.click((0.296, 0.599, 0.78), "cabinet", "body")
    session.click((0.251, 0.371, 0.395), "cabinet", "body")
    for name, height in (("upper drawer", 0.643), ("middle drawer", 0.415), ("lower drawer", 0.176)):
        session.click((0.53, 0.852, height), "cabinet", name)
    _, *parts = np.unique(session.masks.part, return_counts=True)[1]
    assert len(parts) == 4
    assert min(parts) > 1500  # points; 36 where a new part was weighed like one that was clicked before


def test_clicks_that_correct_pass_the_gate_and_those_that_open_a_target_do_not(segmenter, scene, monkeypatch):
    asked = []
    monkeypatch.setattr(segmenter.gate, "needed", lambda kind, correction: asked.append(kind) or 0 * correction.odds)
    embedding = segmenter.encode(scene)
    here, there = (np.flatnonzero(side) for side in (embedding.grid.coord[:, 0] < 1, embedding.grid.coord[:, 0] > 1))
    made = [(here[10], 1, 0, True)]
    for said, kinds in (
        ((1, 0, True), [Kind.WHOLE]),
        ((1, 1, True), []),
        ((1, 1, True), [Kind.ADDED, Kind.BETWEEN]),
    ):
        shown = segmenter.segment(embedding, clicks(*made)).labels()[0]
        asked.clear()
        made.append((there[shown[there] == 0][0], *said))
        segmenter.segment(embedding, clicks(*made))
        assert asked == kinds
    asked.clear()
    segmenter.segment(embedding, clicks(*made, (made[1][0], 0, 0, True)))
    assert asked == [Kind.TAKEN]
