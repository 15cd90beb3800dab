"""What the networks promise beyond the recorded outputs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from pinpoint3d import native
from pinpoint3d.model import Agile3D, NetworkConfig, PinPoint3D, SceneFeatures, SceneInput, create_network
from pinpoint3d.model.attention import Gaze
from pinpoint3d.model.click_order import by_object, by_part
from pinpoint3d.model.positions import FourierEncoding, time_encoding
from pinpoint3d.prompts import ClickTensors
from pinpoint3d.scene import Scene, VoxelGrid


def clicks(*rows: tuple[int, int, int, bool]) -> ClickTensors:
    """Clicks of (voxel, object, part, positive), made in this order."""
    voxel, obj, part, positive = (np.array(column) for column in zip(*rows, strict=True))
    return ClickTensors(voxel, obj, part, np.arange(len(rows)), positive.astype(np.bool_))


TWO_OBJECTS = clicks(
    (7, 2, 5, True), (3, 2, 4, True), (9, 1, 0, True), (30, 0, 0, True), (14, 2, 4, False), (5, 2, 4, True)
)


@pytest.fixture
def network(small_config: NetworkConfig, rng: np.random.Generator) -> Agile3D:
    return create_network(small_config, rng).eval()


@pytest.fixture
def given(scene: Scene) -> SceneInput:
    return SceneInput.from_grid(VoxelGrid.from_scene(scene, 0.1))


@pytest.fixture
def encoded(network: Agile3D, given: SceneInput) -> SceneFeatures:
    return network.encode([given])[0]


def object_logits(network: Agile3D, scene: SceneFeatures, given: ClickTensors) -> torch.Tensor:
    return network.decode_objects(scene, given).decoded.logits[-1]


def part_logits(network: Agile3D, scene: SceneFeatures, given: ClickTensors, object_id: int) -> torch.Tensor:
    objects = network.decode_objects(scene, given)
    return network.decode_parts(scene, given, objects, object_id).decoded.logits[-1]


@pytest.mark.parametrize(("architecture", "count"), [("AGILE3D", 39_289_760), ("PinPoint3D", 40_743_712)])
@pytest.mark.slow
def test_published_sizes(architecture: str, count: int) -> None:
    network = create_network(NetworkConfig(architecture=architecture), np.random.default_rng(0))
    assert sum(weight.numel() for weight in network.parameters()) == count
    assert sum(weight.numel() for weight in network.backbone.parameters()) == 37_854_112


def test_random_weights_follow_the_generator_and_leave_the_global_one_alone(small_config: NetworkConfig) -> None:
    before = torch.get_rng_state()
    first, again = (create_network(small_config, np.random.default_rng(3)) for _ in range(2))
    other = create_network(small_config, np.random.default_rng(4))
    assert torch.equal(torch.get_rng_state(), before)
    kernels = [network.backbone.stem.conv.kernel for network in (first, again, other)]
    assert torch.equal(kernels[0], kernels[1])
    assert not torch.equal(kernels[0], kernels[2])


def test_click_order() -> None:
    order = by_object(TWO_OBJECTS)
    assert order.ids.tolist() == [1, 2]
    assert order.foreground.tolist() == [2, 1, 4, 5, 0]  # object, then part, then time
    assert order.counts == (1, 4)
    assert order.background.tolist() == [3]
    parts = by_part(TWO_OBJECTS, 2, others=False)
    assert parts.ids.tolist() == [4, 5]
    assert parts.foreground.tolist() == [1, 5, 0]
    assert parts.counts == (2, 1)
    assert parts.background.tolist() == [4]
    assert by_part(TWO_OBJECTS, 2, others=True).background.tolist() == [2, 3, 4]


def test_clicks_without_a_target_speak_for_the_background() -> None:
    given = clicks((1, 1, 0, True), (2, 1, 0, False), (3, 4, 2, False))
    order = by_object(given)
    assert order.foreground.tolist() == [0]
    assert order.background.tolist() == [1, 2]


@torch.inference_mode()
def test_columns_belong_to_their_ids(network: Agile3D, encoded: SceneFeatures) -> None:
    renamed = {1: 8, 2: 3}
    obj = np.array([renamed.get(o, o) for o in TWO_OBJECTS.object.tolist()])
    swapped = ClickTensors(TWO_OBJECTS.voxel, obj, TWO_OBJECTS.part, TWO_OBJECTS.order, TWO_OBJECTS.positive)
    torch.testing.assert_close(
        object_logits(network, encoded, swapped), object_logits(network, encoded, TWO_OBJECTS)[:, [0, 2, 1]]
    )
    torch.testing.assert_close(part_logits(network, encoded, swapped, 3), part_logits(network, encoded, TWO_OBJECTS, 2))


@torch.inference_mode()
def test_order_of_rows_does_not_matter(network: Agile3D, encoded: SceneFeatures, rng: np.random.Generator) -> None:
    rows = rng.permutation(len(TWO_OBJECTS))
    shuffled = TWO_OBJECTS.select(rows)
    assert torch.equal(object_logits(network, encoded, shuffled), object_logits(network, encoded, TWO_OBJECTS))
    assert torch.equal(part_logits(network, encoded, shuffled, 2), part_logits(network, encoded, TWO_OBJECTS, 2))


@torch.inference_mode()
def test_negative_clicks(network: Agile3D, encoded: SceneFeatures) -> None:
    """On a part: still the object's, but not the part's. On an object: the background's."""
    start = [(7, 1, 2, True), (3, 1, 3, True)]
    on_part, not_part = clicks(*start, (20, 1, 3, True)), clicks(*start, (20, 1, 3, False))
    assert torch.equal(object_logits(network, encoded, on_part), object_logits(network, encoded, not_part))
    assert not torch.equal(part_logits(network, encoded, on_part, 1), part_logits(network, encoded, not_part, 1))
    background, not_object = clicks(*start, (20, 0, 0, True)), clicks(*start, (20, 1, 0, False))
    assert torch.equal(object_logits(network, encoded, background), object_logits(network, encoded, not_object))


