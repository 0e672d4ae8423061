"""Which presences are allowed, and how the seats of a shift are counted."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from siaga.regions.types import ShiftAt, Words
from siaga.workforce import rules
from siaga.workforce.errors import BreakNeedsReason
from siaga.workforce.types import (
    BreakReason,
    OnDuty,
    PositionId,
    PositionKind,
    Presence,
    SittingId,
)

NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
EVENING = ShiftAt(
    code="siang", name=Words(id="Siang", en="Afternoon"), starts_at=NOW, ends_at=NOW, seats=2
)


def seated(presence: Presence, kind: PositionKind = PositionKind.CALL_TAKING) -> OnDuty:
    return OnDuty(
        sitting_id=SittingId(uuid4()),
        person_id=uuid4(),
        name="Sari",
        position_id=PositionId(uuid4()),
        position_code="meja-1",
        position_name="Meja 1",
        kind=kind,
        presence=presence,
        break_reason=BreakReason.MEAL if presence is Presence.BREAK else None,
        since=NOW,
        taken_at=NOW,
    )


def test_a_break_needs_a_reason_and_nothing_else_has_one() -> None:
    rules.ensure_presence(Presence.BREAK, BreakReason.PRAYER)
    rules.ensure_presence(Presence.BUSY, None)
    with pytest.raises(BreakNeedsReason):
        rules.ensure_presence(Presence.BREAK, None)
    with pytest.raises(BreakNeedsReason):
        rules.ensure_presence(Presence.AVAILABLE, BreakReason.MEAL)


def test_who_is_on_a_break_mans_the_shift_and_who_is_away_does_not() -> None:
    found = rules.coverage(EVENING, [seated(Presence.BREAK), seated(Presence.AWAY)])
    assert (found.seats, found.seated, found.available, found.short_by) == (2, 1, 0, 1)


def test_only_call_taking_desks_man_the_shift() -> None:
    supervisor = seated(Presence.AVAILABLE, PositionKind.SUPERVISION)
    found = rules.coverage(EVENING, [seated(Presence.AVAILABLE), supervisor])
    assert (found.seated, found.available, found.short_by) == (1, 1, 1)


def test_outside_all_shifts_nobody_is_missing() -> None:
    assert rules.coverage(None, []).short_by == 0
