"""Light on what was scanned: sky through a window, a lamp, shade in corners."""

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.scanner.cells import cell_numbers
from pinpoint3d.synthesis.scanner.noise import smooth_noise
from pinpoint3d.synthesis.scanner.world import World

_LIFT = 0.01  # metres off the surface that a ray starts from
_NEAR = 0.35  # metres within which things shade a place
_SHADE_RAYS = 3
_BLUR = 0.07  # metres over which light is smoothed
_SHIFTS = (0.0, 1 / 3, 2 / 3)


def lit(world: World, at: Float64, normal: Float64, lamp: Float64, rng: np.random.Generator, seed: int) -> Float64:
    """f64 [N]: how bright surfaces at f64 [N, 3] with unit normals f64 [N, 3] are under a lamp at f64 [3], about 1.

    Ambient light, dimmed by what stands near (ambient occlusion, Zhukov et al., 1998), and a lamp the size of a
    window, whose shadows have soft edges.
    """
    start = at + _LIFT * normal
    to = lamp + rng.normal(0, 0.25, at.shape) - start
    far = np.linalg.norm(to, axis=1)
    free, _ = world.caster.cast(start, to, np.ones(len(at)))
    direct = np.clip((normal * to).sum(axis=1) / far, 0, None) * np.isinf(free)
    open_sky = np.zeros(len(at))
    for _ in range(_SHADE_RAYS):
        out = rng.normal(size=at.shape)
        out = out / np.linalg.norm(out, axis=1, keepdims=True) + normal  # cosine distributed about the normal
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        reach, _ = world.caster.cast(start, out, np.full(len(at), _NEAR))
        open_sky += np.minimum(reach, _NEAR) / _NEAR / _SHADE_RAYS
    open_sky, direct = _smoothed(open_sky, at, normal), _smoothed(direct, at, normal)
    blotch = 0.96 + 0.08 * smooth_noise(at * 1.5, seed)
    ambient = (0.4 + 0.6 * open_sky) * (0.8 + 0.1 * normal[:, 2])
    return np.asarray(blotch * (ambient + 0.45 * direct))


def _smoothed(values: Float64, at: Float64, normal: Float64) -> Float64:
    """f64 [N]: means over a few centimetres of surfaces that face the same way."""
    side = np.abs(normal).argmax(axis=1)
    side = side * 2 + (normal[np.arange(len(side)), side] > 0)
    result = np.zeros(len(values))
    for shift in _SHIFTS:
        _, place = np.unique(cell_numbers(at, _BLUR, shift) * 6 + side, return_inverse=True)
        result += (np.bincount(place, values) / np.bincount(place))[place] / len(_SHIFTS)
    return result


def developed(rgb: Float64, rng: np.random.Generator) -> Float64:
    """f64 [N, 3], 0..1: linear colours as a camera stores them, with its own exposure, white balance and contrast."""
    balance = np.exp(rng.normal(0, 0.05, 3))
    exposure = rng.uniform(0.8, 1.2)
    contrast = rng.uniform(0.85, 1.15)
    return np.clip(rgb * balance * exposure, 0, 1) ** contrast
