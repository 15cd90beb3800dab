"""Scene, VoxelGrid, Hierarchy and their colours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pinpoint3d.errors import SceneError
from pinpoint3d.scene import BACKGROUND_COLOUR, Hierarchy, Scene, VoxelGrid, label_colours, object_colour, part_colour

NAN = np.nan


def cloud(*rows: tuple[float, float, float], **more: object) -> Scene:
    return Scene("s", np.array(rows, dtype=np.float32).reshape(-1, 3), **more)  # type: ignore[arg-type]


# Scene


def test_only_finite_points_count() -> None:
    scene = cloud((0, 0, 0), (NAN, 9, 9), (1, 2, 3), (0, np.inf, 0))
    assert scene.finite.tolist() == [True, False, True, False]
    assert scene.bounds.tolist() == [[0, 0, 0], [1, 2, 3]]
    assert scene.extent.tolist() == [1, 2, 3]
    assert len(scene) == 4


def test_world_adds_the_origin_in_float64() -> None:
    scene = cloud((0.25, 0, 0), origin=np.array([5_400_000.0, 0, 1]))
    assert scene.world().tolist() == [[5_400_000.25, 0, 1]]
    assert scene.world().dtype == np.float64


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rgb", np.zeros((1, 3), np.uint8)),
        ("normal", np.zeros((2, 2), np.float32)),
        ("origin", np.zeros(2)),
        ("faces", np.zeros((4, 4), np.int32)),
    ],
)
def test_arrays_must_fit_together(field: str, value: np.ndarray) -> None:
    with pytest.raises(ValueError, match=rf"Scene\.{field} has shape"):
        cloud((0, 0, 0), (1, 1, 1), **{field: value})


def test_a_scene_without_finite_points_has_no_bounds() -> None:
    with pytest.raises(SceneError, match="no finite point"):
        _ = cloud((NAN, 0, 0)).bounds


# VoxelGrid


def test_voxels_come_in_order_of_their_first_point() -> None:
    rgb = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9], [51, 51, 51]], np.uint8)
    scene = cloud((0.9, 0, 0), (0.1, 0, 0), (NAN, 0, 0), (0.99, 0, 0), (-0.01, 0, 0), rgb=rgb)
    grid = VoxelGrid.from_scene(scene, 0.5)
    assert grid.grid_coord.tolist() == [[1, 0, 0], [0, 0, 0], [-1, 0, 0]]
    assert grid.voxel_to_point.tolist() == [0, 1, 4]
    assert grid.point_to_voxel.tolist() == [0, 1, -1, 0, 2]
    np.testing.assert_array_equal(grid.coord, scene.xyz[[0, 1, 4]])
    np.testing.assert_allclose(grid.feat, [[1, 0, 0], [0, 1, 0], [0.2, 0.2, 0.2]])
    assert grid.on_points(np.array([7, 8, 9], np.int32), outside=-1).tolist() == [7, 8, -1, 7, 9]


def test_a_scan_without_colour_is_grey() -> None:
    assert VoxelGrid.from_scene(cloud((0, 0, 0)), 0.05).feat.tolist() == [[0.5, 0.5, 0.5]]


@given(
    arrays(np.float32, st.tuples(st.integers(1, 40), st.just(3)), elements=st.floats(-50, 50, width=32) | st.just(NAN)),
    st.sampled_from([0.02, 0.05, 1.0]),
)
def test_every_finite_point_has_the_voxel_it_lies_in(xyz: np.ndarray, size: float) -> None:
    scene = Scene("s", xyz)
    if not scene.finite.any():
        with pytest.raises(SceneError):
            VoxelGrid.from_scene(scene, size)
        return
    grid = VoxelGrid.from_scene(scene, size)
    np.testing.assert_array_equal(grid.point_to_voxel >= 0, scene.finite)
    cells = np.floor(xyz[scene.finite].astype(np.float64) / size)
    np.testing.assert_array_equal(grid.grid_coord[grid.point_to_voxel[scene.finite]], cells)
    assert len(np.unique(grid.grid_coord, axis=0)) == len(grid)
    np.testing.assert_array_equal(grid.point_to_voxel[grid.voxel_to_point], np.arange(len(grid)))
    assert (np.diff(grid.voxel_to_point) > 0).all()


def test_an_extent_no_grid_can_hold() -> None:
    with pytest.raises(SceneError, match="too large for voxels"):
        VoxelGrid.from_scene(cloud((0, 0, 0), (200_000, 0, 0)), 0.05)


# Hierarchy


def hierarchy(*pairs: tuple[int, int]) -> Hierarchy:
    array = np.array(pairs, np.int32).reshape(-1, 2)
    return Hierarchy(array[:, 0], array[:, 1], {3: "chair"}, {(3, 1): "seat"})


def test_objects_and_parts_are_those_with_points() -> None:
    labels = hierarchy((0, 0), (3, 1), (3, 0), (9, 2), (-1, -1), (3, 7))
    assert labels.objects().tolist() == [3, 9]
    assert labels.parts(3).tolist() == [1, 7]
    assert labels.parts(4).tolist() == []
    assert (labels.object_name(3), labels.object_name(9)) == ("chair", "object 9")
    assert (labels.part_name(3, 1), labels.part_name(9, 1)) == ("seat", "part 1")


@given(st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 99)) | st.sampled_from([(0, 0), (-1, -1)])))
def test_partscan_codes_are_reversible(pairs: list[tuple[int, int]]) -> None:
    labels = hierarchy(*pairs)
    back = Hierarchy.from_codes(labels.codes())
    np.testing.assert_array_equal(back.object, labels.object)
    np.testing.assert_array_equal(back.part, labels.part)


def test_partscan_codes_by_example() -> None:
    assert hierarchy((34, 1), (0, 0), (-1, -1), (2, -1)).codes().tolist() == [3401, 0, -1, 200]
    with pytest.raises(ValueError, match="part id 100"):
        hierarchy((1, 100)).codes()


def test_the_two_arrays_must_fit() -> None:
    with pytest.raises(ValueError, match=r"must both be \[N\]"):
        Hierarchy(np.zeros(3, np.int32), np.zeros(2, np.int32))


# Colours


def test_objects_differ_in_colour_and_parts_from_their_object() -> None:
    colours = [object_colour(k) for k in range(1, 40)]
    assert len(set(colours)) == len(colours)
    assert object_colour(0) == object_colour(-1) == part_colour(0, 3) == BACKGROUND_COLOUR
    parts = [part_colour(2, k) for k in range(1, 8)]
    assert len(set(parts)) == 7
    assert part_colour(2, 0) == object_colour(2)


@pytest.mark.parametrize("object_id", range(1, 7))
def test_the_parts_of_an_object_are_told_apart(object_id: int) -> None:
    shades = [_lab(part_colour(object_id, part)) for part in range(6)]
    apart = min(np.linalg.norm(a - b) for i, a in enumerate(shades) for b in shades[:i])
    assert apart > 15  # of CIE 1976; people notice 2.3 side by side


def _lab(colour: tuple[int, int, int]) -> np.ndarray:
    """CIELAB of an sRGB colour."""
    c = np.array(colour) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ linear / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_every_point_has_the_colour_of_its_label() -> None:
    labels = hierarchy((3, 1), (0, 0), (3, 1), (9, 0))
    expected = [part_colour(3, 1), BACKGROUND_COLOUR, part_colour(3, 1), object_colour(9)]
    assert label_colours(labels).tolist() == [list(colour) for colour in expected]
    assert label_colours(hierarchy()).shape == (0, 3)
