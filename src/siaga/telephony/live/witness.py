"""What the live picture saw of calls, kept until Asterisk's own record has told it too. Pure.

The record may be cut short by a full disk or a killed Asterisk; then this is all that is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from siaga.kernel.types import RegionId
from siaga.telephony.live.picture import LiveCall
from siaga.telephony.live.state import CallMemo, State

GRACE = timedelta(seconds=4)
"""So long the record may take to say what the manager has said already."""
SEEN_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A call of which the record may know less."""

    region: RegionId
    linked_id: str
    call: LiveCall | None = None
    """As it was seen last; None for a call that only the record knows."""
    first_at: datetime
    ended_at: datetime | None = None
    end_seen: bool = True
    """False when it ended while nobody looked, so that nobody knows how."""
    unrecorded: bool = False
    """The record is known to lack something of it."""


class Witness:
    """`look` at every change, ask about what is `due`, and `settle` what came of it."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}
        self._begun: set[str] = set()
        self._told: dict[str, Seen] = {}
        self._calls: Mapping[str, CallMemo] = {}
        self._blind = True

    def look(self, state: State, at: datetime) -> None:
        """Remember the calls of this state, and which have ended since."""
        if not state.connected:
            self._blind = True
            return
        if state.calls is self._calls:
            return
        for linked_id, memo in state.calls.items():
            # Nearly all of them are as they were; this runs at every event.
            if self._calls.get(linked_id) is not memo:
                self._seen[linked_id] = self._renewed(memo, at)
        for linked_id in self._calls.keys() - state.calls.keys():
            if (known := self._seen.get(linked_id)) is not None:
                ended = replace(known, ended_at=at, end_seen=not self._blind)
                self._seen[linked_id] = ended
        self._calls, self._blind = state.calls, False
        while len(self._seen) > SEEN_MAX:
            self._forget(next(iter(self._seen)))

    def missed(self, left_open: Mapping[str, RegionId], state: State, at: datetime) -> None:
        """Calls that the record has not ended, of which Asterisk knows nothing any more."""
        if not state.connected:
            return
        for linked_id, region in left_open.items():
            if linked_id in self._seen or linked_id in state.calls or state.legs_of(linked_id):
                continue
            self._seen[linked_id] = Seen(
                region=region, linked_id=linked_id, first_at=at, ended_at=at, end_seen=False
            )

    def due(self, at: datetime) -> list[Seen]:
        """What the record must have told by now."""
        return [one for one in self._seen.values() if self._is_due(one, at)]

    def settle(self, asked: list[Seen], whole: Mapping[str, bool]) -> None:
        """True for what the record holds, False for what had to be put in its place."""
        for one in asked:
            known = self._seen.get(one.linked_id)
            if known is None or one.linked_id not in whole:
                continue
            self._begun.add(one.linked_id)
            self._told[one.linked_id] = one
            if one.ended_at is not None:
                self._forget(one.linked_id)
            elif not whole[one.linked_id]:
                self._seen[one.linked_id] = replace(known, unrecorded=True)

    def _renewed(self, memo: CallMemo, at: datetime) -> Seen:
        known = self._seen.get(memo.live.linked_id)
        return Seen(
            region=memo.region,
            linked_id=memo.live.linked_id,
            call=_latest(known.call if known else None, memo.live),
            first_at=known.first_at if known else at,
            unrecorded=known.unrecorded if known else False,
        )

    def _is_due(self, one: Seen, at: datetime) -> bool:
        if one.ended_at is not None:
            return at - one.ended_at >= GRACE
        if one.linked_id not in self._begun:
            return at - one.first_at >= GRACE
        told = self._told.get(one.linked_id)
        return one.unrecorded and (told is None or told.call != one.call)

    def _forget(self, linked_id: str) -> None:
        self._seen.pop(linked_id, None)
        self._told.pop(linked_id, None)
        self._begun.discard(linked_id)


def _latest(before: LiveCall | None, now: LiveCall) -> LiveCall:
    """What has been true once stays: a talk that was lost has been a talk."""
    if before is None:
        return now
    return replace(
        now,
        answered_at=before.answered_at or now.answered_at,
        position=now.position or before.position,
        overflow=now.overflow or before.overflow,
    )
