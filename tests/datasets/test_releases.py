"""Readers of data sets as their authors release them, on small files in exactly those formats."""

import json

import numpy as np
import pytest

from pinpoint3d.datasets.registry import open_dataset
from pinpoint3d.errors import FileError, PinPointError
from pinpoint3d.io import ScanWarning, save_scene
from pinpoint3d.scene import Scene


def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


# A strip of four triangles over six vertices: 0 1 2, 1 3 2, 2 3 4, 3 5 4.
STRIP = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 2, 0], [1, 2, 0]], np.float64)
STRIP_FACES = [(0, 1, 2), (1, 3, 2), (2, 3, 4), (3, 5, 4)]


def multiscan(folder, name="scene_00001_00", objects=(1, 1, 1, 2), parts=(4, 4, 7, 9), scale=1.0):
    """A scan of MultiScan: a cabinet of door and frame, and a bag; face properties as in the release."""
    scan = folder / name
    scan.mkdir(parents=True)
    vertex = [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("nx", "<f4"), ("ny", "<f4"), ("nz", "<f4")]
    vertex += [("red", "u1"), ("green", "u1"), ("blue", "u1")]
    face = [("count", "u1"), ("corners", "<i4", 3), ("objectId", "<i4"), ("partId", "<i4")]
    head = ["ply", "format binary_little_endian 1.0", "element vertex 6"]
    head += [f"property float {n}" for n in ("x", "y", "z", "nx", "ny", "nz")]
    head += [f"property uchar {n}" for n in ("red", "green", "blue")]
    head += ["element face 4", "property list uchar int vertex_indices", "property int objectId"]
    head += ["property int partId", "end_header", ""]
    points = np.array([(*(row * scale), 0, 0, 1, 10, 20, 30) for row in STRIP], dtype=vertex)
    faces = np.array(
        [(3, corners, o, p) for corners, o, p in zip(STRIP_FACES, objects, parts, strict=True)], dtype=face
    )
    (scan / f"{name}.ply").write_bytes("\n".join(head).encode() + points.tobytes() + faces.tobytes())
    annotations = {
        "version": "multiscan@0.0.1",
        "scanId": name,
        "objects": [
            {"objectId": 1, "label": "wall_cabinet.1", "mobilityType": "fixed", "partIds": [7, 4]},
            {"objectId": 2, "label": "bag.1", "mobilityType": "movable", "partIds": [9]},
            {"objectId": 3, "label": "floor.1", "mobilityType": "fixed", "partIds": [10]},
        ],
        "parts": [
            {"partId": 4, "label": "wall_cabinet.1:door.1"},
            {"partId": 7, "label": "wall_cabinet.1:frame.1"},
            {"partId": 9, "label": "bag.1"},
            {"partId": 10, "label": "floor.1"},
        ],
    }
    write_json(scan / f"{name}.annotations.json", annotations)


def test_multiscan_takes_labels_from_faces_to_vertices(tmp_path):
    multiscan(tmp_path)
    labelled = open_dataset(f"multiscan:{tmp_path}").load("scene_00001_00")
    labels = labelled.labels
    # Vertex 3 has a face of the door, one of the frame and one of the bag: of equally many the lowest label.
    assert labels.object.tolist() == [1, 1, 1, 1, 1, 2]
    assert labels.part.tolist() == [1, 1, 1, 1, 2, 0]
    assert labels.object_names == {1: "wall_cabinet", 2: "bag"}
    assert labels.part_names == {(1, 1): "door", (1, 2): "frame"}  # a bag of one part has no named part
    assert labelled.scene.rgb[0].tolist() == [10, 20, 30]


def test_multiscan_structure_is_background_and_the_rest_unlabelled(tmp_path):
    multiscan(tmp_path, objects=(3, 3, -1, -1), parts=(10, 10, -1, -1))
    labels = open_dataset(f"multiscan:{tmp_path}").load("scene_00001_00").labels
    assert labels.object.tolist() == [0, 0, 0, -1, -1, -1]
    assert set(labels.object_names) == {1, 2}


@pytest.mark.parametrize(
    ("faces", "problem"),
    [
        ({"objects": (1, 1, 1, 77)}, r"scene_00001_00\.ply: a face has objectId 77"),
        ({"parts": (4, 4, 7, 4)}, r"a face has partId 4, which is no part of its object"),
    ],
)
def test_multiscan_labels_out_of_range(tmp_path, faces, problem):
    multiscan(tmp_path, **faces)
    with pytest.raises(FileError, match=problem):
        open_dataset(f"multiscan:{tmp_path}").load("scene_00001_00")


def test_multiscan_in_millimetres_is_told(tmp_path):
    multiscan(tmp_path, scale=8000.0)
    with pytest.warns(ScanWarning, match='unit="mm"'):
        open_dataset(f"multiscan:{tmp_path}").load("scene_00001_00")


