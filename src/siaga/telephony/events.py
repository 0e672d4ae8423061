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
    """Two people hear each other; `position` is 0, `person_id` None, where none of ours did."""

    call_id: UUID
    position: int
    person_id: UUID | None = None


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


@fact(
    "telephony.call_unrecorded",
    version=1,
    reads=gettext_noop("Asterisk could not write this call down: it is known as it was seen."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallUnrecorded(Fact):
    """Its record is missing, wholly or in part; the live picture stands for what is."""

    call_id: UUID


@fact(
    "telephony.recording_ready",
    version=1,
    reads=gettext_noop("The recording is kept (%(seconds)s s)."),
    subjects=("call_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingReady(Fact):
    """Both voices lie encrypted, the plain files are gone; `sha256` is of the sound itself."""

    call_id: UUID
    contact_id: UUID | None
    seconds: int
    sha256: str


@fact(
    "telephony.recording_heard",
    version=1,
    reads=gettext_noop("The recording was listened to."),
    subjects=("call_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingHeard(Fact):
    """Once for each listening, however often the player asks for a part."""

    call_id: UUID
    person_id: UUID


@fact(
    "telephony.recording_held",
    version=1,
    reads=gettext_noop("The recording is kept beyond its time: %(reason)s"),
    personal=("reason",),
    subjects=("call_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingHeld(Fact):
    call_id: UUID
    person_id: UUID | None
    reason: str


@fact(
    "telephony.recording_let_go",
    version=1,
    reads=gettext_noop("The recording is no longer kept beyond its time: %(reason)s"),
    personal=("reason",),
    subjects=("call_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingLetGo(Fact):
    call_id: UUID
    person_id: UUID | None
    reason: str


@fact(
    "telephony.recording_removed",
    version=1,
    reads=gettext_noop("The recording was removed, because its %(days)s days were over."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRemoved(Fact):
    call_id: UUID
    days: int


@fact(
    "telephony.seat_taken",
    version=1,
    reads=gettext_noop("Position %(number)s was taken by telephone (%(device)s)."),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTaken(Fact):
    """From now on the position's calls ring for this person; `device` is browser or desk."""

    person_id: UUID
    number: int
    device: str


@fact(
    "telephony.seat_left",
    version=1,
    reads=gettext_noop("Position %(number)s was left (%(reason)s)."),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLeft(Fact):
    """The position's password is worth nothing any more; `reason` is one of SeatEnd."""

    person_id: UUID
    number: int
    reason: str


@fact(
    "telephony.call_joined",
    version=1,
    reads=gettext_noop("A supervisor joined the call (%(mode)s)."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallJoined(Fact):
    """Asterisk was made to ring the supervisor's position, to listen, whisper or barge."""

    call_id: UUID
    mode: str
    position: int


@fact(
    "telephony.conference_begun",
    version=1,
    reads=gettext_noop("The caller was to be connected with a third party."),
    personal=("number",),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ConferenceBegun(Fact):
    """Caller and position are in a room, and the third party is being rung."""

    call_id: UUID
    number: str


@fact(
    "telephony.queue_closed",
    version=1,
    reads=gettext_noop("The queue was closed to overflow: %(reason)s."),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class QueueClosed(Fact):
    """Callers go down the ladder at once."""

    reason: str


@fact(
    "telephony.queue_opened",
    version=1,
    reads=gettext_noop("The queue was opened again."),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOpened(Fact):
    """Callers wait for a position again."""


@fact(
    "telephony.notice_given",
    version=1,
    reads=gettext_noop("Callers hear a notice first: %(text)s"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGiven(Fact):
    """A known event: whoever reports something else presses 1."""

    text: str


@fact(
    "telephony.notice_ended",
    version=1,
    reads=gettext_noop("Callers hear no notice any more."),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeEnded(Fact):
    """The greeting is followed by the queue again."""


@fact(
    "telephony.call_moved_up",
    version=1,
    reads=gettext_noop("The waiting call was moved to the head of the queue."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallMovedUp(Fact):
    """A supervisor's decision."""

    call_id: UUID


@fact(
    "telephony.command_uncertain",
    version=1,
    reads=gettext_noop("It is not known whether the telephone did what was asked (%(kind)s)."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CommandUncertain(Fact):
    """The daemon ended while it was about it; `kind` is a CommandKind whose doing is journalled."""

    call_id: UUID | None
    kind: str


@fact(
    "telephony.callback_wanted",
    version=1,
    reads=gettext_noop("The caller is to be called back (%(why)s, tries: %(tries)s)."),
    subjects=("callback_id", "call_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackWanted(Fact):
    """Opened, or the same number tried again; `why` is the most worrying of CallbackWhy."""

    callback_id: UUID
    call_id: UUID
    why: str
    tries: int
    first: bool


@fact(
    "telephony.callback_tried",
    version=1,
    reads=gettext_noop("The caller was called back."),
    subjects=("callback_id", "call_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackTried(Fact):
    """Our own call to that number has ended; `call_id` is that call's."""

    callback_id: UUID
    call_id: UUID
    answered: bool


@fact(
    "telephony.callback_settled",
    version=1,
    reads=gettext_noop("Nobody need be called back any more: %(how)s. %(note)s"),
    personal=("note",),
    subjects=("callback_id", "call_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSettled(Fact):
    """`how` is one of CallbackEnd; `call_id` is the latest call of the number."""

    callback_id: UUID
    call_id: UUID
    how: str
    note: str


@fact(
    "telephony.callback_reopened",
    version=1,
    reads=gettext_noop("The caller is to be called back after all."),
    subjects=("callback_id", "call_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackReopened(Fact):
    callback_id: UUID
    call_id: UUID


@fact(
    "telephony.notice_sufficed",
    version=1,
    reads=gettext_noop("The caller heard the notice and hung up: it was about the known event."),
    subjects=("call_id", "incident_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSufficed(Fact):
    """Told after `call_ended`; `incident_id` is what the notice was about, if that was said."""

    call_id: UUID
    incident_id: UUID | None


@fact(
    "telephony.self_tested",
    version=1,
    reads=gettext_noop("The telephone tested itself. Missing: %(failed)s."),
    subjects=("call_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTested(Fact):
    """A marked call through the whole path; `failed` are words of selftest.types.Check."""

    call_id: UUID | None
    failed: tuple[str, ...]


@fact(
    "telephony.number_graded",
    version=1,
    reads=gettext_noop("The number is graded %(grade)s until %(until)s: %(reason)s"),
    personal=("phone", "reason"),
    subjects=("grade_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class NumberGraded(Fact):
    """1 is later in the queue, 2 is asked to press 1, 3 is held by a supervisor's decision."""

    grade_id: UUID
    contact_id: UUID | None
    phone: str
    grade: int
    until: datetime
    reason: str


@fact(
    "telephony.number_hold_proposed",
    version=1,
    reads=gettext_noop("The supervisor is asked whether to hold the number: %(reason)s"),
    personal=("phone", "reason"),
    subjects=("grade_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class NumberHoldProposed(Fact):
    grade_id: UUID
    contact_id: UUID | None
    phone: str
    reason: str


@fact(
    "telephony.number_grade_ended",
    version=1,
    reads=gettext_noop("The grade of the number ended (%(why)s). %(note)s"),
    personal=("phone", "note"),
    subjects=("grade_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class NumberGradeEnded(Fact):
    """`why` is one of GradeEnd."""

    grade_id: UUID
    contact_id: UUID | None
    phone: str
    why: str
    note: str


@fact(
    "telephony.prompt_published",
    version=1,
    reads=gettext_noop("The sentence %(name)s is heard in the centre's own voice."),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PromptPublished(Fact):
    """From its next playing on; `version` names the recording by when it was published."""

    name: str
    version: str


@fact(
    "telephony.prompt_rolled_back",
    version=1,
    reads=gettext_noop("The sentence %(name)s is heard as before (%(version)s)."),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PromptRolledBack(Fact):
    """`version` is an earlier recording, or `spoken`."""

    name: str
    version: str
