import json

import numpy as np
import pytest
import trimesh
from PIL import Image
from solids import box, part_box, table

from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.synthesis.cad import CadWarning, load_object, open_object, save_object
from pinpoint3d.synthesis.cad.library import ObjectLibrary


def write_glb(path, parts):
    scene = trimesh.Scene()
    for name, mesh in parts.items():
        scene.add_geometry(mesh, node_name=name, geom_name=name)
    path.write_bytes(scene.export(file_type="glb"))


def assert_is_the_table(mesh):
    assert sorted(mesh.part_names.values()) == ["leg_left", "leg_right", "top"]
    np.testing.assert_allclose(mesh.bounds, [[-0.5, -0.3, 0], [0.5, 0.3, 0.72]], atol=1e-5)
    np.testing.assert_allclose(part_box(mesh, "top"), [[-0.5, -0.3, 0.68], [0.5, 0.3, 0.72]], atol=1e-5)
    np.testing.assert_allclose(part_box(mesh, "leg_left"), [[-0.425, -0.25, 0], [-0.375, 0.25, 0.68]], atol=1e-5)


def test_nodes_of_a_glb_are_parts_and_stand_upright(tmp_path):
    write_glb(tmp_path / "table.glb", table(up="y"))
    mesh = open_object(tmp_path / "table.glb")
    assert_is_the_table(mesh)
    assert (mesh.name, mesh.category, mesh.source) == ("table", "table", "table.glb")


def test_materials_of_one_node_are_parts(tmp_path):
    scene = trimesh.Scene()
    for name, at, rgb in (("wood", 0.2, (200, 100, 50)), ("steel", 0.6, (90, 90, 95))):
        mesh = box((0.4, 0.4, 0.4), (0, at, 0), rgb)
        mesh.visual.material.name = name
        scene.add_geometry(mesh, node_name=name, geom_name=name)
    files = scene.export(file_type="gltf")
    tree = json.loads(files.pop("model.gltf"))
    # One node with a mesh of two materials, as modelling programs write it.
    primitives = [primitive for mesh in tree["meshes"] for primitive in mesh["primitives"]]
    tree["meshes"] = [{"name": "stool", "primitives": primitives}]
    tree["nodes"], tree["scenes"] = [{"name": "stool", "mesh": 0}], [{"nodes": [0]}]
    (tmp_path / "stool.gltf").write_text(json.dumps(tree))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    mesh = open_object(tmp_path / "stool.gltf")
    assert sorted(mesh.part_names.values()) == ["steel", "wood"]
    for name, low, rgb in (("wood", 0.0, (200, 100, 50)), ("steel", 0.4, (90, 90, 95))):
        np.testing.assert_allclose(part_box(mesh, name)[0, 2], low, atol=1e-5)
        (number,) = [n for n, other in mesh.part_names.items() if other == name]
        assert {tuple(row) for row in mesh.rgb[mesh.part == number].tolist()} == {rgb}


def test_a_glb_without_parts_is_refused_with_the_ways_out(tmp_path):
    write_glb(tmp_path / "chair.glb", {"chair": box((0.5, 0.5, 0.9))})
    with pytest.raises(FileError, match=r"one part only.*\(loose\).*\(single\)"):
        open_object(tmp_path / "chair.glb")
    assert open_object(tmp_path / "chair.glb", single=True).part_names == {1: "chair"}


def test_loose_pieces_become_parts_and_small_ones_join_their_neighbours(tmp_path):
    whole = trimesh.util.concatenate([*table(up="y").values(), box((0.01, 0.01, 0.01), (0.4, 0.1, 0.26))])
    write_glb(tmp_path / "table.glb", {"table": whole})
    pieces = open_object(tmp_path / "table.glb", loose=True)
    assert list(pieces.part_names.values()) == ["piece 1", "piece 2", "piece 3", "piece 4"]  # the largest first
    np.testing.assert_allclose(part_box(pieces, "piece 1")[:, 2], [0.68, 0.72], atol=1e-5)
    merged = open_object(tmp_path / "table.glb", loose=True, merge_below=0.01)
    assert len(merged.part_names) == 3
    right = merged.part[np.argmax(merged.vertices[merged.faces].mean(axis=1)[:, 0] * (merged.part != 1))]
    assert (merged.part == right).sum() == 24  # the knob and the leg beside it


