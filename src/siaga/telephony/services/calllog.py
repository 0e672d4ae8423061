"""Asterisk's record becomes calls: each line once, whoever is killed when.

The place in the file and the rows made of the lines up to it are committed together.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid5

import structlog
from django.db import InterfaceError, OperationalError

from siaga.journal import services as journal
from siaga.journal.facts import Fact
from siaga.journal.types import Actor
from siaga.kernel.phones import normalize_phone
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.telephony import events, models
from siaga.telephony.cel.folding import Call, fold
from siaga.telephony.cel.following import BATCH_LINES, Piece, Place, read_on
from siaga.telephony.cel.lines import BadLine, CelEvent, read_line, whole_tail
from siaga.telephony.live_queries import person_at
from siaga.telephony.notices import queries as notices
from siaga.telephony.types import CallId

ASTERISK = Actor.channel("phone")
_CALLS = UUID("6f1d6f0c-7f3e-5d0a-9a52-112112112112")
_KEPT = (
    "number", "did", "is_callback", "is_test", "presented_at", "greeted_at", "queued_at",
    "ringing_at", "answered_at", "ended_at", "position", "overflow", "held", "closed",
    "cannot_speak", "positions_lost", "contact", "cut_off", "notice",
)  # fmt: skip
_PROBLEM_CHARS_MAX = 300
_log = structlog.get_logger(__name__)


def call_id(linked_id: str) -> CallId:
    """The id of a call, the same whenever it is folded."""
    return CallId(uuid5(_CALLS, linked_id))


def contact_of(call: models.Call) -> UUID | None:
    """A call and its contact have one id; a call back is about the contact it was made for."""
    if not call.is_callback:
        return call.id
    try:
        return UUID(call.contact)
    except ValueError:
        # A conversation may be named by the first call's key.
        return call_id(call.contact) if "." in call.contact else None


def follow(path: Path, *, now: datetime, limit: int = BATCH_LINES) -> int:
    """Take in at most `limit` further lines of the record; returns how many were read.

    A line that cannot be read is counted, told in the log and passed over. Raises what the
    database raises when it is away: then nothing was taken in.
    """
    with acting_in(ALL_REGIONS):
        # Locked: of two who follow the same record, the second finds the place moved on.
        place = place_in(path, locked=True)
        piece = read_on(path, place, limit)
        if piece.after == place:
            return 0
        try:
            _take_in(path, piece.lines, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # One line that nobody can use must not hold back the others.
            _log.exception("telephony.piece_not_taken_in", lines=len(piece.lines))
            _one_by_one(path, piece, now)
        _move(path, piece.after)
        return len(piece.lines)


def fold_again(path: Path, *, now: datetime) -> int:
    """Throw the calls away and make them again from the record alone; tells nobody."""
    with acting_in(ALL_REGIONS):
        models.Call.objects.all().delete()
        models.CelCursor.objects.filter(name=path.name).delete()
        read, place = 0, Place()
        while (piece := read_on(path, place)).after != place:
            _apply(_readable(path, piece.lines), now, tell=False)
            read, place = read + len(piece.lines), piece.after
        _move(path, place)
    return read


def _take_in(path: Path, lines: Iterable[bytes], now: datetime) -> None:
    with acting_in(ALL_REGIONS):
        _apply(_readable(path, lines), now, tell=True)


def _one_by_one(path: Path, piece: Piece, now: datetime) -> None:
    for line in piece.lines:
        try:
            _take_in(path, [line], now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as failure:
            _pass_over(path, f"{type(failure).__name__}: {failure} in {line[:120]!r}")


def _readable(path: Path, lines: Iterable[bytes]) -> list[CelEvent]:
    found = []
    for line in lines:
        try:
            found.append(read_line(line))
        except BadLine as bad:
            _pass_over(path, str(bad))
            # A disk that was full leaves half a line, and the next whole one in the same line.
            found += whole_tail(line)
    return found


def _apply(happened: list[CelEvent], now: datetime, *, tell: bool) -> None:
    linked = {event.linked_id for event in happened}
    rows = {row.linked_id: row for row in models.Call.objects.filter(linked_id__in=linked)}
    before = {key: from_row(row) for key, row in rows.items()}
    after = dict(before)
    for event in happened:
        call = after.get(event.linked_id, Call(linked_id=event.linked_id))
        folded = fold(call, event)
        # What no mark of ours has spoken of is no call of ours: a position that dials, a helper.
        if folded.region_id is not None:
            after[event.linked_id] = folded
    known = set(region_queries.region_ids())
    for key, call in after.items():
        if call == before.get(key):
            continue
        if call.region_id not in known:
            raise LookupError(f"no region {call.region_id!r}")
        store(call, before.get(key), now, tell=tell)


def store(call: Call, before: Call | None, now: datetime, *, tell: bool) -> None:
    """Write a call down as it is known now, and tell the others what is new of it."""
    assert call.region_id is not None
    with acting_in(call.region_id):
        values = {name: getattr(call, name) for name in _KEPT}
        values["outcome"] = call.outcome or ""
        values["phone"] = normalize_phone(call.number)
        models.Call.objects.update_or_create(
            id=call_id(call.linked_id),
            defaults={"region_id": call.region_id, "linked_id": call.linked_id, **values},
        )
        if tell:
            _tell(call, before, call.region_id, now)


def _tell(call: Call, before: Call | None, region_id: RegionId, now: datetime) -> None:
    key, told = call_id(call.linked_id), before or Call(linked_id=call.linked_id)
    said: list[Fact] = []
    if before is None and call.presented_at is not None and not call.is_callback:
        said.append(
            events.CallOffered(
                call_id=key,
                phone=normalize_phone(call.number),
                presented_at=call.presented_at,
                is_test=call.is_test,
            )
        )
    if call.cannot_speak and not told.cannot_speak:
        said.append(events.CallerCannotSpeak(call_id=key))
    if call.answered_at and not told.answered_at:
        at = call.answered_at
        person_id = person_at(region_id, call.position, at) if call.position else None
        said.append(
            events.CallAnswered(call_id=key, position=call.position or 0, person_id=person_id)
        )
    if call.outcome and not told.outcome:
        said.append(events.CallEnded(call_id=key, outcome=call.outcome))
    if call.sufficed and not told.sufficed and call.presented_at is not None:
        about = notices.incident_at(region_id, call.presented_at)
        said.append(events.NoticeSufficed(call_id=key, incident_id=about))
    for happened in said:
        journal.record(happened, region_id=region_id, by=ASTERISK, now=now)


def from_row(row: models.Call) -> Call:
    """A call as the record gave it so far."""
    values = {name: getattr(row, name) for name in _KEPT}
    return Call(linked_id=row.linked_id, region_id=RegionId(row.region_id), **values)


def place_in(path: Path, *, locked: bool = False) -> Place:
    """How far the record was read; locked, nobody reads on until the transaction ends."""
    if locked:
        cursor = _cursor(path)
    else:
        cursor = models.CelCursor.objects.filter(name=path.name).first() or models.CelCursor()
    return Place(inode=cursor.inode, offset=cursor.offset)


def _cursor(path: Path) -> models.CelCursor:
    models.CelCursor.objects.get_or_create(name=path.name)
    return models.CelCursor.objects.select_for_update().get(name=path.name)


def _move(path: Path, place: Place) -> None:
    models.CelCursor.objects.update_or_create(
        name=path.name, defaults={"inode": place.inode, "offset": place.offset}
    )


def _pass_over(path: Path, problem: str) -> None:
    _log.warning("telephony.line_passed_over", problem=problem[:_PROBLEM_CHARS_MAX])
    row = _cursor(path)
    row.bad_lines += 1
    row.last_problem = problem[:_PROBLEM_CHARS_MAX]
    row.save(update_fields=["bad_lines", "last_problem"])
