"""Training samples: a piece of a labelled scan, turned, scaled and recoloured, as the surface network reads it."""

from dataclasses import dataclass, replace

import numpy as np

from pinpoint3d.arrays import Float32, Float64, Int32
from pinpoint3d.model.surface import Surface
from pinpoint3d.model.surface_decoder import Level
from pinpoint3d.model.surface_network import FINE
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene, VoxelGrid
from pinpoint3d.segmenters.graph import suitable_size
from pinpoint3d.training.config import Augmentation
from pinpoint3d.training.patterns import repainted


@dataclass(frozen=True, eq=False)
class Crop:
    """One training sample of V voxels.

    Attributes:
        surface: its voxels.
        coord: f32 [V, 3], where the robot sees them, in metres.
        object: i32 [V], -1 unlabelled, 0 background.
        part: i32 [V], id within its object; 0 none, -1 unlabelled.
        level: what is to be told apart in it.
    """

    surface: Surface
    coord: Float32
    object: Int32
    part: Int32
    level: Level

    @classmethod
    def of(cls, labelled: LabelledScene, grid: VoxelGrid, level: Level) -> "Crop":
        """A labelled scan that was voxelised to `grid`; a voxel has the label of its representative."""
        rows, labels = grid.voxel_to_point, labelled.labels
        return cls(Surface.of_scene(labelled.scene, grid), grid.coord, labels.object[rows], labels.part[rows], level)


def make_crop(labelled: LabelledScene, change: Augmentation, rng: np.random.Generator) -> Crop:
    """Cut out at most `change.voxels` voxels around an object, and change what makes no difference to a person."""
    scene = labelled.scene
    level = Level.PART if rng.random() < change.parts else Level.OBJECT
    size = change.voxel_size or suitable_size(scene) * (FINE if level is Level.PART else 1.0)
    keep = np.flatnonzero(scene.finite & (rng.random(len(scene)) >= rng.uniform(0, change.thinning)))
    xyz = scene.xyz[keep].astype(np.float64) @ _turn(change, rng)
    xyz += rng.normal(0, rng.uniform(0, change.noise) * size, xyz.shape)
    rgb = None if scene.rgb is None else scene.rgb[keep]
    hierarchy = Hierarchy(labelled.labels.object[keep], labelled.labels.part[keep])
    moved = Scene(scene.name, (xyz - xyz.min(axis=0)).astype(np.float32), rgb=rgb)
    grid = VoxelGrid.from_scene(moved, size)
    if len(grid) > change.voxels:
        near = _around_an_object(grid, hierarchy, level, change.voxels, rng)
        rows = np.flatnonzero(np.isin(grid.point_to_voxel, near))
        moved = replace(moved, xyz=moved.xyz[rows], rgb=None if rgb is None else rgb[rows])
        hierarchy = Hierarchy(hierarchy.object[rows], hierarchy.part[rows])
        grid = VoxelGrid.from_scene(moved, size)
    if moved.rgb is not None:
        rgb = _recoloured(repainted(moved, hierarchy, change.patterned, rng), change, rng)
        moved = replace(moved, rgb=rgb)
    return Crop.of(LabelledScene(moved, hierarchy), grid, level)


def _turn(change: Augmentation, rng: np.random.Generator) -> Float64:
    """f64 [3, 3]: a rotation about z, a mirror image half of the time, and a scale."""
    a = rng.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1.0]])
    turn[0] *= rng.choice([-1.0, 1.0])
    return np.asarray(turn * np.exp(rng.uniform(-change.scale, change.scale)))


def _recoloured(rgb: np.ndarray, change: Augmentation, rng: np.random.Generator) -> np.ndarray:
    """Another light, another white balance, and now and then no colour at all."""
    if rng.random() < change.colourless:
        return np.full_like(rgb, 128)
    gain, shift = np.exp(rng.normal(0, change.light, 3)), rng.normal(0, 255 * change.light / 4, 3)
    return np.clip(rgb * gain + shift, 0, 255).astype(np.uint8)


def _around_an_object(
    grid: VoxelGrid, labels: Hierarchy, level: Level, number: int, rng: np.random.Generator
) -> np.ndarray:
    """The voxels nearest to the middle of a random object, one with parts where those are asked for."""
    of = labels.object[grid.voxel_to_point]
    objects = np.unique(of[of > 0])
    if level is Level.PART:
        with_parts = [o for o in objects if len(labels.parts(int(o))) > 1]
        objects = np.array(with_parts or objects)
    among = np.flatnonzero(of == rng.choice(objects)) if len(objects) else np.arange(len(grid))
    centre = grid.coord[among].mean(axis=0)
    away = np.linalg.norm(grid.coord - centre, axis=1)
    return np.argpartition(away, number)[:number]
