"""The desk by keys alone, in a real browser, with the whole program behind it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Route, expect

from siaga.dispatch import queries as dispatch
from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.types import ContactDisposition, ContactState
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Urgency
from siaga.triage import queries as triage
from tests.cast import BANYUWANGI, enter
from tests.databases import TestDatabase
from tests.e2e.barriers import barriers
from tests.e2e.console_stage import Server, arrived, desk_of, press, ready, serving
from tests.waiting import wait_until
from tests.web.console.stage import Desk, incident, writes

pytestmark = pytest.mark.e2e
PATIENCE_SECONDS = 60


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
    page.keyboard.press("Alt+g")
    undo = page.locator("#toasts [data-undo]")
    expect(undo).to_be_visible()
    assert _contact(contact_id).disposition is ContactDisposition.GHOST
    press(page, "u")
    expect(page.locator("#toasts")).to_contain_text("Sudah diurungkan")
    assert _contact(contact_id).state is ContactState.CLAIMED
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


def test_letters_written_before_the_page_was_awake_are_kept(
    browser: Browser, server: Server
) -> None:
    sari = enter("sari", clock.now())
    contact_id = writes("banjir di depan rumah")
    claimed(sari, contact_id)
    page = desk_of(browser, server, "sari")
    late: list[Route] = []
    page.route("**/app*.js", lambda route: late.append(route))
    page.goto(f"{server.url}/banyuwangi/console/contacts/{contact_id}/", wait_until="commit")
    page.locator("#id_narrative").press_sequentially("Air setinggi lutut")
    wait_until(lambda: arrived(page, late, 1), PATIENCE_SECONDS)
    late[0].continue_()
    wait_until(lambda: _draft(contact_id) == "Air setinggi lutut", PATIENCE_SECONDS)


def test_a_hurried_enter_takes_what_answers_the_last_letters(
    browser: Browser, server: Server
) -> None:
    sari = enter("sari", clock.now())
    contact_id = writes("tolong")
    claimed(sari, contact_id)
    page = desk_of(browser, server, "sari")
    page.goto(f"{server.url}/banyuwangi/console/contacts/{contact_id}/")
    ready(page)
    asked: list[Route] = []
    page.route("**/search/types/**", lambda route: asked.append(route))
    page.keyboard.press("Alt+j")
    page.keyboard.insert_text("keb")
    wait_until(lambda: arrived(page, asked, 1), PATIENCE_SECONDS)
    page.keyboard.insert_text("akaran bang")
    page.keyboard.press("Enter")
    asked[0].fulfill(json={"items": []})
    wait_until(lambda: arrived(page, asked, 2), PATIENCE_SECONDS)
    asked[1].continue_()
    expect(page.locator("#type-input")).to_have_value("Kebakaran bangunan")


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


def claimed(person, contact_id):  # type: ignore[no-untyped-def]
    """The contact is in the person's hands."""
    with acting_in(BANYUWANGI):
        intake_services.claim(contact_id, region_id=BANYUWANGI, by=person.actor, now=clock.now())


def _examine(page):  # type: ignore[no-untyped-def]
    assert barriers(page) == []
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(size) == [1366, 768]


def _contact(contact_id):  # type: ignore[no-untyped-def]
    with acting_in(BANYUWANGI):
        return intake.contact(BANYUWANGI, contact_id)


def _draft(contact_id):  # type: ignore[no-untyped-def]
    with acting_in(BANYUWANGI):
        kept = intake.draft(BANYUWANGI, contact_id)
    return kept.data.get("narrative", [""])[0] if kept else None
