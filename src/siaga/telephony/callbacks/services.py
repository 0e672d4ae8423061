"""The only writes of the call-back list."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from siaga.journal import services as journal
from siaga.journal.facts import Fact
from siaga.journal.types import Actor, Entry
from siaga.kernel.errors import Conflict, InvalidField, NotFound
from siaga.kernel.types import RegionId
from siaga.telephony import events, models
from siaga.telephony.callbacks import rules
from siaga.telephony.callbacks.types import BY_HAND, CallbackEnd, CallbackWhy
from siaga.telephony.services import commands
from siaga.telephony.types import CallOutcome, CommandKind

NOTE_CHARS_MAX = 300
_NOT_CALLABLE = _("There is no number to call.")
_UNKNOWN_END = _("Say what came of it.")


def call_answered(entry: Entry[events.CallAnswered]) -> None:
    """The number called again and somebody spoke with it: nobody need call back."""
    call = _call(entry.region_id, entry.fact.call_id)
    if call is None or call.is_callback or call.phone is None:
        return
    for row in _open(entry.region_id).filter(phone=call.phone):
        _close(row, CallbackEnd.CALLED_AGAIN, by=entry.actor, now=entry.at)


def call_ended(entry: Entry[events.CallEnded]) -> None:
    """A call that nobody answered, or that was lost, is to be called back; each call once."""
    call = _call(entry.region_id, entry.fact.call_id)
    if call is None or (call.is_test and not settings.SIAGA_DEMO):
        return
    if call.is_callback:
        _attempted(call)
        return
    why = rules.why(
        CallOutcome(entry.fact.outcome),
        cut_off=call.cut_off,
        rang=call.ringing_at is not None,
        overflow=call.overflow,
    )
    if why is not None:
        _want(call, why, by=entry.actor, now=entry.at)


def cut_off(contact_id: UUID, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """A call taker says that the talk was lost: the caller is to be called back."""
    call = _call(region_id, contact_id)
    if call is not None and not call.is_callback and call.ended_at is not None:
        _want(call, CallbackWhy.CUT_OFF, by=by, now=now)


def contact_settled(
    contact_id: UUID, how: CallbackEnd, *, region_id: RegionId, by: Actor, now: datetime
) -> None:
    """The contact of the latest call was written up: there is nothing left to call back for."""
    row = _open(region_id).filter(calls__call_id=contact_id).first()
    if row is None or _latest(row) != contact_id:
        return
    _close(row, how, by=by, now=now)


def contact_reopened(contact_id: UUID, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """The outcome was undone: what it had closed is open again."""
    rows = models.Callback.objects.select_for_update(of=("self",)).filter(
        region_id=region_id, calls__call_id=contact_id, closed_how=CallbackEnd.CONTACT_ENDED
    )
    for one in rows:
        if one.phone and _open(region_id).filter(phone=one.phone).exists():
            continue
        one.closed_at, one.closed_how, one.closed_by = None, "", None
        one.save(update_fields=["closed_at", "closed_how", "closed_by"])
        _record(events.CallbackReopened(callback_id=one.id, call_id=contact_id), one, by, now)


def place(
    callback_id: UUID, position: int, *, region_id: RegionId, by: Actor, now: datetime
) -> UUID:
    """Ask for the call: the position rings first, then the citizen. Returns the command's id.

    Raises NotFound, Conflict when it is settled already, InvalidField without a number.
    """
    with transaction.atomic():
        row = _locked(callback_id, region_id)
        if row.phone is None:
            raise InvalidField(field="number", message=_NOT_CALLABLE)
        payload = {"position": position, "number": row.phone, "contact": str(_latest(row))}
        return commands.request(CommandKind.CALL_BACK, region_id, payload, by=by, now=now)


def settle(
    callback_id: UUID,
    how: CallbackEnd,
    *,
    region_id: RegionId,
    note: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """Write down what came of it. Raises NotFound, Conflict when somebody was faster."""
    if how not in BY_HAND:
        raise InvalidField(field="how", message=_UNKNOWN_END)
    with transaction.atomic():
        _close(_locked(callback_id, region_id), how, note=note, by=by, now=now)


def _want(call: models.Call, why: CallbackWhy, *, by: Actor, now: datetime) -> None:
    if models.CallbackCall.objects.filter(call_id=call.id).exists():
        return
    region_id = RegionId(call.region_id)
    ended = call.ended_at or now
    waited = max(int((ended - call.presented_at).total_seconds()), 0)
    given = {
        "number": call.number,
        "why": why,
        "waited_seconds": waited,
        "cannot_speak": call.cannot_speak,
        "opened_at": call.presented_at,
        "last_at": call.presented_at,
        "is_test": call.is_test,
    }
    rows = models.Callback.objects.select_for_update(of=("self",))
    if call.phone is None:
        row, is_new = rows.create(region_id=region_id, phone=None, **given), True
    else:
        row, is_new = rows.get_or_create(
            region_id=region_id, phone=call.phone, closed_at=None, defaults=given
        )
    if not is_new:
        _again(row, call, why, waited)
    models.CallbackCall.objects.create(
        call_id=call.id, region_id=region_id, callback=row, at=call.presented_at
    )
    told = events.CallbackWanted(
        callback_id=row.id, call_id=call.id, why=row.why, tries=row.tries, first=is_new
    )
    _record(told, row, by, now)


def _again(row: models.Callback, call: models.Call, why: CallbackWhy, waited: int) -> None:
    """The number tried once more; whoever does is not somebody whom we could not reach."""
    row.tries += 1
    row.why = rules.worse(CallbackWhy(row.why), why)
    row.waited_seconds = max(row.waited_seconds, waited)
    row.cannot_speak = row.cannot_speak or call.cannot_speak
    row.last_at = max(row.last_at, call.presented_at)
    row.attempts, row.attempt_answered = 0, False
    row.save()


def _attempted(call: models.Call) -> None:
    """Our own call to a number on the list has ended; what came of it a person says."""
    if call.phone is None:
        return
    for row in _open(RegionId(call.region_id)).filter(phone=call.phone):
        row.attempts += 1
        row.attempted_at, row.attempt_answered = call.presented_at, call.answered_at is not None
        row.save(update_fields=["attempts", "attempted_at", "attempt_answered"])
        told = events.CallbackTried(
            callback_id=row.id, call_id=call.id, answered=row.attempt_answered
        )
        _record(told, row, Actor.channel("phone"), call.ended_at or call.presented_at)


def _close(
    row: models.Callback, how: CallbackEnd, *, note: str = "", by: Actor, now: datetime
) -> None:
    row.closed_at, row.closed_how, row.closed_by = now, how, by.person_id
    row.note = note.strip()[:NOTE_CHARS_MAX]
    row.save(update_fields=["closed_at", "closed_how", "closed_by", "note"])
    told = events.CallbackSettled(callback_id=row.id, call_id=_latest(row), how=how, note=row.note)
    _record(told, row, by, now)


def _record(told: Fact, row: models.Callback, by: Actor, now: datetime) -> None:
    journal.record(told, region_id=RegionId(row.region_id), by=by, now=now)


def _open(region_id: RegionId) -> QuerySet[models.Callback]:
    return models.Callback.objects.select_for_update(of=("self",)).filter(
        region_id=region_id, closed_at=None
    )


def _latest(row: models.Callback) -> UUID:
    return row.calls.order_by("-at", "-call_id").values_list("call_id", flat=True)[0]


def _locked(callback_id: UUID, region_id: RegionId) -> models.Callback:
    rows = models.Callback.objects.select_for_update()
    row = rows.filter(id=callback_id, region_id=region_id).first()
    if row is None:
        raise NotFound
    if row.closed_at is not None:
        raise Conflict
    return row


def _call(region_id: RegionId, call_id: UUID) -> models.Call | None:
    return models.Call.objects.filter(region_id=region_id, id=call_id).first()
