"""A shift at the telephone: sat down, talked, sent, connected, called back, at any telephone."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from siaga.intake import queries as intake
from siaga.intake.types import ContactDisposition, ContactState
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony.grades import services as grades
from siaga.workforce import services as workforce
from tests.cast import BANYUWANGI
from tests.e2e.barriers import barriers
from tests.e2e.console_stage import arrived, desk_of, press, ready
from tests.e2e.ears import desk_hears, listen_at
from tests.e2e.phone_stage import (
    CALLER_HERTZ,
    DESK_HERTZ,
    PLAIN_SOUND,
    PhoneDesks,
    answered,
    call,
    contact_of,
    heard,
    in_mode,
    legs,
    members,
    nobody_is_left,
    talk_on,
)
from tests.phone import sounds
from tests.phone.handset import Handset
from tests.phone.sipp import Desk, Keys
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.phone, pytest.mark.timeout(600)]
PEOPLE = ("sari", "ratna")
AGENCY_HERTZ = 700
BY = Actor.system("test")


@pytest.fixture(scope="module", autouse=True)
def positions(desks: PhoneDesks) -> None:
    with acting_in(BANYUWANGI):
        for number in (1, 2):
            workforce.open_position(
                region_id=BANYUWANGI,
                code=f"meja-{number}",
                name=f"Meja {number}",
                by=BY,
                now=clock.now(),
            )


@pytest.fixture(scope="module")
def one_desk(talking: Browser, desks: PhoneDesks) -> Page:
    page = desk_of(talking, desks.server, "sari", bypass_csp=True)
    page.evaluate(PLAIN_SOUND)
    return page


@pytest.fixture
def sari(one_desk: Page, desks: PhoneDesks) -> Iterator[Page]:
    """The same desk through the whole shift: every test leaves it ready for the next call."""
    if one_desk.locator("#phone").get_attribute("data-mode") == "off":
        one_desk.keyboard.press("F2")
    in_mode(one_desk, "ready")
    yield one_desk
    desks.centre.console("channel request hangup all")
    nobody_is_left(desks)


def settings(page: Page, choice: str) -> None:
    """Choose from the menu of the telephone."""
    page.keyboard.press("Alt+9")
    page.locator(f"[data-do={choice}]").click()


def presence(page: Page, words: str) -> None:
    """Choose from the menu of desk and presence."""
    page.locator("#presence summary").click()
    page.locator("#presence-list").get_by_role("button", name=words, exact=True).click()
    page.keyboard.press("Escape")


def wrapped_up(page: Page, outcome: str) -> None:
    """Hang up, one key for what it was, and the next one may come."""
    page.keyboard.press("F9")
    in_mode(page, "wrap-up")
    page.keyboard.press(outcome)
    in_mode(page, "ready")


def test_a_shift_begins_and_ends_with_one_choice(one_desk: Page, desks: PhoneDesks) -> None:
    page, now = one_desk, one_desk.locator("#presence-now")
    expect(now).to_have_text("Belum ambil meja")
    page.keyboard.press("F2")
    in_mode(page, "ready")
    expect(now).to_contain_text("Meja 1")
    assert barriers(page) == []
    presence(page, "salat")
    in_mode(page, "paused")
    expect(page.locator("[data-phone=reason]")).to_have_text("salat")
    wait_until(lambda: "paused:prayer" in members(desks))
    presence(page, "siap")
    in_mode(page, "ready")
    page.keyboard.press("Alt+7")
    page.locator("[data-do=pause][data-reason=meal]").click()
    in_mode(page, "paused")
    page.locator("#presence summary").click()
    eats = page.locator("#presence-list").get_by_role("button", name="makan", exact=True)
    expect(eats).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    presence(page, "Tinggalkan meja")
    in_mode(page, "off")
    expect(now).to_have_text("Belum ambil meja")
    wait_until(lambda: "has taken no calls" not in members(desks))
    presence(page, "Meja 2")
    in_mode(page, "ready")
    expect(page.locator("[data-phone=position]")).to_have_text("2")


def test_who_comes_back_at_once_keeps_the_seat_though_the_leaving_is_late(
    sari: Page, desks: PhoneDesks
) -> None:
    late: list[Route] = []
    asked: list[Request] = []
    sari.route("**/phone/leave/", lambda route: late.append(route))
    sari.on("request", lambda one: asked.append(one) if one.url.endswith("/phone/seat/") else None)
    settings(sari, "disconnect")
    in_mode(sari, "off")
    wait_until(lambda: arrived(sari, late, 1))
    sari.keyboard.press("F2")
    in_mode(sari, "connecting")
    assert arrived(sari, late, 1) and not asked
    late[0].continue_()
    sari.unroute("**/phone/leave/")
    in_mode(sari, "ready")
    wait_until(lambda: "has taken no calls" in members(desks))


def test_from_the_call_to_the_agency_on_the_line_and_its_voice_on_record(
    sari: Page, desks: PhoneDesks, tmp_path: Path
) -> None:
    number = "081280000001"
    caller = sounds.tone(tmp_path / "caller.al", CALLER_HERTZ, seconds=120)
    agency = sounds.tone(tmp_path / "agency.al", AGENCY_HERTZ, seconds=60)
    listen_at(sari)
    with desks.centre.exchange.desk(Desk(voice=agency), desks.plan.trunk_addresses[0]):
        call(desks, number, voice=caller)
        answered(sari, desks, number)
        sari.keyboard.type("Rumah terbakar, api besar")
        sari.keyboard.press("Alt+j")
        sari.keyboard.type("kebak")
        expect(sari.locator("[role=option]").first).to_contain_text("Kebakaran bangunan")
        sari.keyboard.press("Enter")
        expect(sari.locator("#urgency-now .urgency--p1")).to_be_visible()
        sari.keyboard.press("Alt+l")
        sari.keyboard.type("kabat")
        expect(sari.locator("[data-places] [role=option]").first).to_be_visible()
        sari.keyboard.press("Enter")
        expect(sari.locator("#agencies input:checked").first).to_be_attached()
        sari.keyboard.press("Control+Enter")
        sari.wait_for_url("**/incidents/**")
        in_mode(sari, "talking")
        expect(sari.get_by_role("button", name="Sambungkan Damkarmat")).to_be_visible()
        press(sari, "h")
        wait_until(lambda: legs(desks) == 3)
        wait_until(lambda: desk_hears(sari, CALLER_HERTZ, AGENCY_HERTZ))
        expect(sari.get_by_text("Damkarmat sudah bergabung")).to_be_visible()
        assert barriers(sari) == []
        sari.get_by_role("button", name="Tinggalkan keduanya bicara").click()
        in_mode(sari, "wrap-up")
        wait_until(lambda: legs(desks) == 2)
        left = time.time()
        sari.keyboard.press("F2")
        in_mode(sari, "ready")
        talk_on(desks, number)
        desks.centre.console("channel request hangup all")
    assert "conference" in desks.centre.whole(number)
    assert heard(desks, number, "in", CALLER_HERTZ, left) > 3
    assert heard(desks, number, "out", AGENCY_HERTZ, left) > 3
    assert heard(desks, number, "out", DESK_HERTZ, left) < 1
    assert contact_of(desks, number).state is ContactState.REPORTED


def test_a_silent_call_is_asked_by_its_guide_and_ends_with_one_key(
    sari: Page, desks: PhoneDesks
) -> None:
    number = "081280000002"
    call(desks, number)
    answered(sari, desks, number)
    sari.keyboard.press("Alt+6")
    expect(sari.locator("#ask-greeting_repeated, [name=q_signal_given]").first).to_be_visible()
    wrapped_up(sari, "Alt+g")
    assert contact_of(desks, number).disposition is ContactDisposition.GHOST


def test_who_was_lost_is_called_back_from_the_list(sari: Page, desks: PhoneDesks) -> None:
    number = "081280000003"
    caller = call(desks, number)
    in_mode(sari, "ringing")
    caller.stop()
    in_mode(sari, "ready")
    lost = contact_of(desks, number)
    sari.keyboard.press("Alt+3")
    expect(sari.locator("#callback-name")).to_have_text("0812-8000-0003")
    expect(sari.locator("#callback-name")).to_be_focused()
    with desks.centre.exchange.desk(Desk(), desks.plan.trunk_addresses[0]):
        press(sari, "b")
        expect(sari.locator("#toasts")).to_contain_text("Telepon Anda berdering")
        in_mode(sari, "talking")
        wait_until(lambda: legs(desks) == 2)
        sari.keyboard.press("F9")
        in_mode(sari, "wrap-up")
    press(sari, "1")
    expect(sari.locator("#id_narrative")).to_be_visible()
    with acting_in(BANYUWANGI):
        held = intake.contact(BANYUWANGI, lost.id)
    assert held is not None and held.claimed_by == desks.viewers["sari"].person_id
    in_mode(sari, "wrap-up")
    sari.keyboard.press("Alt+q")
    in_mode(sari, "ready")


def test_a_held_number_that_presses_one_gets_through_to_a_person(
    sari: Page, desks: PhoneDesks
) -> None:
    number = "081280000004"
    with acting_in(BANYUWANGI):
        grades.hold(
            f"+62{number[1:]}",
            2,
            region_id=BANYUWANGI,
            reason="Iseng belasan kali malam ini",
            by=desks.viewers["ratna"].actor,
            now=clock.now(),
        )
    entry = f"database get held-banyuwangi +62{number[1:]}"
    wait_until(lambda: "Value:" in desks.centre.console(entry))
    call(desks, number, keys=(Keys(after_ms=2_000, digits="1"),))
    in_mode(sari, "ringing")
    expect(sari.locator("#phone-pop")).to_contain_text("menekan 1")
    answered(sari, desks, number)
    assert "held" in desks.centre.names(number)
    wrapped_up(sari, "Alt+p")
    assert contact_of(desks, number).disposition is ContactDisposition.PRANK


def test_a_headset_is_tried_and_the_ring_goes_where_it_was_sent(
    sari: Page, desks: PhoneDesks
) -> None:
    settings(sari, "headset")
    expect(sari.locator("[data-headset=heard]")).to_be_visible()
    levels: set[float] = set()

    def moves() -> bool:
        levels.add(float(sari.locator("[data-meter]").evaluate("one => one.value")))
        return len(levels) > 2

    wait_until(moves)
    ringer = sari.locator("[data-choice=ringer]")
    wait_until(lambda: ringer.locator("option").count() > 1)
    chosen = ringer.locator("option").nth(1).get_attribute("value")
    ringer.select_option(chosen)
    assert barriers(sari) == []
    sari.locator("#headset-dialog [data-closes]").last.click()
    sari.evaluate("""() => {
      window.rungThrough = [];
      const former = HTMLMediaElement.prototype.setSinkId;
      HTMLMediaElement.prototype.setSinkId = function (id) {
        window.rungThrough.push(id);
        return former.call(this, id);
      };
    }""")
    caller = call(desks, "081280000005")
    in_mode(sari, "ringing")
    wait_until(lambda: sari.evaluate("window.rungThrough") == [chosen])
    caller.stop()
    in_mode(sari, "ready")


def test_calls_are_answered_by_themselves_only_where_somebody_wants_it(
    sari: Page, desks: PhoneDesks
) -> None:
    auto = sari.locator("[data-choice=auto]")
    settings(sari, "headset")
    expect(auto).not_to_be_checked()
    auto.check()
    sari.locator("#headset-dialog [data-closes]").last.click()
    sari.reload()
    ready(sari)
    in_mode(sari, "ready")
    number = "081280000006"
    call(desks, number)
    in_mode(sari, "ringing")
    in_mode(sari, "talking")
    expect(sari.locator("#toasts")).to_contain_text("Diangkat otomatis")
    expect(sari.locator("#id_narrative")).to_be_focused()
    wrapped_up(sari, "Alt+t")
    settings(sari, "headset")
    expect(auto).to_be_checked()
    auto.uncheck()
    sari.locator("#headset-dialog [data-closes]").last.click()


def test_a_desk_telephone_rings_while_the_screen_shows_who_calls(
    sari: Page, desks: PhoneDesks
) -> None:
    settings(sari, "disconnect")
    in_mode(sari, "off")
    settings(sari, "connect-desk")
    slot = "#desk-phone-dialog [data-desk={}]"
    expect(sari.locator(slot.format("secret"))).not_to_be_empty()
    said = {one: sari.locator(slot.format(one)).inner_text() for one in ("username", "secret")}
    assert barriers(sari) == []
    sari.locator("#desk-phone-dialog [data-closes]").last.click()
    expect(sari.locator(slot.format("secret"))).to_be_empty()
    at = ("127.0.0.1", desks.centre.site.ports.sip)
    number = "081280000007"
    with Handset(said["username"], said["secret"], at, answer_after=None) as handset:
        assert handset.register() == 200
        in_mode(sari, "ready")
        call(desks, number)
        handset.ringing(20)
        in_mode(sari, "ringing")
        expect(sari.locator("#phone-pop [data-pop=number]")).to_have_text("0812-8000-0007")
        handset.answer()
        in_mode(sari, "talking")
        sari.wait_for_url(f"**/contacts/{contact_of(desks, number).id}/")
        sari.reload()
        ready(sari)
        in_mode(sari, "talking")
        handset.hang_up()
        in_mode(sari, "wrap-up")
        sari.keyboard.press("Alt+t")
        in_mode(sari, "ready")
    assert contact_of(desks, number).disposition is ContactDisposition.TEST
