"""Reads of the live telephone: the picture, the seats, what came of a command."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from siaga.accounts.types import Permission, Viewer
from siaga.kernel import clock
from siaga.kernel.errors import Forbidden, NotFound
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.live.picture import LivePicture, from_stored
from siaga.telephony.types import CommandKind, CommandState, CommandView, Device

FRESH = timedelta(seconds=15)
"""A picture older than this may be wrong: its daemon is gone."""
SEATS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """A seat that is taken."""

    number: int
    person_id: UUID
    device: Device
    username: str
    since: datetime
    seen_at: datetime


def live(viewer: Viewer, *, now: datetime | None = None) -> LivePicture:
    """The telephone of the viewer's region as it is now; `connected` only if that is certain."""
    if not viewer.may(Permission.CONTACTS_READ):
        raise Forbidden
    row = models.Live.objects.filter(region_id=viewer.region_id).first()
    if row is None:
        return LivePicture()
    sitting = {one.number: one for one in seats(viewer.region_id)}
    picture = from_stored(row.picture)
    positions = tuple(
        replace(one, person_id=sitting[one.number].person_id, device=sitting[one.number].device)
        if one.number in sitting
        else one
        for one in picture.positions
    )
    fresh = row.connected and (now or clock.now()) - row.at < FRESH
    return replace(picture, connected=fresh, at=row.at, positions=positions)


def in_service(region_id: RegionId) -> bool:
    """Whether the daemon has ever reported: a telephone that is only planned is not missed."""
    return models.Live.objects.filter(region_id=region_id).exists()


def command(region_id: RegionId, command_id: UUID) -> CommandView:
    """What came of a command. Raises NotFound, also for another region's."""
    row = models.Command.objects.filter(region_id=region_id, id=command_id).first()
    if row is None:
        raise NotFound
    return CommandView(
        id=row.id, kind=CommandKind(row.kind), state=_state(row), problem=row.problem
    )


def seats(region_id: RegionId, *, limit: int = SEATS_MAX) -> list[SeatView]:
    """Every seat that is taken, by number."""
    rows = models.Seat.objects.filter(region_id=region_id, left_at=None).order_by("number")
    return [_seat(row) for row in rows[:limit]]


def seat_of(region_id: RegionId, person_id: UUID) -> SeatView | None:
    """The person's own seat."""
    row = models.Seat.objects.filter(region_id=region_id, person_id=person_id, left_at=None).first()
    return _seat(row) if row else None


def person_at(region_id: RegionId, number: int, at: datetime) -> UUID | None:
    """Who served the position at that moment."""
    row = (
        models.Seat.objects.filter(region_id=region_id, number=number, since__lte=at)
        .filter(Q(left_at=None) | Q(left_at__gt=at))
        .order_by("-since")
        .first()
    )
    return row.person_id if row else None


def _seat(row: models.Seat) -> SeatView:
    return SeatView(
        number=row.number,
        person_id=row.person_id,
        device=Device(row.device),
        username=row.username,
        since=row.since,
        seen_at=row.seen_at,
    )


def _state(row: models.Command) -> CommandState:
    if row.done_at is not None:
        return CommandState.FAILED if row.problem else CommandState.DONE
    return CommandState.TAKEN if row.taken_at is not None else CommandState.WAITING
