"""Words of the telephone for the supervisor."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from siaga.telephony.live.picture import PositionState
from siaga.telephony.types import CallState
from siaga.web.control.wording import BREAKS

CALL_STATES: dict[CallState, Any] = {
    CallState.OFFERED: _("is being let in"),
    CallState.GREETED: _("hears the greeting"),
    CallState.QUEUED: _("waits"),
    CallState.RINGING: _("a position rings"),
    CallState.ANSWERED: _("talks"),
    CallState.ENDED: _("has ended"),
}
assert CALL_STATES.keys() == set(CallState), "states of a call without words"

POSITION_STATES: dict[PositionState, Any] = {
    PositionState.EMPTY: _("not in the queue"),
    PositionState.UNREACHABLE: _("telephone not connected"),
    PositionState.READY: _("ready"),
    PositionState.PAUSED: _("paused"),
    PositionState.RINGING: _("rings"),
    PositionState.TALKING: _("talks"),
    PositionState.WRAP_UP: _("writes it up"),
}
assert POSITION_STATES.keys() == set(PositionState), "states of a position without words"

REASONS: dict[str, Any] = {
    **{reason.value: words for reason, words in BREAKS.items()},
    "away": _("away"),
    "busy": _("busy"),
    "wrap-up": _("writes it up"),
    "wrap_up": _("writes it up"),
}
"""Why a position is paused, by what the daemon was told."""

LADDER: dict[str, Any] = {
    "reserve": _("at the reserve telephones"),
    "neighbor": _("at the neighbouring centre"),
    "mobile": _("at the duty mobile"),
    "instruction": _("hears the recorded instruction"),
}
"""How far down the ladder a call is that no position answered."""

JOINED: dict[str, Any] = {
    "listen": _("Your telephone rings: pick up to listen. Neither side hears you."),
    "whisper": _("Your telephone rings: pick up to speak to the call taker alone."),
    "barge": _("Your telephone rings: pick up to speak with both."),
}
"""What a supervisor is told who joins a call."""
