"""Tables of recordings. They outlive the calls, which may be folded anew."""

from django.db import models
from django.db.models import Q

from siaga.kernel.ids import new_id
from siaga.telephony.recordings.types import RecordingState


class Recording(models.Model):
    """What became of a call's sound; one for each call that has ended."""

    call_id = models.UUIDField(primary_key=True, editable=False)
    region_id = models.CharField(max_length=40)
    linked_id = models.CharField(max_length=80, unique=True)
    # Whose doors guard it: a call's own contact, or the one that was called back.
    contact_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default=RecordingState.WAITING)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    # Ours on the left is the citizen; in a call out of the house their voice is what was heard.
    is_outgoing = models.BooleanField(default=False)
    kept_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=160, default="", blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    seconds = models.FloatField(default=0)
    sound_seconds = models.FloatField(default=0)
    peaks = models.BinaryField(default=bytes)
    parts = models.CharField(max_length=20, default="", blank=True)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, default="", blank=True)
    held_at = models.DateTimeField(null=True)
    held_by = models.UUIDField(null=True)
    hold_reason = models.CharField(max_length=300, default="", blank=True)
    removed_at = models.DateTimeField(null=True)
    # Its contact ended as a ghost, a prank and the like: kept for fewer days.
    is_noise = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "telephony_recording"
        constraints = [
            # What is ready can be heard, and its copy can be compared.
            models.CheckConstraint(
                condition=~Q(state=RecordingState.READY)
                | (~Q(name="") & ~Q(sha256="") & Q(kept_at__isnull=False)),
                name="recording_ready_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | ~Q(state=RecordingState.REMOVED),
                name="recording_held_stays",
            ),
        ]
        indexes = [
            # Read by jobs.sweep: nearly all rows are settled.
            models.Index(
                fields=["ended_at"],
                name="recording_waiting",
                condition=Q(state=RecordingState.WAITING),
            ),
            # Read by services.remove_due.
            models.Index(
                fields=["region_id", "recorded_at"],
                name="recording_due",
                condition=Q(state=RecordingState.READY, held_at=None),
            ),
            # Read by queries.about: calls back about a contact.
            models.Index(fields=["region_id", "contact_id"], name="recording_contact"),
        ]


class Listening(models.Model):
    """Somebody listened; a player asks for many parts, and all of them are one listening."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    call_id = models.UUIDField()
    person_id = models.UUIDField()
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        db_table = "telephony_listening"
        indexes = [
            # Read by services.heard.
            models.Index(
                fields=["region_id", "call_id", "person_id", "-last_at"], name="listening_latest"
            ),
        ]