@torch.inference_mode()
def test_clicks_on_the_whole_object_do_not_ask_for_parts(encoded: SceneFeatures, network: Agile3D) -> None:
    given = clicks((7, 1, 2, True), (3, 1, 3, True), (20, 1, 0, True))
    assert object_logits(network, encoded, given).shape[1] == 2
    assert part_logits(network, encoded, given, 1).shape[1] == 3


@torch.inference_mode()
def test_an_answer_for_some_voxels_is_that_of_all(network: Agile3D, encoded: SceneFeatures) -> None:
    with torch.inference_mode():
        objects = network.decode_objects(encoded, TWO_OBJECTS)
        everywhere = network.decode_parts(encoded, TWO_OBJECTS, objects, 2).decoded.logits[-1]
        for rows in (torch.arange(0, len(everywhere), 3), torch.zeros(0, dtype=torch.int64)):
            some = network.decode_parts(encoded, TWO_OBJECTS, objects, 2, rows).decoded.logits[-1]
            torch.testing.assert_close(some, everywhere[rows], rtol=1e-4, atol=1e-4)


@pytest.mark.skipif(not native.available(), reason="the compiled kernels were not built here")
@torch.no_grad()
def test_a_scene_asks_once_for_all_clicks(small_config: NetworkConfig, given: SceneInput) -> None:
    config = replace(small_config, heads=small_config.hidden // native.PANEL)
    network = create_network(config, np.random.default_rng(0)).eval()
    encoded, asked = network.encode([given])[0], []

    def ask(scene: torch.Tensor, position: torch.Tensor) -> torch.Tensor | None:
        asked.append(network.object_decoder.ask(scene, position))
        return asked[-1]

    scene = replace(encoded, ask=ask)
    assert asked == []
    first, again = (object_logits(network, scene, TWO_OBJECTS) for _ in range(2))
    assert len(asked) == 1
    assert asked[0] is not None
    assert torch.equal(first, again)
    unasked = object_logits(network, replace(encoded, ask=lambda *_: None), TWO_OBJECTS)
    assert not torch.equal(first, unasked)
    torch.testing.assert_close(first, unasked, rtol=1e-4, atol=1e-4)


def test_hundreds_of_clicks(network: Agile3D, encoded: SceneFeatures) -> None:
    n = 250
    given = clicks(*((i, i % 7, i % 3 if i % 7 else 0, True) for i in range(n)))
    assert torch.isfinite(object_logits(network, encoded, given)).all()
    assert torch.isfinite(part_logits(network, encoded, given, 6)).all()


@torch.inference_mode()
def test_scenes_of_a_batch_do_not_see_each_other(network: Agile3D, given: SceneInput) -> None:
    moved = SceneInput(given.grid_coord[:300] + 4, given.coord[:300], given.feat[:300])
    for alone, together in zip([given, moved], network.encode([given, moved]), strict=True):
        single = network.encode([alone])[0]
        torch.testing.assert_close(together.features, single.features, rtol=1e-4, atol=1e-5)
        assert torch.equal(together.position, single.position)


def test_one_voxel(network: Agile3D) -> None:
    dot = SceneInput(torch.zeros(1, 3, dtype=torch.int64), torch.zeros(1, 3), torch.ones(1, 3))
    logits = object_logits(network, network.encode([dot])[0], clicks((0, 1, 0, True)))
    assert logits.shape == (1, 2)
    assert torch.isfinite(logits).all()


def test_training_reaches_every_weight(network: Agile3D, given: SceneInput) -> None:
    network.train()
    scene = network.encode([given])[0]
    objects = network.decode_objects(scene, TWO_OBJECTS)
    parts = network.decode_parts(scene, TWO_OBJECTS, objects, 2)
    target = torch.arange(len(given.feat)) % 3
    stages = [*objects.decoded.logits, *parts.decoded.logits]
    torch.stack([torch.nn.functional.cross_entropy(logits, target) for logits in stages]).sum().backward()
    unused = [name for name, weight in network.named_parameters() if weight.grad is None]
    assert unused == (["part_norm.weight", "part_norm.bias"] if isinstance(network, PinPoint3D) else [])
    # Position joins keys only by a term that is the same for all of them, so their bias has no gradient to speak of.
    still = [n for n, w in network.named_parameters() if w.grad is not None and not w.grad.any() and "key" not in n]
    assert still == []


def test_may_look_where_the_own_label_is_or_everywhere() -> None:
    gaze = Gaze(label=torch.tensor([0, 1, 1]), wanted=torch.tensor([0, 1, 2, 1]))
    assert gaze.allowed().tolist() == [
        [True, False, False],
        [False, True, True],
        [True, True, True],
        [False, True, True],
    ]
    assert gaze.looks_for().tolist() == [0, 1, -1, 1]
    assert Gaze(torch.ones(3, dtype=torch.int64), torch.tensor([0, 1])).looks_for().tolist() == [-1, -1]  # all carry it


def test_positions_within_the_scene() -> None:
    encoding = FourierEncoding(8)
    coord = torch.tensor([[0.0, 1.0, 5.0], [2.0, 3.0, 5.0], [1.0, 2.0, 5.0]])
    assert torch.isfinite(encoding(coord)).all()
    torch.testing.assert_close(encoding(coord), encoding(coord * 4 - 8), rtol=1e-4, atol=1e-4)


def test_time_has_no_end() -> None:
    encoded = time_encoding(torch.tensor([0, 1, 1000]), 6)
    assert encoded[0].tolist() == [0, 1, 0, 1, 0, 1]
    rates = 10000.0 ** (-np.arange(0, 6, 2) / 6)
    for row, time in zip(encoded, (0, 1, 1000), strict=True):
        expected = np.stack([np.sin(time * rates), np.cos(time * rates)], axis=1).ravel()
        np.testing.assert_allclose(row, expected, atol=1e-4)
