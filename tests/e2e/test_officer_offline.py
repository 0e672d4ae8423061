"""An officer in a dead spot: the last pages are there, what was done is kept and sent later."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from siaga.dispatch import queries
from siaga.dispatch.types import AssignmentId, AssignmentState
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from tests import cast
from tests.databases import TestDatabase
from tests.e2e.console_stage import Server, serving, signed_in
from tests.e2e.screens import PHONE
from tests.rooms.dispatch.test_services import send
from tests.rooms.test_path import incident_on, write
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
PATIENCE_SECONDS = 60
KEPT = "caches.open('siaga-agency-pages').then((cache) => cache.keys()).then((all) => all.length)"


@pytest.fixture
def server(committed_db: TestDatabase) -> Iterator[Server]:
    with serving(committed_db) as running:
        yield running


def test_the_last_pages_are_there_without_a_connection_and_the_step_is_sent_later(
    browser: Browser, server: Server
) -> None:
    sent = sent_to_the_fire_service()
    todo = f"{server.url}/banyuwangi/agency/"
    officer = officer_of(browser, server)
    officer.locator("#assignments .card").first.click()
    expect(officer.locator("#thumb")).to_be_visible()
    wait_until(lambda: officer.evaluate(KEPT) == 2, PATIENCE_SECONDS)
    server.stop()

    officer.reload()
    expect(officer.locator("[data-offline-text]")).to_contain_text("Tanpa sambungan")
    expect(officer.locator("h1")).to_have_text("Kebakaran bangunan")
    officer.locator("#thumb").get_by_role("button", name="Terima").click()
    expect(officer.locator(".unsent")).to_be_visible()
    officer.goto(todo)
    expect(officer.locator("#assignments .card")).to_contain_text("Kebakaran bangunan")

    server.start()
    wait_until(lambda: state(sent) is AssignmentState.ACKNOWLEDGED, PATIENCE_SECONDS)
    expect(officer.locator("[data-offline-text]")).to_be_hidden()


def test_who_signs_out_leaves_no_page_on_the_device(browser: Browser, server: Server) -> None:
    sent_to_the_fire_service()
    officer = officer_of(browser, server)
    wait_until(lambda: officer.evaluate(KEPT) == 1, PATIENCE_SECONDS)

    officer.goto(f"{server.url}/accounts/logout/")
    officer.locator("form.button-row button").click()

    wait_until(lambda: officer.evaluate(KEPT) == 0, PATIENCE_SECONDS)


def sent_to_the_fire_service() -> AssignmentId:
    now = clock.now()
    with acting_in(cast.BANYUWANGI):
        sari = cast.enter("sari", now)
        cast.enter("made", now)
        write(cast.BANYUWANGI, "kebakaran", now)
        return send(incident_on(sari, now), now, "damkar")[0]


def officer_of(browser: Browser, server: Server) -> Page:
    """Pak Made's telephone at his list, with the worker that keeps the pages."""
    page = signed_in(browser, server, "made", "/banyuwangi/agency/", viewport=PHONE)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def state(sent: AssignmentId) -> AssignmentState:
    with acting_in(cast.BANYUWANGI):
        view = queries.assignment(cast.BANYUWANGI, sent)
    assert view is not None
    return view.state
