"""What somebody fills in, with and without a connection, in a real browser."""

import hashlib

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.design.site import Backstage, visit

pytestmark = pytest.mark.e2e


def test_a_draft_survives_a_reload_and_a_dead_server(page: Page, stage: Backstage) -> None:
    visit(page, "/t/draft-page/")
    page.fill("[name=story]", "kebakaran di")
    expect(page.locator("[data-draft-state]")).to_have_text("Draft saved")
    assert stage.drafts[-1]["story"] == "kebakaran di"
    stage.down = True
    page.fill("[name=story]", "kebakaran di Jl. Kepiting")
    expect(page.locator("[data-draft-state]")).to_contain_text("kept on this device")

    visit(page, "/t/draft-page/")

    assert page.input_value("[name=story]") == "kebakaran di Jl. Kepiting"
    stage.down = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-draft-state]")).to_have_text("Draft saved")
    assert stage.drafts[-1]["story"] == "kebakaran di Jl. Kepiting"


def test_what_must_not_be_kept_is_not_in_the_draft(page: Page, stage: Backstage) -> None:
    visit(page, "/t/draft-page/")
    page.fill("[name=secret]", "123456")
    page.fill("[name=story]", "x")

    expect(page.locator("[data-draft-state]")).to_have_text("Draft saved")

    assert "secret" not in stage.drafts[-1]
    assert "123456" not in page.evaluate("JSON.stringify({...localStorage})")


def test_steps_without_a_connection_are_kept_shown_and_sent_in_order(
    page: Page, stage: Backstage
) -> None:
    visit(page, "/t/outbox/")
    stage.down = True
    page.click("#accept button")
    expect(page.locator("#accept .unsent")).to_be_visible()
    page.click("#arrive button")
    expect(page.locator(".outbox")).to_contain_text("2 actions not yet sent")
    visit(page, "/t/outbox/")
    expect(page.locator("#arrive .unsent")).to_be_visible()

    stage.down = False
    page.click("[data-outbox-retry]")

    expect(page.locator(".outbox")).to_be_hidden()
    assert [name for name, _ in stage.taken] == ["accept", "arrive"]
    keys = {key for _, key in stage.taken}
    assert len(keys) == 2
    assert "" not in keys


def test_a_step_from_a_dialog_closes_it_and_is_told_on_the_page(
    page: Page, stage: Backstage
) -> None:
    visit(page, "/t/outbox/")
    stage.down = True
    page.click("#open")

    page.click("#done button")

    expect(page.locator("#finish")).to_be_hidden()
    expect(page.locator("#main > .unsent")).to_be_visible()


def test_a_step_with_a_connection_goes_where_the_server_says(page: Page, stage: Backstage) -> None:
    visit(page, "/t/outbox/")

    page.click("#accept button")

    page.wait_for_url("**/t/arrived/")


def test_a_refused_step_leaves_the_queue_and_says_why(page: Page, stage: Backstage) -> None:
    visit(page, "/t/outbox/")

    page.click("#refused button")

    expect(page.locator(".toast")).to_contain_text("Somebody else was faster.")
    expect(page.locator(".outbox")).to_be_hidden()


def test_the_quiet_guard_finds_a_number_the_server_can_check(page: Page, stage: Backstage) -> None:
    visit(page, "/t/guard/")
    page.wait_for_selector("[data-solved]", state="attached")

    found = page.input_value("[name=pow]")

    digest = hashlib.sha256(f"contoh.1:{found}".encode()).digest()
    assert int.from_bytes(digest, "big") >> (256 - 12) == 0


def test_chosen_files_are_shown_refused_when_too_large_and_taken_back(
    page: Page, stage: Backstage
) -> None:
    visit(page, "/t/guard/")
    page.set_input_files(
        "#file",
        [
            {"name": "catatan.txt", "mimeType": "text/plain", "buffer": b"x"},
            {"name": "besar.mp4", "mimeType": "video/mp4", "buffer": b"x" * 1_200_000},
        ],
    )
    expect(page.locator(".file-tile")).to_have_count(1)
    expect(page.locator(".file-picker .field__error")).to_contain_text("besar.mp4 is too large")

    page.click(".file-tile__remove")

    expect(page.locator(".file-tile")).to_have_count(0)
    assert page.evaluate("document.getElementById('file').files.length") == 0


def test_my_position_fills_the_form(page: Page, stage: Backstage) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": -8.2192, "longitude": 114.3691, "accuracy": 12})
    visit(page, "/t/guard/")

    page.click("#here")

    expect(page.locator("[data-position-note]")).to_contain_text("12 m")
    assert page.input_value("#lat") == "-8.21920"


def test_a_type_is_found_by_a_few_letters_and_chosen_with_enter(
    page: Page, stage: Backstage
) -> None:
    visit(page, "/control/design/console/")
    box = page.locator(".combobox input[type=text]")
    box.fill("pohon")
    expect(page.locator("[role=option]")).to_have_count(1)

    box.press("Enter")

    expect(box).to_have_value("Pohon tumbang")
    assert page.input_value("[data-combobox-value]") == "POHON-TUMBANG"
    expect(page.locator(".combobox__list")).to_be_hidden()
