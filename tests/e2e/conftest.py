"""One running centre for all journeys of a test worker, and a browser for each file."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connection, connections
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests import databases
from tests.e2e.phone_stage import PhoneDesks, on_stage, talking_browser
from tests.e2e.screens import ARGUMENTS, PATIENCE_MS
from tests.e2e.whole import Whole, whole_program


@pytest.fixture(scope="session")
def whole(
    django_db_setup: None,
    django_db_blocker: pytest.Item,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Whole]:
    """The real program with four regions, people and the WhatsApp stand-in."""
    former = connection.settings_dict["NAME"]
    with databases.clone("test_whole") as chosen:
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            connections.close_all()
            connection.settings_dict["NAME"] = chosen.name
            try:
                running = whole_program(chosen, tmp_path_factory.mktemp("whole"))
                whole = running.__enter__()
            finally:
                connections.close_all()
                connection.settings_dict["NAME"] = former
        try:
            yield whole
        finally:
            running.__exit__(None, None, None)


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """One for each file, because only one may run in a thread."""
    # Playwright runs a loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Chromium."""
    chromium = os.environ.get("SIAGA_CHROMIUM") or shutil.which("chromium")
    launched = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def talking(driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with a microphone that says one tone."""
    with talking_browser(driver, tmp_path_factory.mktemp("sound")) as launched:
        yield launched


@pytest.fixture(autouse=True)
def closed_pages(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages left open go on drawing their maps, and every later test pays for it."""
    used = request.getfixturevalue("browser") if "browser" in request.fixturenames else None
    yield
    for context in used.contexts if used else ():
        context.close()


@pytest.fixture(scope="module")
def desks(
    request: pytest.FixtureRequest,
    # First there, last gone: Django keeps other connections while a loop runs in this thread, and
    # one that is not closed with its database is found dead by the next file.
    driver: Playwright,
    django_db_setup: None,
    django_db_blocker: pytest.Item,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PhoneDesks]:
    """The telephone's stage with the file's own PEOPLE; where its centre WORKS, recordings too."""
    name = request.module.__name__.rpartition(".")[2]
    works = getattr(request.module, "WORKS", False)
    home = tmp_path_factory.mktemp(name)
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        on_stage(name, home, *request.module.PEOPLE, works=works) as running,
    ):
        yield running