def test_groups_and_objects_of_an_obj(tmp_path):
    lines, start = ["mtllib t.mtl"], 1
    for directive in ("o", "g"):
        lines, start = ["mtllib t.mtl"], 1
        for name, mesh in table().items():
            lines += [f"{directive} {name}", *("v {} {} {}".format(*v) for v in mesh.vertices), "usemtl oak"]
            lines += ["f {} {} {}".format(*(face + start)) for face in mesh.faces]
            start += len(mesh.vertices)
        (tmp_path / "t.mtl").write_text("newmtl oak\nKd 0.8 0.4 0.2\nnewmtl pine\nKd 1 1 1\n")
        (tmp_path / "table.obj").write_text("\n".join(lines))
        mesh = open_object(tmp_path / "table.obj")
        assert_is_the_table(mesh)
        np.testing.assert_allclose(mesh.rgb, [[204, 102, 51]] * len(mesh.rgb), atol=1)


@pytest.mark.parametrize("suffix", ["obj", "stl", "ply", "off"])
def test_a_folder_with_a_file_a_part(tmp_path, suffix):
    folder = tmp_path / "table_7"
    folder.mkdir()
    for name, mesh in table().items():
        mesh.export(folder / f"table_{name}.{suffix}")
    assert_is_the_table(open_object(folder))
    lying = open_object(folder, up="-y")
    np.testing.assert_allclose(np.ptp(lying.bounds, axis=0), [1, 0.72, 0.6], atol=1e-5)


def test_parts_in_their_own_frames_need_poses(tmp_path):
    folder = tmp_path / "Table" / "lack"
    folder.mkdir(parents=True)
    for number, size in enumerate([(1, 0.6, 0.04), (0.05, 0.5, 0.68), (0.05, 0.5, 0.68)]):
        box(size).export(folder / f"{number:02}.obj")
    with pytest.raises(FileError, match=r"lie on top of each other.*poses\.json"):
        open_object(folder)
    poses = {}
    for name, at in (("00", (0, 0, 0.7)), ("01", (-0.4, 0, 0.34)), ("02", (0.4, 0, 0.34))):
        matrix = np.eye(4)
        matrix[:3, 3] = at
        poses[name] = matrix.ravel().tolist()
    (folder / "poses.json").write_text(json.dumps(poses))
    mesh = open_object(folder)
    assert (mesh.name, mesh.category) == ("Table_lack", "table")
    assert list(mesh.part_names.values()) == ["part 0", "part 1", "part 2"]
    np.testing.assert_allclose(mesh.bounds[1] - mesh.bounds[0], [1, 0.6, 0.72], atol=1e-5)
    del poses["02"]
    (folder / "poses.json").write_text(json.dumps(poses))
    with pytest.raises(FileError, match=r"poses\.json: says nothing of the part '02'"):
        open_object(folder)


def test_a_texture_colours_faces(tmp_path):
    image = np.zeros((8, 8, 3), np.uint8)
    image[:, :4], image[:, 4:] = (250, 0, 0), (0, 0, 250)
    Image.fromarray(image).save(tmp_path / "paint.png")
    (tmp_path / "m.mtl").write_text("newmtl paint\nmap_Kd paint.png\n")
    lines = ["mtllib m.mtl", "v 0 0 0", "v 1 0 0", "v 0 0 1", "v 2 0 0", "v 2 0 1"]
    lines += ["vt 0.1 0.1", "vt 0.3 0.1", "vt 0.1 0.9", "vt 0.7 0.1", "vt 0.9 0.1", "vt 0.9 0.9", "usemtl paint"]
    lines += ["o left", "f 1/1 2/2 3/3", "o right", "f 2/4 4/5 5/6"]
    (tmp_path / "sign.obj").write_text("\n".join(lines))
    mesh = open_object(tmp_path / "sign.obj")
    left, right = (mesh.rgb[mesh.part == number][0] for number in sorted(mesh.part_names, key=mesh.part_names.get))
    assert left[0] > 200 > 50 > left[2]
    assert right[2] > 200 > 50 > right[0]


