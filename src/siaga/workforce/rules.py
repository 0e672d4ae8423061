"""What presences are allowed, and how the manning of a shift is counted. Pure."""

from collections.abc import Iterable

from siaga.regions.types import ShiftAt
from siaga.workforce.errors import BreakNeedsReason
from siaga.workforce.types import BreakReason, Coverage, OnDuty, PositionKind, Presence

# Who is away from the desk does not man it; who is on a break soon does again.
_MANNING = frozenset(Presence) - {Presence.AWAY}


def ensure_presence(presence: Presence, reason: BreakReason | None) -> None:
    """BreakNeedsReason unless exactly a break has a reason."""
    if (presence is Presence.BREAK) != (reason is not None):
        raise BreakNeedsReason(presence=presence.value)


def coverage(shift: ShiftAt | None, on_duty: Iterable[OnDuty]) -> Coverage:
    """The seats of the shift against those at call-taking desks."""
    taking = [one for one in on_duty if one.kind is PositionKind.CALL_TAKING]
    return Coverage(
        shift=shift,
        seats=shift.seats if shift else 0,
        seated=sum(one.presence in _MANNING for one in taking),
        available=sum(one.presence is Presence.AVAILABLE for one in taking),
    )
