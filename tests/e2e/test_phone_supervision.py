"""The supervisor over real calls: listens, moves up, closes the queue, tells callers, tests."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from siaga.intake import queries as intake
from siaga.intake.types import ContactDisposition
from siaga.kernel.tenancy import acting_in
from siaga.telephony.asterisk.config.media import day_part
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import PhonePlan
from tests.cast import BANYUWANGI
from tests.e2e.console_stage import press, ready, signed_in
from tests.e2e.ears import Line, desk_hears, desk_hears_no, levels, listen_at
from tests.e2e.phone_stage import (
    CALLER_HERTZ,
    DESK_HERTZ,
    PLAIN_SOUND,
    TRUNK,
    PhoneDesks,
    call,
    heard,
    in_mode,
    nobody_is_left,
    phone_desk,
    talking_browser,
)
from tests.phone import sounds
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.phone, pytest.mark.timeout(600)]
PEOPLE = ("sari", "ratna", "ayu")
WORKS = True
PATH = "/banyuwangi/control/phone/"
SUPERVISOR_HERTZ = 700
ASKED_WITHIN_MS = 5_000
SOME_SECONDS = re.compile("^([2-9]|[1-9][0-9]) s$")

NOTICE = "Kebakaran di Pasar Rogojampi sudah kami ketahui."


@pytest.fixture(scope="module")
def watching(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A second browser, with a voice of its own."""
    folder = tmp_path_factory.mktemp("watching")
    with talking_browser(driver, folder, hertz=SUPERVISOR_HERTZ) as launched:
        yield launched


@pytest.fixture(scope="module")
def control(watching: Browser, desks: PhoneDesks) -> Page:
    """Bu Ratna's page."""
    page = signed_in(watching, desks.server, "ratna", PATH, bypass_csp=True)
    page.evaluate(PLAIN_SOUND)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def row(page: Page, desks: PhoneDesks, number: str) -> str:
    """The selector of a caller's row, by the key of the call."""
    wait_until(lambda: desks.centre.events(number))
    return f"[id='call-{desks.centre.events(number)[0]['linkedid']}']"


def freed(page: Page, number: int) -> bool:
    """Free a position; a press on what is being drawn anew is lost, and made again."""
    seat = page.locator(f"#position-{number}")
    if seat.count():
        with suppress(PlaywrightError):
            seat.locator("button").click(timeout=2_000)
    return seat.count() == 0


def chosen(page: Page, selector: str, letter: str) -> None:
    """Choose the row by its own number, then the letter.

    While the picture is late its buttons are grey, and a key that comes then is given again.
    """
    wait_until(lambda: _asks(page, selector, letter), 60)


def _asks(page: Page, selector: str, letter: str) -> bool:
    expect(page.locator(f"{selector} [data-key='{letter}']")).to_be_enabled()
    page.locator(selector).focus()
    expect(page.locator(selector)).to_be_focused()
    with (
        suppress(PlaywrightTimeout),
        page.expect_request(lambda one: one.method == "POST", timeout=ASKED_WITHIN_MS),
    ):
        press(page, letter)
        return True
    return False


def heard_by_me(control: Page, mine: str, letter: str, *, so: bool) -> None:
    chosen(control, mine, letter)
    heard_by = lambda: "didengar meja 2" in control.locator(mine).inner_text()  # noqa: E731
    asked = lambda: f"after {letter}: {control.locator('#phone-asked').inner_text()}"  # noqa: E731
    wait_until(lambda: heard_by() is so, 60, asked)


def test_a_supervisor_listens_whispers_and_barges_in(
    control: Page, talking: Browser, desks: PhoneDesks, tmp_path: Path
) -> None:
    caller = "081270000001"
    sari = phone_desk(talking, desks, "sari")
    ratna = control.context.new_page()
    ratna.goto(f"{desks.server.url}/banyuwangi/console/")
    ready(ratna)
    ratna.keyboard.press("F2")
    in_mode(ratna, "ready")
    ratna.keyboard.press("Alt+7")
    ratna.locator("[data-do=pause][data-reason=briefing]").click()
    in_mode(ratna, "paused")
    for desk in (sari, ratna):
        listen_at(desk)
    with Line(TRUNK, sounds.tone(tmp_path / "caller.al", CALLER_HERTZ)) as line:
        calling = call(desks, caller, ear=line.port)
        in_mode(sari, "ringing")
        sari.keyboard.press("F2")
        in_mode(sari, "talking")
        wait_until(lambda: line.hears(DESK_HERTZ) and desk_hears(sari, CALLER_HERTZ))
        mine = row(control, desks, caller)
        expect(control.locator(mine)).to_contain_text("Sari Wulandari")
        for letter, whispered, aloud in (("l", 0, 0), ("w", 1, 0), ("b", 1, 1)):
            heard_by_me(control, mine, letter, so=True)
            both = (ratna, CALLER_HERTZ, DESK_HERTZ)
            wait_until(lambda: desk_hears(*both), why=lambda: str(levels(*both)))  # noqa: B023
            # Both ways at once: what is not heard now is not on its way either.
            reaches = desk_hears if whispered else desk_hears_no
            wait_until(lambda: reaches(sari, SUPERVISOR_HERTZ))  # noqa: B023
            line.forget()
            reaches_out = line.hears if aloud else line.hears_no
            wait_until(
                lambda: (
                    reaches_out(SUPERVISOR_HERTZ)  # noqa: B023
                    and line.hears(DESK_HERTZ)
                    and desk_hears(sari, CALLER_HERTZ)
                ),
                why=lambda: f"after {letter}: {line.told(DESK_HERTZ, SUPERVISOR_HERTZ)}",  # noqa: B023
            )
            heard_by_me(control, mine, "x", so=False)
            expect(control.locator(mine)).to_contain_text("bicara")
        sari.keyboard.press("F9")
        calling.wait()
    assert heard(desks, caller, "in", CALLER_HERTZ) > 3
    sari.context.close()
    ratna.close(run_before_unload=False)
    wait_until(lambda: freed(control, 1) and freed(control, 2), 60)
    nobody_is_left(desks)