COLLADA = """<?xml version="1.0"?>
<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema" version="1.4.1">
 <asset><unit name="inch" meter="0.0254"/><up_axis>{up}</up_axis></asset>
 <library_effects>{effects}</library_effects>
 <library_materials>{materials}</library_materials>
 <library_geometries><geometry id="g"><mesh>
  <source id="p"><float_array id="pa" count="9">0 0 0  40 0 0  0 0 30</float_array><technique_common>
   <accessor source="#pa" count="3" stride="3"><param name="X" type="float"/><param name="Y" type="float"/>
   <param name="Z" type="float"/></accessor></technique_common></source>
  <vertices id="v"><input semantic="POSITION" source="#p"/></vertices>
  <triangles material="m" count="1"><input semantic="VERTEX" source="#v" offset="0"/><p>0 1 2</p></triangles>
 </mesh></geometry></library_geometries>
 <library_visual_scenes><visual_scene id="s">{nodes}</visual_scene></library_visual_scenes>
 <scene><instance_visual_scene url="#s"/></scene>
</COLLADA>"""


def write_collada(path, up="Z_UP"):
    colours = {"red": "0.8 0 0 1", "blue": "0 0 0.8 1"}
    effects = "".join(
        f'<effect id="{name}-fx"><profile_COMMON><technique sid="t"><lambert><diffuse><color>{colour}</color></diffuse>'
        f"</lambert></technique></profile_COMMON></effect>"
        for name, colour in colours.items()
    )
    materials = "".join(
        f'<material id="{name}" name="{name}"><instance_effect url="#{name}-fx"/></material>' for name in colours
    )
    nodes = "".join(
        f'<node id="{name}-node" name="{name} side"><translate>0 {y} 0</translate><instance_geometry url="#g">'
        f'<bind_material><technique_common><instance_material symbol="m" target="#{name}"/></technique_common>'
        f"</bind_material></instance_geometry></node>"
        for name, y in (("red", 0), ("blue", 20))
    )
    path.write_text(COLLADA.format(up=up, effects=effects, materials=materials, nodes=nodes))


def test_collada_keeps_names_colours_unit_and_up_axis(tmp_path):
    write_collada(tmp_path / "sign.dae")
    mesh = open_object(tmp_path / "sign.dae")
    assert mesh.part_names == {1: "red side", 2: "blue side"}
    np.testing.assert_allclose(np.ptp(mesh.bounds, axis=0), np.array([40, 20, 30]) * 0.0254, rtol=1e-5)
    assert mesh.rgb.tolist() == [[204, 0, 0], [0, 0, 204]]
    write_collada(tmp_path / "sign.dae", up="Y_UP")
    turned = open_object(tmp_path / "sign.dae")
    np.testing.assert_allclose(np.ptp(turned.bounds, axis=0), np.array([40, 30, 20]) * 0.0254, rtol=1e-5)


def test_sizes_that_cannot_be_are_told_with_the_factor(tmp_path):
    small = {name: mesh.apply_scale(0.1) for name, mesh in table(up="y").items()}
    write_glb(tmp_path / "table.glb", small)
    with pytest.warns(CadWarning, match=r"0\.1 m, that of a table is 0\.35 to 3 m; scale=10\.28 would"):
        open_object(tmp_path / "table.glb")
    assert_is_the_table(open_object(tmp_path / "table.glb", scale=10))
    usual = open_object(tmp_path / "table.glb", scale="usual")
    np.testing.assert_allclose(usual.bounds[1, 2], 0.74, rtol=1e-5)  # as high as tables are


