"""What people see: a browser in front of the whole program."""

from typing import Any

from playwright.sync_api import Browser, Page

from siaga.config.demo.people import DemoPerson
from tests.e2e.console_stage import ARGUMENTS, OPERATOR, PATIENCE_MS, ready
from tests.e2e.whole import Whole

__all__ = ["ARGUMENTS", "OPERATOR", "PATIENCE_MS", "PHONE", "ready", "screen", "signed_in_at"]
PHONE = {"width": 390, "height": 844}


def screen(browser: Browser, whole: Whole, path: str, **options: Any) -> Page:
    """A fresh browser of somebody without an account at this address."""
    settings: dict[str, Any] = {"viewport": PHONE, "locale": "id-ID", **options}
    context = browser.new_context(**settings)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{whole.url}{path}")
    if settings.get("java_script_enabled", True):
        page.wait_for_selector("html[data-ready='true']")
    return page


def signed_in_at(
    browser: Browser, whole: Whole, person: DemoPerson, path: str, **options: Any
) -> Page:
    """Somebody signed in, at this address."""
    page = screen(
        browser, whole, f"/accounts/login/?next={path}", **{"viewport": OPERATOR, **options}
    )
    page.fill("input[name=login]", person.username)
    page.fill("input[name=password]", person.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    ready(page)
    return page
