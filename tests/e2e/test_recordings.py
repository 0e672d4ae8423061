"""A recording is played on the desk, and somebody is called back, by keys in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from siaga.intake import queries as intake
from siaga.intake.types import ContactDisposition
from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony import models
from siaga.telephony import services as telephony
from siaga.telephony.recordings import keeping, store
from siaga.telephony.services.calllog import call_id
from tests.cast import BANYUWANGI, enter
from tests.databases import TestDatabase
from tests.e2e.barriers import barriers
from tests.e2e.console_stage import Server, desk_of, press, ready, serving
from tests.rooms.telephony.record import abandoned_call, answered_call, offered, write
from tests.rooms.telephony.recordings.plain import call as plain_call
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
PATIENCE_SECONDS = 60
LINKED = "siaga1-e2e.1"


@pytest.fixture
def server(committed_db: TestDatabase) -> Iterator[Server]:
    with serving(committed_db) as running:
        yield running


@pytest.fixture
def kept(committed_db: TestDatabase, tmp_path: Path) -> Iterator[UUID]:
    """A call of twelve seconds, over and recorded, where the server looks for it."""
    now = clock.now()
    follow(tmp_path, *answered_call(LINKED, BANYUWANGI, at=now.timestamp() - 90))
    files = plain_call(store.plain_folder(), LINKED, at=now, seconds=12)
    keeping.keep(BANYUWANGI, call_id(LINKED), now=now)
    with acting_in(BANYUWANGI):
        name = models.Recording.objects.get().name
    yield call_id(LINKED)
    store.discard(name)
    store.discard_plain(files)


def follow(folder: Path, *lines: bytes) -> None:
    write(folder / "cel", *lines)
    while telephony.follow(folder / "cel", now=clock.now()):
        pass


def lost(folder: Path, key: str, number: str, minutes: int) -> UUID:
    at = (clock.now() - timedelta(minutes=minutes)).timestamp()
    begun, _, *rest = abandoned_call(key, BANYUWANGI, at=at)
    follow(folder, begun, offered(key, BANYUWANGI, number, at=at), *rest)
    return call_id(key)


def heard_until(page: Page) -> float:
    return float(page.evaluate("document.querySelector('.recording audio').currentTime"))


def listenings(contact: UUID) -> int:
    with acting_in(BANYUWANGI):
        entries = journal.timeline(BANYUWANGI, contact)
    return [entry.name for entry in entries].count("telephony.recording_heard")


def test_a_recording_is_played_sought_and_the_listening_noted(
    browser: Browser, server: Server, kept: UUID
) -> None:
    enter("sari", clock.now())
    page = desk_of(browser, server, "sari", bypass_csp=True)
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one) if "/sound/" in one.url else None)
    page.goto(f"{server.url}/banyuwangi/console/contacts/{kept}/")
    ready(page)
    expect(page.locator(".recording__wave path")).to_have_count(2)
    expect(page.locator("[data-recording-whole]")).to_have_text("0:12")
    assert barriers(page) == []
    assert listenings(kept) == 0
    press(page, "f")
    wait_until(lambda: heard_until(page) > 0.3, PATIENCE_SECONDS)
    box = page.locator(".recording__wave").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    wait_until(lambda: heard_until(page) > 9.2, PATIENCE_SECONDS)
    press(page, "f")
    wait_until(
        lambda: page.evaluate("document.querySelector('.recording audio').paused"),
        PATIENCE_SECONDS,
    )
    expect(page.locator("[data-recording-now]")).not_to_have_text("0:00")
    wave = page.get_by_role("slider")
    wave.press("Home")
    expect(page.locator("[data-recording-now]")).to_have_text("0:00")
    wave.press("ArrowRight")
    expect(wave).to_have_attribute("aria-valuetext", "0:05")
    expect(page.get_by_role("button", name="Dengarkan")).to_be_visible()
    assert barriers(page) == []
    assert {answer.status for answer in answers} <= {200, 206} and answers
    assert listenings(kept) == 1


def test_whoever_was_not_answered_is_called_back_by_keys(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    sari = enter("sari", clock.now())
    older = lost(tmp_path, "s-1.1", "+6281234567890", 50)
    younger = lost(tmp_path, "s-1.2", "+6281234567891", 5)
    page = desk_of(browser, server, "sari", bypass_csp=True)
    page.keyboard.press("Alt+3")
    expect(page.locator("#callback-name")).to_contain_text("7890")
    expect(page.locator("#callback-rows .row")).to_have_count(2)
    assert barriers(page) == []
    size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    assert page.evaluate(size) == [1366, 768]
    name = page.locator("#callback-name")
    press(page, ".")
    expect(name).to_contain_text("7891")
    press(page, "b")
    expect(page.locator("#toasts .toast").last).to_contain_text("F2")
    press(page, "2")
    expect(name).to_contain_text("7890")
    expect(page.locator("#callback-rows .row")).to_have_count(1)
    press(page, "1")
    page.wait_for_selector("#id_narrative")
    with acting_in(BANYUWANGI):
        ended, held = (intake.contact(BANYUWANGI, one) for one in (younger, older))
    assert ended is not None and ended.disposition is ContactDisposition.CUT_OFF
    assert held is not None and held.claimed_by == sari.person_id
