"""Keys and what they take back, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.console_stage import press
from tests.e2e.design.site import Backstage, visit

pytestmark = pytest.mark.e2e


def test_one_key_acts_and_another_takes_it_back(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")

    press(page, "g")
    expect(page.locator(".toast")).to_contain_text("Marked as ghost call.")
    press(page, "u")

    expect(page.locator(".toast")).to_contain_text("Undone")
    assert stage.undone == ["1"]


def test_of_two_deeds_the_key_takes_the_newest_back_first(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")
    for _ in range(2):
        press(page, "g")
    expect(page.locator(".toast [data-undo]")).to_have_count(2)
    expect(page.locator(".toast [data-key]")).to_have_count(1)

    press(page, "u")
    expect(page.locator(".toast [data-undo]")).to_have_count(1)
    press(page, "u")

    expect(page.locator(".toast [data-undo]")).to_have_count(0)
    assert stage.undone == ["2", "1"]


def test_a_single_key_never_fires_while_somebody_types(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")

    page.locator("#typing").press_sequentially("gg?")

    assert page.locator(".toast").count() == 0
    assert page.locator("#shortcut-sheet[open]").count() == 0
    assert page.input_value("#typing") == "gg?"


def test_what_is_typed_while_the_server_thinks_is_text_and_no_command(
    page: Page, stage: Backstage
) -> None:
    visit(page, "/t/live/")
    press(page, "c")

    page.keyboard.type("gang 3")
    stage.typed.set()

    expect(page.locator("[name=story]")).to_have_value("gang 3")
    assert stage.ghosts == 0


def test_the_question_mark_shows_every_key(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")

    page.keyboard.press("?")

    sheet = page.locator("#shortcut-sheet")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Ghost")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
