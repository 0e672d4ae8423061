"""Figures of the centre that live in the database, read when Prometheus asks."""

from collections.abc import Iterable

from django.db.models import Count
from procrastinate.contrib.django.models import ProcrastinateJob

from siaga.intake import queries as intake
from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.observability.metrics import Sample, figure
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.messaging import queries as messaging
from siaga.telephony import record_queries

JOB_GROUPS_MAX = 200


def register() -> None:
    """Tell the metrics where each figure is read. May be called again."""
    for name, meaning, read, labels in (
        ("siaga_contacts_waiting", "Contacts nobody has taken.", _waiting, ("region",)),
        (
            "siaga_contacts_waiting_seconds",
            "How long the first of them has been waiting.",
            _waiting_seconds,
            ("region",),
        ),
        ("siaga_jobs", "Jobs by queue and state.", _jobs, ("queue", "status")),
        ("siaga_deadlines_overdue", "Deadlines due and unserved, up to 100.", _overdue, ()),
        ("siaga_deadline_late_seconds", "How late the latest of them is.", _late_seconds, ()),
        ("siaga_inbox", "Raw deliveries by state.", _inbox, ("state",)),
        (
            "siaga_process_silent_seconds",
            "Since each process's last sign of life.",
            _silent_seconds,
            ("process",),
        ),
        ("siaga_phone_free_bytes", "Room for Asterisk's record of calls.", _phone_free, ()),
        ("siaga_calls_unrecorded", "Calls of a day that the record lacks.", _unrecorded, ()),
    ):
        figure(name, meaning, read, labels=labels)


def _waiting() -> Iterable[Sample]:
    with acting_in(ALL_REGIONS):
        counts = intake.waiting_counts()
    return [((region,), float(count)) for region, (count, _) in counts.items()]


def _waiting_seconds() -> Iterable[Sample]:
    now = clock.now()
    with acting_in(ALL_REGIONS):
        counts = intake.waiting_counts()
    return [
        ((region,), max(0.0, (now - first).total_seconds()))
        for region, (_, first) in counts.items()
    ]


def _jobs() -> Iterable[Sample]:
    rows = ProcrastinateJob.objects.values_list("queue_name", "status").annotate(n=Count("id"))
    return [((queue, status), float(count)) for queue, status, count in rows[:JOB_GROUPS_MAX]]


def _overdue() -> Iterable[Sample]:
    with acting_in(ALL_REGIONS):
        return [((), float(len(journal.overdue_deadlines(clock.now()))))]


def _late_seconds() -> Iterable[Sample]:
    now = clock.now()
    with acting_in(ALL_REGIONS):
        overdue = journal.overdue_deadlines(now, limit=1)
    return [((), max(((now - due).total_seconds() for _, _, due in overdue), default=0.0))]


def _inbox() -> Iterable[Sample]:
    with acting_in(ALL_REGIONS):
        health = messaging.inbound_health()
    return [
        (("waiting",), float(health.waiting)),
        (("failed",), float(health.failed)),
        (("quarantined",), float(health.quarantined)),
    ]


def _silent_seconds() -> Iterable[Sample]:
    now = clock.now()
    return [
        ((process,), max(0.0, (now - at).total_seconds()))
        for process, at in journal.heartbeats().items()
    ]


def _phone_free() -> Iterable[Sample]:
    free = record_queries.free_bytes()
    return [] if free is None else [((), float(free))]


def _unrecorded() -> Iterable[Sample]:
    with acting_in(ALL_REGIONS):
        return [((), float(record_queries.unrecorded(clock.now())[0]))]
