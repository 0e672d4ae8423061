"""Tables of the call-back list."""

from django.db import models
from django.db.models import Q

from siaga.kernel.ids import new_id


class Callback(models.Model):
    """Somebody to be called back; of a number, at most one that is open."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, null=True)
    number = models.CharField(max_length=80, default="", blank=True)
    why = models.CharField(max_length=16)
    tries = models.PositiveSmallIntegerField(default=1)
    waited_seconds = models.PositiveIntegerField(default=0)
    cannot_speak = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    attempt_answered = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_how = models.CharField(max_length=16, default="", blank=True)
    closed_by = models.UUIDField(null=True)
    note = models.CharField(max_length=300, default="", blank=True)
    is_test = models.BooleanField(default=False)

    class Meta:
        db_table = "telephony_callback"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "phone"],
                condition=Q(closed_at=None, phone__isnull=False),
                name="callback_once_per_number",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_how="")
                | (Q(closed_at__isnull=False) & ~Q(closed_how="")),
                name="callback_closed_somehow",
            ),
        ]
        indexes = [
            # Read by queries.open_callbacks.
            models.Index(
                fields=["region_id", "opened_at"],
                name="callback_open",
                condition=Q(closed_at=None),
            ),
        ]


class CallbackCall(models.Model):
    """A call belongs to one to-do, however often it is told."""

    call_id = models.UUIDField(primary_key=True, editable=False)
    region_id = models.CharField(max_length=40)
    callback = models.ForeignKey(Callback, on_delete=models.CASCADE, related_name="calls")
    at = models.DateTimeField()

    class Meta:
        db_table = "telephony_callback_call"
