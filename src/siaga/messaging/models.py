"""Tables of the room. Private: other rooms ask `queries` and `services`."""

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from siaga.kernel.ids import new_id
from siaga.kernel.types import Channel
from siaga.messaging.types import (
    AliasKind,
    DeliveryState,
    Direction,
    InboundState,
    MediaState,
    MessageKind,
)


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


REGION_ID_LENGTH_MAX = 40
WORD_LENGTH_MAX = 20


class Inbound(models.Model):
    """A raw delivery, stored before it is answered. The edge inserts, the drain reads."""

    id = models.BigAutoField(primary_key=True)
    region_id = models.CharField(max_length=REGION_ID_LENGTH_MAX)
    door = models.TextField()
    external_id = models.TextField()
    body = models.BinaryField()
    request_id = models.TextField(db_default="")
    received_at = models.DateTimeField(db_default=Now())
    state = models.TextField(db_default=InboundState.NEW.value)
    attempts = models.SmallIntegerField(db_default=0)
    error = models.TextField(db_default="")
    retry_at = models.DateTimeField(null=True)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messaging_inbound"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "door", "external_id"], name="messaging_inbound_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_values(InboundState)), name="messaging_inbound_state"
            ),
        ]
        indexes = [
            # Read by drain.drain_inbound.
            models.Index(
                fields=["id"],
                name="messaging_inbound_new",
                condition=models.Q(state=InboundState.NEW.value),
            ),
            # Read by queries.inbound_troubles.
            models.Index(
                fields=["region_id", "state", "id"],
                name="messaging_inbound_trouble",
                condition=models.Q(
                    state__in=[InboundState.FAILED.value, InboundState.QUARANTINED.value]
                ),
            ),
        ]


class Correspondent(models.Model):
    """A person on one channel. Known by aliases; a telephone number is only a property."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=REGION_ID_LENGTH_MAX)
    channel = models.CharField(max_length=WORD_LENGTH_MAX)
    phones = ArrayField(models.CharField(max_length=20), default=list)
    profile_name = models.TextField(default="", blank=True)
    profile_name_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, default="", blank=True)
    last_inbound_at = models.DateTimeField(null=True)
    window_expires_at = models.DateTimeField(null=True)
    # Two rows that turned out to be one person: the younger points at the elder.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "messaging_correspondent"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__in=_values(Channel)),
                name="messaging_correspondent_channel",
            ),
        ]
        indexes = [
            models.Index(fields=["region_id", "-last_inbound_at"], name="messaging_corr_recent"),
            GinIndex(fields=["phones"], name="messaging_corr_phones"),
        ]


class Alias(models.Model):
    """One external id of a correspondent: a WhatsApp number, a business-scoped user id …"""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=REGION_ID_LENGTH_MAX)
    channel = models.CharField(max_length=WORD_LENGTH_MAX)
    kind = models.CharField(max_length=WORD_LENGTH_MAX)
    external_id = models.CharField(max_length=200)
    correspondent = models.ForeignKey(
        Correspondent, on_delete=models.CASCADE, related_name="aliases"
    )
    # When the person last wrote under this name: answers go to the freshest one.
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messaging_alias"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "channel", "external_id"], name="messaging_alias_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=_values(AliasKind)), name="messaging_alias_kind"
            ),
        ]


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=REGION_ID_LENGTH_MAX)
    channel = models.CharField(max_length=WORD_LENGTH_MAX)
    external_id = models.CharField(max_length=250, null=True)
    correspondent = models.ForeignKey(
        Correspondent, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    direction = models.CharField(max_length=3)
    kind = models.CharField(max_length=WORD_LENGTH_MAX)
    text = models.TextField(default="", blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    place_name = models.TextField(default="", blank=True)
    in_reply_to = models.CharField(max_length=250, default="", blank=True)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    author_kind = models.CharField(max_length=WORD_LENGTH_MAX, default="", blank=True)
    author_id = models.TextField(default="", blank=True)
    # Set by the rooms after this one; plain ids, because they are downstream.
    contact_id = models.UUIDField(null=True)
    report_id = models.UUIDField(null=True)
    incident_id = models.UUIDField(null=True)
    # Outgoing only.
    status = models.CharField(max_length=WORD_LENGTH_MAX, default="", blank=True)
    error = models.TextField(default="", blank=True)
    attempts = models.SmallIntegerField(default=0)
    sending_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "messaging_message"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "channel", "external_id"], name="messaging_message_once"
            ),
            models.CheckConstraint(
                condition=models.Q(direction=Direction.IN.value, status="")
                | models.Q(
                    direction=Direction.OUT.value,
                    status__in=[s for s in _values(DeliveryState) if s],
                ),
                name="messaging_message_status",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=_values(MessageKind)), name="messaging_message_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lng__isnull=True)
                | models.Q(lat__range=(-90, 90), lng__range=(-180, 180)),
                name="messaging_message_point",
            ),
        ]
        indexes = [
            # Read by queries.conversation.
            models.Index(
                fields=["region_id", "correspondent", "-at", "-id"], name="messaging_msg_person"
            ),
            models.Index(
                fields=["region_id", "contact_id", "-at", "-id"], name="messaging_msg_contact"
            ),
            # Read by queries.search, newest first.
            models.Index(fields=["region_id", "-id"], name="messaging_msg_newest"),
            GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="messaging_msg_words"),
            # Read by jobs.sweep_unsent.
            models.Index(
                fields=["id"],
                name="messaging_msg_queued",
                condition=models.Q(status=DeliveryState.QUEUED.value),
            ),
        ]


class MessageStatus(models.Model):
    """What the provider said about an outgoing message. May come before we know its id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=REGION_ID_LENGTH_MAX)
    channel = models.CharField(max_length=WORD_LENGTH_MAX)
    external_id = models.CharField(max_length=250)
    status = models.CharField(max_length=WORD_LENGTH_MAX)
    at = models.DateTimeField()
    error = models.TextField(default="", blank=True)

    class Meta:
        db_table = "messaging_message_status"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "channel", "external_id", "status"],
                name="messaging_status_once",
            ),
        ]


class Media(models.Model):
    """A file of a message: announced, then stored after checking, or rejected with a reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=REGION_ID_LENGTH_MAX)
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="media")
    state = models.CharField(max_length=WORD_LENGTH_MAX, default=MediaState.PENDING.value)
    provider_id = models.CharField(max_length=200, default="", blank=True)
    declared_type = models.CharField(max_length=200, default="", blank=True)
    declared_sha256 = models.CharField(max_length=100, default="", blank=True)
    content_type = models.CharField(max_length=100, default="", blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    original_name = models.TextField(default="", blank=True)
    # Relative to SIAGA_HOME/media; random, never made from what a citizen named the file.
    path = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "messaging_media"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=_values(MediaState)), name="messaging_media_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=MediaState.STORED.value) | ~models.Q(path=""),
                name="messaging_media_stored_has_path",
            ),
        ]
        indexes = [
            # Read by jobs.sweep_unfetched.
            models.Index(
                fields=["id"],
                name="messaging_media_pending",
                condition=models.Q(state=MediaState.PENDING.value),
            ),
        ]
