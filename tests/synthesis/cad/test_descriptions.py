"""URDF, MJCF, SDF and PartNet: what they name is put where they say."""

import json

import numpy as np
import pytest
from solids import box, part_box, table

from pinpoint3d.errors import FileError
from pinpoint3d.synthesis.cad import CadWarning, open_object

URDF = """<robot name="cabinet">
 <material name="oak"><color rgba="0.8 0.4 0.2 1"/></material>
 <link name="body"><visual><origin xyz="0 0 0.5"/><geometry><box size="0.6 0.4 1.0"/></geometry>
  <material name="oak"/></visual>
  <collision><geometry><box size="9 9 9"/></geometry></collision></link>
 <link name="door"><visual><origin xyz="0.3 0 0"/><geometry><mesh filename="{mesh}" scale="0.001 0.001 0.001"/>
  </geometry></visual></link>
 <link name="handle"><visual><geometry><cylinder radius="0.01" length="0.2"/></geometry>
  <material name="steel"><color rgba="0.5 0.5 0.5 1"/></material></visual></link>
 <joint name="hinge" type="revolute"><parent link="body"/><child link="door"/>
  <origin xyz="-0.3 -0.2 0.5" rpy="0 0 0"/></joint>
 <joint name="grip" type="fixed"><parent link="door"/><child link="handle"/>
  <origin xyz="0.5 -0.05 0" rpy="0 1.5707963267948966 0"/></joint>
</robot>"""


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("meshes/door.stl", "meshes"),
        ("package://cabinet_description/meshes/door.stl", "meshes"),
        ("package://elsewhere/meshes/door.stl", "meshes"),
        ("file://meshes/door.stl", "meshes"),
    ],
)
def test_links_of_a_urdf_stand_where_the_joints_say(tmp_path, uri, place):
    root = tmp_path / "cabinet_description"
    (root / place).mkdir(parents=True)
    (root / "urdf").mkdir()
    box((600, 20, 900)).export(root / place / "door.stl")  # millimetres
    path = root / ("cabinet.urdf" if "://c" not in uri else "urdf/cabinet.urdf")
    path.write_text(URDF.format(mesh=uri))
    mesh = open_object(path)
    assert list(mesh.part_names.values()) == ["body", "door", "handle"]
    body, door, handle = (part_box(mesh, name) for name in ("body", "door", "handle"))
    np.testing.assert_allclose(np.ptp(body, axis=0), [0.6, 0.4, 1.0], atol=1e-5)
    np.testing.assert_allclose(door - body.mean(axis=0), [[-0.3, -0.21, -0.45], [0.3, -0.19, 0.45]], atol=1e-5)
    # The cylinder's axis z points along x after the joint's pitch.
    np.testing.assert_allclose(np.ptp(handle, axis=0), [0.2, 0.02, 0.02], atol=1e-3)
    np.testing.assert_allclose(handle.mean(axis=0) - body.mean(axis=0), [0.2, -0.25, 0], atol=1e-5)
    assert mesh.rgb[mesh.part == 1].tolist() == [[204, 102, 51]] * 12
    assert mesh.rgb[mesh.part == 3][0].tolist() == [128, 128, 128]


def test_a_urdf_whose_mesh_is_missing(tmp_path):
    path = tmp_path / "cabinet.urdf"
    path.write_text(URDF.format(mesh="package://cabinet/meshes/door.stl"))
    with pytest.raises(FileError, match=r"cabinet\.urdf: link door names the mesh package://cabinet/meshes/door\.stl"):
        open_object(path)
    with pytest.warns(CadWarning, match=r"1 meshes are missing and left out: package://cabinet/meshes/door\.stl"):
        mesh = open_object(path, skip_missing=True)
    assert list(mesh.part_names.values()) == ["body", "handle"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('<child link="handle"/>', '<child link="knob"/>'), "joint grip names the link 'knob'"),
        (('<parent link="body"/>', '<parent link="handle"/>'), "is its own ancestor"),
        (("</robot>", ""), "is no sound XML"),
        (('size="0.6 0.4 1.0"', 'size="0.6 wide"'), "expected numbers"),
        (("cylinder", "torus"), "has a geometry 'torus'"),
    ],
)
def test_damaged_urdf(tmp_path, change, problem):
    box((600, 20, 900)).export(tmp_path / "door.stl")
    (tmp_path / "cabinet.urdf").write_text(URDF.format(mesh="door.stl").replace(*change))
    with pytest.raises(FileError, match=problem):
        open_object(tmp_path / "cabinet.urdf")


