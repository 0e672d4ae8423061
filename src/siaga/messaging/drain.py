"""Stored deliveries become messages. Each row in a transaction of its own, in its own region."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.observability import request_id
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import Channel, RegionId
from siaga.messaging import rules
from siaga.messaging.events import InboundRefused
from siaga.messaging.models import Inbound
from siaga.messaging.services.delivery import record_status
from siaga.messaging.services.receiving import receive
from siaga.messaging.types import InboundState, StatusUpdate
from siaga.messaging.whatsapp.account import account
from siaga.messaging.whatsapp.normalize import (
    Destination,
    Event,
    InboundMessage,
    Trouble,
    normalize,
)

log = structlog.get_logger(__name__)

CHANNEL_OF_NOTIFY = "siaga_inbound"
WHATSAPP_DOOR = "whatsapp"
_ERROR_CHARS_MAX = 500
# What every delivery needs is written out: composing it anew took longer than carrying it out.
_TAKE = """
    SELECT id, region_id, door, body, request_id, received_at, attempts
    FROM messaging_inbound WHERE id = %s AND state = 'new' FOR UPDATE SKIP LOCKED
"""
_SETTLE = """
    UPDATE messaging_inbound SET state = %s, error = %s, processed_at = %s, retry_at = NULL,
        attempts = attempts + 1
    WHERE id = %s
"""
# SQLSTATE classes: connection, resources, operator's intervention, the system around.
_AWAY = {"08", "53", "57", "58"}


def drain_inbound(limit: int = 100, *, turn: int = 0, of: int = 1) -> int:
    """Read up to `limit` stored deliveries, oldest first; returns how many were settled.

    Several drains may run at once; each may be told its `turn` among them, so that they seldom
    reach for the same row. A row that cannot be read is kept as `failed`, one for a stranger's
    number as `quarantined`; a passing failure is tried again later, with an end.
    """
    now = clock.now()
    due = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    with acting_in(ALL_REGIONS):
        _need_not_wait_for_the_disk()
        waiting = list(
            Inbound.objects.filter(due, state=InboundState.NEW)
            .order_by("id")
            .values_list("id", "region_id")[:limit]
        )
    share = waiting[turn::of]
    if len(waiting) < limit:
        # Few are left: nothing waits for a neighbour that hangs.
        share += [row for row in waiting if row not in share]
    return sum(_settle(inbound_id, RegionId(region_id)) for inbound_id, region_id in share)


def _need_not_wait_for_the_disk() -> None:
    """For this connection: a commit that a power cut takes back leaves the delivery to be read."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def _settle(inbound_id: int, region_id: RegionId) -> bool:
    try:
        with acting_in(region_id):
            row = _taken(inbound_id)
            if row is None:
                return False
            token = request_id.set(row.request_id)
            try:
                return _read(row, clock.now())
            finally:
                request_id.reset(token)
    except Exception as failure:
        if _is_database_away(failure):
            raise  # not the row's fault: it simply waits
        log.exception("messaging.inbound_not_settled", inbound=inbound_id)
        with acting_in(region_id):
            row = Inbound.objects.select_for_update().get(id=inbound_id)
            _try_later(row, type(failure).__name__, clock.now())
        return False


