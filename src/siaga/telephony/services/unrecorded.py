"""Calls that the live picture saw and Asterisk's record lacks: put in its place, each once.

Asterisk drops what a full disk does not take, and tells nobody. Here the record keeps the first
word: only once everything it holds has been read is anything filled in, under the same lock.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.telephony import events, models
from siaga.telephony.cel.folding import STEP_CHARS_MAX, Call
from siaga.telephony.cel.following import read_on
from siaga.telephony.live.picture import LiveCall
from siaga.telephony.live.witness import Seen
from siaga.telephony.services import calllog

LEFT_OPEN_AFTER = timedelta(minutes=1)
LEFT_OPEN_MAX = 500
_BY = Actor.system("phone")


def reconcile(path: Path, seen: Sequence[Seen], *, now: datetime) -> dict[str, bool]:
    """By linkedid: True where the record holds the call, False where it was filled in now.

    What is missing in the answer has to wait: the record was not read to its end yet.
    """
    with acting_in(ALL_REGIONS):
        answer, doubtful = _compare(seen)
        if not doubtful:
            return answer
        # Locked: whoever follows the record finds what was filled in, and the other way round.
        place = calllog.place_in(path, locked=True)
        if read_on(path, place, limit=1).after != place:
            return answer
        again, lacking = _compare(doubtful)
        known = set(region_queries.region_ids())
        for one in lacking:
            if one.region in known:
                _fill_in(one, now)
        return answer | again | {one.linked_id: False for one in lacking}


def left_open(now: datetime) -> dict[str, RegionId]:
    """Calls that have begun a while ago and have not ended, by linkedid."""
    with acting_in(ALL_REGIONS):
        rows = models.Call.objects.filter(ended_at=None, presented_at__lt=now - LEFT_OPEN_AFTER)
        pairs = rows.order_by("presented_at").values_list("linked_id", "region_id")
        return {linked_id: RegionId(region) for linked_id, region in pairs[:LEFT_OPEN_MAX]}


def fold_again(path: Path, *, now: datetime) -> int:
    """Throw the calls away and make them again; tells nobody. How many lines were read."""
    with acting_in(ALL_REGIONS):
        read = calllog.fold_again(path, now=now)
        _fill_in_again()
    return read


def filled(before: Call | None, one: Seen) -> Call:
    """What the record says, and where it says nothing, what was seen."""
    call = before or Call(linked_id=one.linked_id)
    if (live := one.call) is not None:
        talked = live.answered_at is not None
        closed = live.overflow == "closed"
        call = replace(
            call,
            region_id=call.region_id or one.region,
            number=call.number or live.number,
            is_test=call.is_test or live.is_test,
            is_callback=call.is_callback or live.is_callback,
            contact=call.contact or live.contact,
            presented_at=call.presented_at or live.presented_at,
            queued_at=call.queued_at or live.queued_at,
            answered_at=call.answered_at or live.answered_at,
            position=live.position if call.position is None and talked else call.position,
            overflow=call.overflow or ("" if closed else live.overflow[:STEP_CHARS_MAX]),
            closed=call.closed or closed,
            held=call.held or live.held,
            cannot_speak=call.cannot_speak or live.cannot_speak,
        )
    if one.ended_at is None or call.ended_at is not None:
        return call
    # Nobody saw how a talk ended: whoever spoke is asked whether that was all.
    lost = not one.end_seen and call.answered_at is not None
    return replace(call, ended_at=one.ended_at, cut_off=call.cut_off or lost)


def _fill_in_again() -> None:
    for row in models.UnrecordedCall.objects.order_by("noted_at"):
        found = models.Call.objects.filter(linked_id=row.linked_id).first()
        before = calllog.from_row(found) if found else None
        seen = Seen(
            region=RegionId(row.region_id),
            linked_id=row.linked_id,
            call=msgspec.convert(row.call, LiveCall, strict=False) if row.call else None,
            first_at=row.noted_at,
            ended_at=row.ended_at,
            end_seen=row.end_seen,
        )
        calllog.store(filled(before, seen), before, row.noted_at, tell=False)


def _compare(seen: Sequence[Seen]) -> tuple[dict[str, bool], list[Seen]]:
    keys = [one.linked_id for one in seen]
    rows = {row.linked_id: row for row in models.Call.objects.filter(linked_id__in=keys)}
    lacking = [one for one in seen if not _is_whole(rows.get(one.linked_id), one)]
    doubtful = {one.linked_id for one in lacking}
    return {key: True for key in keys if key not in doubtful}, lacking


def _is_whole(row: models.Call | None, one: Seen) -> bool:
    if row is None:
        return one.call is None
    talked = one.call is not None and one.call.answered_at is not None
    if one.ended_at is None:
        return not (one.unrecorded and talked and row.answered_at is None)
    return row.ended_at is not None and (row.answered_at is not None or not talked)


def _fill_in(one: Seen, now: datetime) -> None:
    row = models.Call.objects.filter(linked_id=one.linked_id).first()
    before = calllog.from_row(row) if row else None
    calllog.store(filled(before, one), before, now, tell=True)
    with acting_in(one.region):
        _row, made = models.UnrecordedCall.objects.update_or_create(
            linked_id=one.linked_id,
            defaults={
                "region_id": one.region,
                "call": msgspec.to_builtins(one.call) if one.call else None,
                "ended_at": one.ended_at,
                "end_seen": one.end_seen,
            },
            create_defaults={
                "region_id": one.region,
                "call": msgspec.to_builtins(one.call) if one.call else None,
                "ended_at": one.ended_at,
                "end_seen": one.end_seen,
                "noted_at": now,
            },
        )
        if made:
            journal.record(
                events.CallUnrecorded(call_id=calllog.call_id(one.linked_id)),
                region_id=one.region,
                by=_BY,
                now=now,
            )
