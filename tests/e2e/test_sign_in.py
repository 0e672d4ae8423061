"""The door in a real browser: passkeys, the cover of a desk, and no barrier for anybody."""

import os
import shutil
from collections.abc import Iterator
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from siaga.accounts import services
from siaga.accounts.models import SignIn
from siaga.kernel import clock
from tests.cast import PASSWORD, enter
from tests.databases import TestDatabase
from tests.e2e.barriers import barriers, is_wide
from tests.e2e.console_stage import ARGUMENTS, Server, desk_of, serving
from tests.waiting import wait_until
from tests.web.accounts.signing import present_code

pytestmark = pytest.mark.e2e
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 768}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PIN = "802146"
PUBLIC = ("/accounts/login/",)
OWN = (
    "/accounts/?choose=1",
    "/accounts/security/",
    "/accounts/password/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/second-factor/",
    "/accounts/logout/",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    chromium = os.environ.get("SIAGA_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def server(committed_db: TestDatabase) -> Iterator[Server]:
    with serving(committed_db) as running:
        # Browsers give passkeys to names only, never to an address in digits.
        running.url = running.url.replace("127.0.0.1", "localhost")
        yield running


def type_in(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def with_a_fingerprint(context: BrowserContext, page: Page) -> None:
    """A virtual fingerprint reader that always says yes."""
    reader = context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_supervisor_enrols_a_passkey_and_signs_in_with_it_alone(
    browser: Browser, server: Server
) -> None:
    enter("ratna", clock.now())
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    with_a_fingerprint(context, page)
    type_in(page, server, "ratna")
    page.wait_for_url("**/accounts/second-factor/**")
    page.click("a[href$='/webauthn/add/']")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{server.url}/accounts/logout/")
    page.click("form.button-row button")
    page.wait_for_url("**/accounts/login/**")
    page.click("#passkey_login")
    page.wait_for_url(f"{server.url}/accounts/")
    page.goto(f"{server.url}/banyuwangi/console/")
    expect(page).to_have_url(f"{server.url}/banyuwangi/console/")


def test_a_supervisor_enrols_an_app_and_the_password_alone_no_longer_opens(
    browser: Browser, server: Server
) -> None:
    enter("ratna", clock.now())
    page = browser.new_context(viewport=PHONE).new_page()
    type_in(page, server, "ratna")
    page.wait_for_url("**/accounts/second-factor/**")
    page.click("a[href$='/totp/activate/']")
    page.click("summary")
    secret = page.inner_text("details code")
    page.fill("[name=code]", present_code(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/recovery-codes/")
    other = browser.new_context(viewport=PHONE).new_page()
    type_in(other, server, "ratna")
    other.wait_for_url("**/2fa/authenticate/**")
    other.goto(f"{server.url}/banyuwangi/console/")
    expect(other).to_have_url(f"{server.url}/accounts/2fa/authenticate/")


def test_the_cover_hides_the_page_and_the_pin_gives_it_back_as_it_was(
    browser: Browser, server: Server
) -> None:
    sari = enter("sari", clock.now())
    services.set_pin(person_id=sari.person_id, pin=PIN)
    page = desk_of(browser, server, "sari")
    page.evaluate("window.here = 'still the same page'")
    lock_by_hand(page)
    cover = page.locator("#desk-lock")
    expect(cover).to_be_visible()
    wait_until(lambda: SignIn.objects.filter(locked_at__isnull=False).exists())
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    expect(page.locator(".topbar")).not_to_be_visible()
    page.fill("#desk-lock [name=secret]", "000000")
    page.keyboard.press("Enter")
    expect(cover.locator(".field__error")).to_be_visible()
    page.fill("#desk-lock [name=secret]", PIN)
    page.keyboard.press("Enter")
    expect(cover).not_to_be_visible()
    expect(page.locator(".topbar")).to_be_visible()
    assert page.evaluate("window.here") == "still the same page"


def test_a_desk_locked_in_one_tab_is_covered_in_the_other(browser: Browser, server: Server) -> None:
    enter("sari", clock.now())
    page = desk_of(browser, server, "sari")
    other = page.context.new_page()
    other.goto(f"{server.url}/banyuwangi/console/")
    other.wait_for_selector("html[data-ready='true']")
    lock_by_hand(page)
    expect(other.locator("#desk-lock")).to_be_visible()


def lock_by_hand(page: Page) -> None:
    button = page.locator("form[action$='/accounts/lock/'] button")
    page.locator("details.menu").filter(has=button).locator("summary").click()
    button.click()


def test_the_door_has_no_barriers(browser: Browser, server: Server) -> None:
    enter("sari", clock.now())
    found: dict[tuple[str, int, str], list[str]] = {}
    for scheme, size in product(SCHEMES, (DESK, PHONE)):
        # axe itself is a script from nowhere; only here the policy is set aside.
        context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        door = (scheme, size["width"])
        found |= {(*door, one): barriers_at(page, server, one) for one in PUBLIC}
        type_in(page, server, "sari")
        page.wait_for_url("**/console/")
        found |= {(*door, one): barriers_at(page, server, one) for one in OWN}
        context.close()
    assert {where: what for where, what in found.items() if what} == {}


def barriers_at(page: Page, server: Server, address: str) -> list[str]:
    """What axe calls serious, and a page that is wider than its screen."""
    page.goto(f"{server.url}{address}")
    page.wait_for_selector("html[data-ready='true']")
    return [*barriers(page), *(["wider than the screen"] if is_wide(page) else [])]
