"""The whole program around one database, and desks in a real browser."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.cast import PASSWORD
from tests.databases import TestDatabase
from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
PATIENCE_MS = 60_000
OPERATOR = {"width": 1366, "height": 768}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`siaga serve` on a port of its own; it can be stopped and started again."""

    def __init__(self, database: TestDatabase, more: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._env = {
            **os.environ,
            **database.env,
            "DJANGO_SETTINGS_MODULE": "siaga.config.testing",
            "SIAGA_DB_ROLE": "app",
            "SIAGA_PUBLIC_URL": self.url,
            **(more or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "siaga.config.cli", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, env=self._env, cwd=PROJECT, stdout=subprocess.DEVNULL
        )
        wait_until(self._answers, 60)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def _answers(self) -> bool:
        assert self._process is not None and self._process.poll() is None, "serve has ended"
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@contextmanager
def serving(database: TestDatabase) -> Iterator[Server]:
    """The program, until the test is over."""
    server = Server(database)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def desk_of(browser: Browser, server: Server, name: str, **options: object) -> Page:
    """A signed-in desk at the console, ready for keys."""
    return signed_in(browser, server, name, "/banyuwangi/console/", **options)


def signed_in(browser: Browser, server: Server, name: str, path: str, **options: object) -> Page:
    """A browser of its own in which the person has signed in and looks at `path`."""
    settings: dict[str, object] = {"viewport": OPERATOR, "locale": "id-ID", **options}
    context: BrowserContext = browser.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{server.url}/accounts/login/?next={path}")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    ready(page)
    return page


def press(page: Page, key: str) -> None:
    """A key as a command: never one that is held as text while the last one is answered."""
    page.wait_for_selector("html:not([data-keys-held])")
    page.keyboard.press(key)


def arrived(page: Page, routes: list[Route], number: int) -> bool:
    """Whether so many requests are held; asking the page lets its events come through."""
    page.evaluate("1")
    return len(routes) >= number


def ready(page: Page) -> None:
    """The islands have mounted and the live stream stands."""
    page.wait_for_selector("html[data-ready='true']")
    page.wait_for_selector("html[data-live='live']")
