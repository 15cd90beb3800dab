import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint3d.errors import ClickError, SceneError
from pinpoint3d.prompts import Click, ClickSet, ClickTensors, PointLocator, TargetStatus
from pinpoint3d.scene import Scene, VoxelGrid

ANYWHERE = (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"xyz": (0.0, float("nan"), 0.0), "object": 1}, "finite"),
        ({"xyz": (0.0, 0.0), "object": 1}, "three"),
        ({"xyz": ANYWHERE, "object": -1}, "count from 1"),
        ({"xyz": ANYWHERE, "object": 1, "part": 0}, "count from 1"),
        ({"xyz": ANYWHERE, "object": 0, "part": 2}, "without its object"),
        ({"xyz": ANYWHERE, "object": 0, "positive": False}, "cannot be negative"),
    ],
)
def test_clicks_that_mean_nothing_are_refused(wrong, hint):
    with pytest.raises(ClickError, match=hint):
        Click(**wrong)


clicks = st.builds(
    Click,
    xyz=st.tuples(*[st.floats(-5, 5)] * 3),
    object=st.integers(1, 4),
    part=st.none() | st.integers(1, 4),
    positive=st.booleans(),
)


@given(st.lists(clicks, min_size=1), clicks, st.data())
def test_a_click_set_changes_one_place_and_leaves_the_original_alone(made, click, data):
    place = data.draw(st.integers(0, len(made) - 1))
    before = ClickSet.of(made)
    assert list(before.add(click)) == [*made, click]
    assert list(before.replace(place, click)) == [*made[:place], click, *made[place + 1 :]]
    assert list(before.remove(place)) == made[:place] + made[place + 1 :]
    assert list(before) == made


@pytest.fixture
def line():
    """Eleven points 5 cm apart along x, the fourth without coordinates."""
    xyz = np.stack([np.arange(11) * 0.05 + 0.01, np.zeros(11), np.zeros(11)], axis=1).astype(np.float32)
    xyz[3] = np.nan
    return Scene(name="line", xyz=xyz)


def test_a_click_lands_on_the_nearest_finite_point(line):
    locator = PointLocator(line)
    assert locator.point_of(Click((0.12, 0.01, 0.0), object=1)) == 2
    assert locator.point_of(Click((0.155, 0.0, 0.0), object=1)) == 2  # point 3 itself is not there
    row, distance = locator.nearest((0.51, 0.0, 0.3))
    assert (row, distance) == (10, pytest.approx(0.3))


def test_a_click_off_the_cloud_says_how_far(line):
    with pytest.raises(ClickError, match=r"0\.3 m away"):
        PointLocator(line).point_of(Click((0.51, 0.0, 0.3), object=1))


def test_a_scene_without_a_finite_point_has_no_locator():
    with pytest.raises(SceneError, match="no finite point"):
        PointLocator(Scene(name="void", xyz=np.full((2, 3), np.nan, dtype=np.float32)))


def tensors(*said, voxels=None):
    """ClickTensors of (object, part, positive) each, on voxels of their own unless given."""
    objects, parts, positive = zip(*said, strict=True)
    return ClickTensors(
        voxel=np.arange(len(said)) if voxels is None else np.array(voxels),
        object=np.array(objects),
        part=np.array(parts),
        order=np.arange(len(said)),
        positive=np.array(positive),
    )


def test_clicks_become_tensors_in_their_order(line):
    grid, locator = VoxelGrid.from_scene(line, 0.1), PointLocator(line)
    made = ClickSet.of([Click((0.5, 0, 0), 2, part=3), Click((0.0, 0, 0), 0), Click((0.3, 0, 0), 2, positive=False)])
    result = ClickTensors.from_clicks(made, grid, locator)
    points = [locator.point_of(click) for click in made]
    assert result.voxel.tolist() == grid.point_to_voxel[points].tolist()
    assert result.object.tolist() == [2, 0, 2]
    assert result.part.tolist() == [3, 0, 0]
    assert result.order.tolist() == [0, 1, 2]
    assert result.positive.tolist() == [True, True, False]
    assert len(ClickTensors.from_clicks(ClickSet(), grid, locator)) == 0


def test_targets_are_those_with_a_positive_click():
    made = tensors((3, 0, True), (1, 2, True), (1, 4, False), (0, 0, True), (5, 0, False), (1, 1, True))
    assert made.objects().tolist() == [1, 3]
    assert made.parts(1).tolist() == [1, 2]
    assert made.parts(3).tolist() == []


def test_what_a_clicked_voxel_is_known_to_be():
    made = tensors((3, 0, True), (1, 2, True), (1, 2, False), (0, 0, True), (3, 0, False))
    objects, parts = made.labels()
    assert objects.tolist() == [3, 1, 1, 0, 0]
    assert parts.tolist() == [0, 2, 0, 0, 0]


def test_a_target_whose_voxel_went_to_a_later_click_has_none():
    made = tensors((1, 1, True), (1, 2, True), (1, 1, True), (2, 0, True), voxels=[5, 5, 6, 7])
    assert made.status() == {
        (1, 0): TargetStatus.OK,
        (1, 1): TargetStatus.OK,
        (1, 2): TargetStatus.OK,
        (2, 0): TargetStatus.OK,
    }
    without = made.select(np.array([True, True, False, True]))
    assert without.status()[1, 1] is TargetStatus.NO_VOXEL
    assert without.status()[1, 0] is TargetStatus.OK


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one length"):
        ClickTensors(np.zeros(2, int), np.zeros(2, int), np.zeros(2, int), np.zeros(1, int), np.zeros(2, bool))
