"""A call taker's console in a real browser, which notes when it shows whose call it is."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATIENCE_MS = 60_000
_ARGUMENTS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
)
_WATCH = """() => {
  window.benchShown = {};
  const look = () => {
    const pop = document.querySelector("#phone-pop");
    const number = pop && !pop.hidden && pop.querySelector("[data-pop=number]").dataset.digits;
    if (number && !(number in window.benchShown)) window.benchShown[number] = Date.now();
  };
  new MutationObserver(look).observe(document.querySelector("#phone"), {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
}"""


class NoBrowser(RuntimeError):
    """There is nothing to sit in front of."""


class Screen:
    """The page, while its telephone is ready."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def ready(self) -> None:
        """Wait until the telephone waits for calls."""
        self._page.wait_for_selector("#phone[data-mode=ready]", state="attached")

    def shown(self, *, settle_ms: float = 0) -> dict[str, float]:
        """When each number was first shown, in seconds since 1970, by the number."""
        if settle_ms:
            self._page.wait_for_timeout(settle_ms)
        found: dict[str, float] = self._page.evaluate("() => window.benchShown")
        return {number: at / 1000 for number, at in found.items()}

    def leave(self) -> None:
        """Give the position back."""
        self._page.evaluate("() => document.querySelector('[data-do=disconnect]').click()")
        self._page.wait_for_selector("#phone[data-mode=off]", state="attached")


@contextmanager
def screen(url: str, region: str, cookie: str) -> Iterator[Screen]:
    """Sit down at the console with this sign-in, and have the telephone ready by one key."""
    # Browsers are a need of developers only; Playwright's loop lives in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with _driver() as running, _browser(running) as browser:
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            context.set_default_timeout(PATIENCE_MS)
            host = str(urlsplit(url).hostname)
            context.add_cookies(
                [{"name": "sessionid", "value": cookie, "domain": host, "path": "/"}]
            )
            page = context.new_page()
            page.goto(f"{url}/{region}/console/")
            page.wait_for_selector("html[data-ready='true']")
            page.wait_for_selector("html[data-live='live']")
            page.keyboard.press("F2")
            found = Screen(page)
            found.ready()
            page.evaluate(_WATCH)
            yield found
            found.leave()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


def _driver() -> Any:
    try:
        return importlib.import_module("playwright.sync_api").sync_playwright()
    except ModuleNotFoundError as missing:
        raise NoBrowser(
            "The screen-pop is measured in a browser: install Playwright (make setup-dev)."
        ) from missing


@contextmanager
def _browser(running: Any) -> Iterator[Any]:
    named = os.environ.get("SIAGA_CHROMIUM") or shutil.which("chromium")
    found = named or running.chromium.executable_path
    if not Path(found).exists():
        raise NoBrowser("There is no Chromium: install it, or name it in SIAGA_CHROMIUM.")
    browser = running.chromium.launch(executable_path=found, args=list(_ARGUMENTS))
    try:
        yield browser
    finally:
        browser.close()
