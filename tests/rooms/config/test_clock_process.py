"""One clock leads, another waits and takes over."""

from __future__ import annotations

import pytest

from siaga.config.leadership import Leadership
from tests.databases import TestDatabase


@pytest.mark.usefixtures("committed_db")
def test_only_one_clock_leads_and_the_next_takes_over() -> None:
    first, second = Leadership(11_299, "test"), Leadership(11_299, "test")
    try:
        assert first.holds()
        assert first.holds()
        assert not second.holds()
        first.give_up()
        assert second.holds()
    finally:
        first.give_up()
        second.give_up()


def test_a_leader_whose_connection_died_does_not_lead(
    committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("siaga.config.leadership.CHECK_SECONDS", 0.0)
    leader, other = Leadership(11_299, "test"), Leadership(11_299, "test")
    try:
        assert leader.holds()
        assert leader._connection is not None
        leader._connection.close()
        with pytest.raises(Exception, match="closed"):
            leader.holds()
        assert other.holds()
        assert not leader.holds()
    finally:
        leader.give_up()
        other.give_up()
