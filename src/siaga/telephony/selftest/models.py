"""Self-tests of the telephone. Private, like `models`, by which they are reached."""

from django.db import models

from siaga.kernel.ids import new_id


class SelfTest(models.Model):
    """One marked call through the whole path, and what of it was missing."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    asked_by = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    linked_id = models.CharField(max_length=80, default="", blank=True)
    # Words of selftest.types.Check.
    failed = models.JSONField(default=list)
    note = models.CharField(max_length=200, default="", blank=True)
    outcome = models.CharField(max_length=20, default="", blank=True)
    # A word of selftest.types.Way.
    path = models.CharField(max_length=10, default="", db_default="", blank=True)
    rang_position = models.PositiveSmallIntegerField(null=True)

    class Meta:
        db_table = "telephony_self_test"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id"],
                name="telephony_self_test_one_at_a_time",
                condition=models.Q(ended_at=None),
            ),
        ]
        indexes = [
            # Read by selftest.queries.latest.
            models.Index(fields=["region_id", "-started_at"], name="telephony_self_test_recent"),
        ]
