"""What happened on the telephone, as told to the other rooms."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact


@fact(
    "telephony.call_offered",
    version=1,
    reads=gettext_noop("A call came in."),
    personal=("phone",),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffered(Fact):
    """The trunk handed us a call, however short; `phone` is E.164 or None."""

    call_id: UUID
    phone: str | None
    presented_at: datetime
    is_test: bool


@fact(
    "telephony.call_answered",
    version=1,
    reads=gettext_noop("The call was answered (position %(position)s)."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(Fact):
    """Two people hear each other; `position` is 0 where none of ours answered."""

    call_id: UUID
    position: int


@fact(
    "telephony.caller_cannot_speak",
    version=1,
    reads=gettext_noop("The caller pressed 5 5: they cannot speak."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallerCannotSpeak(Fact):
    call_id: UUID


@fact(
    "telephony.call_ended",
    version=1,
    reads=gettext_noop("The call ended: %(outcome)s."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Fact):
    """The last leg is gone; `outcome` is one of CallOutcome."""

    call_id: UUID
    outcome: str