MJCF = """<mujoco model="lamp">
 <compiler angle="degree" meshdir="assets"/>
 <include file="shared.xml"/>
 <asset><mesh name="shade" file="shade.stl" scale="0.01 0.01 0.01"/></asset>
 <worldbody>
  <geom type="plane" size="5 5 0.1"/>
  <body name="base" pos="0 0 0.02"><geom type="cylinder" size="0.15 0.02"/>
   <body name="stem" pos="0 0 0.02">
    <geom class="metal" type="capsule" fromto="0 0 0 0 0 0.4" size="0.01"/>
    <body name="shade" pos="0 0 0.4" euler="90 0 0">
     <geom type="mesh" mesh="shade" contype="0" conaffinity="0" rgba="1 0.9 0.8 1"/>
     <geom type="box" size="3 3 3"/>
     <geom type="sphere" size="2" rgba="0 0 0 0"/>
     <geom type="sphere" size="2" group="3"/>
    </body></body></body>
 </worldbody>
</mujoco>"""
SHARED = """<mujocoinclude><default><geom rgba="0.2 0.2 0.2 1"/>
 <default class="metal"><geom rgba="0.8 0.8 0.8 1"/></default></default></mujocoinclude>"""


@pytest.fixture
def lamp(tmp_path):
    (tmp_path / "assets").mkdir()
    box((20, 10, 20), (0, 5, 0)).export(tmp_path / "assets" / "shade.stl")
    (tmp_path / "shared.xml").write_text(SHARED)
    (tmp_path / "lamp.xml").write_text(MJCF)
    return tmp_path / "lamp.xml"


def test_bodies_of_an_mjcf_with_defaults_includes_and_looks(lamp):
    mesh = open_object(lamp)
    assert list(mesh.part_names.values()) == ["base", "stem", "shade"]
    np.testing.assert_allclose(part_box(mesh, "base")[:, 2], [0, 0.04], atol=1e-5)
    np.testing.assert_allclose(part_box(mesh, "stem")[:, 2], [0.03, 0.45], atol=1e-3)
    # The mesh alone is drawn: its collision shapes are not, and it is turned from y up.
    np.testing.assert_allclose(part_box(mesh, "shade"), [[-0.1, -0.1, 0.44], [0.1, 0.1, 0.54]], atol=1e-3)
    colours = [mesh.rgb[mesh.part == number][0].tolist() for number in (1, 2, 3)]
    assert colours == [[51, 51, 51], [204, 204, 204], [255, 230, 204]]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('mesh="shade"', 'mesh="hood"'), "names the mesh 'hood', which is no mesh asset"),
        (("shade.stl", "hood.stl"), r"body shade names the mesh assets/hood\.stl, which is missing"),
        (('class="metal"', 'class="wood"'), "the class 'wood' of <geom> is not defined"),
        (('file="shared.xml"', 'file="lamp.xml"'), "includes lamp.xml, which includes it"),
        (('size="0.15 0.02"', 'size="0.15"'), "is a 'cylinder' of size '0.15', which cannot be drawn"),
    ],
)
def test_damaged_mjcf(lamp, change, problem):
    lamp.write_text(MJCF.replace(*change))
    with pytest.raises(FileError, match=problem):
        open_object(lamp)


SDF = """<sdf version="1.7"><model name="table"><static>true</static>
 <link name="top"><pose>0 0 0.7 0 0 0</pose><visual name="v"><geometry><box><size>1 0.6 0.04</size></box></geometry>
  <material><script><name>Gazebo/Wood</name></script></material></visual>
  <collision name="c"><geometry><box><size>9 9 9</size></box></geometry></collision></link>
 <link name="leg"><pose relative_to="top">-0.4 0 -0.36 0 0 1.5707963267948966</pose>
  <visual name="v"><geometry><mesh><uri>model://table_7/meshes/leg.stl</uri><scale>0.01 0.01 0.01</scale></mesh>
  </geometry></visual></link>
 {more}</model></sdf>"""


@pytest.fixture
def model(tmp_path):
    (tmp_path / "table_7" / "meshes").mkdir(parents=True)
    box((50, 5, 68)).export(tmp_path / "table_7" / "meshes" / "leg.stl")
    (tmp_path / "table_7" / "model.sdf").write_text(SDF.format(more=""))
    return tmp_path / "table_7"


def test_links_of_a_gazebo_model(model):
    mesh = open_object(model)
    assert (mesh.name, mesh.category) == ("table_7", "table")
    assert list(mesh.part_names.values()) == ["top", "leg"]
    np.testing.assert_allclose(part_box(mesh, "top"), [[-0.5, -0.3, 0.68], [0.5, 0.3, 0.72]], atol=1e-5)
    np.testing.assert_allclose(part_box(mesh, "leg"), [[-0.425, -0.25, 0], [-0.375, 0.25, 0.68]], atol=1e-5)
    assert mesh.rgb[mesh.part == 1][0].tolist() == [153, 112, 71]


