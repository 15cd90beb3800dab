"""An assembly in, a labelled scan out."""

from dataclasses import dataclass, replace

import numpy as np

from pinpoint3d.arrays import Float64, UInt8
from pinpoint3d.scene import Hierarchy, LabelledScene, Scene
from pinpoint3d.synthesis.mesh import Assembly
from pinpoint3d.synthesis.scanner.fusion import Fused, fuse
from pinpoint3d.synthesis.scanner.light import developed, lit
from pinpoint3d.synthesis.scanner.measure import Samples, look
from pinpoint3d.synthesis.scanner.paths import View
from pinpoint3d.synthesis.scanner.patterns import brightness
from pinpoint3d.synthesis.scanner.sensors import Sensor
from pinpoint3d.synthesis.scanner.world import World


@dataclass(frozen=True)
class Scanner:
    """How a scan is made.

    Attributes:
        sensor: what measures.
        cell: edge in metres of the cells that looks are fused into.
        least: measurements below which a cell stays empty.
        reach: metres within which a point needs others to be kept.
        drift: metres that the tracker goes wrong from look to look.
        middle: x and y, in metres, of what is wanted.
        radius: metres around it within which points are kept.
    """

    sensor: Sensor
    cell: float = 0.0105
    least: int = 2
    reach: float = 0.03
    drift: float = 0.001
    middle: tuple[float, float] = (0.0, 0.0)
    radius: float = np.inf


def scan(
    assembly: Assembly, scanner: Scanner, views: list[View], rng: np.random.Generator, name: str = "scan"
) -> LabelledScene:
    """What the scanner makes of the assembly from the given views.

    Points that lie on a part of an object have its labels; the shell is background. Every part has a name, also
    those that were not seen.
    """
    world = World.of(assembly)
    seed = int(rng.integers(2**31))
    lamp = _lamp(world.bounds, rng)
    _, label = np.unique(world.object.astype(np.int64) << 32 | world.part, return_inverse=True)
    looks = []
    turn, shift = np.zeros(3), np.zeros(3)
    for view in views:
        turn = 0.9 * turn + rng.normal(0, scanner.drift * 0.5, 3)
        shift = 0.9 * shift + rng.normal(0, scanner.drift, 3)
        samples = look(world, scanner.sensor, view, view.drifted(turn, shift), rng, seed)
        if np.isfinite(scanner.radius):
            away = samples.xyz[:, :2] - scanner.middle
            samples = samples.where((away**2).sum(axis=1) < scanner.radius**2)
        looks.append(replace(samples, rgb=samples.rgb * np.exp(rng.normal(0, 0.05) + rng.normal(0, 0.01, 3))))
    samples = Samples.joined(looks)
    if len(samples.xyz) == 0:
        raise ValueError(f"{name}: the views see nothing")
    fused = fuse(
        samples,
        label[samples.triangle],
        world.normal[samples.triangle],
        scanner.cell,
        scanner.least,
        scanner.reach,
    )
    return LabelledScene(
        Scene(name, fused.xyz.astype(np.float32), rgb=_photographed(world, fused, views, lamp, rng, seed)),
        Hierarchy(
            world.object[fused.triangle],
            world.part[fused.triangle],
            {k: one.design.category for k, one in enumerate(assembly.objects, 1)},
            {
                (k, part): part_name
                for k, one in enumerate(assembly.objects, 1)
                for part, part_name in sorted(one.design.part_names.items())
            },
        ),
    )


def _lamp(bounds: Float64, rng: np.random.Generator) -> Float64:
    """f64 [3]: where most light comes from: high up, off the middle."""
    low, high = bounds
    x, y = rng.uniform(low[:2] + 0.2 * (high - low)[:2], high[:2] - 0.2 * (high - low)[:2])
    return np.array([x, y, max(high[2] - 0.2, low[2] + 2.0)])


def _photographed(
    world: World, fused: Fused, views: list[View], lamp: Float64, rng: np.random.Generator, seed: int
) -> UInt8:
    """u8 [P, 3]: the colours of fused points as a camera saw them."""
    normal = world.normal[fused.triangle]
    eye = np.mean([view.eye for view in views], axis=0)
    facing = np.where(((eye - fused.hit) * normal).sum(axis=1, keepdims=True) < 0, -normal, normal)
    light = lit(world, fused.hit, facing, lamp, rng, seed)
    own = world.own(fused.hit, fused.triangle)
    turn = world.inverse[world.object[fused.triangle], :3, :3]
    grain = brightness(world.pattern[fused.triangle], own, np.einsum("nij,nj->ni", turn, normal), seed)
    return np.rint(developed(fused.rgb * light * grain[:, None], rng) * 255).astype(np.uint8)
