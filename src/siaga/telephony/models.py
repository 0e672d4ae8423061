"""Tables of the room. Private: other rooms ask `queries` and `services`."""

from django.db import models

# Django looks for the tables of a room here.
from siaga.telephony.callbacks.models import Callback, CallbackCall
from siaga.telephony.grades.models import NumberGrade
from siaga.telephony.live_models import Command, Live, Seat
from siaga.telephony.notices.models import Notice
from siaga.telephony.recordings.models import Listening, Recording
from siaga.telephony.selftest.models import SelfTest

__all__ = [
    "Call", "Callback", "CallbackCall", "CelCursor", "Command", "Listening", "Live", "Notice",
    "NumberGrade", "Recording", "Seat", "SelfTest", "UnrecordedCall",
]  # fmt: skip
WORD_LENGTH_MAX = 20
NAME_LENGTH_MAX = 80


class Call(models.Model):
    """One call, folded from Asterisk's own record; thrown away, it can be folded again."""

    id = models.UUIDField(primary_key=True, editable=False)
    region_id = models.CharField(max_length=40)
    linked_id = models.CharField(max_length=NAME_LENGTH_MAX, unique=True)
    # As the trunk gave it, reduced to digits and a plus; `phone` is E.164 or unknown.
    number = models.CharField(max_length=NAME_LENGTH_MAX, default="", blank=True)
    phone = models.CharField(max_length=20, null=True)
    did = models.CharField(max_length=NAME_LENGTH_MAX, default="", blank=True)
    is_callback = models.BooleanField(default=False)
    presented_at = models.DateTimeField()
    greeted_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    ringing_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(null=True)
    overflow = models.CharField(max_length=WORD_LENGTH_MAX, default="", blank=True)
    held = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    cannot_speak = models.BooleanField(default=False)
    positions_lost = models.PositiveSmallIntegerField(default=0)
    # The contact that a call out of the house is about, as whoever dialled said it.
    contact = models.CharField(max_length=NAME_LENGTH_MAX, default="", blank=True)
    cut_off = models.BooleanField(default=False)
    outcome = models.CharField(max_length=WORD_LENGTH_MAX, default="", blank=True)
    # Whether the caller heard a notice first, and said that theirs was another matter.
    notice = models.CharField(max_length=WORD_LENGTH_MAX, default="", blank=True)
    is_test = models.BooleanField(default=False)

    class Meta:
        db_table = "telephony_call"
        indexes = [
            # Read by queries.calls.
            models.Index(
                fields=["region_id", "-presented_at", "-id"], name="telephony_call_recent"
            ),
            # Read by queries.calls_under_way.
            models.Index(
                fields=["region_id", "presented_at"],
                name="telephony_call_under_way",
                condition=models.Q(ended_at=None),
            ),
            # Read by notices.queries: how many heard it.
            models.Index(
                fields=["region_id", "presented_at"],
                name="telephony_call_noticed",
                condition=~models.Q(notice=""),
            ),
        ]


class CelCursor(models.Model):
    """How far a record file has been read; moved in the transaction of what was read."""

    name = models.CharField(max_length=NAME_LENGTH_MAX, primary_key=True)
    inode = models.BigIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    bad_lines = models.IntegerField(default=0)
    last_problem = models.TextField(default="", blank=True)

    class Meta:
        db_table = "telephony_cel_cursor"


class UnrecordedCall(models.Model):
    """A call of which the record lacks something, as the live picture saw it; told once."""

    linked_id = models.CharField(max_length=NAME_LENGTH_MAX, primary_key=True)
    region_id = models.CharField(max_length=40)
    call = models.JSONField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_seen = models.BooleanField(default=True)
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "telephony_unrecorded_call"
        indexes = [
            # Read by record_queries.
            models.Index(fields=["region_id", "-noted_at"], name="telephony_unrecorded_recent"),
        ]
