import numpy as np
import pytest
import trimesh

from pinpoint3d.errors import FileError, SceneError
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.graph import SurfaceGraph
from pinpoint3d.segmenters.registry import load_model
from pinpoint3d.synthesis.mesh import PartMesh
from pinpoint3d.synthesis.pseudo_labels.clusters import (
    cluster,
    load_features,
    pseudo_part_mesh,
    pseudo_parts,
    split_pieces,
)
from pinpoint3d.synthesis.pseudo_labels.recovery import recovered


def sampled(*parts, count):
    """A scene of `count` points on convex solids, less those inside another one, and the solid i32 [N] of each."""
    rng = np.random.default_rng(0)
    area = sum(part.area for part in parts)
    xyz, owner = [], []
    for number, part in enumerate(parts, start=1):
        points = trimesh.sample.sample_surface(part, round(count * part.area / area), seed=rng.integers(1 << 30))[0]
        hidden = np.zeros(len(points), dtype=bool)
        for other in parts:
            if other is not part:
                hidden |= inside(other, points)
        xyz.append(points[~hidden])
        owner.append(np.full(int((~hidden).sum()), number, dtype=np.int32))
    return Scene("shape", np.concatenate(xyz).astype(np.float32)), np.concatenate(owner)


def inside(convex, points):
    return (
        np.einsum("fd,nd->nf", convex.face_normals, points)
        < np.einsum("fd,fd->f", convex.face_normals, convex.triangles[:, 0]) - 1e-9
    ).all(axis=1)


def dumbbell(count=6000):
    ball = trimesh.creation.icosphere(subdivisions=3, radius=0.12)
    bar = trimesh.creation.cylinder(radius=0.03, height=0.5)
    ends = [ball.copy().apply_translation((0, 0, z)) for z in (-0.3, 0.3)]
    return sampled(ends[0], bar, ends[1], count=count)


def table(count=12000):
    top = trimesh.creation.box((1.0, 0.7, 0.06)).apply_translation((0, 0, 0.7))
    legs = [
        trimesh.creation.box((0.07, 0.07, 0.69)).apply_translation((x, y, 0.335))
        for x in (-0.4, 0.4)
        for y in (-0.28, 0.28)
    ]
    return sampled(top, *legs, count=count)


def best_ious(found, truth):
    """IoU of every true part with the found part that fits it best."""
    return [
        max(((found == f) & (truth == t)).sum() / ((found == f) | (truth == t)).sum() for f in np.unique(found))
        for t in np.unique(truth)
    ]


@pytest.mark.parametrize(("shape", "parts"), [(dumbbell, 3), (table, 5)])
def test_parts_of_shapes_whose_parts_are_known(shape, parts):
    scene, truth = shape()
    found = pseudo_parts(scene, rng=np.random.default_rng(0))
    assert found.part.min() >= 1  # every point belongs to a part
    assert found.part.max() == parts
    assert min(best_ious(found.part, truth)) > 0.7
    again = pseudo_parts(scene, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(again.part, found.part)


def test_given_features_decide(rng):
    scene, _ = table()
    left = scene.xyz[:, 0] < 0
    features = np.where(left[:, None], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]) + rng.normal(0, 0.05, (len(scene), 3))
    found = pseudo_parts(scene, features, rng=np.random.default_rng(0))
    assert (found.count, found.part.max()) == (2, 2)
    assert min(best_ious(found.part, left.astype(int))) > 0.95
    with pytest.raises(ValueError, match="7 features for"):
        pseudo_parts(scene, features[:7], rng=rng)


def test_a_label_in_two_pieces_is_split(rng):
    scene, truth = table()
    of_point = np.where(truth == 1, 0, 1)  # the top, and all legs as one
    features = np.eye(2)[of_point] + rng.normal(0, 0.1, (len(scene), 2))
    found = pseudo_parts(scene, features, rng=np.random.default_rng(0))
    assert (found.count, found.part.max()) == (2, 5)
    assert min(best_ious(found.part, truth)) > 0.85


def test_strays_join_the_label_around_them():
    scene, truth = dumbbell()
    graph = SurfaceGraph.from_scene(scene)
    label = truth[graph.grid.voxel_to_point].astype(np.int64) - 1
    stray = np.flatnonzero(label == 0)[np.argmin(graph.position[label == 0][:, 2])]
    noisy = label.copy()
    noisy[stray] = 2
    clean = split_pieces(graph, noisy)
    assert clean[stray] == np.bincount(clean[label == 0]).argmax()
    assert len(np.unique(clean)) == 3


