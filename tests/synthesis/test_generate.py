from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from scipy.spatial import KDTree

from pinpoint3d.scene import VoxelGrid
from pinpoint3d.synthesis.catalogue import SPLITS, Catalogue, split_of
from pinpoint3d.synthesis.families import FAMILIES
from pinpoint3d.synthesis.generate import (
    SceneConfig,
    generate_crop,
    generate_room,
    generate_scan,
    generate_scene,
    room_of,
)
from pinpoint3d.synthesis.mesh import Placed
from pinpoint3d.synthesis.rooms import check_assembly
from pinpoint3d.synthesis.rooms.surfaces import posed, surface_points
from pinpoint3d.synthesis.scanner import scan
from pinpoint3d.synthesis.statistics import seen_shares
from pinpoint3d.synthesis.storage.packed import checksum, pack

QUICK = SceneConfig(table_tops=0.0, lidar=0.0, frames=(10, 11))


def digest(index):
    return checksum(pack(generate_crop(3, index))), checksum(pack(generate_scene(3, index, config=QUICK)))


@pytest.mark.slow
def test_same_seed_same_bytes_here_and_in_another_process():
    here = digest(1)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(digest, 1).result() == here
    assert len({*here, *digest(0)}) == 4


@pytest.mark.parametrize("index", range(2))
def test_every_label_has_a_name_and_every_object_its_parts(index):
    room, labelled = generate_scan(7, index, split="val", config=QUICK)
    labels = labelled.labels
    assert len(room.assembly.objects) >= 6
    assert set(labels.objects().tolist()) <= set(labels.object_names)
    assert labels.object.min() == 0
    for o in labels.objects().tolist():
        assert set(labels.parts(o).tolist()) <= {part for owner, part in labels.part_names if owner == o}
        assert (labels.part[labels.object == o] > 0).mean() > 0.95
    assert (labels.part[labels.object == 0] == 0).all()
    assert len(labels.objects()) > 0.5 * len(room.assembly.objects)
    shares = seen_shares(room.assembly, labelled)
    assert set(shares) == set(labels.part_names)
    assert 0.1 < np.mean(list(shares.values())) < 0.95


def test_labels_are_right_up_to_the_borders():
    """Noise puts points nearer to a surface with another label, but hardly ever a centimetre nearer."""
    room, labelled = generate_scan(50, 2, split="train", config=QUICK)
    at, label = [], []
    for number, one in enumerate([Placed(room.assembly.shell, np.eye(4)), *room.assembly.objects]):
        points, _, face = surface_points(one.design)
        at.append(posed(points, one.pose))
        label.append(number * 1000 + np.where(number > 0, one.design.part[face], 0))
    surface, label = np.concatenate(at), np.concatenate(label).astype(np.int64)
    xyz = labelled.scene.xyz.astype(np.float64)
    given = labelled.labels.object.astype(np.int64) * 1000 + labelled.labels.part
    nearest, _ = KDTree(surface).query(xyz)
    own = np.empty(len(xyz))
    for value in np.unique(given):
        own[given == value], _ = KDTree(surface[label == value]).query(xyz[given == value])
    assert (own > nearest + 0.01).mean() < 0.002
    assert np.percentile(own, 99) < 0.03


def test_a_table_top_is_one_dense_view():
    room, labelled = generate_scan(1, 0, split="train", config=SceneConfig(table_tops=1.0))
    assert room.kind == "table top"
    assert 100_000 < len(labelled.scene) < 640 * 480 * 2
    assert len(labelled.labels.objects()) >= 3


def test_a_crop_is_small_and_shows_what_it_is_about():
    counts = [len(VoxelGrid.from_scene(generate_crop(2, i).scene, 0.02)) for i in range(3)]
    assert 2_000 < np.median(counts) < 20_000


def test_splits_share_no_design():
    rng = np.random.default_rng(0)
    seen = {}
    for split in SPLITS:
        catalogue = Catalogue(split)
        for category, mount in catalogue.kinds():
            mesh = catalogue.draw([category], mount, rng, merged=True)
            if mesh is not None:
                assert seen.setdefault(mesh.name, split) == split
    assert set(seen.values()) == set(SPLITS)


def test_held_out_families_are_never_trained_on():
    rng = np.random.default_rng(0)
    held_out = {name for name, family in FAMILIES.items() if family.held_out}
    catalogue = Catalogue("train")
    for category, mount in catalogue.kinds():
        mesh = catalogue.draw([category], mount, rng, merged=False)
        assert mesh.source.split(":")[0] not in held_out
    assert all(split_of(f"{name} {seed}", held_out=True) != "train" for name in held_out for seed in range(50))


def test_a_split_that_is_none_is_refused():
    with pytest.raises(ValueError, match="training"):
        Catalogue("training")


class Mugs:
    """A library of one design under many names."""

    def names(self):
        return [f"mug of ours {i}" for i in range(40)]

    def load(self, name):
        mesh = Catalogue("train").draw(["mug"], FAMILIES["mug"].mount, np.random.default_rng(1), merged=True)
        return replace(mesh, name=name, category="mug", source="library")


def test_a_library_of_other_designs_is_mixed_in():
    config = SceneConfig(table_tops=1.0, library=Mugs(), library_share=1.0)
    room = generate_room(np.random.default_rng(6), "train", config)
    names = [one.design.name for one in room.assembly.objects if one.design.source == "library"]
    assert names
    assert all(split_of(name) == "train" for name in names)


def measured(index):
    """Worst gap, worst overlap and number of objects of a room, all of whose faces must belong to named parts."""
    room = room_of(11, index, split=SPLITS[index % 3])
    for one in room.assembly.objects:
        assert set(np.unique(one.design.part).tolist()) == set(one.design.part_names)
        assert one.design.category
        assert all(one.design.part_names.values())
    check = check_assembly(room.assembly)
    return check.worst_gap, check.worst_overlap, len(room.assembly.objects), room.kind == "table top"


@pytest.mark.slow
def test_objects_rest_and_do_not_intersect_over_200_scenes():
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        gaps, overlaps, counts, table_tops = zip(*pool.map(measured, range(200), chunksize=10), strict=True)
    assert max(gaps) < 0.01
    assert max(overlaps) <= 0.01
    assert min(count for count, table_top in zip(counts, table_tops, strict=True) if not table_top) >= 8
    assert min(counts) >= 1
    assert max(counts) <= 25


@pytest.mark.slow
def test_crops_are_as_sound_as_rooms(monkeypatch):
    seen = []

    def kept(assembly, *arguments):
        seen.append(assembly)
        return scan(assembly, *arguments)

    monkeypatch.setattr("pinpoint3d.synthesis.generate.scan", kept)
    for index in range(30):
        labelled = generate_crop(12, index, split=SPLITS[index % 3])
        check = check_assembly(seen[-1])
        assert check.worst_gap < 0.01
        assert check.worst_overlap <= 0.01
        assert len(labelled.labels.objects()) >= 1
