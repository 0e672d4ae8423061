"""Facts that intake records."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact


@fact(
    "intake.contact_opened",
    version=1,
    reads=gettext_noop("A contact came in by %(channel)s."),
    subjects=("contact_id", "correspondent_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOpened(Fact):
    contact_id: UUID
    correspondent_id: UUID | None
    channel: str
    is_test: bool


@fact(
    "intake.contact_message_added",
    version=1,
    reads=gettext_noop("The citizen wrote again."),
    subjects=("contact_id", "message_id", "report_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMessageAdded(Fact):
    contact_id: UUID
    message_id: UUID
    report_id: UUID | None


@fact(
    "intake.contact_claimed",
    version=1,
    reads=gettext_noop("The contact was taken in hand."),
    subjects=("contact_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactClaimed(Fact):
    contact_id: UUID
    person_id: UUID


@fact(
    "intake.contact_taken_over",
    version=1,
    reads=gettext_noop("The contact was taken over from a colleague."),
    subjects=("contact_id", "person_id", "from_person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTakenOver(Fact):
    contact_id: UUID
    person_id: UUID
    from_person_id: UUID | None


@fact(
    "intake.contact_released",
    version=1,
    reads=gettext_noop("The contact went back to the queue (%(reason)s)."),
    subjects=("contact_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReleased(Fact):
    contact_id: UUID
    person_id: UUID | None
    reason: str


@fact(
    "intake.contact_disposed",
    version=1,
    reads=gettext_noop("The contact ended: %(disposition)s. %(note)s"),
    personal=("note",),
    subjects=("contact_id", "report_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDisposed(Fact):
    contact_id: UUID
    report_id: UUID | None
    disposition: str
    note: str


@fact(
    "intake.disposition_undone",
    version=1,
    reads=gettext_noop("The outcome %(disposition)s was undone."),
    subjects=("contact_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionUndone(Fact):
    contact_id: UUID
    disposition: str


@fact(
    "intake.contact_waits_long",
    version=1,
    reads=gettext_noop("The contact has waited %(seconds)s seconds; the supervisor is alarmed."),
    subjects=("contact_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ContactWaitsLong(Fact):
    contact_id: UUID
    seconds: int


@fact(
    "intake.report_received",
    version=1,
    reads=gettext_noop("A report was received by %(channel)s. %(narrative)s"),
    personal=("narrative",),
    subjects=("report_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived(Fact):
    report_id: UUID
    contact_id: UUID
    channel: str
    type_code: str
    narrative: str
    is_test: bool


@fact(
    "intake.report_completed",
    version=1,
    reads=gettext_noop("The report was written down: type %(type_code)s."),
    subjects=("report_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCompleted(Fact):
    report_id: UUID
    contact_id: UUID
    type_code: str
    location_state: str


@fact(
    "intake.report_refused",
    version=1,
    reads=gettext_noop("The report was refused: %(reason)s"),
    subjects=("report_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRefused(Fact):
    report_id: UUID
    contact_id: UUID
    reason: str


@fact(
    "intake.report_answered",
    version=1,
    reads=gettext_noop("The reporter has been answered."),
    subjects=("report_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnswered(Fact):
    report_id: UUID
    contact_id: UUID