def test_multiscan_without_annotation_of_faces(tmp_path):
    multiscan(tmp_path)
    faces = np.array(STRIP_FACES, np.int32)
    save_scene(tmp_path / "scene_00001_00" / "scene_00001_00.ply", Scene("s", STRIP.astype(np.float32), faces=faces))
    with pytest.raises(FileError, match="no objectId and partId"):
        open_dataset(f"multiscan:{tmp_path}").load("scene_00001_00")


def test_splits_of_multiscan(tmp_path):
    for name in ("scene_00000_00", "scene_00000_01", "scene_00003_00", "scene_00005_00"):
        multiscan(tmp_path, name)
    (tmp_path / "scans_split.csv").write_text(
        "scanId,split\nscene_00000_00,train\nscene_00000_01,train\nscene_00005_00,test\nscene_00003_00,\n"
    )
    assert list(open_dataset(f"multiscan:{tmp_path}").scenes()) == sorted(p.name for p in tmp_path.glob("scene*"))
    train = open_dataset(f"multiscan:{tmp_path}#train")
    assert list(train.scenes()) == ["scene_00000_00", "scene_00000_01"]
    assert train.split("scene_00000_00") == "train"
    assert open_dataset(f"multiscan:{tmp_path}").split("scene_00003_00") is None
    assert len(train.load("scene_00000_01").scene) == 6
    with pytest.raises(PinPointError, match="split 'val' holds no scene; the data set has the splits test, train"):
        open_dataset(f"multiscan:{tmp_path}#val").scenes()


def test_a_split_of_a_data_set_without_splits(tmp_path, rng):
    save_scene(tmp_path / "a.ply", Scene("a", rng.uniform(size=(9, 3)).astype(np.float32)))
    with pytest.raises(PinPointError, match="has no splits of its own"):
        open_dataset(f"folder:{tmp_path}#val").scenes()


def scannet(folder, name="scene0000_00", segments=(5, 5, 9, 9, 12, 40), groups=None):
    scan = folder / "scans" / name
    scan.mkdir(parents=True)
    faces = np.array(STRIP_FACES, np.int32)
    rgb = np.full((6, 3), 200, np.uint8)
    save_scene(scan / f"{name}_vh_clean_2.ply", Scene(name, STRIP.astype(np.float32), rgb=rgb, faces=faces))
    params = {"kThresh": "0.0001", "segMinVerts": "20"}
    write_json(
        scan / f"{name}_vh_clean_2.0.010000.segs.json",
        {"params": params, "sceneId": name, "segIndices": list(segments)},
    )
    groups = groups or [
        {"id": 0, "objectId": 0, "segments": [5], "label": "chair"},
        {"id": 1, "objectId": 1, "segments": [9, 12], "label": "floor"},
    ]
    write_json(
        scan / f"{name}.aggregation.json",
        {"sceneId": f"scannet.{name}", "appId": "Aggregator.v2", "segGroups": groups, "segmentsFile": "x"},
    )


def test_scannet_gathers_segments(tmp_path):
    scannet(tmp_path)
    labelled = open_dataset(f"scannet:{tmp_path}").load("scene0000_00")
    assert labelled.labels.object.tolist() == [1, 1, 0, 0, 0, -1]  # chair, floor, and one that nobody labelled
    assert labelled.labels.part.tolist() == [0, 0, 0, 0, 0, -1]
    assert labelled.labels.object_names == {1: "chair"}
    assert labelled.scene.faces.tolist() == [list(face) for face in STRIP_FACES]


def test_scannet_segments_that_do_not_fit(tmp_path):
    scannet(tmp_path, "scene0000_00", segments=(5, 5))
    scannet(tmp_path, "scene0000_01", groups=[{"id": 0, "objectId": 0, "segments": [5, 6], "label": "chair"}])
    scannet(tmp_path, "scene0000_02", groups=[{"id": 0, "objectId": 0, "label": "chair"}])
    scannet(tmp_path, "scene0000_03")
    (tmp_path / "scans" / "scene0000_03" / "scene0000_03.aggregation.json").unlink()
    dataset = open_dataset(f"scannet:{tmp_path}")
    problems = ["2 segments for 6 vertices", "object 0 has segment 6", "damaged", "aggregation.json: cannot be read"]
    for name, problem in zip(dataset.scenes(), problems, strict=True):
        with pytest.raises(FileError, match=problem):
            dataset.load(name)


def test_splits_of_scannet(tmp_path):
    scannet(tmp_path, "scene0000_00")
    scannet(tmp_path, "scene0011_00")
    (tmp_path / "scannetv2_val.txt").write_text("scene0011_00\nscene0011_01\n")
    assert list(open_dataset(f"scannet:{tmp_path}#val").scenes()) == ["scene0011_00"]


def s3dis(folder, area, room, **objects):
    annotations = folder / area / room / "Annotations"
    annotations.mkdir(parents=True)
    for name, rows in objects.items():
        (annotations / f"{name}.txt").write_text("".join(" ".join(map(str, row)) + "\n" for row in rows))