def _taken(inbound_id: int) -> Inbound | None:
    """The delivery, ours until the transaction ends; None when somebody else has it."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [inbound_id])
        found = cursor.fetchone()
    if found is None:
        return None
    names = ("id", "region_id", "door", "body", "request_id", "received_at", "attempts")
    return Inbound.from_db("default", names, found)


def _read(row: Inbound, now: datetime) -> bool:
    reader = _DOORS.get(row.door)
    if reader is None:
        _close(row, InboundState.FAILED, f"no reader for the door {row.door[:40]!r}", now)
        return True
    events = reader(row)
    problems: list[tuple[Trouble | None, str]] = []
    for event in events:
        # A savepoint each, where there are neighbours that one failure must not take along.
        try:
            with transaction.atomic(savepoint=len(events) > 1):
                trouble = _apply(RegionId(row.region_id), event, now)
        except Exception as failure:
            if len(events) == 1 or _is_database_away(failure):
                raise
            log.exception("messaging.event_not_settled", inbound=row.id)
            problems.append((None, f"{type(event).__name__}: {type(failure).__name__}"))
        else:
            problems += [trouble] if trouble else []
    if any(trouble is None for trouble, _ in problems):
        _try_later(row, _joined(problems), now)
        return False
    _close(row, _state_after({trouble for trouble, _ in problems}), _joined(problems), now)
    return True


def _apply(region_id: RegionId, event: Event, now: datetime) -> tuple[Trouble, str] | None:
    by = Actor.channel(WHATSAPP_DOOR)
    match event:
        case InboundMessage():
            receive(event.incoming, by=by, now=now)
        case StatusUpdate():
            record_status(region_id, Channel.WHATSAPP, event, by=by, now=now)
        case _:
            return event.trouble, event.reason
    return None


def _from_whatsapp(row: Inbound) -> list[Event]:
    known = account(row.region_id)
    to = Destination(
        region_id=row.region_id,
        phone_number_id=known.phone_number_id if known else "-",
        received_at=row.received_at,
    )
    return normalize(bytes(row.body), to)


_DOORS: dict[str, Callable[[Inbound], list[Event]]] = {WHATSAPP_DOOR: _from_whatsapp}


def _is_database_away(failure: Exception) -> bool:
    """Lost, shut down, full or out of connections; a deadlock or a bad value is something else."""
    if not isinstance(failure, (OperationalError, InterfaceError)):
        return False
    state = getattr(failure.__cause__, "sqlstate", None)
    return state is None or state[:2] in _AWAY


def _state_after(troubles: set[Trouble | None]) -> InboundState:
    if Trouble.BROKEN in troubles:
        return InboundState.FAILED
    return InboundState.QUARANTINED if Trouble.FOREIGN in troubles else InboundState.DONE


def _joined(problems: list[tuple[Trouble | None, str]]) -> str:
    return "; ".join(dict.fromkeys(reason for _, reason in problems))[:_ERROR_CHARS_MAX]


def _close(row: Inbound, state: InboundState, error: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [state.value, error, now, row.id])
    if state is not InboundState.DONE:
        journal.record(
            InboundRefused(inbound_id=row.id, door=row.door, state=state.value),
            region_id=RegionId(row.region_id),
            by=Actor.channel(row.door),
            now=now,
        )


def _try_later(row: Inbound, error: str, now: datetime) -> None:
    if row.attempts + 1 >= rules.INBOUND_ATTEMPTS_MAX:
        _close(row, InboundState.FAILED, f"gave up: {error}", now)
        return
    row.attempts += 1
    row.error = error[:_ERROR_CHARS_MAX]
    wait = rules.back_off_seconds(row.attempts, rules.INBOUND_WAIT_SECONDS_MAX)
    row.retry_at = now + timedelta(seconds=wait)
    row.save(update_fields=["attempts", "error", "retry_at"])


class InboundBell:
    """Hears the edge's NOTIFY on a connection of its own. A deaf bell only means polling."""

    def __init__(self) -> None:
        self._listening: psycopg.Connection | None = None

    def wait(self, timeout: float) -> bool:
        """Sleep until something came in, at most `timeout` seconds. True when it rang."""
        started = monotonic()
        try:
            listening = self._connected()
            for _ in listening.notifies(timeout=timeout, stop_after=1):
                return True
        except psycopg.Error:
            self.close()
            threading.Event().wait(max(timeout - (monotonic() - started), 0))
        return False

    def _connected(self) -> psycopg.Connection:
        if self._listening is None or self._listening.closed:
            parameters = connection.get_connection_params()
            wanted = {
                name: value
                for name, value in parameters.items()
                if name not in ("cursor_factory", "context", "prepare_threshold")
            }
            self._listening = psycopg.connect(**wanted, autocommit=True)
            self._listening.execute(f"LISTEN {CHANNEL_OF_NOTIFY}")
        return self._listening

    def close(self) -> None:
        """Let the connection go."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None


_bells = threading.local()


def wait_for_inbound(timeout: float) -> bool:
    """Wait for the next delivery with this thread's own bell; also returns after `timeout`.

    Drain after every return: a delivery may have come before the bell was listening.
    """
    bell: InboundBell | None = getattr(_bells, "bell", None)
    if bell is None:
        bell = _bells.bell = InboundBell()
    return bell.wait(timeout)
