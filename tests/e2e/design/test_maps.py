"""The map in a real browser: it never jumps, has no need of a pointer and follows the theme."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.design.site import Backstage, visit
from tests.e2e.design.street_sample import picture_archive, vector_archive
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
MAP_MS = 40_000  # drawn by the processor here, not by a graphics card


def drawn(page: Page, path: str, which: str = "[data-island=map]") -> Locator:
    """The first such map of the page, when it has been drawn."""
    visit(page, path)
    frame = page.locator(which).first
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_attribute("data-map-ready", "true", timeout=MAP_MS)
    return frame


def test_the_map_shows_incidents_as_links_and_never_moves_by_itself(
    page: Page, stage: Backstage
) -> None:
    frame = drawn(page, "/control/design/", "[data-mode=view]")
    mark = frame.locator("a.map-mark--p1")
    expect(mark).to_have_attribute("aria-label", "P1, Kebakaran bangunan")
    before = mark.bounding_box()

    page.evaluate("document.body.dispatchEvent(new CustomEvent('siaga:resync'))")
    page.wait_for_load_state("networkidle")

    assert mark.bounding_box() == before


def test_a_centres_own_streets_are_drawn_and_credited(
    page: Page, stage: Backstage, settings, tmp_path: Path
) -> None:
    (tmp_path / "contoh.pmtiles").write_bytes(picture_archive("&copy; <a href='#'>Peta Contoh</a>"))
    settings.SIAGA_TILES = tmp_path

    frame = drawn(page, "/t/map/")

    expect(frame.locator("[data-map-credit]")).to_have_text("Natural Earth · © Peta Contoh")


def test_vector_streets_follow_the_theme(
    page: Page, stage: Backstage, settings, tmp_path: Path
) -> None:
    (tmp_path / "contoh.pmtiles").write_bytes(vector_archive("Peta Contoh"))
    settings.SIAGA_TILES = tmp_path
    frame = drawn(page, "/t/map/")

    for theme, sea in (("light", (0xDD, 0xE2, 0xE6)), ("dark", (0x0B, 0x0D, 0x10))):
        page.evaluate(
            """theme => {
                document.documentElement.dataset.theme = theme;
                document.body.dispatchEvent(new CustomEvent('siaga:theme'));
            }""",
            theme,
        )
        # The whole world is water in this archive, the land beneath it too.
        wait_until(lambda: colours_of(frame) == {sea}, seconds=MAP_MS / 1000)  # noqa: B023


def colours_of(frame: Locator) -> set[tuple[int, int, int]]:
    """What is drawn at some places of the map that bear no marks and no buttons."""
    picture = Image.open(io.BytesIO(frame.screenshot())).convert("RGB")
    width, height = picture.size
    places = ((0.3, 0.3), (0.4, 0.5), (0.5, 0.35), (0.45, 0.6))
    return {picture.getpixel((int(x * width), int(y * height))) for x, y in places}


def test_a_pin_can_be_put_without_a_pointer(page: Page, stage: Backstage) -> None:
    frame = drawn(page, "/control/design/", "[data-mode=pick]")

    frame.locator("canvas").press("Enter")

    assert page.input_value("#pick-lat").startswith("-8.3")
    expect(frame.locator("[data-map-note]")).to_contain_text("Place set")
