"""Signs of life."""

from datetime import datetime, timedelta

import pytest

from siaga.journal import heartbeats, queries


@pytest.mark.django_db
def test_a_beat_is_written_seldom_and_goes_stale(now: datetime) -> None:
    heartbeats._last_beat.clear()
    assert heartbeats.beat("clock", now=now)
    assert not heartbeats.beat("clock", now=now + timedelta(milliseconds=100))
    later = now + timedelta(seconds=heartbeats.BEAT_SECONDS)
    assert heartbeats.beat("clock", now=later)
    last = queries.heartbeats()["clock"]
    assert last == later
    assert heartbeats.is_fresh(last, later + timedelta(seconds=10))
    assert not heartbeats.is_fresh(last, later + timedelta(seconds=16))
    assert not heartbeats.is_fresh(None, later)
