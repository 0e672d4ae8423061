"""The desk by keys alone, in a real browser, with the whole program behind it."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect, sync_playwright

from siaga.dispatch import queries as dispatch
from siaga.intake import queries as intake
from siaga.intake.types import ContactDisposition, ContactState
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Urgency
from siaga.triage import queries as triage
from tests.cast import BANYUWANGI, enter
from tests.databases import TestDatabase
from tests.e2e.console_stage import ARGUMENTS, Server, desk_of, ready, serving
from tests.waiting import wait_until
from tests.web.console.stage import Desk, incident, writes

pytestmark = pytest.mark.e2e
expect.set_options(timeout=60_000)  # a busy machine is slow, not wrong
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
UNDER_THREE_SECONDS = 3.0
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    chromium = os.environ.get("SIAGA_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def server(committed_db: TestDatabase) -> Iterator[Server]:
    with serving(committed_db) as running:
        yield running


def test_from_whatsapp_to_the_agencies_without_touching_the_mouse(
    browser: Browser, server: Server
) -> None:
    sari = enter("sari", clock.now())
    page = desk_of(browser, server, "sari")
    contact_id = writes("Tulung, omahe tonggoku kobong! Cedhak pasar Kabat")
    expect(page.locator(f"#contact-{contact_id}")).to_be_visible()
    page.keyboard.press("n")
    narrative = page.locator("#id_narrative")
    expect(narrative).to_be_focused()
    page.keyboard.type("Rumah terbakar, api besar, ada orang di dalam")
    page.keyboard.press("Alt+j")
    page.keyboard.type("kebak")
    expect(page.locator("[role=option]").first).to_contain_text("Kebakaran bangunan")
    page.keyboard.press("Enter")
    expect(page.locator("#urgency-now .urgency--p1")).to_be_visible()
    page.keyboard.press("Alt+l")
    page.keyboard.type("kabat")
    expect(page.locator("[data-places] [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#place-state")).to_contain_text("Lokasi diketahui")
    expect(page.locator("#agencies input:checked").first).to_be_attached()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/**")
    expect(page.locator("#assignments")).to_contain_text("Damkar")
    with acting_in(BANYUWANGI):
        [found] = triage.board(sari)
        sent = dispatch.assignments(BANYUWANGI, found.id)
    assert found.type_code == "KBK-BANGUNAN" and found.place.area_code.startswith("35.10.14")
    assert sent


def test_a_silent_contact_ends_with_one_key_and_comes_back_with_one(
    browser: Browser, server: Server
) -> None:
    enter("sari", clock.now())
    contact_id = writes("p")
    page = desk_of(browser, server, "sari")
    page.keyboard.press("n")
    expect(page.locator("#id_narrative")).to_be_focused()
    started = time.monotonic()
    page.keyboard.press("Alt+g")
    undo = page.locator("#toasts [data-undo]")
    expect(undo).to_be_visible()
    assert time.monotonic() - started < UNDER_THREE_SECONDS
    assert _contact(contact_id).disposition is ContactDisposition.GHOST
    wait_until(lambda: _undone(page, contact_id), PATIENCE_SECONDS)
    expect(page.locator("#report-form")).to_be_visible()


def test_what_was_typed_survives_a_reload_and_a_dead_server(
    browser: Browser, server: Server
) -> None:
    enter("sari", clock.now())
    contact_id = writes("banjir di depan rumah")
    page = desk_of(browser, server, "sari")
    page.keyboard.press("n")
    expect(page.locator("#id_narrative")).to_be_focused()
    page.keyboard.type("Air setinggi lutut")
    wait_until(lambda: _draft(contact_id) == "Air setinggi lutut", PATIENCE_SECONDS)
    page.reload()
    ready(page)
    expect(page.locator("#id_narrative")).to_have_value("Air setinggi lutut")
    server.stop()
    page.locator("#id_narrative").focus()
    page.keyboard.press("End")
    page.keyboard.type(", naik terus")
    expect(page.locator("[data-draft-state='report-form']")).to_have_attribute(
        "data-state", "unreachable", timeout=60_000
    )
    server.start()
    page.reload()
    ready(page)
    expect(page.locator("#id_narrative")).to_have_value("Air setinggi lutut, naik terus")


def test_two_desks_see_each_others_hands_at_once(browser: Browser, server: Server) -> None:
    sari, dewi = enter("sari", clock.now()), enter("dewi", clock.now())
    first, second = desk_of(browser, server, "sari"), desk_of(browser, server, "dewi")
    contact_id = writes("ada pohon tumbang")
    for page in (first, second):
        expect(page.locator(f"#rows-waiting #contact-{contact_id}")).to_be_visible()
    first.keyboard.press("n")
    expect(second.locator(f"#rows-held #contact-{contact_id}")).to_contain_text("Sari")
    second.keyboard.press("n")
    expect(second.locator("#toasts .toast")).to_be_visible()
    assert _contact(contact_id).claimed_by == sari.person_id != dewi.person_id
    writes("masih di jalan")
    expect(first.locator("#talk")).to_contain_text("masih di jalan")
    expect(first.locator("#id_narrative")).to_be_focused()


def test_no_screen_of_the_desk_has_a_barrier_or_scrolls_as_a_page(
    browser: Browser, server: Server
) -> None:
    sari = enter("sari", clock.now())
    there = incident(Desk(Client(), sari), urgency=Urgency.P1)
    writes("ada asap di pasar", number="628777")
    # The script of the examination is put in from outside, which the page's policy refuses.
    page = desk_of(browser, server, "sari", bypass_csp=True)
    page.keyboard.press("n")
    expect(page.locator("#id_narrative")).to_be_focused()
    _examine(page)
    for path in (f"console/incidents/{there.id}/", "board/", "console/"):
        page.goto(f"{server.url}/banyuwangi/{path}")
        ready(page)
        _examine(page)


def _examine(page):  # type: ignore[no-untyped-def]
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(({violations}) => violations"
        ".filter(({impact}) => ['serious', 'critical'].includes(impact))"
        ".map(({id, nodes}) => [id, nodes.map(({target}) => target.join(' '))]))"
    )
    assert found == []
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(size) == [1366, 768]


def _contact(contact_id):  # type: ignore[no-untyped-def]
    with acting_in(BANYUWANGI):
        return intake.contact(BANYUWANGI, contact_id)


def _undone(page, contact_id):  # type: ignore[no-untyped-def]
    page.keyboard.press("u")
    return _contact(contact_id).state is ContactState.CLAIMED


def _draft(contact_id):  # type: ignore[no-untyped-def]
    with acting_in(BANYUWANGI):
        kept = intake.draft(BANYUWANGI, contact_id)
    return kept.data.get("narrative", [""])[0] if kept else None
