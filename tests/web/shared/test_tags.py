"""What the tags write: urgency with its letter, clocks that speak, numbers that stay hidden."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from siaga.kernel import clock
from siaga.web.shared import marks, times

NOW = datetime(2026, 11, 21, 14, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_twenty_to_ten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with translation.override("en"), timezone.override("Asia/Jakarta"):
        yield


def written(source: str, **context: object) -> str:
    return Template("{% load i18n siaga %}" + source).render(Context(context))


@pytest.mark.parametrize("code", ["P1", "P2", "P3", "P4", "P5"])
def test_every_urgency_shows_its_letter_and_its_meaning(code: str) -> None:
    html = written("{% urgency code %}", code=code)

    assert f"urgency--{code.lower()}" in html
    assert f">{code}<" in html
    assert str(marks.URGENCIES[code].label) in html


def test_an_absent_urgency_is_not_dressed_up_as_one() -> None:
    assert "urgency--none" in written("{% urgency none %}", none=None)


def test_truth_has_three_different_shapes() -> None:
    shapes = {written("{% truth state %}", state=state) for state in ("a1", "unverified", "false")}

    assert len(shapes) == 3


def test_text_of_a_citizen_is_never_markup() -> None:
    html = written(
        "{% banner %}{{ text }}{% endbanner %}{% icon name text %}",
        text='<img src=x onerror="alert(1)">',
        name="flame",
    )

    assert "<img" not in html


def test_a_clock_without_a_due_time_counts_the_age() -> None:
    html = written("{% clock since %}", since=NOW - timedelta(minutes=4, seconds=7))

    assert ">4:07<" in html
    assert 'data-state="run"' in html
    assert "data-clock" in html


def test_a_clock_warns_in_its_last_quarter_and_then_says_how_late() -> None:
    since = NOW - timedelta(minutes=8)
    soon = written("{% clock since due %}", since=since, due=NOW + timedelta(minutes=2))
    late = written("{% clock since due %}", since=since, due=NOW - timedelta(minutes=3))

    assert 'data-state="soon"' in soon
    assert ">2:00<" in soon
    assert 'data-state="late"' in late
    assert "late 3:00" in late


def test_a_stopped_clock_shows_how_long_it_took_and_does_not_run() -> None:
    since = NOW - timedelta(hours=2)
    html = written(
        "{% clock since due stopped=end %}", since=since, due=NOW, end=since + timedelta(minutes=5)
    )

    assert ">5:00<" in html
    assert "data-clock" not in html


def test_moments_are_told_in_the_zone_of_the_region() -> None:
    assert ">21.40 WIB<" in written("{% moment at long=True %}", at=NOW)
    with timezone.override("Asia/Jayapura"):
        assert ">23.40 WIT<" in written("{% moment at long=True %}", at=NOW)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59, "0:59"), (3599, "59:59"), (3600, "1 h 00 m"), (86_400 * 3, "3 d")],
)
def test_a_span_is_short_and_never_ambiguous(seconds: int, text: str) -> None:
    assert times.span(seconds) == text


def test_numbers_are_masked_unless_asked_for() -> None:
    assert "4567" not in written("{{ n|phone }}", n="+6281234567890")
    assert "3456" in written("{{ n|phone_open }}", n="+6281234567890")
    assert "no number" in written("{{ n|phone }}", n=None)


def test_a_link_of_the_navigation_knows_its_page() -> None:
    request = RequestFactory().get("/x/console/board/")
    html = written(
        '{% nav_link "/x/console/board/" "Board" "list" key="2" %}'
        '{% nav_link "/x/agency/" "Agency" %}',
        request=request,
    )

    assert html.count('aria-current="page"') == 1
    assert 'data-key="2"' in html


@pytest.mark.parametrize(
    ("path", "here"),
    [("/x/console/", 1), ("/x/console/contacts/1/", 1), ("/x/console/board/", 0), ("/y/", 0)],
)
def test_a_link_above_another_is_not_marked_on_the_pages_of_that_other(
    path: str, here: int
) -> None:
    html = written(
        '{% nav_link "/x/console/" "Desk" besides="/x/console/board/ /x/console/callbacks/" %}',
        request=RequestFactory().get(path),
    )

    assert html.count('aria-current="page"') == here


def test_an_unknown_value_shows_itself_instead_of_failing() -> None:
    assert "quantum" in written('{% status "incident" "quantum" %}')
