"""The islands in a real browser, under the real content security policy."""

import hashlib
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.e2e import design_site
from tests.e2e.barriers import barriers
from tests.e2e.design_site import FACT, Backstage, Site
from tests.e2e.street_sample import picture_archive, vector_archive
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
ARGUMENTS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
MAP_MS = 40_000  # drawn by the processor here, not by a graphics card
# A headless browser lets everybody sound; this one waits for a person, as a real one does.
MUTE = """(() => {
  const node = () => ({ connect: (next) => next, start() {}, stop() {}, frequency: {},
    gain: { setValueAtTime() {}, linearRampToValueAtTime() {} } });
  let touched = false;
  document.addEventListener('pointerdown', () => { touched = true; }, { capture: true });
  document.addEventListener('siaga:alarm', (event) =>
    document.getElementById('touch').append(' ' + event.detail.name), { capture: true });
  window.AudioContext = class {
    state = 'suspended'; currentTime = 0; destination = {};
    async resume() { if (touched) this.state = 'running'; }
    createOscillator() { return node(); }
    createGain() { return node(); }
  };
})()"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("SIAGA_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server, url = design_site.serve()
    yield url
    server.shutdown()


@pytest.fixture
def stage(settings) -> Iterator[Backstage]:
    settings.ROOT_URLCONF = "tests.e2e.design_site"
    settings.SIAGA_DEMO = True
    Site.backstage = Backstage()
    yield Site.backstage
    Site.backstage.cut()


@pytest.fixture
def page(browser: Browser, address: str, stage: Backstage) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "django_language", "value": "en", "url": address}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
    )
    yield page
    context.close()
    assert complaints == []


def visit(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector("html[data-ready=true]")


def test_a_fact_of_the_journal_refreshes_what_listens(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")
    page.wait_for_selector(".live-status[data-state=live]")
    expect(page.locator("#c-first")).to_be_visible()
    stage.waiting.append("second")

    stage.tell(FACT)

    expect(page.locator("#c-second")).to_be_visible()


def test_the_focus_stays_where_it_was_when_a_list_is_refreshed(
    page: Page, stage: Backstage
) -> None:
    visit(page, "/t/live/")
    page.wait_for_selector(".live-status[data-state=live]")
    page.fill("#typing", "half a sen")
    kept = page.locator("#c-first").element_handle()
    stage.waiting.insert(0, "urgent")

    stage.tell(FACT)

    expect(page.locator("#c-urgent")).to_be_visible()
    assert kept is not None
    assert kept.evaluate("row => row.isConnected")
    assert page.evaluate("document.activeElement.id") == "typing"


def test_an_element_hears_of_its_own_subject_only(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")
    page.wait_for_selector(".live-status[data-state=live]")
    page.evaluate("""() => { const own = document.getElementById('own'); own.textContent = '';
        own.addEventListener('siaga:subject', e => own.append(e.detail.subjects[0] + ' '));
        document.body.addEventListener('siaga:live', () => own.append('any ')); }""")

    stage.tell(FACT, "s-1")
    stage.tell(FACT, "s-9")

    expect(page.locator("#own")).to_have_text("any any s-9")


def test_two_pages_share_one_stream(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")
    page.wait_for_selector(".live-status[data-state=live]")
    other = page.context.new_page()

    visit(other, "/t/live/")

    other.wait_for_selector(".live-status[data-state=live]")
    assert len(stage.streams) == 1


def test_a_broken_stream_is_said_and_healed_with_a_fresh_look(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")
    page.wait_for_selector(".live-status[data-state=live]")
    stage.tell(FACT)
    stage.down = True
    stage.cut()
    page.wait_for_selector(".live-status[data-state=down]")
    stage.waiting.append("meanwhile")

    stage.down = False

    page.wait_for_selector(".live-status[data-state=live]")
    expect(page.locator("#c-meanwhile")).to_be_visible()
    assert stage.last_ids[-1] == "7-1", "it comes back with the last id it has seen"


def test_a_stream_that_signs_out_says_so_and_does_not_come_back(
    page: Page, stage: Backstage
) -> None:
    stage.signed_out = True

    visit(page, "/t/live/")

    page.wait_for_selector(".live-status[data-state=signed-out]")


def test_one_key_acts_and_another_takes_it_back(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")

    page.keyboard.press("g")
    expect(page.locator(".toast")).to_contain_text("Marked as ghost call.")
    page.keyboard.press("u")

    expect(page.locator(".toast")).to_contain_text("Undone")
    assert stage.undone == 1


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
    page.keyboard.press("c")

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


def test_the_map_shows_incidents_as_links_and_never_moves_by_itself(
    page: Page, stage: Backstage
) -> None:
    visit(page, "/control/design/")
    frame = page.locator("[data-mode=view]").first
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_attribute("data-map-ready", "true", timeout=MAP_MS)
    mark = frame.locator("a.map-mark--p1")
    expect(mark).to_have_attribute("aria-label", "P1, Kebakaran bangunan")
    before = mark.bounding_box()

    page.evaluate("document.body.dispatchEvent(new CustomEvent('siaga:resync'))")
    page.wait_for_load_state("networkidle")

    assert mark.bounding_box() == before


def test_a_centres_own_streets_are_drawn_and_credited(
    page: Page, stage: Backstage, settings, tmp_path: Path
) -> None:
    (tmp_path / "contoh.pmtiles").write_bytes(picture_archive("&copy; <a href='#'>Peta Contoh</a>"))
    settings.SIAGA_TILES = tmp_path

    visit(page, "/t/map/")

    frame = page.locator("[data-island=map]")
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_attribute("data-map-ready", "true", timeout=MAP_MS)
    expect(frame.locator("[data-map-credit]")).to_have_text("Natural Earth · © Peta Contoh")


def test_vector_streets_follow_the_theme(
    page: Page, stage: Backstage, settings, tmp_path: Path
) -> None:
    (tmp_path / "contoh.pmtiles").write_bytes(vector_archive("Peta Contoh"))
    settings.SIAGA_TILES = tmp_path
    visit(page, "/t/map/")
    frame = page.locator("[data-island=map]")
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_attribute("data-map-ready", "true", timeout=MAP_MS)

    for theme, sea in (("light", (0xDD, 0xE2, 0xE6)), ("dark", (0x0B, 0x0D, 0x10))):
        page.evaluate(
            """theme => {
                document.documentElement.dataset.theme = theme;
                document.body.dispatchEvent(new CustomEvent('siaga:theme'));
            }""",
            theme,
        )
        # The whole world is water in this archive, the land beneath it too.
        wait_until(lambda: colours_of(frame) == {sea}, seconds=MAP_MS / 1000)  # noqa: B023


def colours_of(frame: Locator) -> set[tuple[int, int, int]]:
    """What is drawn at some places of the map that bear no marks and no buttons."""
    picture = Image.open(io.BytesIO(frame.screenshot())).convert("RGB")
    width, height = picture.size
    places = ((0.3, 0.3), (0.4, 0.5), (0.5, 0.35), (0.45, 0.6))
    return {picture.getpixel((int(x * width), int(y * height))) for x, y in places}


def test_a_new_p1_sounds_once_and_asks_for_sound_where_it_is_forbidden(
    page: Page, stage: Backstage
) -> None:
    page.add_init_script(MUTE)
    visit(page, "/t/alarm/")
    page.wait_for_selector(".live-status[data-state=live]")
    stage.waiting.append("p1")
    stage.tell(FACT)
    prompt = page.locator(".sound-prompt")
    expect(prompt).to_be_visible()
    prompt.get_by_role("button").click()
    expect(prompt).to_be_hidden()
    expect(page.locator("#touch")).to_have_text("touch p1")
    stage.waiting.remove("p1")
    stage.tell(FACT)
    expect(page.locator("#c-p1")).to_have_count(0)
    stage.waiting += ["p1", "last"]

    stage.tell(FACT)

    expect(page.locator("#c-last")).to_be_visible()
    expect(page.locator("#touch")).to_have_text("touch p1")


def test_a_pin_can_be_put_without_a_pointer(page: Page, stage: Backstage) -> None:
    visit(page, "/control/design/")
    frame = page.locator("[data-mode=pick]")
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_attribute("data-map-ready", "true", timeout=MAP_MS)

    frame.locator("canvas").press("Enter")

    assert page.input_value("#pick-lat").startswith("-8.3")
    expect(frame.locator("[data-map-note]")).to_contain_text("Place set")


def test_what_a_telephone_loads_travels_small(page: Page, stage: Backstage) -> None:
    sent = page.request.get("/static/siaga/app.js", headers={"Accept-Encoding": "br"})

    assert sent.headers["content-encoding"] == "br"
    assert int(sent.headers["content-length"]) < 40_000


def test_the_chosen_theme_is_kept(page: Page, stage: Backstage) -> None:
    visit(page, "/control/design/console/")
    page.click("details.menu summary")

    page.click("[data-theme-set=dark]")

    visit(page, "/control/design/console/")
    assert page.locator("html[data-theme=dark]").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "width"),
    [("", 1366), ("console/", 1366), ("board/", 1366), ("agency/", 390), ("citizen/", 390)],
)
def test_nothing_serious_stands_in_the_way_of_anybody(
    browser: Browser, address: str, stage: Backstage, path: str, width: int, theme: str
) -> None:
    # axe itself is a script from nowhere; only here the policy is set aside.
    context = browser.new_context(
        base_url=address, bypass_csp=True, viewport={"width": width, "height": 844}
    )
    context.add_cookies([{"name": "siaga_theme", "value": theme, "url": address}])
    page = context.new_page()
    visit(page, f"/control/design/{path}")

    found = barriers(page)

    context.close()
    assert found == []


@pytest.mark.parametrize("path", ["console/", "board/", "agency/", "citizen/"])
@pytest.mark.parametrize("width", [320, 390, 1024, 1366, 1920])
def test_no_page_scrolls_sideways(page: Page, stage: Backstage, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})

    visit(page, f"/control/design/{path}")

    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0
