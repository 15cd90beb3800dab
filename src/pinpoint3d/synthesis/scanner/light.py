"""Light on what was scanned: sky through a window, a lamp, shade in corners."""

from collections.abc import Sequence

import numpy as np

from pinpoint3d.arrays import Float64
from pinpoint3d.synthesis.scanner.cells import cell_numbers, groups
from pinpoint3d.synthesis.scanner.noise import smooth_noise
from pinpoint3d.synthesis.scanner.world import World

_LIFT = 0.01  # metres off the surface that a ray starts from
_NEAR = 0.35  # metres within which things shade a place, and colour it
_BOUNCE = 0.35  # of the light that falls on them comes back
_SHADE_RAYS = 2
_BLUR = 0.07  # metres over which light is smoothed
_SHIFTS = (0.0, 1 / 3, 2 / 3)
_KNEE = 0.6  # share of full brightness from which on a camera compresses
LUMINANCE = np.array([0.299, 0.587, 0.114])


def lit(world: World, at: Float64, normal: Float64, lamp: Float64, rng: np.random.Generator, seed: int) -> Float64:
    """f64 [N, 3]: red, green and blue light on surfaces at f64 [N, 3] with unit normals f64 [N, 3], about 1.

    Ambient light, bluish and brighter from one side, where near things take its place (ambient occlusion, Zhukov et
    al., 1998) and give of their colour; and a yellowish lamp at f64 [3] the size of a window, whose shadows have soft
    edges.
    """
    start = at + _LIFT * normal
    to = lamp + rng.normal(0, 0.25, at.shape) - start
    far = np.linalg.norm(to, axis=1)
    free, _ = world.caster.cast(start, to, np.ones(len(at)))
    direct = np.clip((normal * to).sum(axis=1) / far, 0, None) * np.isinf(free) / (0.5 + (far / 2) ** 2)
    open_sky, bounced = np.zeros(len(at)), np.zeros((len(at), 3))
    for _ in range(_SHADE_RAYS):
        out = rng.normal(size=at.shape)
        out = out / np.linalg.norm(out, axis=1, keepdims=True) + normal  # cosine distributed about the normal
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        reach, triangle = world.caster.cast(start, out, np.full(len(at), _NEAR))
        sky = np.minimum(reach, _NEAR) / _NEAR / _SHADE_RAYS
        open_sky += sky
        bounced += (1 / _SHADE_RAYS - sky)[:, None] * world.rgb[triangle] / 255
    open_sky, direct, *bounce = _smoothed((open_sky, direct, *bounced.T), at, normal)
    turn, warmth = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.1)
    window = np.array([0.14 * np.cos(turn), 0.14 * np.sin(turn), 0.1])
    ambient = (0.35 + 0.65 * open_sky[:, None] + _BOUNCE * np.stack(bounce, axis=1)) * (0.8 + normal @ window)[:, None]
    blotch = 0.96 + 0.08 * smooth_noise(at * 1.5, seed)
    cool, warm = np.exp(np.array([-0.3, 0, 0.4]) * warmth), np.exp(np.array([0.6, 0, -1.2]) * warmth)
    return np.asarray(blotch[:, None] * (ambient * cool + 0.5 * direct[:, None] * warm))


def _smoothed(several: Sequence[Float64], at: Float64, normal: Float64) -> list[Float64]:
    """f64 [N] each: means over a few centimetres of surfaces that face the same way."""
    side = np.abs(normal).argmax(axis=1)
    side = side * 2 + (normal[np.arange(len(side)), side] > 0)
    results = [np.zeros(len(values)) for values in several]
    for shift in _SHIFTS:
        place = groups(cell_numbers(at, _BLUR, shift) * 6 + side)
        count = np.bincount(place) * len(_SHIFTS)
        for result, values in zip(results, several, strict=True):
            result += (np.bincount(place, values) / count)[place]
    return results


def developed(rgb: Float64, rng: np.random.Generator) -> Float64:
    """f64 [N, 3], 0..1: linear colours as a camera stores them.

    It is exposed for what it sees, holds bright colours back, and takes half of the tint of everything for the light's.
    """
    mean = np.maximum(rgb.mean(axis=0), 0.02)
    balance = np.sqrt(mean.mean() / mean) * np.exp(rng.normal(0, 0.03, 3))
    luminance = rgb @ LUMINANCE
    bright = max(float(np.quantile(luminance, 0.85)), 0.2)  # of a room of dark things it makes no bright one
    exposed = rgb * balance * rng.uniform(0.62, 0.88) / bright
    exposed = np.where(exposed > _KNEE, _KNEE + (1 - _KNEE) * np.tanh((exposed - _KNEE) / (1 - _KNEE)), exposed)
    grey = (exposed @ LUMINANCE)[:, None]
    return np.asarray(np.clip(grey + rng.uniform(0.75, 1.0) * (exposed - grey), 0, 1) ** rng.uniform(0.9, 1.15))
