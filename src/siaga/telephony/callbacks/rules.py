"""Who is to be called back, and who first. Pure."""

from datetime import datetime

from siaga.telephony.callbacks.types import CallbackView, CallbackWhy
from siaga.telephony.types import CallOutcome

ONE_RING_SECONDS = 3
LONG_WAIT_SECONDS = 30
AGE_MINUTES_MAX = 120
_CANNOT_SPEAK, _RED_FLAG, _SHORT, _GRADED = 120, 90, -30, -25
_AGAIN, _AGAIN_MAX, _LONG_WAIT = 15, 60, 10
_WHY = {
    CallbackWhy.CUT_OFF: 100,
    CallbackWhy.UNANSWERED: 40,
    CallbackWhy.INSTRUCTION: 40,
    CallbackWhy.ABANDONED: 20,
    CallbackWhy.CLOSED: 10,
    CallbackWhy.HELD: 5,
}
assert _WHY.keys() == set(CallbackWhy)


def why(outcome: CallOutcome, *, cut_off: bool, rang: bool, overflow: str) -> CallbackWhy | None:
    """Why a call that ended so is to be called back; None if it is not."""
    if outcome is CallOutcome.CALLBACK:
        return None
    if cut_off:
        return CallbackWhy.CUT_OFF
    match outcome:
        case CallOutcome.ANSWERED | CallOutcome.OVERFLOWED:
            return None
        case CallOutcome.HELD:
            return CallbackWhy.HELD
        case CallOutcome.CLOSED:
            return CallbackWhy.CLOSED
    if overflow == "instruction":
        return CallbackWhy.INSTRUCTION
    return CallbackWhy.UNANSWERED if rang else CallbackWhy.ABANDONED


def worse(one: CallbackWhy, other: CallbackWhy) -> CallbackWhy:
    """The more worrying of two."""
    return max(one, other, key=_WHY.__getitem__)


def worry(item: CallbackView, *, red_flag: bool = False, graded: bool = False) -> int:
    """How worrying it is, whenever it was: the order of the list is made of this and the age.

    A graded number comes a little later, and is called back like any other.
    """
    found = _WHY[item.why]
    found += _CANNOT_SPEAK if item.cannot_speak else 0
    found += _RED_FLAG if red_flag else 0
    found += _GRADED if graded else 0
    found += min(_AGAIN * (item.tries - 1), _AGAIN_MAX)
    found += _LONG_WAIT if item.waited_seconds >= LONG_WAIT_SECONDS else 0
    short = item.tries == 1 and item.waited_seconds < ONE_RING_SECONDS
    return found + (_SHORT if short and item.why is CallbackWhy.ABANDONED else 0)


def order(
    item: CallbackView, now: datetime, *, red_flag: bool = False, graded: bool = False
) -> tuple[bool, bool, int, datetime]:
    """Sort key: who can be called and was not yet; the most worrying and oldest; then the oldest.

    A minute of waiting counts as much as a point of worry, up to two hours: whoever waits long
    comes past those who were less worrying by little.
    """
    minutes = int(max((now - item.opened_at).total_seconds(), 0) // 60)
    weight = worry(item, red_flag=red_flag, graded=graded) + min(minutes, AGE_MINUTES_MAX)
    return (not item.callable, item.attempts > 0, -weight, item.opened_at)
