"""Tables of the room: what happens in the street, and what is known about its truth."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from siaga.intake.types import LocationState
from siaga.kernel.ids import new_id
from siaga.triage.types import IncidentStatus, Truth


class Incident(models.Model):
    """What happens in the street; several reports may speak of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    code = models.CharField(max_length=24)
    type_code = models.CharField(max_length=30)
    urgency = models.CharField(max_length=2)
    status = models.CharField(max_length=14, default=IncidentStatus.NEW)
    truth = models.CharField(max_length=12, default=Truth.UNVERIFIED)
    # Life threat with a plausible place goes at once; the board shows "belum A1".
    dispatched_unverified = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    named_people = ArrayField(models.UUIDField(), default=list)
    named_agencies = ArrayField(models.CharField(max_length=40), default=list)
    summary = models.CharField(max_length=500, blank=True)
    area_code = models.CharField(max_length=16, blank=True)
    place_text = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    location_state = models.CharField(max_length=10, default=LocationState.UNKNOWN)
    report_count = models.PositiveIntegerField(default=0)
    opened_by = models.UUIDField(null=True)
    presented_at = models.DateTimeField()
    location_known_at = models.DateTimeField(null=True)
    type_known_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    en_route_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    reporter_informed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    disposition = models.CharField(max_length=24, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    is_test = models.BooleanField(default=False)

    class Meta:
        db_table = "triage_incident"
        constraints = [
            models.UniqueConstraint(fields=["region_id", "code"], name="incident_code"),
            # Closed needs a disposition, and only closed has one.
            models.CheckConstraint(
                condition=(
                    Q(status=IncidentStatus.CLOSED)
                    & Q(closed_at__isnull=False)
                    & ~Q(disposition="")
                )
                | (
                    ~Q(status=IncidentStatus.CLOSED) & Q(closed_at__isnull=True) & Q(disposition="")
                ),
                name="incident_closed_with_disposition",
            ),
        ]
        indexes = [
            # Read by queries.board. Partial: of a million incidents only the open ones matter.
            models.Index(
                fields=["region_id", "urgency", "opened_at"],
                name="incident_open",
                condition=Q(closed_at__isnull=True),
            ),
            # Read by the API, the control face and the digests.
            models.Index(fields=["region_id", "-opened_at", "-id"], name="incident_newest"),
        ]


class Assessment(models.Model):
    """What triage thinks of one report: its truth, and the incident it belongs to."""

    report = models.OneToOneField("intake.Report", on_delete=models.PROTECT, primary_key=True)
    region_id = models.CharField(max_length=40)
    truth = models.CharField(max_length=12, default=Truth.UNVERIFIED)
    verified_at = models.DateTimeField(null=True)
    incident = models.ForeignKey(
        Incident, null=True, on_delete=models.PROTECT, related_name="assessments"
    )
    joined_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "triage_assessment"


class Evidence(models.Model):
    """One line of the A1 ledger; it is added, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    report = models.ForeignKey("intake.Report", null=True, on_delete=models.PROTECT)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=24)
    confirms = models.BooleanField(default=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "triage_evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False) | Q(incident__isnull=False),
                name="evidence_about_something",
            )
        ]
        indexes = [models.Index(fields=["region_id", "at"], name="evidence_at")]


class CodeCounter(models.Model):
    """The last short code given on a day, so that codes read BWI-261121-0042."""

    region_id = models.CharField(max_length=40)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "triage_code_counter"
        constraints = [models.UniqueConstraint(fields=["region_id", "day"], name="code_counter")]
