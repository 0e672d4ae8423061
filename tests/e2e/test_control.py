"""The supervisor's page in a real browser: it changes by itself, and nobody is kept out."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from siaga.accounts.types import Role
from siaga.dispatch import services as dispatch
from siaga.dispatch.services.sending import Order
from siaga.intake import services as intake
from siaga.intake.types import ContactDisposition
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from tests.cast import BANYUWANGI, PASSWORD, enter
from tests.databases import TestDatabase
from tests.e2e.barriers import barriers
from tests.e2e.console_stage import OPERATOR, Server, serving
from tests.web.console.stage import incident, seat, writes
from tests.web.control.stage import BY, give

pytestmark = pytest.mark.e2e
PHONE = {"width": 390, "height": 844}
PAGES = ("", "desks/", "incidents/", "contacts/", "journal/", "people/", "people/add/", "tokens/",
         "profile/", "profile/agencies/", "profile/agencies/damkar/", "profile/types/",
         "profile/places/", "profile/versions/", "health/")  # fmt: skip


@pytest.fixture
def server(committed_db: TestDatabase) -> Iterator[Server]:
    os.environ["SIAGA_REQUIRE_MFA"] = "0"  # its own tests are elsewhere
    with serving(committed_db) as running:
        yield running
    del os.environ["SIAGA_REQUIRE_MFA"]


def control(browser: Browser, server: Server, name: str, **options: object) -> Page:
    """Somebody signed in at the control face."""
    context = browser.new_context(**{"locale": "id-ID", "bypass_csp": True, **options})  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{server.url}/accounts/login/?next=/banyuwangi/control/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/banyuwangi/control/")
    page.wait_for_selector("html[data-ready='true']")
    return page


def an_evening() -> None:
    """Some of what happens: an agency that is silent, people who wait, a report."""
    sari, now = seat("sari"), clock.now()
    found = incident(sari, "KBK-BANGUNAN")
    with acting_in(BANYUWANGI):
        dispatch.send(
            found.id,
            [Order(agency_code="damkar"), Order(agency_code="bpbd")],
            region_id=BANYUWANGI,
            by=sari.viewer.actor,
            now=now - timedelta(minutes=12),
        )
    writes("Pak, lampu jalan mati sudah tiga hari", number="62811", name="Bu Tini",
           now=now - timedelta(minutes=9))  # fmt: skip
    ended = writes("p", number="62812", name="", now=now - timedelta(minutes=2))
    with acting_in(BANYUWANGI):
        intake.claim(ended, region_id=BANYUWANGI, by=sari.viewer.actor, now=now)
        intake.dispose(
            ended,
            ContactDisposition.GHOST,
            region_id=BANYUWANGI,
            by=sari.viewer.actor,
            now=now,
        )


def test_the_page_changes_by_itself_and_every_page_is_for_everybody(
    browser: Browser, server: Server
) -> None:
    ratna = enter("ratna", clock.now())
    give(ratna, Role.ADMINISTRATOR, by=BY)
    an_evening()
    page = control(browser, server, "ratna", viewport=OPERATOR)
    expect(page.locator("#h-alarms")).to_be_visible()
    page.wait_for_selector("html[data-live='live']")
    waiting = writes("Tulung", number="62877", name="Mbah Jo",
                     now=clock.now() - timedelta(minutes=8))  # fmt: skip
    expect(page.locator(f"a[href$='/subject/{waiting}/']")).to_have_text("Mbah Jo")
    shots = os.environ.get("SIAGA_SHOTS")
    for path in PAGES:
        page.goto(f"{server.url}/banyuwangi/control/{path}")
        page.wait_for_selector("html[data-ready='true']")
        for width, theme in ((OPERATOR, "dark"), (PHONE, "light")):
            page.set_viewport_size(width)  # type: ignore[arg-type]
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{path} scrolls sideways by {wide}"
            assert barriers(page) == [], path
            if shots:
                name = f"{path.replace('/', '-') or 'now-'}{width['width']}-{theme}.png"
                page.screenshot(path=f"{shots}/{name}", full_page=width is OPERATOR)
