"""From a citizen's message on WhatsApp to the objection, seen by everybody on the way."""

import re
import secrets
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.screens import PHONE, ready, screen, signed_in_at
from tests.e2e.whole import Whole
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
REGION = "banyuwangi"
NUMBER = f"62812{secrets.randbelow(10**8):08d}"
TRACKING = re.compile(r"/banyuwangi/track/([0-9A-Z-]+)/")
TOLD = (
    "sudah kami terima di",
    "menunggu jawabannya",
    "bertanggung jawab menanganinya",
    "sedang menuju lokasi",
    "sudah tiba di lokasi",
    "kami tutup",
)
NOTE = "Api padam pukul ini, pendinginan selesai."


def test_whatsapp_to_the_agency_and_back_and_the_objection_opens_it_again(
    browser: Browser, whole: Whole, tmp_path: Path
) -> None:
    desk = signed_in_at(browser, whole, whole.person(REGION, "call_taker"), f"/{REGION}/console/")
    whole.citizen_writes(REGION, NUMBER, "Tulung, omahe tonggoku kobong! Cedhak pasar Kabat")
    row = desk.locator("#rows-waiting .row", has_text="tonggoku kobong")
    expect(row).to_be_visible()
    row.locator(".row__link").click()
    sent_by_keys(desk)
    wait_until(lambda: len(whole.received_by(NUMBER)) >= 2, 60)

    officer = signed_in_at(
        browser,
        whole,
        whole.person(REGION, "agency_officer", "damkar"),
        f"/{REGION}/agency/",
        viewport=PHONE,
    )
    officer.locator("#assignments .card", has_text="Kebakaran bangunan").first.click()
    acted_in_the_field(officer, photo(tmp_path))
    expect(desk.locator("#assignments")).to_contain_text(NOTE)
    expect(desk.locator("#assignments .desk-assignment__media img")).to_be_visible()

    closed_by_keys(desk)
    wait_until(lambda: not untold(whole), 60, lambda: f"never told: {untold(whole)}")
    told = "\n".join(whole.received_by(NUMBER))
    tracked = TRACKING.search(told)
    assert tracked is not None, told
    page = screen(browser, whole, tracked[0])
    expect(page.locator("#progress")).to_contain_text("sudah ditangani")
    page.fill("#objection textarea", "Masih ada asap dari atap belakang")
    page.click("#objection button")
    expect(page.locator("#main, main").first).to_contain_text("Masih ada asap")
    expect(desk.locator("#incident-now")).to_contain_text("Masih ada asap dari atap belakang")
    expect(desk.locator("#incident-head")).to_contain_text("dibuka kembali")


def sent_by_keys(desk: Page) -> None:
    """Claimed, made a report, typed, placed and sent without the mouse."""
    expect(desk.locator("#main [data-key=a]")).to_be_visible()
    desk.keyboard.press("a")
    expect(desk.locator("#id_narrative")).to_be_focused()
    desk.keyboard.type("Rumah terbakar, api besar, ada orang di dalam")
    desk.keyboard.press("Alt+j")
    chosen(desk, "kebakaran bang", "Kebakaran bangunan")
    expect(desk.locator("#urgency-now .urgency--p1")).to_be_visible()
    desk.keyboard.press("Alt+l")
    chosen(desk, "kabat", "Kabat")
    expect(desk.locator("[name=place_value]")).not_to_have_value("")
    expect(desk.locator("#agencies input:checked").first).to_be_attached()
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/incidents/**")
    expect(desk.locator("#assignments")).to_contain_text("Damkar")
    expect(desk.locator("#incident-head")).to_contain_text("belum A1")


def chosen(desk: Page, letters: str, label: str) -> None:
    """Type a few letters and press Enter at once, as somebody in a hurry does."""
    desk.keyboard.type(letters)
    desk.keyboard.press("Enter")
    expect(desk.locator("input:focus")).to_have_value(re.compile(label))


def acted_in_the_field(officer: Page, picture: Path) -> None:
    """Accept, on the way, there, done with note and photo, by the thumb."""
    for words in ("Terima", "Menuju lokasi", "Sudah di lokasi"):
        officer.locator("#thumb").get_by_role("button", name=words).click()
        expect(officer.locator("#thumb").get_by_role("button", name=words)).to_have_count(0)
        ready(officer)
    officer.locator("#thumb [data-opens=done]").click()
    officer.fill("#done textarea", NOTE)
    officer.set_input_files("#done input[type=file]", picture)
    officer.locator("#done .dialog__foot button").click()
    expect(officer.locator("#thumb")).to_have_count(0)


def closed_by_keys(desk: Page) -> None:
    """X, the ending is proposed, Ctrl+Enter."""
    expect(desk.locator("#incident-foot [data-opens=close-dialog]")).to_be_visible()
    desk.locator("#incident-foot [data-opens=close-dialog]").click()
    desk.locator("#close-dialog input[value=handled]").check()
    desk.locator("#close-dialog .dialog__foot .button--primary").click()
    expect(desk.locator("#incident-now")).to_contain_text("Tertangani")


def untold(whole: Whole) -> list[str]:
    """The steps of which the citizen has heard nothing yet."""
    told = "\n".join(whole.received_by(NUMBER))
    return [step for step in TOLD if step not in told]


def photo(folder: Path) -> Path:
    """A picture of a wall."""
    path = folder / "padam.jpg"
    Image.new("RGB", (640, 480), (120, 90, 70)).save(path, "JPEG")
    return path