def test_who_waits_is_moved_up_and_a_closed_queue_goes_down_the_ladder(
    control: Page, desks: PhoneDesks
) -> None:
    family = "switch-banyuwangi"
    control.goto(f"{desks.server.url}{PATH}")
    control.wait_for_selector("html[data-ready='true']")
    queue = f"112-{desks.plan.region}"
    desk = f"PJSIP/{desks.plan.region}-r1"
    desks.centre.console(f"queue add member {desk} to {queue}")
    desks.centre.console(f"queue pause member {desk} queue {queue}")
    try:
        waiting = ["081270000011", "081270000012"]
        calls = [call(desks, waiting[0])]
        wait_until(lambda: "queued" in desks.centre.names(waiting[0]))
        calls.append(call(desks, waiting[1]))
        second = row(control, desks, waiting[1])
        expect(control.locator(second)).to_contain_text("2 · menunggu")
        chosen(control, second, "u")
        expect(control.locator(second)).to_contain_text("1 · menunggu")
        for one in calls:
            one.stop()
    finally:
        desks.centre.console(f"queue remove member {desk} from {queue}")
    nobody_is_left(desks)
    press(control, "o")
    control.locator("#close-reason").fill("Listrik padam")
    control.keyboard.press("Control+Enter")
    expect(control.get_by_text("Antrean ditutup ke cadangan:")).to_be_visible()
    reason = lambda: desks.centre.console(f"database get {family} overflow")  # noqa: E731
    wait_until(lambda: "Listrik padam" in reason())
    control.get_by_role("button", name="Buka antrean").click()
    expect(control.get_by_text("Antrean ditutup ke cadangan:")).to_be_hidden()
    wait_until(lambda: "Listrik padam" not in reason())


def test_a_notice_is_spoken_at_once_and_who_hangs_up_is_counted(
    control: Page, desks: PhoneDesks
) -> None:
    number = "081270000021"
    control.goto(f"{desks.server.url}{PATH}notices/")
    control.wait_for_selector("html[data-ready='true']")
    control.get_by_label("Yang disampaikan kepada penelepon").fill(NOTICE)
    control.keyboard.press("Control+Enter")
    expect(control.get_by_text("sedang diperdengarkan")).to_be_visible()
    told = lambda: "notice" in desks.centre.names(number)  # noqa: E731
    calling = call(desks, number, 7_000)
    wait_until(told)
    desks.centre.whole(number)
    calling.wait()
    assert desks.centre.names(number) == ["offered", "greeted", "notice", "ended"]
    counted = control.locator(".stat", has_text="Menutup telepon")
    expect(counted).to_contain_text("1")
    contact_id = call_id(desks.centre.events(number)[0]["linkedid"])
    with acting_in(BANYUWANGI):
        [found] = [
            one
            for one in intake.contacts_of_number(desks.viewers["ratna"], f"+62{number[1:]}")
            if one.id == contact_id
        ]
    assert found.disposition is ContactDisposition.INFORMATION
    press(control, "e")
    expect(control.get_by_text("Penelepon tidak mendengar pengumuman")).to_be_visible()
    silent = "database get switch-banyuwangi notice"
    wait_until(lambda: "not found" in desks.centre.console(silent))


def test_the_telephone_tests_itself_through_the_whole_path(
    control: Page, desks: PhoneDesks
) -> None:
    control.goto(f"{desks.server.url}{PATH}")
    control.wait_for_selector("html[data-ready='true']")
    press(control, "t")
    expect(control.get_by_text("Telepon sedang menelepon dirinya")).to_be_visible()
    expect(control.get_by_text("Semuanya terjadi")).to_be_visible(timeout=120_000)


def test_a_sentence_recorded_in_the_browser_is_what_the_next_caller_hears(
    talking: Browser, desks: PhoneDesks
) -> None:
    name = f"greeting-{_part_now(desks.plan)}"
    page = signed_in(talking, desks.server, "ayu", f"{PATH}voices/{name}/", bypass_csp=True)
    press(page, "r")
    expect(page.locator("[data-voice=time]")).to_have_text(SOME_SECONDS)
    press(page, "r")
    expect(page.locator("[data-voice=listen]")).to_be_visible()
    page.get_by_role("button", name="Simpan sebagai draf").click()
    expect(page.get_by_text("Draf Anda")).to_be_visible()
    press(page, "p")
    expect(page.get_by_text("Pernah diterbitkan")).to_be_visible()
    number = "081270000031"
    call(desks, number, 5_000)
    desks.centre.whole(number)
    mixed = desks.centre.recording(number)
    heard = sounds.seconds_of(mixed.with_name(f"{mixed.stem}-out.wav"), DESK_HERTZ)
    assert heard > 1


def _part_now(plan: PhonePlan) -> str:
    local = datetime.now(ZoneInfo(plan.timezone)).strftime("%H%M")
    parts = [day_part(plan, index) for index in range(len(plan.greetings))]
    return max((part for part in parts if part <= local), default=parts[-1])
