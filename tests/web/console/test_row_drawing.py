"""A list is asked for at every fact; a row that did not change is not drawn again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.template import loader
from django.utils import translation

from siaga.kernel import clock
from siaga.web.console.rows import Row
from siaga.web.console.templatetags import console_words
from siaga.web.console.templatetags.console_words import list_row

NOW = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
ROW = Row(
    key="contact-1",
    url="/x/",
    lead=("channel", "whatsapp"),
    title="<b>Pak Slamet</b>",
    text="{} di pasar",
    since=NOW - timedelta(seconds=7),
    is_test=True,
)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates drawn meanwhile."""
    names: list[str] = []

    def draw(name: str, values: dict[str, object]) -> str:
        names.append(name)
        return loader.render_to_string(name, values)

    console_words._drawn.cache_clear()
    monkeypatch.setattr(console_words, "render_to_string", draw)
    return names


def test_a_row_that_stands_still_is_drawn_once_and_its_clock_runs_on(
    drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    first = list_row(ROW)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=5))
    second = list_row(replace(ROW))
    assert drawn == ["console/_row_head.html", "console/_row_body.html"]
    assert "0:07" in first
    assert second == first.replace("0:07", "0:12")


def test_a_row_is_drawn_anew_when_it_changed_or_for_another_language(drawn: list[str]) -> None:
    with translation.override("id"):
        plain, changed = list_row(ROW), list_row(replace(ROW, note="di jalan"))
    with translation.override("en"):
        english = list_row(ROW)
    assert len(drawn) == 3 * 2
    assert "di jalan" in changed
    assert plain != english


def test_what_people_write_is_never_markup(drawn: list[str]) -> None:
    html = list_row(ROW)
    assert "&lt;b&gt;Pak Slamet" in html
    assert "{} di pasar" in html
    assert html.count('class="clock"') == 1
