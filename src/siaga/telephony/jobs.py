"""Deferred work of telephony: keeping recordings, and the sweeps that find what was left."""

from datetime import timedelta
from threading import Semaphore
from uuid import UUID

import structlog
from django.db import transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from siaga.kernel import clock
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.grades import services as grades
from siaga.telephony.recordings import keeping, legs, services, store
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.selftest import services as selftest

SWEEP_AFTER = timedelta(minutes=2)
SWEEP_BATCH = 200
DRAFTS_AFTER = timedelta(hours=1)
_CRASH_ATTEMPTS_MAX = 6
_AT_ONCE = Semaphore(2)  # messages must not wait behind recordings
_log = structlog.get_logger(__name__)


class Patience(BaseRetryStrategy):
    """As long as the keeping itself asks for; a few times after a crash, then the sweep."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to run again, or None for the sweep to pick the row up later."""
        if isinstance(exception, keeping.NotYet):
            return RetryDecision(retry_in={"seconds": exception.seconds})
        if job.attempts >= _CRASH_ATTEMPTS_MAX:
            return None
        return RetryDecision(retry_in={"seconds": 2**job.attempts})


@app.task(name=services.KEEP_TASK, queue=services.QUEUE, retry=Patience())
def keep_recording(region_id: str, call_id: str) -> None:
    """Join, encrypt and keep what Asterisk recorded of one call."""
    if not _AT_ONCE.acquire(blocking=False):
        raise keeping.NotYet(keeping.AGAIN_SECONDS, "others are being kept")
    try:
        keeping.keep(RegionId(region_id), UUID(call_id), now=clock.now())
    finally:
        _AT_ONCE.release()


@app.periodic(cron="* * * * *")
@app.task(
    name="telephony.sweep_recordings",
    queue=services.QUEUE,
    queueing_lock="telephony.sweep_recordings",
)
def sweep_recordings(timestamp: int) -> None:
    """Rows whose job is gone, files that came late or were left, drafts of killed processes."""
    now = clock.now()
    store.sweep_drafts(now - DRAFTS_AFTER)
    left = list(legs.linked_ids(store.plain_folder()))
    with acting_in(ALL_REGIONS):
        rows = models.Recording.objects
        waiting = rows.filter(state=RecordingState.WAITING, ended_at__lt=now - SWEEP_AFTER)
        found = list(waiting.order_by("ended_at")[:SWEEP_BATCH])
        # A call under way has files and no row yet: it is left alone.
        settled = rows.filter(linked_id__in=left, ended_at__lt=now - SWEEP_AFTER)
        found += settled.exclude(state__in=(RecordingState.WAITING, RecordingState.BROKEN))[
            :SWEEP_BATCH
        ]
        for row in found:
            _again(row)


@app.periodic(cron="* * * * *")
@app.task(name="telephony.tell_grades", queue=services.QUEUE, queueing_lock="telephony.tell_grades")
def tell_grades(timestamp: int) -> None:
    """Graded numbers that Asterisk was not told of, and those whose time is over."""
    now = clock.now()
    grades.tell_again(now)
    grades.end_expired(now)


def _again(row: models.Recording) -> None:
    try:
        with transaction.atomic():
            services.defer_keeping(RegionId(row.region_id), row.call_id)
    except AlreadyEnqueued:
        pass  # its job is waiting for its turn


@app.task(name=selftest.TASK, queue=selftest.QUEUE)
def self_test(region_id: str, test_id: str) -> None:
    """Call ourselves and see; at most a good minute. What a killed worker left has failed."""
    selftest.run(RegionId(region_id), UUID(test_id))


@app.periodic(cron="* * * * *")
@app.task(
    name="telephony.begin_self_tests",
    queue=selftest.QUEUE,
    queueing_lock="telephony.begin_self_tests",
)
def begin_self_tests(timestamp: int) -> None:
    """Regions whose nightly hour has come."""
    selftest.begin_due(clock.now())
