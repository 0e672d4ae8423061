"""The only writes of recordings: made known, heard, held, removed. Keeping one is `keeping`."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app as jobs

from siaga.journal import deadlines
from siaga.journal import services as journal
from siaga.journal.types import Actor, Entry
from siaga.kernel.errors import InvalidField, NotFound
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.telephony import events, models
from siaga.telephony.recordings import rules, store
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.services.calllog import call_id as id_of
from siaga.telephony.services.calllog import contact_of

KEEP_TASK, QUEUE = "telephony.keep_recording", "recordings"
REMOVAL = "telephony.recordings_due"
REMOVAL_EVERY = timedelta(hours=1)
REMOVAL_AGAIN = timedelta(seconds=1)
REMOVED_AT_ONCE_MAX = 50
_REASON_CHARS = (5, 300)


def expect(entry: Entry[events.CallEnded]) -> None:
    """A call has ended: whatever Asterisk recorded of it is to be kept."""
    call = models.Call.objects.filter(id=entry.fact.call_id, region_id=entry.region_id).first()
    if call is None or call.ended_at is None:
        return
    _row, made = models.Recording.objects.get_or_create(
        call_id=call.id,
        defaults={
            "region_id": call.region_id,
            "linked_id": call.linked_id,
            "contact_id": contact_of(call),
            "recorded_at": call.presented_at,
            "ended_at": call.ended_at,
            "is_outgoing": call.is_callback,
        },
    )
    if made:
        defer_keeping(entry.region_id, call.id)


def defer_keeping(region_id: RegionId, call_id: UUID) -> None:
    """Put the keeping in the queue. Raises AlreadyEnqueued."""
    task = jobs.configure_task(KEEP_TASK, queue=QUEUE, queueing_lock=f"recording {call_id}")
    task.defer(region_id=region_id, call_id=str(call_id))


def heard(call_id: UUID, *, region_id: RegionId, by: Actor, now: datetime) -> bool:
    """Somebody asks for the sound, or for a further part of it; True for a new listening."""
    person_id = by.person_id
    if person_id is None:
        raise InvalidField(field="by", message="only a person can listen")
    with transaction.atomic():
        _locked(call_id, region_id)
        last = (
            models.Listening.objects.filter(
                region_id=region_id, call_id=call_id, person_id=person_id
            )
            .order_by("-last_at")
            .first()
        )
        if last is not None and rules.is_same_listening(last.last_at, now):
            models.Listening.objects.filter(id=last.id).update(last_at=now)
            return False
        models.Listening.objects.create(
            region_id=region_id, call_id=call_id, person_id=person_id, began_at=now, last_at=now
        )
        journal.record(
            events.RecordingHeard(call_id=call_id, person_id=person_id),
            region_id=region_id,
            by=by,
            now=now,
        )
        return True


def hold(call_id: UUID, *, region_id: RegionId, reason: str, by: Actor, now: datetime) -> None:
    """Keep it beyond its time, until somebody lets it go. One that is held stays as it was held."""
    reason = _reason(reason)
    with transaction.atomic():
        row = _locked(call_id, region_id)
        if row.state == RecordingState.REMOVED:
            raise NotFound
        if row.held_at is not None:
            return
        row.held_at, row.held_by, row.hold_reason = now, by.person_id, reason
        row.save(update_fields=["held_at", "held_by", "hold_reason"])
        journal.record(
            events.RecordingHeld(call_id=call_id, person_id=by.person_id, reason=reason),
            region_id=region_id,
            by=by,
            now=now,
        )


def let_go(call_id: UUID, *, region_id: RegionId, reason: str, by: Actor, now: datetime) -> None:
    """Its time counts again; if that is over, the clock removes it at its next turn."""
    reason = _reason(reason)
    with transaction.atomic():
        row = _locked(call_id, region_id)
        if row.held_at is None:
            return
        row.held_at, row.held_by, row.hold_reason = None, None, ""
        row.save(update_fields=["held_at", "held_by", "hold_reason"])
        watch(region_id, now)
        journal.record(
            events.RecordingLetGo(call_id=call_id, person_id=by.person_id, reason=reason),
            region_id=region_id,
            by=by,
            now=now,
        )


def judge(contact_id: UUID, *, region_id: RegionId, is_noise: bool) -> None:
    """Whether the calls about this contact were noise, as its outcome says now."""
    rows = models.Recording.objects.filter(region_id=region_id, contact_id=contact_id)
    rows.exclude(is_noise=is_noise).update(is_noise=is_noise)


def watch(region_id: RegionId, now: datetime, *, again: timedelta = REMOVAL_EVERY) -> None:
    """See that the clock looks at this region's recordings again; one look at a time is enough."""
    subject = id_of(f"recordings of {region_id}")
    if not deadlines.is_set(region_id, subject, name=REMOVAL):
        deadlines.set_deadline(region_id, name=REMOVAL, subject_id=subject, due_at=now + again)


def tidy(region_id: RegionId, *, now: datetime) -> None:
    """The clock's turn: files of rows that say removed go, and rows whose days are over say so.

    In this order, and the files a turn later: only what is committed as removed is destroyed.
    """
    _discard_removed(region_id)
    removed = _remove_due(region_id, now)
    watch(region_id, now, again=REMOVAL_AGAIN if removed else REMOVAL_EVERY)


def _remove_due(region_id: RegionId, now: datetime) -> int:
    kept = region_queries.profile(region_id).retention
    days = {
        noise: rules.days_kept(noise, kept.recordings_days, kept.noise_days)
        for noise in (False, True)
    }
    over = (
        Q(is_noise=noise, recorded_at__lte=now - timedelta(days=count))
        for noise, count in days.items()
    )
    with transaction.atomic():
        due = models.Recording.objects.select_for_update(skip_locked=True).filter(
            next(over) | next(over),
            region_id=region_id,
            state=RecordingState.READY,
            held_at=None,
        )
        rows = list(due.order_by("recorded_at")[:REMOVED_AT_ONCE_MAX])
        for row in rows:
            row.state, row.removed_at, row.peaks = RecordingState.REMOVED, now, b""
            row.save(update_fields=["state", "removed_at", "peaks"])
            journal.record(
                events.RecordingRemoved(call_id=row.call_id, days=days[row.is_noise]),
                region_id=region_id,
                by=Actor.system("clock"),
                now=now,
            )
    return len(rows)


def _discard_removed(region_id: RegionId) -> None:
    """A removed recording that still has a name may still have its file."""
    left = models.Recording.objects.filter(region_id=region_id, state=RecordingState.REMOVED)
    for row in left.exclude(name="")[: 2 * REMOVED_AT_ONCE_MAX]:
        store.discard(row.name)
        models.Recording.objects.filter(call_id=row.call_id).update(name="")


def _locked(call_id: UUID, region_id: RegionId) -> models.Recording:
    row = (
        models.Recording.objects.select_for_update()
        .filter(call_id=call_id, region_id=region_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def _reason(text: str) -> str:
    text = " ".join(text.split())
    shortest, longest = _REASON_CHARS
    if not shortest <= len(text) <= longest:
        raise InvalidField(field="reason", message=_("Say why, in a few words."))
    return text
