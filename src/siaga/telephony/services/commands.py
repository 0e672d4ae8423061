"""What the console asks of the daemon that holds the line to Asterisk.

A command is done once or not at all: it is marked as taken before it is carried out, and what
nobody took within ten seconds is never done. What each kind needs in its payload:

* `seat_open` number, device, username, digest · `seat_close` number, device
* `ready` number · `pause` number, reason · `wrap_up_done` number
* `hangup` call (a linkedid: the whole call) or position (its own leg)
* `call_back` position, number, contact (an id, may be empty)
* `conference` call, and phone (E.164) · `leave_conference` call, position
* `listen` | `whisper` | `barge` call, position (the supervisor's)
* `move_up` call · `overflow_close` reason · `overflow_open`
* `grade` phone (E.164), how (`later` or `ask`), until (epoch seconds) · `ungrade` phone
* `notice_on` text · `notice_off`
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from siaga.journal import services as journal
from siaga.journal.facts import Fact
from siaga.journal.types import Actor, ActorKind
from siaga.journal.waking import Waker
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import events, models
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CommandKind

CHANNEL = "siaga_phone_command"
VALID = timedelta(seconds=10)
KEPT = timedelta(days=1)
BATCH_MAX = 20
EXPIRED = "nobody took it in time"
UNKNOWN = "the daemon ended meanwhile; whether it ran is unknown"
_waker = Waker(CHANNEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A command that is now this daemon's to carry out."""

    id: UUID
    region_id: RegionId
    kind: CommandKind
    payload: Mapping[str, Any]


def request(
    kind: CommandKind | str,
    region_id: RegionId,
    payload: Mapping[str, Any] | None = None,
    *,
    by: Actor,
    now: datetime,
) -> UUID:
    """Ask for it, in the caller's transaction; `live_queries.command` tells what came of it.

    What others should know of it later (who listened, closed the queue, gave a notice) is
    journalled under the asker's name once the daemon has done it, and not if it failed.
    """
    row = models.Command.objects.create(
        id=new_id(),
        region_id=region_id,
        kind=CommandKind(kind),
        payload=dict(payload or {}),
        actor_kind=by.kind,
        actor_id=by.id,
        requested_at=now,
        expires_at=now + VALID,
    )
    transaction.on_commit(_waker.wake)
    return row.id


def take(now: datetime, limit: int = BATCH_MAX) -> list[Taken]:
    """Commands to carry out now, oldest first; each is given to one daemon, once."""
    with acting_in(ALL_REGIONS):
        waiting = models.Command.objects.filter(taken_at=None, done_at=None)
        waiting.filter(expires_at__lte=now).update(done_at=now, problem=EXPIRED, payload={})
        rows = list(
            waiting.select_for_update(skip_locked=True).order_by("requested_at", "id")[:limit]
        )
        models.Command.objects.filter(id__in=[row.id for row in rows]).update(taken_at=now)
    return [
        Taken(
            id=row.id,
            region_id=RegionId(row.region_id),
            kind=CommandKind(row.kind),
            payload=row.payload,
        )
        for row in rows
    ]


def finish(command_id: UUID, *, now: datetime, problem: str = "") -> None:
    """It was carried out, and is journalled; or it could not be. What it held is forgotten."""
    with acting_in(ALL_REGIONS):
        rows = models.Command.objects.select_for_update().filter(id=command_id, done_at=None)
        for row in rows:
            given, kind = row.payload, CommandKind(row.kind)
            row.done_at, row.problem, row.payload = now, problem[:300], {}
            row.save(update_fields=["done_at", "problem", "payload"])
            if not problem and (said := _fact(kind, given)) is not None:
                _tell(row, said, now)


def give_up(now: datetime) -> int:
    """What a dead daemon had taken is not done again; how many.

    Whether it was done is not known, and where the journal tells of such a thing, it tells that.
    """
    with acting_in(ALL_REGIONS):
        left = models.Command.objects.select_for_update().filter(done_at=None)
        rows = list(left.exclude(taken_at=None))
        for row in rows:
            given, kind = row.payload, CommandKind(row.kind)
            row.done_at, row.problem, row.payload = now, UNKNOWN, {}
            row.save(update_fields=["done_at", "problem", "payload"])
            if _fact(kind, given) is not None:
                linked_id = str(given.get("call", ""))
                about = call_id(linked_id) if linked_id else None
                _tell(row, events.CommandUncertain(call_id=about, kind=kind.value), now)
    return len(rows)


def sweep(now: datetime) -> int:
    """Commands of yesterday are forgotten; how many."""
    with acting_in(ALL_REGIONS):
        return models.Command.objects.filter(requested_at__lt=now - KEPT).delete()[0]


def stop_waking() -> None:
    """End the thread that wakes the daemon, for orderly exits and tests."""
    _waker.stop()


def _tell(row: models.Command, said: Fact, now: datetime) -> None:
    asker = Actor(ActorKind(row.actor_kind), row.actor_id)
    with acting_in(row.region_id):
        journal.record(said, region_id=RegionId(row.region_id), by=asker, now=now)


def _fact(kind: CommandKind, given: Mapping[str, Any]) -> Fact | None:
    linked_id = str(given.get("call", ""))
    match kind:
        case CommandKind.LISTEN | CommandKind.WHISPER | CommandKind.BARGE:
            return events.CallJoined(
                call_id=call_id(linked_id), mode=kind.value, position=int(given["position"])
            )
        case CommandKind.CONFERENCE:
            return events.ConferenceBegun(
                call_id=call_id(linked_id), number=str(given.get("phone", ""))
            )
        case CommandKind.MOVE_UP:
            return events.CallMovedUp(call_id=call_id(linked_id))
        case CommandKind.OVERFLOW_CLOSE:
            return events.QueueClosed(reason=str(given["reason"]))
        case CommandKind.OVERFLOW_OPEN:
            return events.QueueOpened()
        case CommandKind.NOTICE_ON:
            return events.NoticeGiven(text=str(given["text"]))
        case CommandKind.NOTICE_OFF:
            return events.NoticeEnded()
    return None
