"""112 rings at a desk: answered by a key, spoken, written down, and the next one may come."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    Dialog,
    Error,
    Page,
    Playwright,
    expect,
)

from siaga.intake.types import ContactDisposition, ContactState
from tests.e2e.barriers import barriers, is_wide
from tests.e2e.console_stage import OPERATOR
from tests.e2e.phone_stage import (
    CALLER_HERTZ,
    DESK_HERTZ,
    PhoneDesks,
    answered,
    call,
    contact_of,
    heard,
    in_mode,
    legs,
    nobody_is_left,
    phone_desk,
    talk_on,
    talking_browser,
)
from tests.phone import sounds
from tests.phone.sipp import Desk, Keys
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.phone, pytest.mark.timeout(600)]
PEOPLE = ("sari", "dewi")
SAVED_WITHIN_SECONDS = 9.0


@pytest.fixture(scope="module")
def one_desk(talking: Browser, desks: PhoneDesks) -> Page:
    return phone_desk(talking, desks, "sari", bypass_csp=True)


@pytest.fixture
def sari(one_desk: Page, desks: PhoneDesks) -> Iterator[Page]:
    """The same desk through the whole shift: every test leaves it ready for the next call."""
    in_mode(one_desk, "ready")
    yield one_desk
    nobody_is_left(desks)


def test_from_the_first_ring_to_the_next_ready(
    sari: Page, desks: PhoneDesks, tmp_path: Path
) -> None:
    number = "081260000001"
    voice = sounds.tone(tmp_path / "caller.al", CALLER_HERTZ)
    began = time.monotonic()
    call(desks, number, voice=voice)
    in_mode(sari, "ringing")
    print(f"INVITE to the bar: {time.monotonic() - began:.2f} s")
    expect(sari.locator("#phone-pop [data-pop=number]")).to_have_text("0812-6000-0001")
    expect(sari.locator("#phone-pop")).not_to_contain_text(number)
    expect(sari.locator("#phone-pop")).to_contain_text("Baru pertama kali")
    answered(sari, desks, number)
    assert barriers(sari) == []
    sari.keyboard.type("Ada pohon tumbang ")
    sari.keyboard.press("F4")
    in_mode(sari, "held")
    assert barriers(sari) == []
    sari.keyboard.press("F4")
    in_mode(sari, "talking")
    sari.keyboard.press("F8")
    expect(sari.locator("[data-do=mute]")).to_have_attribute("aria-pressed", "true")
    sari.keyboard.press("F8")
    sari.keyboard.type("di jalan")
    expect(sari.locator("#id_narrative")).to_have_value("Ada pohon tumbang di jalan")
    talk_on(desks, number)
    sari.keyboard.press("F9")
    in_mode(sari, "wrap-up")
    ended = time.monotonic()
    sari.keyboard.press("Alt+t")
    in_mode(sari, "ready")
    print(f"hang-up to ready: {time.monotonic() - ended:.2f} s")
    assert contact_of(desks, number).disposition is ContactDisposition.TEST
    sari.locator("#toasts [data-undo]").click()
    wait_until(lambda: contact_of(desks, number).state is ContactState.CLAIMED)
    in_mode(sari, "wrap-up")
    assert barriers(sari) == []
    sari.keyboard.press("Alt+q")
    in_mode(sari, "ready")
    assert contact_of(desks, number).disposition is ContactDisposition.CUT_OFF
    assert desks.centre.whole(number)[-1] == "ended"
    assert heard(desks, number, "in", CALLER_HERTZ) > 3
    assert heard(desks, number, "in", DESK_HERTZ) == 0
    assert heard(desks, number, "out", CALLER_HERTZ) == 0


def test_who_gives_up_before_the_answer_leaves_a_contact_and_a_ready_desk(
    sari: Page, desks: PhoneDesks
) -> None:
    number = "081260000002"
    caller = call(desks, number)
    in_mode(sari, "ringing")
    assert barriers(sari) == []
    caller.stop()
    in_mode(sari, "ready")
    expect(sari.locator("#phone-pop")).to_be_hidden()
    found = contact_of(desks, number)
    assert found.state is ContactState.WAITING
    expect(sari.locator(f"#contact-{found.id}")).to_be_visible()


def test_a_caller_who_cannot_speak_is_flagged_and_guided(sari: Page, desks: PhoneDesks) -> None:
    number = "081260000003"
    call(desks, number, keys=(Keys(after_ms=1_000, digits="55"),))
    expect(sari.locator("#phone-pop [data-pop=cannot-speak]")).to_be_visible()
    answered(sari, desks, number)
    expect(sari.locator("[data-phone=cannot-speak]")).to_be_visible()
    expect(sari.locator("#ask-greeting_repeated, [name=q_signal_given]").first).to_be_visible()
    sari.keyboard.press("F9")
    in_mode(sari, "wrap-up")
    sari.keyboard.press("F2")
    in_mode(sari, "ready")


def test_the_voices_go_on_while_the_person_looks_elsewhere(sari: Page, desks: PhoneDesks) -> None:
    number = "081260000004"
    call(desks, number)
    answered(sari, desks, number)
    talk = sari.url
    sari.keyboard.press("Alt+2")
    expect(sari.locator("#board")).to_be_visible()
    sari.wait_for_url("**/board/")
    in_mode(sari, "talking")
    assert barriers(sari) == []
    sari.go_back()
    expect(sari.locator("#id_narrative")).to_be_visible()
    sari.wait_for_url(talk)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    sari.on("dialog", stay)
    sari.evaluate("setTimeout(() => location.reload())")
    wait_until(lambda: sari.wait_for_timeout(50) or asked)
    sari.remove_listener("dialog", stay)
    assert asked == ["beforeunload"]
    in_mode(sari, "talking")
    sari.set_viewport_size({"width": 390, "height": 844})
    assert not is_wide(sari)
    sari.set_viewport_size(OPERATOR)
    sari.keyboard.press("F9")
    in_mode(sari, "wrap-up")
    sari.keyboard.press("F2")
    in_mode(sari, "ready")


def test_the_caller_is_connected_with_an_agency_and_left_with_it_then_called_back(
    sari: Page, desks: PhoneDesks
) -> None:
    number = "081260000006"
    outside = desks.plan.trunk_addresses[0]
    with desks.centre.exchange.desk(Desk(), outside):
        caller = call(desks, number)
        answered(sari, desks, number)
        sari.keyboard.press("Alt+4")
        sari.locator("[data-phone=conference] input").fill("081277000001")
        sari.keyboard.press("Enter")
        wait_until(lambda: legs(desks) == 3)
        in_mode(sari, "talking")
        sari.keyboard.press("Alt+4")
        sari.locator("[data-do=leave-conference]").click()
        in_mode(sari, "wrap-up")
        wait_until(lambda: legs(desks) == 2)
        caller.stop()
        wait_until(lambda: legs(desks) == 0)
        sari.keyboard.press("Alt+5")
        in_mode(sari, "talking")
        wait_until(lambda: legs(desks) == 2)
        sari.keyboard.press("F9")
        in_mode(sari, "wrap-up")
    assert "conference" in desks.centre.whole(number)
    sari.keyboard.press("F2")
    in_mode(sari, "ready")


def test_a_browser_that_dies_gives_the_caller_to_the_reserve(
    sari: Page, driver: Playwright, desks: PhoneDesks, tmp_path: Path
) -> None:
    number = "081260000005"
    sari.keyboard.press("Alt+7")
    sari.locator("[data-do=pause][data-reason=meal]").click()
    in_mode(sari, "paused")
    expect(sari.locator("[data-phone=reason]")).to_have_text("makan")
    assert barriers(sari) == []
    with talking_browser(driver, tmp_path) as dying:
        page = phone_desk(dying, desks, "dewi")
        reserve = desks.plan.overflow.reserve[0]
        with desks.centre.exchange.desk(Desk(ring_ms=200), reserve):
            caller = call(desks, number)
            answered(page, desks, number)
            died = time.time()
            with suppress(Error):
                dying.new_browser_cdp_session().send("Browser.crash")
            saved = wait_until(lambda: _bridged_at(desks, number, "-r1-"))
            print(f"browser dead to reserve talking: {saved - died:.1f} s")
            assert saved - died < SAVED_WITHIN_SECONDS
            caller.stop()
            marks = desks.centre.whole(number)
    assert "position_lost" in marks
    assert ("overflow", "step=reserve") in desks.centre.marks(number)
    wait_until(lambda: contact_of(desks, number).id)
    sari.keyboard.press("F2")
    in_mode(sari, "ready")


def _bridged_at(desks: PhoneDesks, number: str, leg: str) -> float:
    """When, by Asterisk's own record; 0 while it has not happened."""
    entered = (
        float(one["eventtime"])
        for one in desks.centre.events(number)
        if one["eventtype"] == "BRIDGE_ENTER" and leg in one["channame"]
    )
    return next(entered, 0.0)
