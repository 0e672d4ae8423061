"""Whom to call back, and whom first."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.kernel.types import RegionId
from siaga.telephony.callbacks import rules
from siaga.telephony.callbacks.types import CallbackView, CallbackWhy
from siaga.telephony.types import CallOutcome

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def item(**more: Any) -> CallbackView:
    given: dict[str, Any] = {
        "id": UUID(int=1), "region_id": RegionId("banyuwangi"), "phone": "+6281200000001",
        "number": "081200000001", "why": CallbackWhy.ABANDONED, "contacts": (), "tries": 1,
        "waited_seconds": 20, "cannot_speak": False, "opened_at": NOW, "last_at": NOW,
        "attempts": 0, "attempted_at": None, "attempt_answered": False, "closed_at": None,
        "closed_how": None, "closed_by": None, "note": "", "is_test": False,
    }  # fmt: skip
    return CallbackView(**{**given, **more})


items = st.builds(
    item,
    phone=st.sampled_from(["+6281200000001", None]),
    why=st.sampled_from(CallbackWhy),
    tries=st.integers(1, 40),
    waited_seconds=st.integers(0, 600),
    cannot_speak=st.booleans(),
    attempts=st.integers(0, 3),
    opened_at=st.datetimes(datetime(2026, 11, 20), datetime(2026, 11, 22)).map(
        lambda at: at.replace(tzinfo=UTC)
    ),
)


@pytest.mark.parametrize(
    ("outcome", "more", "expected"),
    [
        (CallOutcome.ANSWERED, {}, None),
        (CallOutcome.OVERFLOWED, {"overflow": "neighbor"}, None),
        (CallOutcome.CALLBACK, {"cut_off": True}, None),
        (CallOutcome.ANSWERED, {"cut_off": True}, CallbackWhy.CUT_OFF),
        (CallOutcome.ABANDONED, {}, CallbackWhy.ABANDONED),
        (CallOutcome.ABANDONED, {"rang": True}, CallbackWhy.UNANSWERED),
        (CallOutcome.ABANDONED, {"rang": True, "overflow": "instruction"}, CallbackWhy.INSTRUCTION),
        (CallOutcome.HELD, {}, CallbackWhy.HELD),
        (CallOutcome.CLOSED, {}, CallbackWhy.CLOSED),
        (CallOutcome.FAILED, {}, CallbackWhy.ABANDONED),
    ],
)
def test_each_way_of_not_being_helped_has_its_reason(
    outcome: CallOutcome, more: dict[str, Any], expected: CallbackWhy | None
) -> None:
    assert (
        rules.why(outcome, **{"cut_off": False, "rang": False, "overflow": "", **more}) is expected
    )


def test_the_most_worrying_come_first() -> None:
    wanted = [
        item(cannot_speak=True),
        item(why=CallbackWhy.CUT_OFF),
        item(why=CallbackWhy.UNANSWERED, waited_seconds=45, tries=4),
        item(why=CallbackWhy.UNANSWERED),
        item(),
        item(waited_seconds=1),
        item(attempts=1, why=CallbackWhy.CUT_OFF),
        item(phone=None, why=CallbackWhy.CUT_OFF),
    ]
    assert sorted(wanted[4:] + wanted[:4], key=lambda one: rules.order(one, NOW)) == wanted


def test_words_of_danger_come_before_ordinary_ones_and_the_older_before_the_younger() -> None:
    plain, old = item(), item(opened_at=NOW - timedelta(minutes=5))
    assert rules.order(plain, NOW, red_flag=True) < rules.order(old, NOW)
    assert rules.order(old, NOW) < rules.order(plain, NOW)


def test_a_graded_number_comes_later_but_never_behind_whoever_was_called_already() -> None:
    graded = rules.order(item(), NOW, graded=True)
    assert rules.order(item(), NOW) < graded < rules.order(item(attempts=1), NOW)
    assert rules.order(item(cannot_speak=True), NOW, graded=True) < rules.order(item(), NOW)


@given(one=items, minutes=st.integers(1, 600))
def test_waiting_longer_never_moves_anybody_back(one: CallbackView, minutes: int) -> None:
    older = rules.order(one, NOW + timedelta(minutes=minutes))
    assert older <= rules.order(one, NOW)


@given(one=items)
def test_trying_again_or_words_of_danger_never_move_anybody_back(one: CallbackView) -> None:
    again = item(**{name: getattr(one, name) for name in one.__dataclass_fields__})
    more = CallbackView(
        **{name: getattr(again, name) for name in again.__dataclass_fields__ if name != "tries"},
        tries=one.tries + 1,
    )
    assert rules.worry(more) >= rules.worry(one)
    assert rules.worry(one, red_flag=True) > rules.worry(one)