def test_s3dis_reads_an_object_a_file(tmp_path, rng):
    def points(count):
        return [(*rng.uniform(0, 3, 3).round(3), 120, 130, 140) for _ in range(count)]

    s3dis(tmp_path, "Area_1", "office_2", chair_1=points(4), chair_2=points(3), floor_1=points(5), clutter_1=points(2))
    s3dis(tmp_path, "Area_5", "hallway_1", table_1=points(2))
    dataset = open_dataset(f"s3dis:{tmp_path}")
    assert list(dataset.scenes()) == ["Area_1_office_2", "Area_5_hallway_1"]
    labelled = dataset.load("Area_1_office_2")
    ids, counts = np.unique(labelled.labels.object, return_counts=True)
    assert dict(zip(ids.tolist(), counts.tolist(), strict=True)) == {0: 5, 1: 4, 2: 3, 3: 2}
    assert labelled.labels.object_names == {1: "chair", 2: "chair", 3: "clutter"}
    assert labelled.scene.rgb[0].tolist() == [120, 130, 140]
    assert list(open_dataset(f"s3dis:{tmp_path}#test").scenes()) == ["Area_5_hallway_1"]


def test_s3dis_names_the_file_with_the_stray_character(tmp_path):
    s3dis(tmp_path, "Area_5", "hallway_6", ceiling_1=[(1, 2, 3, "18\x105", 187, 190), (1, 2, 3, 1, 1, 1)])
    with pytest.raises(FileError, match=r"ceiling_1\.txt"):
        open_dataset(f"s3dis:{tmp_path}").load("Area_5_hallway_6")


TREE = [
    {
        "id": 0,
        "name": "chair",
        "text": "Chair",
        "children": [
            {"id": 1, "name": "chair_seat", "text": "Seat", "objs": ["original-1"]},
            {
                "id": 2,
                "name": "chair_base",
                "text": "Base",
                "children": [
                    {"id": 3, "name": "leg", "text": "Leg", "objs": ["new-0"]},
                    {"id": 4, "name": "leg", "text": "Leg", "objs": ["new-1"]},
                ],
            },
        ],
    }
]


def partnet(folder, name="1095", labels=(1, 1, 3, 4), tree=TREE):
    write_json(folder / name / "result.json", tree)
    samples = folder / name / "point_sample"
    samples.mkdir()
    # x y z nx ny nz r g b a, y up
    rows = [(0.1, 0.5, 0, 0, 1, 0, 200, 100, 50, 255), (0.2, 0.5, 0, 0, 1, 0, 200, 100, 50, 255)]
    rows += [(0, -0.5, 0.3, 1, 0, 0, 9, 9, 9, 255), (0, -0.5, -0.3, 1, 0, 0, 9, 9, 9, 255)]
    (samples / "sample-points-all-pts-nor-rgba-10000.txt").write_text("\n".join(" ".join(map(str, r)) for r in rows))
    (samples / "sample-points-all-label-10000.txt").write_text("\n".join(map(str, labels)))


def test_partnet_leaves_are_parts(tmp_path):
    partnet(tmp_path)
    labelled = open_dataset(f"partnet:{tmp_path}").load("1095")
    labels = labelled.labels
    assert labels.object_names == {1: "chair"}
    assert labels.part.tolist() == [1, 1, 2, 3]
    assert labels.part_names == {(1, 1): "chair_seat", (1, 2): "leg 1", (1, 3): "leg 2"}
    xyz = labelled.scene.xyz
    np.testing.assert_allclose(xyz[:, 2], [0.85, 0.85, 0, 0], atol=1e-6)  # upright, as large as chairs are
    assert labelled.scene.rgb[0].tolist() == [200, 100, 50]


def test_a_partnet_tree_with_a_cycle_is_named(tmp_path):
    inner = {"id": 1, "name": "base", "children": [{"id": 0, "name": "chair", "children": []}]}
    partnet(tmp_path, tree=[{"id": 0, "name": "chair", "children": [inner]}])
    with pytest.raises(FileError, match=r"result\.json: node 0 \(chair\) is its own ancestor"):
        open_dataset(f"partnet:{tmp_path}").load("1095")


def test_a_partnet_label_out_of_range_is_named(tmp_path):
    partnet(tmp_path, labels=(1, 1, 3, 42))
    with pytest.raises(FileError, match=r"label-10000\.txt: has the label 42, which is no leaf"):
        open_dataset(f"partnet:{tmp_path}").load("1095")


def test_splits_of_partnet(tmp_path):
    partnet(tmp_path, "1095")
    partnet(tmp_path, "2000")
    write_json(tmp_path / "train_val_test_split" / "Chair.test.json", [{"anno_id": "2000", "model_id": "f00"}])
    assert list(open_dataset(f"partnet:{tmp_path}#test").scenes()) == ["2000"]


@pytest.mark.parametrize("kind", ["multiscan", "scannet", "s3dis", "partnet"])
def test_an_empty_or_missing_folder(tmp_path, kind):
    with pytest.raises(FileError, match="holds no"):
        open_dataset(f"{kind}:{tmp_path}").scenes()
    with pytest.raises(FileError, match="is no folder"):
        open_dataset(f"{kind}:{tmp_path / 'nowhere'}").scenes()
