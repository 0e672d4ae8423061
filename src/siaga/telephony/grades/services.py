"""The only writes of graded numbers. Asterisk is told by the daemon; this table is the truth."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from siaga.journal import services as journal
from siaga.journal.facts import Fact
from siaga.journal.types import Actor
from siaga.kernel.errors import Conflict, InvalidField, NotFound
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import events, live_queries, models
from siaga.telephony.grades.types import Grade, GradeEnd
from siaga.telephony.services import commands
from siaga.telephony.types import CommandKind, CommandState

TELL_AGAIN_MAX = 100
HOLD_HOURS_MAX = 24
_REASON_CHARS = (5, 300)


def give(
    phone: str,
    grade: Grade,
    until: datetime,
    *,
    region_id: RegionId,
    reason: str,
    contact_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Grade a number by what people wrote down of its calls; until then it counts.

    What a supervisor decided stays. The same grade again only moves its end.
    """
    with transaction.atomic():
        row = _open(region_id, phone).filter(proposed=False).first()
        if row is not None and row.by_hand:
            return
        if row is not None and row.grade == grade:
            if row.until != until:
                row.until, row.told = until, False
                row.save(update_fields=["until", "told"])
                _tell(row, by, now)
            return
        if row is not None:
            _end(row, GradeEnd.REPLACED, by, now)
        _begin(
            models.NumberGrade(
                region_id=region_id, phone=phone, grade=grade, until=until, reason=reason,
                contact_id=contact_id, given_at=now,
            ),
            by,
            now,
        )  # fmt: skip


