"""Tools and views on one scene: what is out of sight, clip box, lasso, colours, and that a reload keeps them."""

from collections.abc import Callable

import numpy as np
import pytest

pytestmark = pytest.mark.slow


def test_the_view_is_kept_over_a_reload(serve: Callable, person: Callable) -> None:
    server, one = serve(model="geodesic"), person()
    page = one.page
    one.open(server.address)
    one.click(one.spot("chair", "seat"))
    one.press("n")
    one.click(one.spot("table"))
    page.get_by_test_id("hide-1/0").click()
    page.get_by_test_id("ghost-2/0").click()
    page.get_by_test_id("lock-2/0").click()
    one.saved()
    hidden = one.pick_all()
    assert 2 not in hidden.values(), "what is hidden is not picked"

    # The clip box takes the upper half away, for the pointer as well.
    page.keyboard.press("x")
    page.get_by_test_id("clip-z-high").fill("0.4")
    one.shot("20-clipped")
    page.keyboard.press("Escape")
    clipped = set(one.pick_all())
    heights = one.scene.xyz[:, 2]
    ceiling = heights.min() + 0.41 * np.ptp(heights)
    assert clipped
    assert heights[sorted(clipped)].max() <= ceiling
    page.get_by_test_id("canvas").focus()
    page.keyboard.press("t")
    place = one.project("chair")

    page.reload()
    page.get_by_test_id("target-2/0").wait_for()
    one.saved()
    for control in ("hide-1/0", "ghost-2/0", "lock-2/0", "clip"):
        assert page.get_by_test_id(control).get_attribute("aria-pressed") == "true", control
    assert one.project("chair") == pytest.approx(place, abs=1), "the camera stands where it stood"
    assert heights[sorted(one.pick_all())].max() <= ceiling
    one.shot("21-view-kept")

    # A number that is given again is not out of sight from before.
    while page.get_by_test_id("undo").is_enabled():
        one.press("Control+z")
    one.press("Control+Shift+z")
    assert page.get_by_test_id("hide-1/0").get_attribute("aria-pressed") == "false"


def test_lasso_colours_and_uncertainty(serve: Callable, person: Callable) -> None:
    server, one = serve(model="geodesic"), person()
    page = one.page
    one.open(server.address)
    one.click(one.spot("chair", "seat"))
    one.press("k")
    one.press("n")
    x, y = one.spot("cabinet")
    one.drag((x - 20, y - 20), (x + 20, y - 20), (x + 20, y + 20), (x - 20, y + 20))
    assert one.tree() == ["object 1", "object 2"]
    painted = np.flatnonzero(np.array(one.labels()) == 3)
    assert len(painted) > 50
    assert np.isin(painted, one.rows_of("cabinet")).mean() > 0.5
    one.shot("22-lasso")
    one.press("Escape")

    for mode in ("scan", "height", "normals", "uncertainty", "labels"):
        page.get_by_test_id("colours").click()
        page.get_by_test_id(f"mode-{mode}").click()
        page.keyboard.press("Escape")
        page.wait_for_timeout(300)
        assert page.get_by_test_id("legend").is_visible() == (mode in ("height", "uncertainty"))
        one.shot(f"23-colours-{mode}")
