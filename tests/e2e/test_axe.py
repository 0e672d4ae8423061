"""No barrier on any face: axe finds nothing serious, by day and by night, on both screens."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from siaga.config.demo.people import DemoPerson
from tests.e2e import handling
from tests.e2e.barriers import barriers, is_wide
from tests.e2e.screens import OPERATOR, PATIENCE_MS, PHONE
from tests.e2e.whole import Whole

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
REGION = "jombang"
AREA = "35.17.09"


@pytest.fixture(scope="module")
def places(whole: Whole) -> dict[str, str]:
    """Pages that show something: a contact that waits, an incident, an assignment, a report."""
    officer = whole.person(REGION, "agency_officer")
    for number, words in ((31, "Kebakaran toko di pasar"), (32, "Ada ular di kamar mandi")):
        whole.citizen_writes(REGION, f"62812345000{number}", words)
    with whole.desk(REGION) as desk:
        waits = handling.waiting(desk, "Ada ular di kamar")
        taken = handling.waiting(desk, "Kebakaran toko")
        incident_id = handling.opened(desk, taken, "KBK-BANGUNAN", urgency="P1", area=AREA)
        order = {"agencies": [{"agency_code": officer.agency}]}
        sent = handling.done(desk.post(f"incidents/{incident_id}/dispatch", json=order))["ids"]
        report_id = desk.get(f"contacts/{taken['id']}").json()["report_id"]
        report = desk.get(f"reports/{report_id}").json()
    return {
        "contact": waits["id"],
        "incident": incident_id,
        "assignment": sent[0],
        "code": report["tracking_code"],
    }


@pytest.mark.parametrize("size", [OPERATOR, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_citizens_pages_have_no_barriers(
    browser: Browser, whole: Whole, places: dict[str, str], scheme: str, size: Any
) -> None:
    page = opened(browser, scheme, size)
    code = places["code"]
    paths = (
        "/",
        f"/{REGION}/",
        f"/{REGION}/track/",
        f"/{REGION}/track/{code}/",
        "/banyuasin/privacy/",
    )
    assert not barriers_at(page, whole, *paths, "/accounts/login/", "/nowhere/at-all/")


@pytest.mark.parametrize("size", [OPERATOR, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_console_has_no_barriers(
    browser: Browser, whole: Whole, places: dict[str, str], scheme: str, size: Any
) -> None:
    page = opened(browser, scheme, size, whole, whole.person(REGION, "call_taker"))
    console = f"/{REGION}/console/"
    paths = (
        console,
        f"{console}contacts/{places['contact']}/",
        f"{console}incidents/{places['incident']}/",
        f"/{REGION}/board/",
        "/accounts/security/",
    )
    found = barriers_at(page, whole, *paths)
    # The desk with a contact in hand: the form, the guide, the conversation.
    page.goto(f"{whole.url}{console}contacts/{places['contact']}/")
    page.wait_for_selector("html[data-ready='true']")
    if page.locator("#main [data-key=a]").count():
        page.keyboard.press("a")
    page.wait_for_selector("#report-form")
    found += seen(page, "the form")
    assert not found


@pytest.mark.parametrize("size", [OPERATOR, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_officers_pages_have_no_barriers(
    browser: Browser, whole: Whole, places: dict[str, str], scheme: str, size: Any
) -> None:
    officer = whole.person(REGION, "agency_officer")
    page = opened(browser, scheme, size, whole, officer)
    agency = f"/{REGION}/agency/"
    assert not barriers_at(
        page, whole, agency, f"{agency}{places['assignment']}/", f"{agency}finished/"
    )


@pytest.mark.parametrize("size", [OPERATOR, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_control_pages_have_no_barriers(
    browser: Browser, whole: Whole, places: dict[str, str], scheme: str, size: Any
) -> None:
    found: list[str] = []
    for role in ("supervisor", "administrator"):
        page = opened(browser, scheme, size, whole, whole.person(REGION, role))
        found += barriers_at(page, whole, *control_pages(page, whole))
        page.context.close()
    assert not found, found


def control_pages(page: Page, whole: Whole) -> list[str]:
    """Every page that the face's own navigation leads this person to."""
    start = f"/{REGION}/control/"
    page.goto(f"{whole.url}{start}")
    links = "[...document.querySelectorAll('nav a')].map(link => link.getAttribute('href'))"
    found = {link for link in page.evaluate(links) if link and link.startswith(start)}
    return sorted(found | {start})


def opened(
    browser: Browser,
    scheme: str,
    size: Any,
    whole: Whole | None = None,
    person: DemoPerson | None = None,
) -> Page:
    """A browser by day or by night, signed in if somebody is named."""
    # axe itself is a script from nowhere; only here the policy is set aside.
    context = browser.new_context(
        viewport=size, color_scheme=scheme, locale="id-ID", bypass_csp=True
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    if whole is not None and person is not None:
        page.goto(f"{whole.url}/accounts/login/")
        page.fill("input[name=login]", person.username)
        page.fill("input[name=password]", person.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url, wait_until="commit")
    return page


def barriers_at(page: Page, whole: Whole, *paths: str) -> list[str]:
    """What axe calls serious on these pages."""
    found: list[str] = []
    for path in paths:
        page.goto(f"{whole.url}{path}")
        page.wait_for_selector("html[data-ready='true']")
        found += seen(page, path)
    return found


def seen(page: Page, what: str) -> list[str]:
    """The same of the page as it stands; a page wider than its screen is a barrier, too."""
    grave = [f"{what} {one}" for one in barriers(page)]
    return [*grave, *([f"{what} is wider than the screen"] if is_wide(page) else [])]
