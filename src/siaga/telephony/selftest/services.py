"""The only writes of self-tests: begun, run, judged, written down."""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from siaga.journal import queries as journal_queries
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.telephony import events, live_queries, models
from siaga.telephony.asterisk import centre
from siaga.telephony.errors import NoTelephone
from siaga.telephony.live.picture import from_stored
from siaga.telephony.plan import plan_of
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.selftest import judging, queries
from siaga.telephony.selftest.calling import call_ourselves
from siaga.telephony.selftest.types import Check, Kept, Observed
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CallOutcome

TASK, QUEUE = "telephony.self_test", "self_test"
DEAD_AFTER = timedelta(minutes=5)
SETTLE_SECONDS = 25.0
_STEP_SECONDS = 0.5
CONTACT_OPENED = "intake.contact_opened"
"""The downstream fact that proves a contact; the journal knows it by its name."""


def begin(region_id: RegionId, *, by: Actor, now: datetime) -> UUID | None:
    """Have the telephone tested; None while a test is running. Raises NoTelephone."""
    if region_queries.profile(region_id).phone is None:
        raise NoTelephone
    with transaction.atomic():
        _bury(region_id, now)
        row, made = models.SelfTest.objects.get_or_create(
            region_id=region_id,
            ended_at=None,
            defaults={"started_at": now, "asked_by": by.person_id},
        )
        if not made:
            return None
        task = jobs.configure_task(TASK, queue=QUEUE)
        task.defer(region_id=region_id, test_id=str(row.id))
        return row.id


def run(region_id: RegionId, test_id: UUID) -> None:
    """Call, wait for what the others write, judge, write down. A test is run once."""
    with acting_in(region_id):
        if not models.SelfTest.objects.filter(id=test_id, ended_at=None).exists():
            return
        plan = plan_of(region_queries.profile(region_id))
    if plan is None:
        _finish(region_id, test_id, Observed(problem="no telephone any more"), Kept())
        return
    prompt = str(centre.home() / "prompts" / region_id / "self-test")
    login = centre.manager_login([plan])
    seen = call_ourselves(login, plan, prompt, lambda key: _in_picture(region_id, key))
    _finish(region_id, test_id, seen, _settled(region_id, seen))


def begin_due(now: datetime) -> list[RegionId]:
    """Every region whose nightly hour has come and that was not tested since."""
    begun = []
    for region_id in region_queries.region_ids():
        profile = region_queries.profile(region_id)
        if profile.phone is None:
            continue
        with acting_in(region_id):
            if not live_queries.in_service(region_id):
                continue
            latest = queries.latest(region_id)
            since = latest.started_at if latest else None
            if judging.is_due(profile.phone.self_test_at, profile.zone, since, now) and begin(
                region_id, by=Actor.system("clock"), now=now
            ):
                begun.append(region_id)
    return begun


def _settled(region_id: RegionId, seen: Observed) -> Kept:
    """What the call log and the others made of it, as soon as they have."""
    kept, until = Kept(), time.monotonic() + SETTLE_SECONDS
    while seen.linked_id and time.monotonic() < until:
        kept = _kept(region_id, seen.linked_id)
        if kept.outcome and kept.has_contact and (kept.is_recorded or not kept.answered):
            break
        time.sleep(_STEP_SECONDS)
    return kept


def _kept(region_id: RegionId, linked_id: str) -> Kept:
    key = call_id(linked_id)
    with acting_in(region_id):
        call = models.Call.objects.filter(region_id=region_id, id=key).first()
        if call is None:
            return Kept()
        told = {entry.name for entry in journal_queries.timeline(region_id, key)}
        recorded = models.Recording.objects.filter(
            region_id=region_id, call_id=key, state=RecordingState.READY
        )
        return Kept(
            outcome=CallOutcome(call.outcome) if call.outcome else None,
            answered=call.answered_at is not None,
            has_contact=CONTACT_OPENED in told,
            is_recorded=recorded.exists(),
        )


def _in_picture(region_id: RegionId, linked_id: str) -> bool:
    with acting_in(region_id):
        row = models.Live.objects.filter(region_id=region_id).first()
    return row is not None and from_stored(row.picture).call(linked_id) is not None


def _finish(region_id: RegionId, test_id: UUID, seen: Observed, kept: Kept) -> None:
    failed = judging.failures(seen, kept)
    now = clock.now()
    with acting_in(region_id):
        key = call_id(seen.linked_id) if seen.linked_id else None
        call = models.Call.objects.filter(region_id=region_id, id=key).first() if key else None
        changed = models.SelfTest.objects.filter(id=test_id, ended_at=None).update(
            ended_at=now,
            linked_id=seen.linked_id,
            failed=[check.value for check in failed],
            note=seen.problem[:200],
            path=seen.path,
            outcome=kept.outcome or "",
            rang_position=call.position if call else None,
        )
        if changed:
            _tell(region_id, key, failed, now)


def _bury(region_id: RegionId, now: datetime) -> None:
    """A test whose process was killed has failed; it must not keep the next one away."""
    dead = models.SelfTest.objects.filter(
        region_id=region_id, ended_at=None, started_at__lt=now - DEAD_AFTER
    )
    if dead.update(ended_at=now, failed=[Check.BROKE_OFF.value]):
        _tell(region_id, None, (Check.BROKE_OFF,), now)


def _tell(region_id: RegionId, key: UUID | None, failed: tuple[Check, ...], now: datetime) -> None:
    words = tuple(check.value for check in failed)
    told = events.SelfTested(call_id=key, failed=words)
    journal.record(told, region_id=region_id, by=Actor.system("self-test"), now=now)
