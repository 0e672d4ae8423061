"""Every kind of page, in both themes and at every width."""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.barriers import barriers
from tests.e2e.design.site import Backstage, visit

pytestmark = pytest.mark.e2e


def test_what_a_telephone_loads_travels_small(page: Page, stage: Backstage) -> None:
    sent = page.request.get("/static/siaga/app.js", headers={"Accept-Encoding": "br"})

    assert sent.headers["content-encoding"] == "br"
    assert int(sent.headers["content-length"]) < 40_000


def test_the_chosen_theme_is_kept(page: Page, stage: Backstage) -> None:
    visit(page, "/control/design/console/")
    page.click("details.menu summary")

    page.click("[data-theme-set=dark]")

    visit(page, "/control/design/console/")
    assert page.locator("html[data-theme=dark]").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "width"),
    [("", 1366), ("console/", 1366), ("board/", 1366), ("agency/", 390), ("citizen/", 390)],
)
def test_nothing_serious_stands_in_the_way_of_anybody(
    browser: Browser, address: str, stage: Backstage, path: str, width: int, theme: str
) -> None:
    # axe itself is a script from nowhere; only here the policy is set aside.
    context = browser.new_context(
        base_url=address, bypass_csp=True, viewport={"width": width, "height": 844}
    )
    context.add_cookies([{"name": "siaga_theme", "value": theme, "url": address}])
    page = context.new_page()
    visit(page, f"/control/design/{path}")

    found = barriers(page)

    context.close()
    assert found == []


@pytest.mark.parametrize("path", ["console/", "board/", "agency/", "citizen/"])
@pytest.mark.parametrize("width", [320, 390, 1024, 1366, 1920])
def test_no_page_scrolls_sideways(page: Page, stage: Backstage, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})

    visit(page, f"/control/design/{path}")

    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0