def test_what_clicks_do_not_recover_is_given_up():
    scene, truth = dumbbell(count=1500)
    speckle = np.random.default_rng(0).random(len(truth)) < 0.5
    labels = np.where(truth == 1, np.where(speckle, 4, 1), truth).astype(np.int32)  # one ball in salt and pepper
    iou = recovered(scene, labels, load_model("geodesic"), clicks=5)
    assert iou[3] > 0.8
    assert max(iou[1], iou[4]) < 0.6


def test_the_filter_leaves_no_gaps_in_the_numbers():
    scene, truth = dumbbell(count=1500)
    # A stripe about the first ball that no crease marks, and the rest as it is.
    stripe = (truth == 1) & (np.abs(scene.xyz[:, 0]) < 0.02)
    features = np.eye(4)[np.where(stripe, 0, truth)]
    options = {"segmenter": load_model("geodesic"), "clicks": 1, "least_iou": 0.8}
    plain = pseudo_parts(scene, features, rng=np.random.default_rng(0))
    kept = pseudo_parts(scene, features, rng=np.random.default_rng(0), **options)
    assert 0 < kept.dropped < plain.part.max()
    assert np.unique(kept.part).tolist() == list(range(plain.part.max() - kept.dropped + 1))
    assert stripe[kept.part == 0].any()


def test_parts_of_a_mesh():
    scene_parts = [
        trimesh.creation.box((0.6, 0.6, 0.08)),
        trimesh.creation.cylinder(radius=0.03, height=0.5).apply_translation((0, 0, 0.28)),
    ]
    whole = trimesh.util.concatenate([part.subdivide().subdivide().subdivide() for part in scene_parts])
    n = len(whole.faces)
    mesh = PartMesh(
        "sign", "sign", whole.vertices.astype(np.float32), whole.faces.astype(np.int32), np.ones(n, np.int32),
        {1: "all"}, np.full((n, 3), 128, np.uint8), np.zeros(n, np.uint8), np.zeros(n, np.bool_),
    )  # fmt: skip
    truth = (whole.triangles_center[:, 2] > 0.05).astype(int)
    found = pseudo_part_mesh(mesh, np.eye(2)[truth], rng=np.random.default_rng(0))
    assert found.part_names == {1: "part 1", 2: "part 2"}
    assert min(best_ious(found.part, truth)) > 0.95
    with pytest.raises(ValueError, match=rf"3 features for {n} faces of sign"):
        pseudo_part_mesh(mesh, np.eye(3), rng=np.random.default_rng(0))


def test_the_best_silhouette_chooses_the_count(rng):
    centres = np.array([[0, 0], [5, 0], [0, 5], [5, 5], [10, 10]])
    rows = np.concatenate([centre + rng.normal(0, 0.3, (40, 2)) for centre in centres])
    label, silhouette = cluster(rows, range(2, 11), np.random.default_rng(0))
    assert [len(np.unique(group)) for group in label.reshape(5, 40)] == [1] * 5
    assert label.max() == 4
    # Against the definition, one row after the other.
    distance = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    values = []
    for row in range(len(rows)):
        means = [distance[row, label == k].sum() / ((label == k).sum() - (k == label[row])) for k in range(5)]
        own, other = means.pop(label[row]), min(means)
        values.append((other - own) / max(own, other))
    assert silhouette == pytest.approx(np.mean(values), abs=1e-9)


def test_too_few_points():
    with pytest.raises(SceneError, match="too few to find parts in"):
        pseudo_parts(Scene("dot", np.eye(3, dtype=np.float32)), rng=np.random.default_rng(0))


def test_features_from_files(tmp_path, rng):
    table = rng.normal(size=(6, 4)).astype(np.float32)
    np.save(tmp_path / "a.npy", table)
    np.savez(tmp_path / "b.npz", part_feat=table)
    np.savez(tmp_path / "c.npz", features=table, other=np.zeros(3))
    for name in ("a.npy", "b.npz", "c.npz"):
        np.testing.assert_array_equal(load_features(tmp_path / name), table)
    np.savez(tmp_path / "two.npz", a=table, b=table)
    np.save(tmp_path / "flat.npy", table[0])
    np.save(tmp_path / "nan.npy", table * np.nan)
    (tmp_path / "text.npy").write_text("1 2 3")
    for name, problem in [
        ("two.npz", "holds a, b; call the array"),
        ("flat.npy", r"float32 \(4,\), expected"),
        ("nan.npy", "finite"),
        ("text.npy", "is no NumPy file"),
        ("gone.npy", "cannot be read"),
    ]:
        with pytest.raises(FileError, match=problem):
            load_features(tmp_path / name)