def propose_hold(
    phone: str,
    until: datetime,
    *,
    region_id: RegionId,
    reason: str,
    contact_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """Ask the supervisor whether the number should be held; nothing else changes meanwhile."""
    with transaction.atomic():
        if _open(region_id, phone).filter(grade=Grade.HOLD).exists():
            return
        row = models.NumberGrade.objects.create(
            region_id=region_id, phone=phone, grade=Grade.HOLD, proposed=True, until=until,
            reason=reason, contact_id=contact_id, given_at=now, told=True,
        )  # fmt: skip
        told = events.NumberHoldProposed(
            grade_id=row.id, contact_id=contact_id, phone=phone, reason=reason
        )
        _record(told, row, by, now)


def hold(
    phone: str,
    hours: int,
    *,
    region_id: RegionId,
    reason: str,
    contact_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """A supervisor holds the number for some hours; whoever presses 1 still gets through."""
    if not 1 <= hours <= HOLD_HOURS_MAX:
        raise InvalidField(field="hours", message=_("Between 1 and 24 hours."))
    reason = _said(reason)
    with transaction.atomic():
        for row in _open(region_id, phone):
            _end(row, GradeEnd.REPLACED, by, now)
        _begin(
            models.NumberGrade(
                region_id=region_id, phone=phone, grade=Grade.HOLD, by_hand=True, reason=reason,
                until=now + timedelta(hours=hours), contact_id=contact_id, given_at=now,
                given_by=by.person_id,
            ),
            by,
            now,
        )  # fmt: skip


def lift(
    phone: str,
    why: GradeEnd,
    *,
    region_id: RegionId,
    note: str = "",
    by: Actor,
    now: datetime,
) -> bool:
    """The number is taken like any other again, at once; False if it was already."""
    with transaction.atomic():
        rows = list(_open(region_id, phone))
        for row in rows:
            _end(row, why, by, now, note)
            if not row.proposed:
                _tell(row, by, now)
        return bool(rows)


def fade(phone: str, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """What people wrote down weighs too little by now; a supervisor's decision stays."""
    with transaction.atomic():
        for row in _open(region_id, phone).filter(by_hand=False):
            _end(row, GradeEnd.FADED, by, now)
            if not row.proposed:
                _tell(row, by, now)


def lift_by_hand(
    grade_id: UUID, *, region_id: RegionId, reason: str, by: Actor, now: datetime
) -> None:
    """Somebody lifts a grade, or dismisses a proposal, and says why. NotFound, Conflict."""
    note = _said(reason)
    with transaction.atomic():
        rows = models.NumberGrade.objects.select_for_update()
        row = rows.filter(id=grade_id, region_id=region_id).first()
        if row is None:
            raise NotFound
        if row.ended_at is not None:
            raise Conflict
        if row.proposed:
            _end(row, GradeEnd.DISMISSED, by, now, note)
        else:
            lift(row.phone, GradeEnd.LIFTED, region_id=region_id, note=note, by=by, now=now)


def end_expired(now: datetime) -> int:
    """Decisions and proposals whose time is over end; Asterisk knows the time itself."""
    ended = 0
    with acting_in(ALL_REGIONS):
        rows = models.NumberGrade.objects.select_for_update(skip_locked=True)
        for row in rows.filter(ended_at=None, until__lte=now)[:TELL_AGAIN_MAX]:
            with acting_in(row.region_id):
                _end(row, GradeEnd.EXPIRED, Actor.system("work"), now)
            ended += 1
    return ended


def tell_again(now: datetime) -> int:
    """Ask anew for what Asterisk was not told, because nobody was there; returns how many."""
    asked = 0
    with acting_in(ALL_REGIONS):
        rows = models.NumberGrade.objects.select_for_update(skip_locked=True)
        for row in rows.filter(told=False, until__gt=now).order_by("until")[:TELL_AGAIN_MAX]:
            asked += _ask_again(row, now)
        rows.filter(told=False, until__lte=now).update(told=True)  # it counts no more by itself
    return asked


def _ask_again(row: models.NumberGrade, now: datetime) -> bool:
    region_id = RegionId(row.region_id)
    try:
        assert row.command_id is not None
        state = live_queries.command(region_id, row.command_id).state
    except (AssertionError, NotFound):
        state = CommandState.FAILED
    if state is CommandState.DONE:
        row.told = True
        row.save(update_fields=["told"])
    elif state is CommandState.FAILED and _is_latest(row):
        with acting_in(region_id):
            _tell(row, Actor.system("work"), now)
        return True
    elif state is CommandState.FAILED:
        row.told = True
        row.save(update_fields=["told"])
    return False


def _is_latest(row: models.NumberGrade) -> bool:
    """Whether no younger grade of the same number has something else to say."""
    younger = models.NumberGrade.objects.filter(
        region_id=row.region_id, phone=row.phone, proposed=False, given_at__gt=row.given_at
    )
    return not younger.exists()


def _begin(row: models.NumberGrade, by: Actor, now: datetime) -> None:
    row.save(force_insert=True)
    _tell(row, by, now)
    told = events.NumberGraded(
        grade_id=row.id,
        contact_id=row.contact_id,
        phone=row.phone,
        grade=row.grade,
        until=row.until,
        reason=row.reason,
    )
    _record(told, row, by, now)


def _end(row: models.NumberGrade, why: GradeEnd, by: Actor, now: datetime, note: str = "") -> None:
    row.ended_at, row.ended_why = now, why
    row.save(update_fields=["ended_at", "ended_why"])
    told = events.NumberGradeEnded(
        grade_id=row.id, contact_id=row.contact_id, phone=row.phone, why=why, note=note
    )
    _record(told, row, by, now)


def _tell(row: models.NumberGrade, by: Actor, now: datetime) -> None:
    region_id = RegionId(row.region_id)
    if row.ended_at is None:
        payload = {
            "phone": row.phone,
            "how": Grade(row.grade).how,
            "until": int(row.until.timestamp()),
        }
        kind = CommandKind.GRADE
    else:
        payload, kind = {"phone": row.phone}, CommandKind.UNGRADE
    row.command_id = commands.request(kind, region_id, payload, by=by, now=now)
    row.told = False
    row.save(update_fields=["command_id", "told"])


def _record(told: Fact, row: models.NumberGrade, by: Actor, now: datetime) -> None:
    journal.record(told, region_id=RegionId(row.region_id), by=by, now=now)


def _open(region_id: RegionId, phone: str) -> QuerySet[models.NumberGrade]:
    rows = models.NumberGrade.objects.select_for_update()
    return rows.filter(region_id=region_id, phone=phone, ended_at=None)


def _said(reason: str) -> str:
    reason = " ".join(reason.split())
    shortest, longest = _REASON_CHARS
    if not shortest <= len(reason) <= longest:
        raise InvalidField(field="reason", message=_("Say why, in a few words."))
    return reason
