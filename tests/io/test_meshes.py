"""Meshes in every format, from files written here by hand or by trimesh."""

import json
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from pinpoint3d.errors import FileError
from pinpoint3d.io import load_scene

from .conftest import write

OBJ = "v 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 5 5 5 1 1 1\nv 0 1 0 0 0 1\nv 0 1 0 0 0 1\nf 1 2 4\n"
STL = (
    "solid s\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid s\n"
)


def test_obj_keeps_loose_and_doubled_vertices(tmp_path: Path) -> None:
    scene = load_scene(write(tmp_path / "a.obj", OBJ))
    assert scene.xyz.tolist() == [[0, 0, 0], [1, 0, 0], [5, 5, 5], [0, 1, 0], [0, 1, 0]]
    assert scene.rgb is not None
    assert scene.rgb.tolist() == [[255, 0, 0], [0, 255, 0], [255, 255, 255], [0, 0, 255], [0, 0, 255]]
    assert scene.faces is not None
    assert scene.faces.tolist() == [[0, 1, 3]]


def test_obj_with_comments_in_latin_1(tmp_path: Path) -> None:
    assert len(load_scene(write(tmp_path / "a.obj", "# Möbel\n".encode("latin-1") + OBJ.encode()))) == 5


def test_stl_and_off(tmp_path: Path) -> None:
    stl = load_scene(write(tmp_path / "a.stl", STL))
    off = load_scene(write(tmp_path / "a.off", "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"))
    for scene in (stl, off):
        assert scene.xyz.tolist() == [[0, 0, 0], [1, 0, 0], [0, 1, 0]]
        assert scene.rgb is None
        assert scene.faces is not None
        assert scene.faces.tolist() == [[0, 1, 2]]


def test_obj_of_points_only(tmp_path: Path) -> None:
    scene = load_scene(write(tmp_path / "a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\n"))
    assert len(scene) == 3
    assert scene.faces is None


def quad(z: float, image: Image.Image | None = None) -> trimesh.Trimesh:
    """A unit square at height z, in the file's own y-up frame an upright one."""
    mesh = trimesh.Trimesh([[0, 0, z], [1, 0, z], [1, 1, z], [0, 1, z]], [[0, 1, 2], [0, 2, 3]], process=False)
    if image is not None:
        uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
        mesh.visual = trimesh.visual.TextureVisuals(uv=uv, image=image)
    return mesh


def test_glb_is_y_up_and_its_texture_is_seen_between_vertices(tmp_path: Path) -> None:
    image = Image.new("RGB", (64, 64), (200, 10, 20))
    image.paste((0, 0, 250), (16, 16, 48, 48))  # the middle, where no vertex is
    scene = trimesh.Scene([quad(0, image)])
    scene.add_geometry(quad(3), transform=trimesh.transformations.translation_matrix([0, 0, 4]))
    (tmp_path / "a.glb").write_bytes(scene.export(file_type="glb"))

    vertices = load_scene(tmp_path / "a.glb")
    near = vertices.xyz[:, 1] > -1
    np.testing.assert_allclose(vertices.xyz[near], [[0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1]], atol=1e-6)
    np.testing.assert_allclose(vertices.xyz[~near, 1], [-7] * 4)
    assert vertices.rgb is not None
    assert (vertices.rgb[near] == [200, 10, 20]).all()
    assert not (vertices.rgb[~near] == [200, 10, 20]).any()

    points = load_scene(tmp_path / "a.glb", mesh="sample", samples=4000)
    assert len(points) == 4000
    assert points.faces is None
    front = points.xyz[:, 1] > -1
    assert abs(front.mean() - 0.5) < 0.05
    middle = front & (np.abs(points.xyz[:, [0, 2]] - 0.5) < 0.2).all(axis=1)
    border = front & (np.abs(points.xyz[:, [0, 2]] - 0.5) > 0.3).any(axis=1)
    assert points.rgb is not None
    assert (points.rgb[middle] == [0, 0, 250]).all()
    assert (points.rgb[border] == [200, 10, 20]).all()
    assert points.normal is not None
    np.testing.assert_allclose(points.normal, np.tile([0, -1, 0], (4000, 1)), atol=1e-6)


