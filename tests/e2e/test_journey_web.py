"""The citizen's form: without scripts on an old phone, and with a photo on a new one."""

import asyncio
import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from siaga.config.demo.doors import send_form
from siaga.web.citizen.spam import SECONDS_MIN
from tests.e2e import handling
from tests.e2e.screens import OPERATOR, screen, signed_in_at
from tests.e2e.whole import Whole
from tests.rooms.messaging.samples import jpeg
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
REGION = "kota-pekalongan"
AREA = "33.75.01"
ELSEWHERE = (-7.2575, 112.7521)


def test_the_form_works_without_scripts_and_its_page_tells_the_progress(
    browser: Browser, whole: Whole
) -> None:
    page = screen(browser, whole, f"/{REGION}/", java_script_enabled=False)
    opened = time.monotonic()
    filled_in(page, "Lampu jalan mati semua dekat kampus", "PJU")
    # The quiet guard takes a form for a machine's that comes back at once without its work.
    wait_until(lambda: time.monotonic() - opened > SECONDS_MIN)
    page.click("form.sheet .button--primary")
    page.wait_for_url(f"**/{REGION}/track/**")
    expect(page.locator(".tracking-code")).not_to_be_empty()
    with whole.desk(REGION) as desk:
        contact = handling.waiting(desk, "Lampu jalan mati semua")
        incident_id = handling.opened(desk, contact, "PJU", urgency="P4", area=AREA)
        handling.confirmed(desk, incident_id)
        agency = handling.sent(desk, incident_id)
    page.reload()
    expect(page.locator("#progress")).to_contain_text("menunggu")
    expect(page.locator("#progress")).to_contain_text(agency)
    page.fill("form[action$='/message/'] textarea", "Sekarang tiangnya juga miring")
    page.click("form[action$='/message/'] button")
    expect(page.locator("#progress")).to_contain_text("Sekarang tiangnya juga miring")
    with whole.desk(REGION) as desk:
        handling.waiting(desk, "Sekarang tiangnya juga miring")


def test_a_photo_loses_its_hidden_place_and_the_page_follows_by_itself(
    browser: Browser, whole: Whole
) -> None:
    page = screen(browser, whole, f"/{REGION}/")
    filled_in(page, "Pohon besar menimpa kabel di depan sekolah", "POHON-TUMBANG")
    photo = {"name": "pohon.jpg", "mimeType": "image/jpeg", "buffer": jpeg(position=ELSEWHERE)}
    page.set_input_files("input[name=attachments]", [photo])
    # As a function: a bare expression is evaluated again by the page, whose policy forbids that.
    page.wait_for_function("() => document.querySelector('input[name=pow]').value !== ''")
    page.click("form.sheet .button--primary")
    page.wait_for_url(f"**/{REGION}/track/**")
    page.wait_for_selector("html[data-live='live']")
    page.evaluate("window.here = 'still the same page'")
    with whole.desk(REGION) as desk:
        contact = handling.waiting(desk, "Pohon besar menimpa kabel")
        report = desk.get(f"reports/{contact['report_id']}").json()
        assert report["place"]["point"] is None, "used without consent"
        stored = stored_photo(browser, whole, contact["id"])
        incident_id = handling.opened(desk, contact, "POHON-TUMBANG", urgency="P1", area=AREA)
        agency = handling.sent(desk, incident_id)
    expect(page.locator("#progress")).to_contain_text(agency)
    assert page.evaluate("window.here") == "still the same page"
    with Image.open(io.BytesIO(stored)) as image:
        assert dict(image.getexif()) == {}
        assert image.size == (64, 48)
    for hidden in (b"TeleponWarga", b"rahasia", b"Exif"):
        assert hidden not in stored


def test_a_citizen_of_the_demo_is_welcome_like_any_other(whole: Whole) -> None:
    fields = {"narrative": "Ular masuk dapur", "area_code": AREA, "place_text": "dekat balai desa"}
    with ThreadPoolExecutor(1) as beside:  # the browser's driver has a loop in this thread
        page = beside.submit(asyncio.run, send_form(whole.url, REGION, fields)).result(60)
    assert page.startswith(f"/{REGION}/track/")
    with whole.desk(REGION) as desk:
        handling.waiting(desk, fields["narrative"])


def filled_in(page: Page, narrative: str, type_code: str) -> None:
    """Only what a citizen must say, and where."""
    page.fill("textarea[name=narrative]", narrative)
    page.select_option("select[name=type_code]", type_code)
    page.select_option("select[name=area_code]", AREA)
    page.fill("input[name=place_text]", "gang kecil di belakang masjid")


def stored_photo(browser: Browser, whole: Whole, contact_id: str) -> bytes:
    """The picture as a call taker gets it."""
    path = f"/{REGION}/console/contacts/{contact_id}/"
    desk = signed_in_at(browser, whole, whole.person(REGION, "call_taker"), path, viewport=OPERATOR)
    picture = desk.locator("#talk .bubble img").first
    expect(picture).to_be_visible()
    answer = desk.request.get(f"{whole.url}{picture.get_attribute('src')}")
    assert answer.headers["content-type"] == "image/jpeg"
    body = answer.body()
    desk.context.close()
    return body