def test_the_front_is_turned_towards_the_viewer(tmp_path):
    write_glb(tmp_path / "desk.glb", {"top": box((1, 0.04, 0.6)), "drawer": box((0.4, 0.1, 0.1), (0.5, -0.07, 0))})
    mesh = open_object(tmp_path / "desk.glb", front="x")
    assert part_box(mesh, "drawer")[:, 1].mean() < part_box(mesh, "top")[:, 1].mean() - 0.3
    with pytest.raises(PinPointError, match="front='z'"):
        open_object(tmp_path / "desk.glb", front="z")


def test_inner_faces_are_those_that_nobody_sees(tmp_path):
    parts = {"shell": box((1, 1, 1), (0, 0.5, 0)), "core": box((0.3, 0.3, 0.3), (0, 0.5, 0))}
    write_glb(tmp_path / "box.glb", parts)
    mesh = open_object(tmp_path / "box.glb")
    names = np.array([mesh.part_names[number] for number in mesh.part])
    assert mesh.inner[names == "core"].all()
    assert not mesh.inner[names == "shell"].any()
    shell = parts["shell"]
    shell.update_faces(shell.face_normals[:, 1] < 0.5)  # open at the top
    write_glb(tmp_path / "box.glb", parts)
    mesh = open_object(tmp_path / "box.glb")
    middles = mesh.vertices[mesh.faces].mean(axis=1)
    np.testing.assert_allclose(middles[mesh.inner][:, 2], 0.35, atol=1e-5)  # the core from below, and nothing else
    assert mesh.inner.sum() == 2


def test_bad_files(tmp_path):
    (tmp_path / "broken.glb").write_bytes(b"glTF" + b"\0" * 40)
    (tmp_path / "empty.obj").write_bytes(b"")
    (tmp_path / "points.obj").write_text("v 0 0 0\nv 1 0 0\n")
    (tmp_path / "thing.step").write_text("ISO-10303-21;")
    (tmp_path / "hollow").mkdir()
    for name, problem in [
        ("broken.glb", "is no sound glTF file"),
        ("empty.obj", "is empty"),
        ("points.obj", "holds no faces"),
        ("thing.step", "unknown suffix '.step'; known are"),
        ("gone.glb", "no such file"),
        ("hollow", "holds no object"),
    ]:
        with pytest.raises(FileError, match=problem):
            open_object(tmp_path / name)


def test_an_object_is_saved_and_loaded_the_same(tmp_path):
    write_glb(tmp_path / "table.glb", table(up="y"))
    mesh = open_object(tmp_path / "table.glb", licence="CC0-1.0")
    assert mesh.source == "table.glb (CC0-1.0)"
    save_object(tmp_path / "table.npz", mesh)
    save_object(tmp_path / "again.npz", mesh)
    assert (tmp_path / "table.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()
    library = ObjectLibrary(tmp_path)
    assert library.names() == ["again", "table"]
    for loaded in (library.load("table"), open_object(tmp_path / "table.npz")):
        for key in ("vertices", "faces", "part", "rgb", "pattern", "inner"):
            np.testing.assert_array_equal(getattr(loaded, key), getattr(mesh, key))
        assert (loaded.name, loaded.category, loaded.part_names) == (mesh.name, mesh.category, mesh.part_names)
        assert (loaded.source, loaded.mount) == (mesh.source, mesh.mount)


def test_files_that_are_no_imported_objects(tmp_path):
    np.savez(tmp_path / "points.npz", points=np.zeros((5, 3)), part=np.zeros(5), part_names=np.array("[]"))
    with pytest.raises(FileError, match='holds points, no faces; read its folder as the data set "objects:DIR"'):
        load_object(tmp_path / "points.npz")
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(FileError, match="is no imported object"):
        load_object(tmp_path / "other.npz")
    write_glb(tmp_path / "table.glb", table(up="y"))
    mesh = open_object(tmp_path / "table.glb")
    save_object(tmp_path / "table.npz", mesh)
    arrays = dict(np.load(tmp_path / "table.npz"))
    arrays["part"][0] = 9
    np.savez(tmp_path / "table.npz", **arrays)
    with pytest.raises(FileError, match="part 9 of table has no name"):
        load_object(tmp_path / "table.npz")
    with pytest.raises(FileError, match="is no folder"):
        ObjectLibrary(tmp_path / "gone").names()
