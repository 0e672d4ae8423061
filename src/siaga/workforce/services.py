"""The only writes about desks. Each runs in one transaction with its fact.

The caller acts in the region (`kernel.tenancy.acting_in`), so no desk of another is ever met.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.journal import services as journal
from siaga.journal.facts import Fact
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.kernel.types import RegionId
from siaga.workforce import errors, events, rules
from siaga.workforce.models import Position, PresenceSpan, Sitting
from siaga.workforce.types import (
    BreakReason,
    LeaveReason,
    PositionId,
    PositionKind,
    Presence,
    SittingId,
)


def open_position(
    *,
    region_id: RegionId,
    code: str,
    name: str,
    kind: PositionKind = PositionKind.CALL_TAKING,
    by: Actor,
    now: datetime,
) -> PositionId:
    """Set up a desk; a closed one with the same code comes back with the new name.

    Raises PositionCodeUsed if one in use has the code.
    """
    with transaction.atomic():
        row = Position.objects.select_for_update().filter(region_id=region_id, code=code).first()
        if row is not None and row.active:
            raise errors.PositionCodeUsed(position=code)
        if row is None:
            row = Position(region_id=region_id, code=code, created_at=now)
        row.name, row.kind, row.active = name, kind, True
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:  # somebody else set it up at the same moment
            raise errors.PositionCodeUsed(position=code) from error
        fact = events.PositionOpened(position_id=row.id, code=code, name=name, kind=kind)
        journal.record(fact, region_id=region_id, by=by, now=now)
    return PositionId(row.id)


def close_position(*, position_id: UUID, by: Actor, now: datetime) -> None:
    """Take a desk out of use. Raises PositionTaken while somebody sits there."""
    with transaction.atomic():
        position = _locked(position_id)
        if Sitting.objects.filter(position=position, left_at=None).exists():
            raise errors.PositionTaken(position=position.name)
        if not position.active:
            return
        position.active = False
        position.save(update_fields=["active"])
        fact = events.PositionClosed(position_id=position.id, code=position.code)
        _record(fact, position, by=by, now=now)


def take_position(
    *, position_id: UUID, person_id: UUID, relieve: bool = False, by: Actor, now: datetime
) -> SittingId:
    """Sit down at a desk, available. Whoever sat elsewhere has moved.

    Taking the desk one already has changes nothing. With `relieve` the person sitting there is
    relieved. Raises NotFound, PositionClosed, PositionTaken, MayNotSit.
    """
    with transaction.atomic():
        position = _locked(position_id)
        region_id = RegionId(position.region_id)
        _ensure_may_sit(person_id, region_id, now)
        if not position.active:
            raise errors.PositionClosed(position=position.name)
        there = _open_sittings().filter(position=position).first()
        if there is not None and there.person_id == person_id:
            return SittingId(there.id)
        if there is not None and not relieve:
            raise errors.PositionTaken(position=position.name)
        if there is not None:
            _end(there, LeaveReason.RELIEVED, by=by, now=now)
        elsewhere = _open_sittings().filter(region_id=region_id, person_id=person_id).first()
        if elsewhere is not None:
            _end(elsewhere, LeaveReason.MOVED, by=by, now=now)
        return _sit(position, person_id, by=by, now=now)


def leave(
    *,
    region_id: RegionId,
    person_id: UUID,
    reason: LeaveReason = LeaveReason.LEFT,
    by: Actor,
    now: datetime,
) -> bool:
    """Get up from the desk; False if the person sat at none."""
    with transaction.atomic():
        sitting = _open_sittings().filter(region_id=region_id, person_id=person_id).first()
        if sitting is None:
            return False
        _end(sitting, reason, by=by, now=now)
    return True


def set_presence(
    *,
    region_id: RegionId,
    person_id: UUID,
    presence: Presence,
    break_reason: BreakReason | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Say what the person at the desk is doing; the same again changes nothing.

    Raises NotSeated, and BreakNeedsReason unless exactly a break has a reason.
    """
    rules.ensure_presence(presence, break_reason)
    with transaction.atomic():
        sitting = _open_sittings().filter(region_id=region_id, person_id=person_id).first()
        if sitting is None:
            raise errors.NotSeated()
        span = PresenceSpan.objects.get(sitting=sitting, until=None)
        if (span.presence, span.break_reason) == (presence, break_reason):
            return
        _end_span(sitting, now)
        _begin_span(sitting, presence, break_reason, now)
        fact = events.PresenceChanged(
            position_id=sitting.position_id,
            sitting_id=sitting.id,
            person_id=person_id,
            code=sitting.position.code,
            presence=presence,
            break_reason=break_reason,
        )
        _record(fact, sitting.position, by=by, now=now)


def _open_sittings() -> QuerySet[Sitting]:
    return (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("position")
        .filter(left_at=None)
    )


def _locked(position_id: UUID) -> Position:
    position = Position.objects.select_for_update().filter(id=position_id).first()
    if position is None:
        raise NotFound()
    return position


def _ensure_may_sit(person_id: UUID, region_id: RegionId, now: datetime) -> None:
    viewer = accounts.viewer(person_id, region_id, now)
    if viewer is None or not viewer.may(Permission.CONSOLE_USE):
        raise errors.MayNotSit()


def _sit(position: Position, person_id: UUID, *, by: Actor, now: datetime) -> SittingId:
    try:
        with transaction.atomic():
            sitting = Sitting.objects.create(
                region_id=position.region_id, position=position, person_id=person_id, taken_at=now
            )
    except IntegrityError as error:  # the same person sat down at two desks at once
        raise errors.PositionTaken(position=position.name) from error
    _begin_span(sitting, Presence.AVAILABLE, None, now)
    fact = events.PositionTaken(
        position_id=position.id, sitting_id=sitting.id, person_id=person_id, code=position.code
    )
    _record(fact, position, by=by, now=now)
    return SittingId(sitting.id)


def _end(sitting: Sitting, reason: LeaveReason, *, by: Actor, now: datetime) -> None:
    _end_span(sitting, now)
    sitting.left_at, sitting.left_because = now, reason
    sitting.save(update_fields=["left_at", "left_because"])
    fact = events.PositionLeft(
        position_id=sitting.position_id,
        sitting_id=sitting.id,
        person_id=sitting.person_id,
        code=sitting.position.code,
        reason=reason,
    )
    _record(fact, sitting.position, by=by, now=now)


def _begin_span(
    sitting: Sitting, presence: Presence, reason: BreakReason | None, now: datetime
) -> None:
    PresenceSpan.objects.create(
        region_id=sitting.region_id,
        sitting=sitting,
        presence=presence,
        break_reason=reason,
        since=now,
    )


def _end_span(sitting: Sitting, now: datetime) -> None:
    PresenceSpan.objects.filter(sitting=sitting, until=None).update(until=now)


def _record(fact: Fact, position: Position, *, by: Actor, now: datetime) -> None:
    journal.record(fact, region_id=RegionId(position.region_id), by=by, now=now)
