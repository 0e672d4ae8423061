"""Things that must happen at a time: escalation steps, clocks, call-backs.

They have their own table and loop, so that they never wait behind a slow job. A room lists its
handlers in `deadlines.py` under the name DEADLINES: `{"dispatch.escalate": handler}`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps

from siaga.journal.models import Deadline
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId

BATCH_MAX = 50
ATTEMPTS_MAX = 10
RETRY_SECONDS = 2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A deadline that has come, as handed to its room."""

    id: UUID
    region_id: RegionId
    name: str
    subject_id: UUID
    due_at: datetime
    data: dict[str, Any]


Handler = Callable[[Due, datetime], None]


@cache
def handlers() -> dict[str, Handler]:
    """Every room's deadline handlers by name; a name served twice is a TypeError."""
    found: dict[str, Handler] = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("siaga.") or app.name == "siaga.journal":
            continue
        if find_spec(f"{app.name}.deadlines") is None:
            continue
        own: dict[str, Handler] = import_module(f"{app.name}.deadlines").DEADLINES
        twice = found.keys() & own.keys()
        if twice:
            raise TypeError(f"deadlines served twice: {sorted(twice)}")
        found.update(own)
    return found


def set_deadline(
    region_id: RegionId,
    *,
    name: str,
    subject_id: UUID,
    due_at: datetime,
    data: dict[str, Any] | None = None,
) -> UUID:
    """Ask to be called at `due_at`, in the caller's transaction; the id can serve as a token."""
    row = Deadline.objects.create(
        region_id=region_id, name=name, subject_id=subject_id, due_at=due_at, data=data or {}
    )
    return row.id


def cancel_deadlines(
    region_id: RegionId, subject_id: UUID, *, now: datetime, names: tuple[str, ...] = ()
) -> int:
    """Call off what is still to come for a subject; returns how many."""
    rows = Deadline.objects.filter(region_id=region_id, subject_id=subject_id, finished_at=None)
    if names:
        rows = rows.filter(name__in=names)
    return rows.update(finished_at=now, outcome="cancelled")


def is_set(region_id: RegionId, subject_id: UUID, *, name: str) -> bool:
    """Whether this is still to come for a subject."""
    rows = Deadline.objects.filter(region_id=region_id, subject_id=subject_id, finished_at=None)
    return rows.filter(name=name).exists()


def run_due(now: datetime) -> int:
    """Serve what is due, oldest first, each in a transaction of its own; returns how many.

    A handler that fails is tried again, ATTEMPTS_MAX times with growing pauses; then it is marked
    `failed` and the auditor shows it.
    """
    served = 0
    while served < BATCH_MAX and _serve_one(now):
        served += 1
    return served


def _serve_one(now: datetime) -> bool:
    with acting_in(ALL_REGIONS):
        row = (
            Deadline.objects.select_for_update(skip_locked=True)
            .filter(finished_at=None, due_at__lte=now)
            .order_by("due_at")
            .first()
        )
        if row is None:
            return False
        try:
            with acting_in(row.region_id):
                handlers()[row.name](_due(row), now)
        except Exception:
            _log.exception("deadline_failed name=%s id=%s", row.name, row.id)
            _postpone(row, now)
        else:
            row.finished_at, row.outcome = now, "served"
            row.save(update_fields=["finished_at", "outcome"])
        return True


def _postpone(row: Deadline, now: datetime) -> None:
    row.attempts += 1
    if row.attempts >= ATTEMPTS_MAX:
        row.finished_at, row.outcome = now, "failed"
    else:
        row.due_at = now + timedelta(seconds=RETRY_SECONDS**row.attempts)
    row.save(update_fields=["attempts", "due_at", "finished_at", "outcome"])


def _due(row: Deadline) -> Due:
    return Due(
        id=row.id,
        region_id=RegionId(row.region_id),
        name=row.name,
        subject_id=row.subject_id,
        due_at=row.due_at,
        data=row.data,
    )
