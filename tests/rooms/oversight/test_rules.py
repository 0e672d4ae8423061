"""Counting, without a database."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from siaga.oversight import rules

AT = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)


def test_the_day_begins_at_midnight_on_the_regions_wall() -> None:
    assert rules.day_start(AT, ZoneInfo("Asia/Jakarta")).isoformat() == "2026-11-22T00:00:00+07:00"


def test_a_contact_that_fell_through_shows() -> None:
    counted = {"waiting": 1, "ghost": 2, "reported": 1}
    whole = rules.funnel(4, counted, {"answered": 1}, since=AT, until=AT)
    assert whole.adds_up and whole.disposed_count == 2
    assert not rules.funnel(5, counted, {"answered": 1}, since=AT, until=AT).adds_up
    assert not rules.funnel(4, counted, {}, since=AT, until=AT).adds_up, "a report is missing"
