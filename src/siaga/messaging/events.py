"""What happened in messaging. No fact carries what a citizen wrote: the text stays in its table,
where it can be forgotten, and the journal keeps only that it came."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact


@fact(
    "messaging.message_received",
    version=1,
    reads=gettext_noop("A message came in by %(channel)s (%(kind)s)."),
    subjects=("message_id", "correspondent_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Fact):
    """A citizen's message is stored. `contact_id` is set when the sender's room knew it."""

    message_id: UUID
    correspondent_id: UUID
    channel: str
    kind: str
    contact_id: UUID | None = None


@fact(
    "messaging.message_sent",
    version=1,
    reads=gettext_noop("A message was handed to %(channel)s (%(kind)s)."),
    subjects=("message_id", "correspondent_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Fact):
    """The provider accepted it, or the tracking page shows it."""

    message_id: UUID
    correspondent_id: UUID
    channel: str
    kind: str
    contact_id: UUID | None = None


@fact(
    "messaging.message_queued",
    version=1,
    reads=gettext_noop("A message to the citizen was written (%(kind)s)."),
    subjects=("message_id", "correspondent_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQueued(Fact):
    """Somebody in the centre wrote it; it is stored and on its way."""

    message_id: UUID
    correspondent_id: UUID
    channel: str
    kind: str
    contact_id: UUID | None = None


@fact(
    "messaging.delivery_changed",
    version=1,
    reads=gettext_noop("A message to the citizen is now: %(status)s."),
    subjects=("message_id", "correspondent_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChanged(Fact):
    """The provider said how far a message has come. It never goes back."""

    message_id: UUID
    correspondent_id: UUID
    status: str
    contact_id: UUID | None = None


@fact(
    "messaging.delivery_failed",
    version=1,
    reads=gettext_noop("A message could not be delivered (%(reason)s). Somebody must see to it."),
    subjects=("message_id", "correspondent_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Fact):
    """Given up. `reason` is the provider's code, such as `131026`, or one of our own words."""

    message_id: UUID
    correspondent_id: UUID
    reason: str
    contact_id: UUID | None = None


@fact(
    "messaging.media_stored",
    version=1,
    reads=gettext_noop("A file of the citizen was checked and stored (%(content_type)s)."),
    subjects=("media_id", "message_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MediaStored(Fact):
    """Checked, stripped of its hidden data, and on disk."""

    media_id: UUID
    message_id: UUID | None
    content_type: str


@fact(
    "messaging.media_rejected",
    version=1,
    reads=gettext_noop("A file was not accepted (%(reason)s)."),
    subjects=("media_id", "message_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MediaWasRejected(Fact):
    """Not kept; `reason` is a key of `errors.REASONS`."""

    media_id: UUID
    message_id: UUID | None
    reason: str


@fact(
    "messaging.correspondents_merged",
    version=1,
    reads=gettext_noop("Two entries turned out to be the same person."),
    subjects=("correspondent_id", "merged_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CorrespondentsMerged(Fact):
    """Everything of `merged_id` now belongs to `correspondent_id`."""

    correspondent_id: UUID
    merged_id: UUID


@fact(
    "messaging.inbound_refused",
    version=1,
    reads=gettext_noop("A delivery at the door %(door)s could not be understood (%(state)s)."),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRefused(Fact):
    """A stored delivery failed or was put in quarantine. The raw body is kept."""

    inbound_id: int
    door: str
    state: str