def test_visuals_are_parts_where_there_is_one_link(model):
    visuals = "".join(
        f'<visual name="{name}"><pose>{x} 0 0.3 0 0 0</pose><geometry><cylinder><radius>0.02</radius>'
        f"<length>0.6</length></cylinder></geometry></visual>"
        for name, x in (("left", -0.3), ("right", 0.3))
    )
    (model / "model.sdf").write_text(f'<sdf><model name="m"><link name="only">{visuals}</link></model></sdf>')
    assert list(open_object(model).part_names.values()) == ["left", "right"]


def test_a_model_includes_another(model):
    other = model.parent / "vase"
    other.mkdir()
    (other / "model.sdf").write_text(
        '<sdf><model name="vase"><link name="vase"><visual name="v"><geometry><sphere><radius>0.1</radius></sphere>'
        "</geometry></visual></link></model></sdf>"
    )
    include = "<include><uri>model://vase</uri><pose>0.2 0 0.82 0 0 0</pose></include>"
    (model / "model.sdf").write_text(SDF.format(more=include))
    np.testing.assert_allclose(part_box(open_object(model), "vase").mean(axis=0), [0.2, 0, 0.82], atol=1e-3)
    (model / "model.sdf").write_text(SDF.format(more="<include><uri>model://table_7</uri></include>"))
    with pytest.raises(FileError, match="which includes it"):
        open_object(model)
    (model / "model.sdf").write_text(SDF.format(more="<include><uri>model://jar</uri></include>"))
    with pytest.raises(FileError, match="includes 'model://jar', which is missing"):
        open_object(model)


def test_damaged_sdf(model):
    text = SDF.format(more="")
    for change, problem in [
        (('relative_to="top"', 'relative_to="seat"'), "relative to 'seat', which is no link"),
        (('relative_to="top"', 'relative_to="leg"'), "the pose of leg is relative to itself"),
        (("0 0 0.7 0 0 0", "0 0 0.7"), "a pose has 3 numbers"),
        (("meshes/leg.stl", "meshes/limb.stl"), "limb.stl, which is missing"),
        (("model", "world"), "holds no <model>"),
    ]:
        (model / "model.sdf").write_text(text.replace(*change))
        with pytest.raises(FileError, match=problem):
            open_object(model / "model.sdf")


def write_partnet(folder, tree):
    (folder / "objs").mkdir(parents=True, exist_ok=True)
    for name, mesh in zip(("original-1", "new-0", "new-1"), table(up="y").values(), strict=True):
        mesh.export(folder / "objs" / f"{name}.obj")
    (folder / "result_after_merging.json").write_text(json.dumps(tree))


def tree(*legs):
    top = {"id": 1, "name": "tabletop", "text": "Tabletop", "objs": ["original-1"]}
    base = {"id": 2, "name": "table_base", "text": "Base", "children": list(legs)}
    return [{"id": 0, "name": "table", "text": "Table", "children": [top, base]}]


LEGS = ({"id": 3, "name": "leg", "objs": ["new-0"]}, {"id": 4, "name": "leg", "objs": ["new-1"]})


def test_leaves_of_partnet_are_parts(tmp_path):
    write_partnet(tmp_path / "1234", tree(*LEGS))
    mesh = open_object(tmp_path / "1234")
    assert (mesh.name, mesh.category) == ("1234", "table")
    assert list(mesh.part_names.values()) == ["tabletop", "leg 1", "leg 2"]
    np.testing.assert_allclose(part_box(mesh, "leg 1"), [[-0.425, -0.25, 0], [-0.375, 0.25, 0.68]], atol=1e-5)
    coarse = open_object(tmp_path / "1234", level=1)
    assert list(coarse.part_names.values()) == ["tabletop", "table_base"]


def test_damaged_partnet(tmp_path):
    cycle = {"id": 3, "name": "leg", "children": [{"id": 2, "name": "table_base", "children": []}]}
    for legs, problem in [
        ((cycle,), r"node 2 \(table_base\) is its own ancestor: a cycle"),
        ((*LEGS, {"id": 3, "name": "foot", "objs": []}), "the id 3 belongs to two nodes"),
        (({"id": 3, "name": "leg", "objs": ["new-9"]},), r"node 3 \(leg\) names the mesh objs/new-9\.obj"),
        (({"name": "leg"},), "is no tree of parts"),
    ]:
        write_partnet(tmp_path / "1234", tree(*legs))
        with pytest.raises(FileError, match=problem):
            open_object(tmp_path / "1234")
