"""Tables of the room: what citizens were told, what they objected, the clocks of complaints."""

from django.db import models
from django.db.models import Q

from siaga.kernel.ids import new_id


class CitizenUpdate(models.Model):
    """One thing one reporter was told; the same thing is told once per round of an incident."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    report = models.ForeignKey("intake.Report", on_delete=models.PROTECT, related_name="+")
    incident_id = models.UUIDField(null=True)
    told = models.CharField(max_length=24)
    # Which time around: 0 at first, one more with every reopening.
    round = models.PositiveSmallIntegerField(default=0)
    message_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "followup_citizen_update"
        constraints = [
            models.UniqueConstraint(fields=["report", "told", "round"], name="told_once_per_round")
        ]


class ClosedNotice(models.Model):
    """A person who wrote while the centre was closed was told so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    contact = models.OneToOneField("intake.Contact", on_delete=models.PROTECT, related_name="+")
    correspondent_id = models.UUIDField()
    # The closed period is known by its end; None if the profile has no opening in sight.
    opens_at = models.DateTimeField(null=True)
    message_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "followup_closed_notice"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "correspondent_id", "opens_at"],
                nulls_distinct=False,
                name="closed_told_once",
            )
        ]


class Objection(models.Model):
    """A citizen said that it is not settled."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    report = models.ForeignKey("intake.Report", on_delete=models.PROTECT, related_name="+")
    incident = models.ForeignKey("triage.Incident", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        db_table = "followup_objection"
        indexes = [models.Index(fields=["region_id", "-at"], name="objection_newest")]


class ComplaintClock(models.Model):
    """The working-day clocks of a service complaint."""

    incident = models.OneToOneField(
        "triage.Incident", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    region_id = models.CharField(max_length=40)
    verify_by = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    follow_up_by = models.DateTimeField()
    followed_up_at = models.DateTimeField(null=True)
    resolve_by = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "followup_complaint_clock"
        indexes = [
            # Read by queries.overdue_complaints.
            models.Index(
                fields=["region_id", "resolve_by"],
                name="complaint_open",
                condition=Q(resolved_at=None),
            )
        ]
