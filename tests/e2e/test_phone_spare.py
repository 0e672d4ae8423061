"""With nothing of ours alive: Asterisk's own page rings, answers and talks."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from siaga.telephony import names
from tests.e2e.barriers import barriers, is_wide
from tests.e2e.phone_stage import (
    CALLER_HERTZ,
    DESK_HERTZ,
    PhoneDesks,
    bare_centre,
    call,
    members,
    talk_on,
    talking_browser,
)
from tests.phone import sounds
from tests.waiting import wait_until

# A desk trusts the centre's authority; a browser of a test has no store to put it into.
TRUSTING = "--ignore-certificate-errors"
pytestmark = [pytest.mark.e2e, pytest.mark.phone, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PhoneDesks]:
    with bare_centre(tmp_path_factory.mktemp("spare"), tls=True) as running:
        yield running


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with (
        sync_playwright() as driver,
        talking_browser(driver, tmp_path_factory.mktemp("sound"), TRUSTING) as launched,
    ):
        yield launched


def entered(browser: Browser, desks: PhoneDesks, password: str) -> Page:
    page = browser.new_context(locale="id-ID", bypass_csp=True).new_page()
    page.goto(desks.spare_page)
    page.fill("[name=position]", "banyuwangi-1")
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    return page


def in_mode(page: Page, mode: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-mode", mode, timeout=20_000)


def test_the_page_comes_by_tls_with_the_centres_own_certificate(asterisk: PhoneDesks) -> None:
    assert asterisk.spare_page.startswith("https://")
    trusted = ssl.create_default_context(cafile=str(asterisk.home / "authority" / "ca.pem"))
    with urllib.request.urlopen(asterisk.spare_page, timeout=5, context=trusted) as answer:
        assert answer.status == 200
        assert b"phone.js" in answer.read()
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(asterisk.spare_page, timeout=5)


def test_a_wrong_password_is_told(talking: Browser, asterisk: PhoneDesks) -> None:
    page = entered(talking, asterisk, "salah")
    expect(page.locator("#problem")).to_contain_text("tidak cocok")
    in_mode(page, "off")
    assert barriers(page) == []
    page.context.close()


def test_both_voices_are_on_record_with_every_process_of_ours_dead(
    talking: Browser, asterisk: PhoneDesks, tmp_path: Path
) -> None:
    username = names.spare(asterisk.plan.region, 1)
    page = entered(talking, asterisk, asterisk.centre.site.secrets.positions[username])
    in_mode(page, "ready")
    assert page.evaluate("location.protocol") == "https:"
    assert username in members(asterisk)
    assert barriers(page) == []
    number = "081250000001"
    voice = sounds.tone(tmp_path / "caller.al", CALLER_HERTZ)
    caller = call(asterisk, number, voice=voice)
    in_mode(page, "ringing")
    expect(page.locator("#number")).to_have_text(number)
    page.keyboard.press("F2")
    in_mode(page, "talking")
    page.set_viewport_size({"width": 390, "height": 844})
    assert not is_wide(page)
    assert barriers(page) == []
    talk_on(asterisk, number)
    caller.stop()
    in_mode(page, "ready")
    assert asterisk.centre.whole(number)[-1] == "ended"
    mixed = asterisk.centre.recording(number)
    said, heard = (mixed.with_name(f"{mixed.stem}-{leg}.wav") for leg in ("in", "out"))
    assert sounds.seconds_of(said, CALLER_HERTZ) > 4
    assert sounds.seconds_of(said, DESK_HERTZ) == 0
    assert sounds.seconds_of(heard, DESK_HERTZ) > 3
    assert sounds.seconds_of(heard, CALLER_HERTZ) == 0
    page.keyboard.press("F2")
    in_mode(page, "paused")
    wait_until(lambda: username not in members(asterisk))
    page.context.close()
