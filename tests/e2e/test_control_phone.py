"""The supervisor's telephone in a real browser: by keys, for everybody, in both themes."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from siaga.accounts.types import Role
from siaga.kernel import clock
from siaga.telephony.services import commands
from siaga.telephony.types import CommandKind
from tests.cast import enter
from tests.databases import TestDatabase
from tests.e2e.barriers import barriers, is_wide
from tests.e2e.console_stage import OPERATOR, Server, press, serving, signed_in
from tests.waiting import wait_until
from tests.web.console.stage import seat as desk
from tests.web.console.test_connecting import LINKED, talks, told
from tests.web.control.phone_stage import SECOND, TALKING, asked, painted, picture, sits
from tests.web.control.stage import BY, give

pytestmark = pytest.mark.e2e
PHONE = {"width": 390, "height": 844}
PATH = "/banyuwangi/control/phone/"


@pytest.fixture
def server(committed_db: TestDatabase) -> Iterator[Server]:
    os.environ["SIAGA_REQUIRE_MFA"] = "0"  # its own tests are elsewhere
    with serving(committed_db) as running:
        yield running
    del os.environ["SIAGA_REQUIRE_MFA"]


def looked_at(page: Page, name: str) -> None:
    """Nobody is kept out, nothing scrolls sideways, at either size in either theme."""
    shots = os.environ.get("SIAGA_SHOTS")
    for size in (OPERATOR, PHONE):
        for theme in ("light", "dark"):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
            assert not is_wide(page), f"{name} scrolls sideways at {size['width']}"
            assert barriers(page) == [], name
            if shots:
                page.screenshot(path=f"{shots}/{name}-{size['width']}-{theme}.png", full_page=True)
    page.set_viewport_size(OPERATOR)  # type: ignore[arg-type]


def test_calls_are_joined_and_moved_up_by_keys_and_the_queue_is_closed(
    browser: Browser, server: Server
) -> None:
    ratna, sari = enter("ratna", clock.now()), enter("sari", clock.now())
    give(ratna, Role.ADMINISTRATOR, by=BY)
    sits(sari, 1)
    page = signed_in(browser, server, "ratna", PATH, bypass_csp=True)
    expect(page.get_by_text("belum pernah melapor")).to_be_visible()
    looked_at(page, "phone-silent")
    sits(ratna, 2)
    painted()
    page.reload()
    page.wait_for_selector("html[data-ready='true']")
    expect(page.locator("tr[id^='call-']")).to_have_count(3)
    looked_at(page, "phone-live")
    chosen(page, "2", SECOND, "u")
    wait_until(lambda: (CommandKind.MOVE_UP, {"call": SECOND}) in seen())
    chosen(page, "3", TALKING, "l")
    wait_until(lambda: (CommandKind.LISTEN, {"call": TALKING, "position": 2}) in seen())
    painted(picture(overflow="Listrik padam"))
    expect(page.get_by_text("Antrean ditutup ke cadangan:")).to_be_visible(timeout=20_000)


def test_a_notice_is_given_and_the_telephone_tested_by_keys(
    browser: Browser, server: Server
) -> None:
    enter("ratna", clock.now())
    page = signed_in(browser, server, "ratna", f"{PATH}notices/", bypass_csp=True)
    looked_at(page, "notice-none")
    page.get_by_label("Yang disampaikan kepada penelepon").fill(
        "Kebakaran di Pasar Rogojampi sudah kami ketahui, petugas sedang menuju lokasi."
    )
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Penelepon mendengar")).to_be_visible()
    painted()
    expect(page.get_by_text("sedang disuarakan")).to_be_visible(timeout=20_000)
    looked_at(page, "notice-given")
    page.goto(f"{server.url}{PATH}")
    page.wait_for_selector("html[data-ready='true']")
    press(page, "t")
    expect(page.get_by_text("Telepon sedang menelepon dirinya")).to_be_visible(timeout=20_000)
    looked_at(page, "phone-test")


def test_every_sentence_can_be_looked_at_by_everybody(browser: Browser, server: Server) -> None:
    enter("ayu", clock.now())
    page = signed_in(browser, server, "ayu", f"{PATH}voices/", bypass_csp=True)
    looked_at(page, "voices")
    page.goto(f"{server.url}{PATH}voices/instruction/")
    page.wait_for_selector("html[data-ready='true']")
    looked_at(page, "voice")


def test_the_caller_is_connected_with_an_agency_by_one_key(
    browser: Browser, server: Server
) -> None:
    bima = desk("bima")
    incident_id, _ = told(bima)
    wanted = (CommandKind.CONFERENCE, {"call": LINKED, "phone": "+6284000100001"})
    path = f"/banyuwangi/console/incidents/{incident_id}/"
    page = signed_in(browser, server, "bima", path, bypass_csp=True)
    talks(incident_id)
    page.reload()
    page.wait_for_selector("html[data-ready='true']")
    expect(page.get_by_role("button", name="Sambungkan Damkarmat")).to_be_visible()
    press(page, "h")
    wait_until(lambda: wanted in seen())
    talks(incident_id)
    expect(page.get_by_text("Pelapor masih di saluran")).to_be_visible()
    looked_at(page, "connect")


def chosen(page: Page, key: str, linked_id: str, letter: str) -> None:
    """Choose a call and press a letter; the daemon of this test has just reported."""
    painted()
    row = page.locator(f"[id='call-{linked_id}']")
    expect(row.locator(f"[data-key='{letter}']")).to_be_enabled(timeout=20_000)

    press(page, key)
    expect(row).to_be_focused()
    press(page, letter)


TAKEN: list[tuple[CommandKind, dict[str, object]]] = []


def seen() -> list[tuple[CommandKind, dict[str, object]]]:
    """Everything that was asked for; the daemon of this test says yes to it all."""
    TAKEN.extend(asked())
    commands.give_up(clock.now())
    return TAKEN