def test_glb_with_vertex_colours(tmp_path: Path) -> None:
    mesh, rgb = quad(0), np.array([[255, 0, 1], [0, 128, 2], [9, 9, 9], [1, 2, 3]], dtype=np.uint8)
    mesh.visual.vertex_colors = np.hstack([rgb, np.full((4, 1), 255, np.uint8)])
    (tmp_path / "a.glb").write_bytes(trimesh.Scene([mesh]).export(file_type="glb"))
    np.testing.assert_array_equal(load_scene(tmp_path / "a.glb").rgb, rgb)


def test_colours_of_an_obj_keep_to_their_side_of_a_seam(tmp_path: Path) -> None:
    image = np.zeros((8, 8, 3), np.uint8)
    image[:, :4], image[:, 4:] = (250, 0, 0), (0, 0, 250)
    Image.fromarray(image).save(tmp_path / "paint.png")
    write(tmp_path / "m.mtl", "newmtl paint\nmap_Kd paint.png\n")
    lines = ["mtllib m.mtl", "v 0 0 0", "v 2 0 0", "v 0 2 0", "v 2 2 0", "vt 0.1 0.5", "vt 0.9 0.5", "usemtl paint"]
    # Two triangles share an edge; one is painted red, the other blue.
    path = write(tmp_path / "a.obj", "\n".join([*lines, "f 1/1 2/1 3/1", "f 2/2 4/2 3/2"]))
    assert load_scene(path).xyz.tolist() == [[0, 0, 0], [2, 0, 0], [0, 2, 0], [2, 2, 0]]
    scene = load_scene(path, mesh="sample", samples=2000)
    assert scene.rgb is not None
    red = scene.xyz[:, :2].sum(axis=1) < 2
    assert (scene.rgb[red] == [250, 0, 0]).all()
    assert (scene.rgb[~red] == [0, 0, 250]).all()


def test_sampling_is_even_by_area_and_repeatable(tmp_path: Path) -> None:
    # Two triangles of areas 1 and 3, one red, one blue.
    obj = "v 0 0 0 1 0 0\nv 1 0 0 1 0 0\nv 0 2 0 1 0 0\nv 0 0 9 0 0 1\nv 3 0 9 0 0 1\nv 0 2 9 0 0 1\nf 1 2 3\nf 4 5 6\n"
    path = write(tmp_path / "a.obj", obj)
    first = load_scene(path, mesh="sample", samples=8000)
    assert abs((first.xyz[:, 2] == 9).mean() - 0.75) < 0.02
    np.testing.assert_array_equal(first.xyz, load_scene(path, mesh="sample", samples=8000).xyz)
    other = load_scene(path, mesh="sample", samples=8000, rng=np.random.default_rng(1))
    assert not np.array_equal(first.xyz, other.xyz)
    # The mean of a uniform triangle is its centroid.
    small = first.xyz[first.xyz[:, 2] == 0]
    np.testing.assert_allclose(small.mean(axis=0), [1 / 3, 2 / 3, 0], atol=0.03)
    assert first.rgb is not None
    assert (first.rgb[first.xyz[:, 2] == 9] == [0, 0, 255]).all()


def test_a_mesh_without_area_cannot_be_sampled(tmp_path: Path) -> None:
    path = write(tmp_path / "a.obj", "v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n")
    with pytest.raises(FileError, match="no area"):
        load_scene(path, mesh="sample")


def test_gltf_without_its_buffer(tmp_path: Path) -> None:
    files = trimesh.Scene([quad(0)]).export(file_type="gltf")
    write(tmp_path / "a.gltf", files["model.gltf"])
    assert json.loads(files["model.gltf"])["buffers"]
    with pytest.raises(FileError, match=r"a\.gltf"):
        load_scene(tmp_path / "a.gltf")


def test_real_meshes(shared: Path) -> None:
    kitchen = load_scene(shared / "data/scans/kitchen/kitchen.ply")
    assert kitchen.faces is not None
    assert (len(kitchen), len(kitchen.faces)) == (460_706, 922_282)
    chair = load_scene(shared / "data/cad/kaykit/gltf/chair_A.gltf", mesh="sample", samples=1000)
    assert chair.rgb is not None
    assert len(np.unique(chair.rgb, axis=0)) > 3
    assert chair.extent.argmax() == 2
