import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pinpoint3d.native.rays import RayCaster, plain

ROOT = Path(__file__).parents[2]


def soup(rng, n, size=0.3):
    """Triangles f64 [n, 3, 3] anywhere in a box of 2 m."""
    return rng.uniform(-1, 1, (n, 1, 3)) + rng.uniform(-size, size, (n, 3, 3))


def sphere(n=24):
    """A closed ball of radius 1 about the origin."""
    up, round_ = np.meshgrid(np.linspace(0, np.pi, n + 1), np.linspace(0, 2 * np.pi, 2 * n + 1), indexing="ij")
    at = np.stack([np.sin(up) * np.cos(round_), np.sin(up) * np.sin(round_), np.cos(up)], axis=-1)
    a, b, c, d = at[:-1, :-1], at[1:, :-1], at[1:, 1:], at[:-1, 1:]
    return np.concatenate([np.stack([a, b, c], -2).reshape(-1, 3, 3), np.stack([a, c, d], -2).reshape(-1, 3, 3)])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 300), flat=st.booleans())
def test_tree_and_plain_path_agree_to_the_bit(seed, n, flat):
    rng = np.random.default_rng(seed)
    triangles = soup(rng, n)
    if flat:  # boxes without thickness, and rays along the axes that graze them
        triangles[..., 2] = np.rint(triangles[..., 2] * 4) / 4
    start, along = rng.uniform(-2, 2, (200, 3)), rng.normal(size=(200, 3))
    along[:60] = np.eye(3)[rng.integers(0, 3, 60)] * rng.choice([-1, 1], (60, 1))
    start[:60:2] = np.rint(start[:60:2] * 4) / 4
    limit = np.where(rng.random(200) < 0.3, rng.uniform(0, 2, 200), np.inf)
    caster = RayCaster(triangles)
    for found, expected in zip(caster.cast(start, along, limit), plain(caster).cast(start, along, limit), strict=True):
        assert np.array_equal(found, expected)


def test_threads_do_not_change_the_answer(rng):
    caster = RayCaster(soup(rng, 5000))
    start, along = rng.uniform(-2, 2, (20_000, 3)), rng.normal(size=(20_000, 3))
    one, four = (caster.cast(start, along, threads=n) for n in (1, 4))
    assert np.array_equal(one[0], four[0])
    assert np.array_equal(one[1], four[1])
    assert 0.1 < (one[1] >= 0).mean() < 0.95


def test_no_ray_leaves_a_closed_ball(rng):
    along = rng.normal(size=(50_000, 3))
    corners = sphere()
    along[:3000] = corners[rng.integers(0, len(corners), 3000), rng.integers(0, 3, 3000)]  # exactly through corners
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    distance, _ = RayCaster(corners).cast(np.zeros(3), along)
    assert distance.max() <= 1 + 1e-9
    assert distance.min() > 0.98


def test_first_of_two_equal_triangles_counts():
    one = np.array([[[0, 0, 1], [1, 0, 1], [0, 1, 1.0]]])
    caster = RayCaster(np.repeat(one, 40, axis=0))
    distance, triangle = caster.cast(np.array([0.2, 0.2, 0]), np.array([[0, 0, 2.0], [0, 0, -1]]))
    assert distance.tolist() == [0.5, np.inf]
    assert triangle.tolist() == [0, -1]


def test_nothing_to_hit():
    distance, triangle = RayCaster(np.empty((0, 3, 3))).cast(np.zeros(3), np.eye(3))
    assert np.isinf(distance).all()
    assert (triangle == -1).all()


@pytest.mark.parametrize("bad", [np.zeros((2, 3)), np.full((1, 3, 3), np.nan)])
def test_what_is_no_triangle_is_refused(bad):
    with pytest.raises(ValueError, match="triangles"):
        RayCaster(bad)


@pytest.mark.skipif(shutil.which("g++") is None, reason="no compiler")
def test_products_and_sums_are_not_contracted(tmp_path):
    """Built with setup.py's own flag for a machine that could contract them."""
    flags = [line for line in (ROOT / "setup.py").read_text().splitlines() if '"_rays"' in line]
    assert 'contract="off"' in flags[0]
    source = ROOT / "src/pinpoint3d/native/cpp/rays.cpp"
    for contract, fused in (("off", False), ("fast", True)):
        out = tmp_path / f"{contract}.s"
        target = ["-std=c++17", "-O2", "-mfma", "-S", f"-ffp-contract={contract}", "-o", str(out), str(source)]
        done = subprocess.run(["g++", *target], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip("the compiler has no fused operations for this machine")
        assert ("vfmadd" in out.read_text()) == fused
