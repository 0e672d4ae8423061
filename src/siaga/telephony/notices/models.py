"""Notices that callers heard. Private, like `models`, by which they are reached."""

from django.db import models

from siaga.kernel.ids import new_id

TEXT_LENGTH_MAX = 400


class Notice(models.Model):
    """Words that callers of a region hear first, from when to when; one at a time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    text = models.CharField(max_length=TEXT_LENGTH_MAX)
    # What it is about, known downstream; nothing here depends on it.
    incident_id = models.UUIDField(null=True)
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "telephony_notice"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id"],
                name="telephony_notice_one_at_a_time",
                condition=models.Q(ended_at=None),
            ),
        ]
        indexes = [
            # Read by notices.queries.at and by the latest of a region.
            models.Index(fields=["region_id", "-given_at"], name="telephony_notice_recent"),
            # Read by notices.queries.about.
            models.Index(fields=["region_id", "incident_id"], name="telephony_notice_incident"),
        ]
