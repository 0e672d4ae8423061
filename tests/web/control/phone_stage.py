"""A telephone as the supervisor sees it, without an Asterisk: pictures and seats of our own."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from siaga.accounts.types import Viewer
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony.live.picture import LiveCall, LivePicture, LivePosition, PositionState
from siaga.telephony.services import commands, live, seats
from siaga.telephony.types import CallState, CommandKind, Seat
from tests.cast import BANYUWANGI

TALKING, FIRST, SECOND = "siagatest-1.1", "siagatest-1.2", "siagatest-1.3"


def picture(now: datetime | None = None, **changes: Any) -> LivePicture:
    """One talks at position 1, two wait; the second of them cannot speak."""
    at = now or clock.now()
    calls = (
        LiveCall(
            linked_id=TALKING,
            number="081234567890",
            state=CallState.ANSWERED,
            presented_at=at - timedelta(minutes=3),
            answered_at=at - timedelta(minutes=2),
            position=1,
        ),
        LiveCall(
            linked_id=FIRST,
            number="+6281311112222",
            state=CallState.QUEUED,
            presented_at=at - timedelta(seconds=50),
            queued_at=at - timedelta(seconds=46),
        ),
        LiveCall(
            linked_id=SECOND,
            number="",
            state=CallState.QUEUED,
            presented_at=at - timedelta(seconds=20),
            queued_at=at - timedelta(seconds=16),
            cannot_speak=True,
        ),
    )
    positions = (
        LivePosition(
            number=1,
            state=PositionState.TALKING,
            since=at - timedelta(minutes=2),
            call=TALKING,
            device="browser",
            registered=True,
        ),
        LivePosition(
            number=2, state=PositionState.PAUSED, since=at, reason="prayer", registered=True
        ),
        LivePosition(number=3, state=PositionState.EMPTY),
    )
    given = LivePicture(
        connected=True, at=at, calls=calls, positions=positions, waiting=(FIRST, SECOND)
    )
    return replace(given, **changes)


def painted(given: LivePicture | None = None, *, at: datetime | None = None) -> None:
    """The daemon has seen this."""
    now = at or clock.now()
    live.write({BANYUWANGI: given or picture(now)}, now=now)


def sits(viewer: Viewer, number: int | None = None) -> Seat:
    """The person has a telephone."""
    with acting_in(BANYUWANGI):
        return seats.take(
            BANYUWANGI, viewer.person_id, by=viewer.actor, now=clock.now(), number=number
        )


def asked() -> list[tuple[CommandKind, dict[str, Any]]]:
    """What the daemon is asked for, but for passwords; it is taken by this, and done."""
    told = {CommandKind.SEAT_OPEN, CommandKind.SEAT_CLOSE}
    found = commands.take(clock.now())
    for one in found:
        commands.finish(one.id, now=clock.now())
    return [(one.kind, dict(one.payload)) for one in found if one.kind not in told]
