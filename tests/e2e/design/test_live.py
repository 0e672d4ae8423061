"""What changes by itself, in a real browser, under the real content security policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.design.site import FACT, Backstage, visit

pytestmark = pytest.mark.e2e
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


def test_a_row_in_focus_goes_on_changing(page: Page, stage: Backstage) -> None:
    visit(page, "/t/live/")
    page.wait_for_selector(".live-status[data-state=live]")
    page.locator("#c-first").focus()
    stage.state = "is held"

    stage.tell(FACT)

    expect(page.locator("#c-first")).to_have_text("first is held")
    expect(page.locator("#c-first")).to_be_focused()


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
