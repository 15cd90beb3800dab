"""One look of a scanner: rays, what they meet, and how it is measured."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from pinpoint3d.arrays import Bool, Float64, Int32, Int64
from pinpoint3d.synthesis.mesh import Pattern
from pinpoint3d.synthesis.scanner.light import LUMINANCE
from pinpoint3d.synthesis.scanner.noise import cell_value
from pinpoint3d.synthesis.scanner.paths import View
from pinpoint3d.synthesis.scanner.sensors import Sensor
from pinpoint3d.synthesis.scanner.world import World

_JUMP = 0.04  # metres between neighbours in an image from which on they lie on an edge
_MISSED = {Pattern.METAL.value: 0.35, Pattern.GLASS.value: 0.92}  # share that a depth camera loses
_DARK_CORNER = 0.25  # share of its light that a lens loses in the corners of an image


@dataclass(frozen=True, eq=False)
class Samples:
    """M measured points.

    Attributes:
        xyz: f64 [M, 3], where the scanner believes them to be, metres.
        hit: f64 [M, 3], where they are.
        triangle: i32 [M], which triangle of the world each lies on.
        rgb: f64 [M, 3], 0..1, colour without light and pattern.
        weight: f64 [M], how much each is trusted.
    """

    xyz: Float64
    hit: Float64
    triangle: Int32
    rgb: Float64
    weight: Float64

    @classmethod
    def joined(cls, several: Sequence["Samples"]) -> "Samples":
        return cls(*(np.concatenate([getattr(one, field.name) for one in several]) for field in fields(cls)))

    def where(self, kept: Bool) -> "Samples":
        """Those where bool [M] holds."""
        return Samples(*(getattr(self, field.name)[kept] for field in fields(self)))


def look(world: World, sensor: Sensor, view: View, believed: View, rng: np.random.Generator, seed: int) -> Samples:
    """Measure from one pose.

    Args:
        world: what there is.
        sensor: what measures.
        view: where it is.
        believed: where its tracker believes it to be.
        rng: noise of this look.
        seed: of what stays the same between looks: places that are always lost.
    """
    shape = (sensor.height, sensor.width)
    down, right = np.indices(shape)
    pixel = np.stack([right, down], axis=-1).reshape(-1, 2) + 0.5
    ray = sensor.rays(pixel + rng.uniform(-0.3, 0.3, pixel.shape))
    along = ray @ view.axes
    z, triangle = world.caster.cast(view.eye, along)
    met = (triangle >= 0) & (z > sensor.near) & (z < sensor.far)
    hit = view.eye + np.where(met, z, 1.0)[:, None] * along
    normal = world.normal[triangle]
    cosine = np.abs((normal * along).sum(axis=1)) / np.linalg.norm(along, axis=1)
    rgb = np.where(met[:, None], world.rgb[triangle] / 255.0, 0.0)
    measured = z + _error(sensor, z, cosine, met, shape, rng)
    edge, beyond = _edges(np.where(met, z, np.inf).reshape(shape))
    flying = np.flatnonzero(edge & met & (rng.random(len(z)) < sensor.flying))
    measured[flying] = z[flying] + rng.beta(0.5, 0.7, len(flying)) * (beyond[flying] - z[flying])
    kept = met & ~_lost(sensor, world, hit, triangle, rgb, z, cosine, met, rng, seed)
    off = (pixel / (sensor.width, sensor.height) - 0.5) ** 2
    seen = _beside(rgb, shape, sensor.shift, rng) * (1 - 2 * _DARK_CORNER * off.sum(axis=1, keepdims=True))
    rows = np.flatnonzero(kept)
    return Samples(
        xyz=believed.eye + measured[rows, None] * (ray[rows] @ believed.axes),
        hit=hit[rows],
        triangle=triangle[rows],
        rgb=np.clip(seen[rows] + rng.normal(0, 0.008, (len(rows), 1)), 0, None),
        weight=cosine[rows] / sensor.sigma(z[rows], cosine[rows]),
    )


def _error(
    sensor: Sensor, z: Float64, cosine: Float64, met: Bool, shape: tuple[int, int], rng: np.random.Generator
) -> Float64:
    """f64 [N]: metres by which a depth is off: noise a pixel, a slow wave over the image, and steps."""
    depth = np.where(met, z, 1.0)
    error = rng.normal(size=len(z)) * sensor.sigma(depth, cosine)
    if sensor.wave:
        knots = rng.normal(0, sensor.wave, (6, 8))
        y, x = (np.linspace(0, size - 1.001, n) for size, n in zip(knots.shape, shape, strict=True))
        rows, columns = y.astype(int), x.astype(int)
        v, u = (y - rows)[:, None], x - columns
        top = knots[rows][:, columns] * (1 - u) + knots[rows][:, columns + 1] * u
        bottom = knots[rows + 1][:, columns] * (1 - u) + knots[rows + 1][:, columns + 1] * u
        error += (top * (1 - v) + bottom * v).ravel() * depth**2
    if sensor.step:
        step = sensor.step * depth**2
        error = np.rint((depth + error) / step) * step - depth
    return error


def _edges(z: Float64) -> tuple[Bool, Float64]:
    """Pixels beside a jump in depth f64 [H, W]: bool [N], and the depth beyond the largest jump, f64 [N]."""
    padded = np.pad(z, 1, mode="edge")
    beyond, largest = z.copy(), np.zeros_like(z)
    for dy, dx in ((0, 1), (2, 1), (1, 0), (1, 2)):
        other = padded[dy : dy + z.shape[0], dx : dx + z.shape[1]]
        with np.errstate(invalid="ignore"):
            jump = np.abs(other - z)
        further = np.isfinite(jump) & (jump > largest)
        beyond[further], largest[further] = other[further], jump[further]
    return (largest > _JUMP).ravel(), beyond.ravel()


def _lost(
    sensor: Sensor,
    world: World,
    hit: Float64,
    triangle: Int32,
    rgb: Float64,
    z: Float64,
    cosine: Float64,
    met: Bool,
    rng: np.random.Generator,
    seed: int,
) -> Bool:
    """bool [N]: pixels without a measurement, for the surface is seen at a grazing angle, dark, shiny or clear.

    What is lost hangs together: patches of a few centimetres are easy or hard to see from anywhere.
    """
    reflected = (rgb @ LUMINANCE) * cosine
    loss = np.clip((0.2 - cosine) / 0.14, 0, 1)
    loss = np.maximum(
        loss, np.clip(0.75 * (sensor.faint * (0.5 + np.where(met, z, 1) / 2) - reflected) / sensor.faint, 0, 0.8)
    )
    pattern = world.pattern[triangle]
    for value, share in _MISSED.items():
        loss = np.where(pattern == value, np.maximum(loss, share), loss)
    risky = np.flatnonzero(met & (loss > 0))
    place = np.floor(hit[risky] / 0.03).astype(np.int64)
    lost = np.zeros(len(z), dtype=bool)
    lost[risky] = 0.7 * cell_value(place, seed) + 0.3 * rng.random(len(risky)) < loss[risky]
    return lost | (rng.random(len(z)) < 0.01)


def _beside(rgb: Float64, shape: tuple[int, int], shift: float, rng: np.random.Generator) -> Float64:
    """The colour image as it lies over the depths: beside them by up to `shift` pixels, so that colours bleed."""
    image = rgb.reshape(*shape, 3)
    moved: Int64 = np.rint(rng.uniform(-shift, shift, 2)).astype(np.int64)
    rows = np.clip(np.arange(shape[0]) + moved[0], 0, shape[0] - 1)
    columns = np.clip(np.arange(shape[1]) + moved[1], 0, shape[1] - 1)
    other = image[rows][:, columns].reshape(-1, 3)
    return np.where(other.any(axis=1, keepdims=True), other, rgb)
