"""Tables of the room: who was sent, what they answered, and the plan for their silence."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from siaga.dispatch.types import OPEN_STATES, AssignmentState
from siaga.kernel.ids import new_id


class Assignment(models.Model):
    """One agency's part in one incident, with its own clock and status."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    incident = models.ForeignKey(
        "triage.Incident", on_delete=models.PROTECT, related_name="assignments"
    )
    agency_code = models.CharField(max_length=40)
    role = models.CharField(max_length=8)
    # Which time around: the incident's reopenings at the time of sending.
    round = models.PositiveSmallIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=14, default=AssignmentState.SENT)
    urgency = models.CharField(max_length=2)
    note = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    en_route_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=500, blank=True)
    done_note = models.CharField(max_length=2000, blank=True)
    media_ids = ArrayField(models.UUIDField(), default=list)
    answered_by = models.UUIDField(null=True)
    # Set when the silence has reached the supervisor.
    alarmed_at = models.DateTimeField(null=True)
    is_test = models.BooleanField(default=False)

    class Meta:
        db_table = "dispatch_assignment"
        constraints = [
            # An agency has at most one open assignment for an incident.
            models.UniqueConstraint(
                fields=["incident", "agency_code"],
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
                name="assignment_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=AssignmentState.DECLINED) | ~Q(decline_reason=""),
                name="assignment_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=AssignmentState.DONE) | Q(done_at__isnull=False),
                name="assignment_done_at",
            ),
        ]
        indexes = [
            # Read by queries.agency_assignments: what an officer still has to do.
            models.Index(
                fields=["region_id", "agency_code", "urgency", "sent_at"],
                name="assignment_todo",
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
            ),
            # Read by queries.unacknowledged and the board's clocks.
            models.Index(
                fields=["region_id", "acknowledge_by"],
                name="assignment_silent",
                condition=Q(state=AssignmentState.SENT.value),
            ),
            models.Index(fields=["region_id", "-sent_at", "-id"], name="assignment_newest"),
            models.Index(fields=["region_id", "agency_code", "-sent_at"], name="assignment_agency"),
            # Read by queries.assignment_with_media: whose proof a file is.
            GinIndex(fields=["media_ids"], name="assignment_media"),
        ]


class EscalationRun(models.Model):
    """The frozen plan of one assignment and how far it has run."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, primary_key=True)
    region_id = models.CharField(max_length=40)
    plan = models.JSONField()
    # A new token makes deadlines that are already on their way go home.
    token = models.UUIDField(default=new_id)
    next_step = models.PositiveSmallIntegerField(default=0)
    next_due_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "dispatch_escalation_run"
        indexes = [
            # Read by queries.overdue_steps, the auditor.
            models.Index(
                fields=["region_id", "next_due_at"],
                name="escalation_pending",
                condition=Q(stopped_at=None),
            )
        ]


class AgencyNotice(models.Model):
    """What an agency's people were told, on which rung; the app shows it, others carry it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="notices")
    action = models.CharField(max_length=24)
    to = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        db_table = "dispatch_agency_notice"
        indexes = [models.Index(fields=["region_id", "-at"], name="agency_notice_newest")]
