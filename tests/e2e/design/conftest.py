"""The components on a stage of their own, and a page that may not complain."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.console_stage import PATIENCE_MS
from tests.e2e.design import site
from tests.e2e.design.site import Backstage, Site


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server, url = site.serve()
    yield url
    server.shutdown()


@pytest.fixture
def stage(settings) -> Iterator[Backstage]:
    settings.ROOT_URLCONF = "tests.e2e.design.site"
    settings.SIAGA_DEMO = True
    Site.backstage = Backstage()
    yield Site.backstage
    Site.backstage.cut()


@pytest.fixture
def page(browser: Browser, address: str, stage: Backstage) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "django_language", "value": "en", "url": address}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    context.close()
    assert complaints == []
