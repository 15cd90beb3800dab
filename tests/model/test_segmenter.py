"""The networks as segmenters."""

import math
from pathlib import Path

import numpy as np
import pytest

from pinpoint3d.errors import FileError, ModelError
from pinpoint3d.model import NetworkConfig, create_network, save_network
from pinpoint3d.prompts import Click, ClickSet, ClickTensors, PointLocator, TargetStatus
from pinpoint3d.scene import Scene
from pinpoint3d.segmenters.network import NetworkEmbedding, NetworkSegmenter


def height(x: float) -> float:
    """Of the bumpy floor in conftest.py."""
    return 0.2 * math.sin(5 * x)


CLICKS = ClickSet.of(
    [
        Click((0.5, 0.5, height(0.5)), object=4, part=2),
        Click((-0.5, 0.5, height(-0.5)), object=1),
        Click((0.5, -0.5, height(0.5)), object=4, part=7),
        Click((-0.5, -0.5, height(-0.5)), object=0),
        Click((0.1, 0.6, height(0.1)), object=4, part=7, positive=False),
    ]
)


@pytest.fixture
def segmenter(small_config: NetworkConfig, rng: np.random.Generator) -> NetworkSegmenter:
    return NetworkSegmenter(create_network(small_config, rng), "small", device="cpu")


@pytest.fixture
def embedding(segmenter: NetworkSegmenter, scene: Scene) -> NetworkEmbedding:
    return segmenter.encode(scene)


@pytest.fixture
def clicks(embedding: NetworkEmbedding, scene: Scene) -> ClickTensors:
    return ClickTensors.from_clicks(CLICKS, embedding.grid, PointLocator(scene))


def test_masks_of_objects_and_parts(
    segmenter: NetworkSegmenter, embedding: NetworkEmbedding, clicks: ClickTensors
) -> None:
    masks = segmenter.segment(embedding, clicks)
    assert segmenter.voxel_size == embedding.grid.size == 0.05
    assert masks.ids.tolist() == [1, 4]
    assert masks.object.shape == (len(embedding.grid), 3)
    assert list(masks.parts) == [4]
    assert masks.parts[4].ids.tolist() == [2, 7]
    assert masks.parts[4].logits.shape == (len(embedding.grid), 3)
    assert masks.object.dtype == masks.parts[4].logits.dtype == np.float32
    assert masks.status[4, 7] is TargetStatus.OK
    objects, parts = masks.labels()
    assert objects[clicks.voxel].tolist() == [4, 1, 4, 0, 4]
    assert parts[clicks.voxel].tolist() == [2, 0, 7, 0, 0]


def test_the_same_clicks_give_the_same_masks(
    segmenter: NetworkSegmenter, embedding: NetworkEmbedding, clicks: ClickTensors
) -> None:
    first = segmenter.segment(embedding, clicks)
    segmenter.segment(embedding, clicks.select(clicks.object == 4))
    again = segmenter.segment(embedding, clicks)
    assert np.array_equal(first.object, again.object)
    assert np.array_equal(first.parts[4].logits, again.parts[4].logits)


def test_without_a_positive_click_all_is_background(
    segmenter: NetworkSegmenter, embedding: NetworkEmbedding, clicks: ClickTensors
) -> None:
    for given in (clicks.select(clicks.object == 0), clicks.select(~clicks.positive), clicks.select(clicks.object > 9)):
        masks = segmenter.segment(embedding, given)
        assert masks.object.shape == (len(embedding.grid), 1)
        assert masks.ids.tolist() == []
        assert set(masks.labels()[0]) <= {0, *given.labels()[0]}


def test_embedding_on_disk(
    segmenter: NetworkSegmenter, embedding: NetworkEmbedding, clicks: ClickTensors, tmp_path: Path
) -> None:
    path = tmp_path / "scene.safetensors"
    segmenter.save_embedding(embedding, path)
    loaded = segmenter.load_embedding(path)
    assert np.array_equal(loaded.grid.point_to_voxel, embedding.grid.point_to_voxel)
    mine, theirs = segmenter.segment(embedding, clicks), segmenter.segment(loaded, clicks)
    assert np.array_equal(mine.object, theirs.object)
    assert np.array_equal(mine.parts[4].logits, theirs.parts[4].logits)


def test_an_embedding_of_another_network_is_refused(
    segmenter: NetworkSegmenter, embedding: NetworkEmbedding, tmp_path: Path
) -> None:
    path = tmp_path / "scene.safetensors"
    segmenter.save_embedding(embedding, path)
    other = NetworkSegmenter(create_network(segmenter.network.config, np.random.default_rng(9)), "other", device="cpu")
    with pytest.raises(ModelError, match="another network than other"):
        other.load_embedding(path)


def test_no_embedding(segmenter: NetworkSegmenter, tmp_path: Path) -> None:
    path = tmp_path / "scene.safetensors"
    with pytest.raises(FileError, match="no such file"):
        segmenter.load_embedding(path)
    path.write_bytes(b"nothing")
    with pytest.raises(FileError, match="no saved embedding"):
        segmenter.load_embedding(path)
    save_network(segmenter.network, path)
    with pytest.raises(FileError, match="no saved embedding"):
        segmenter.load_embedding(path)


def test_from_file(segmenter: NetworkSegmenter, embedding: NetworkEmbedding, tmp_path: Path, scene: Scene) -> None:
    path = tmp_path / "network.safetensors"
    save_network(segmenter.network, path)
    loaded = NetworkSegmenter.from_file(path, name="mine", device="cpu")
    assert loaded.name == "mine"
    assert np.array_equal(loaded.encode(scene).scene.features.numpy(), embedding.scene.features.numpy())
