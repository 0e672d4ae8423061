"""Who serves which position by telephone, and the password of the day that lets them.

The password is random, told once, and lives only as a digest in Asterisk: it works the moment the
daemon has put it there and stops the moment the seat is left.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from siaga.journal import services as journal
from siaga.journal.deadlines import cancel_deadlines, set_deadline
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.telephony import events, models, names
from siaga.telephony.errors import NoFreePosition, NoSuchPosition, NoTelephone, PositionTaken
from siaga.telephony.services import commands
from siaga.telephony.types import CommandKind, Device, Seat, SeatEnd

SILENT = timedelta(hours=12)
"""A seat from which nobody was heard for so long is left."""
QUIET = timedelta(minutes=10)
"""After so long a seat may be taken over by somebody who finds none free."""
SEAT_SILENT = "telephony.seat_silent"
_SECRET_BYTES = 24
_LOCK = 11_204


def take(
    region_id: RegionId,
    person_id: UUID,
    *,
    by: Actor,
    now: datetime,
    number: int | None = None,
    device: Device | str = Device.BROWSER,
) -> Seat:
    """Serve a position: the one asked for, else the person's own again, else a free one.

    Each time with a new password. Raises NoTelephone, NoSuchPosition, PositionTaken,
    NoFreePosition.
    """
    phone = region_queries.profile(region_id).phone
    if phone is None:
        raise NoTelephone
    if number is not None and not 1 <= number <= phone.positions:
        raise NoSuchPosition(number=number)
    _one_at_a_time(region_id)
    taken = {row.number: row for row in _open(region_id)}
    own = next((row for row in taken.values() if row.person_id == person_id), None)
    chosen = number or (own.number if own else _free(taken, phone.positions, now))
    sitting = taken.get(chosen)
    if sitting is not None and sitting.person_id != person_id:
        if number is not None and now - sitting.seen_at < QUIET:
            raise PositionTaken(number=chosen)
        _end(sitting, SeatEnd.SILENT, by=by, now=now)
    if own is not None and (own.number != chosen or own.device != device):
        _end(own, SeatEnd.MOVED, by=by, now=now)
        own = None
    return _sit(own, _row(region_id, chosen, person_id, Device(device), now), by=by, now=now)


def keep(region_id: RegionId, person_id: UUID, *, now: datetime) -> bool:
    """The person's screen is still there; False when the seat is theirs no longer."""
    mine = models.Seat.objects.filter(region_id=region_id, person_id=person_id, left_at=None)
    return mine.update(seen_at=now) > 0


def leave(region_id: RegionId, person_id: UUID, *, by: Actor, now: datetime) -> bool:
    """The person stops serving; False when they had no seat."""
    row = _open(region_id).filter(person_id=person_id).first()
    if row is not None:
        _end(row, SeatEnd.LEFT, by=by, now=now)
    return row is not None


def free(region_id: RegionId, number: int, *, by: Actor, now: datetime) -> bool:
    """A supervisor takes the seat away from whoever forgot it; False when it was free."""
    row = _open(region_id).filter(number=number).first()
    if row is not None:
        _end(row, SeatEnd.FREED, by=by, now=now)
    return row is not None


def end_silent(seat_id: UUID, region_id: RegionId, *, now: datetime) -> None:
    """Leave the seat if nothing was heard from it for twelve hours, else look again later."""
    row = _open(region_id).filter(id=seat_id).first()
    if row is None:
        return
    if now - row.seen_at >= SILENT:
        _end(row, SeatEnd.SILENT, by=Actor.system("clock"), now=now)
    else:
        _look_again(row)


def _free(taken: dict[int, models.Seat], positions: int, now: datetime) -> int:
    for number in range(1, positions + 1):
        if number not in taken:
            return number
    quiet = [row for row in taken.values() if now - row.seen_at >= QUIET]
    if not quiet:
        raise NoFreePosition
    return min(quiet, key=lambda row: row.seen_at).number


def _row(
    region_id: RegionId, number: int, person_id: UUID, device: Device, now: datetime
) -> models.Seat:
    return models.Seat(
        region_id=region_id,
        number=number,
        person_id=person_id,
        device=device,
        username=names.seat(region_id, number, device),
        since=now,
        seen_at=now,
    )


def _sit(own: models.Seat | None, fresh: models.Seat, *, by: Actor, now: datetime) -> Seat:
    row = own or fresh
    row.seen_at = now
    row.save()
    region_id, device = RegionId(row.region_id), Device(row.device)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    asked = commands.request(
        CommandKind.SEAT_OPEN,
        region_id,
        {
            "number": row.number,
            "device": device.value,
            "username": row.username,
            "digest": digest(row.username, secret),
        },
        by=by,
        now=now,
    )
    if own is None:
        _look_again(row)
        taken = events.SeatTaken(person_id=row.person_id, number=row.number, device=device.value)
        journal.record(taken, region_id=region_id, by=by, now=now)
    return Seat(
        region_id=region_id,
        number=row.number,
        person_id=row.person_id,
        device=device,
        endpoint=row.username,
        username=row.username,
        secret=secret,
        since=row.since,
        expires_at=now + SILENT,
        command_id=asked,
    )


def digest(username: str, secret: str) -> str:
    """What SIP's digest authentication compares; Asterisk keeps this and never the password."""
    text = f"{username}:{names.REALM}:{secret}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _end(row: models.Seat, reason: SeatEnd, *, by: Actor, now: datetime) -> None:
    region_id = RegionId(row.region_id)
    row.left_at = now
    row.save(update_fields=["left_at"])
    cancel_deadlines(region_id, row.id, now=now, names=(SEAT_SILENT,))
    payload = {"number": row.number, "device": row.device}
    commands.request(CommandKind.SEAT_CLOSE, region_id, payload, by=by, now=now)
    left = events.SeatLeft(person_id=row.person_id, number=row.number, reason=reason.value)
    journal.record(left, region_id=region_id, by=by, now=now)


def _look_again(row: models.Seat) -> None:
    set_deadline(
        RegionId(row.region_id),
        name=SEAT_SILENT,
        subject_id=row.id,
        due_at=row.seen_at + SILENT,
    )


def _open(region_id: RegionId) -> QuerySet[models.Seat]:
    return models.Seat.objects.filter(region_id=region_id, left_at=None).order_by("number")


def _one_at_a_time(region_id: RegionId) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, region_id])
