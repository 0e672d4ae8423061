"""What time alone brings: nobody is left in wrap-up, nobody alone in a conference. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from siaga.telephony import names
from siaga.telephony.live.actions import Action, lenient, pause
from siaga.telephony.live.changing import with_
from siaga.telephony.live.picture import PositionState
from siaga.telephony.live.state import CallMemo, Leg, State

WEB_DEAD = timedelta(seconds=90)
"""After so long without a console nobody is left in wrap-up."""
ALONE = timedelta(seconds=5)
ALONE_LONG = timedelta(seconds=20)
ASK_AGAIN = timedelta(seconds=30)
LOST_PRIORITY = 30


def tick(state: State, at: datetime) -> tuple[State, tuple[Action, ...]]:
    """A second has passed: what is gone is forgotten, who is stuck is freed."""
    asked = {key: when for key, when in state.asked.items() if at - when < ASK_AGAIN}
    with_legs = {leg.linked_id for leg in state.legs.values()}
    calls = {key: memo for key, memo in state.calls.items() if key in with_legs}
    invited = {
        key: invite
        for key, invite in state.invited.items()
        if key in state.legs or at - invite.at < ALONE
    }
    state = replace(state, asked=asked, calls=calls, invited=invited)
    state, freed = _free_from_wrap_up(state, at)
    state, saved = _save_the_lonely(state, at)
    return state, (*freed, *saved)


def _free_from_wrap_up(state: State, at: datetime) -> tuple[State, tuple[Action, ...]]:
    """Without a console nobody can say that a wrap-up is over: then time says it."""
    if state.web_seen_at is not None and at - state.web_seen_at < WEB_DEAD:
        return state, ()
    actions = []
    for place, memo in state.seen.items():
        key = f"wrap-up {place[0]} {place[1]}"
        late = memo.since is not None and at - memo.since >= WEB_DEAD
        if memo.state is PositionState.WRAP_UP and late and key not in state.asked:
            actions.append(pause(place[0], state.members[place].endpoint, None))
            state = replace(state, asked=with_(state.asked, key, at))
    return state, tuple(actions)


def _save_the_lonely(state: State, at: datetime) -> tuple[State, tuple[Action, ...]]:
    """Alone in a conference: back to the head of the queue, or it is over after a while."""
    actions: list[Action] = []
    for linked_id, memo in state.calls.items():
        if not memo.room:
            continue
        caller = state.caller(linked_id)
        others = [leg for leg in state.legs_of(linked_id) if leg is not caller]
        alone = caller is not None and not any(leg.bridge for leg in others)
        since = (memo.alone_since or at) if alone else None
        if since != memo.alone_since:
            kept = replace(memo, alone_since=since)
            state = replace(state, calls=with_(state.calls, linked_id, kept))
        if caller is None or since is None or f"alone {linked_id}" in state.asked:
            continue
        # A third party that still rings is company; the wait is longer then.
        patience = ALONE_LONG if memo.third_came or others else ALONE
        if at - since >= patience:
            actions += _rescue(memo, caller, others)
            state = replace(state, asked=with_(state.asked, f"alone {linked_id}", at))
    return state, tuple(actions)


def _rescue(memo: CallMemo, caller: Leg, others: list[Leg]) -> list[Action]:
    ended = [lenient("Hangup", Channel=leg.channel, Cause="16") for leg in others]
    if memo.third_came or memo.live.is_callback:
        return [*ended, lenient("Hangup", Channel=caller.channel, Cause="16")]
    priority = {"Variable": "QUEUE_PRIO", "Value": str(LOST_PRIORITY)}
    place = {"Context": names.context("queue", memo.region), "Exten": "s", "Priority": "1"}
    return [
        lenient("Setvar", Channel=caller.channel, **priority),
        lenient("Redirect", Channel=caller.channel, **place),
        *ended,
    ]
