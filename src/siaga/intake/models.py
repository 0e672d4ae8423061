"""Tables of the room: every approach is a contact; some become reports."""

from django.db import models
from django.db.models import Q

from siaga.intake.types import ContactState, LocationState, ReportState
from siaga.kernel.ids import new_id, tracking_code


class Contact(models.Model):
    """An approach by any channel. It ends in exactly one outcome."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    channel = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=ContactState.WAITING)
    correspondent_id = models.UUIDField(null=True)
    phone = models.CharField(max_length=20, null=True)
    display_name = models.CharField(max_length=120, blank=True)
    preview = models.CharField(max_length=240, blank=True)
    language = models.CharField(max_length=2, default="id")
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    # Smaller comes first: ringing 0, red-flag words 1, ordinary 5.
    rank = models.PositiveSmallIntegerField(default=5)
    received_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()
    # Set while something waits for a person: a new contact, or a citizen's later message.
    waiting_since = models.DateTimeField(null=True)
    unread = models.PositiveIntegerField(default=0)
    claimed_by = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claim_seen_at = models.DateTimeField(null=True)
    disposition = models.CharField(max_length=14, blank=True)
    disposition_note = models.CharField(max_length=500, blank=True)
    disposed_at = models.DateTimeField(null=True)
    disposed_by = models.UUIDField(null=True)
    # Set when the type is confidential or the citizen asked for it: seen only by those named.
    confidential = models.BooleanField(default=False)
    type_code = models.CharField(max_length=30, blank=True)
    is_test = models.BooleanField(default=False)

    class Meta:
        db_table = "intake_contact"
        constraints = [
            # A contact has an outcome exactly when it is over.
            models.CheckConstraint(
                condition=(
                    Q(state=ContactState.DISPOSED)
                    & ~Q(disposition="")
                    & Q(disposed_at__isnull=False)
                )
                | (~Q(state=ContactState.DISPOSED) & Q(disposition="")),
                name="contact_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state=ContactState.CLAIMED) | Q(claimed_by__isnull=False),
                name="contact_claimed_by_somebody",
            ),
            # Nobody is silently forgotten: what waits has a since.
            models.CheckConstraint(
                condition=~Q(state=ContactState.WAITING) | Q(waiting_since__isnull=False),
                name="contact_waiting_since",
            ),
        ]
        indexes = [
            # Read by queries.waiting_contacts. Partial: nearly all rows are over.
            models.Index(
                fields=["region_id", "rank", "waiting_since"],
                name="contact_waiting",
                condition=Q(waiting_since__isnull=False),
            ),
            # Read by queries.claimed_contacts and the stale-claim repair.
            models.Index(
                fields=["region_id", "claim_seen_at"],
                name="contact_claimed",
                condition=Q(state=ContactState.CLAIMED),
            ),
            # Read by services.open_contact and queries.earlier_contacts.
            models.Index(
                fields=["region_id", "correspondent_id", "-received_at"], name="contact_person"
            ),
            models.Index(fields=["region_id", "phone", "-received_at"], name="contact_phone"),
            # Read by the API and the funnel.
            models.Index(fields=["region_id", "-received_at", "-id"], name="contact_newest"),
        ]


class Report(models.Model):
    """What one citizen says happened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="reports")
    tracking_code = models.CharField(max_length=24, unique=True, default=tracking_code)
    channel = models.CharField(max_length=12)
    correspondent_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default=ReportState.RECEIVED)
    language = models.CharField(max_length=2, default="id")
    narrative = models.TextField(blank=True)
    type_code = models.CharField(max_length=30, blank=True)
    urgency = models.CharField(max_length=2, blank=True)
    area_code = models.CharField(max_length=16, blank=True)
    place_text = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    location_state = models.CharField(max_length=10, default=LocationState.UNKNOWN)
    reporter_name = models.CharField(max_length=120, blank=True)
    reporter_phone = models.CharField(max_length=20, null=True)
    anonymous = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    answers = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    location_known_at = models.DateTimeField(null=True)
    type_known_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=500, blank=True)
    is_test = models.BooleanField(default=False)

    class Meta:
        db_table = "intake_report"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ReportState.ANSWERED) | Q(answered_at__isnull=False),
                name="report_answered_at",
            ),
            models.UniqueConstraint(fields=["contact"], name="report_once_per_contact"),
        ]
        indexes = [
            # Read by followup's check that no report stays without an answer.
            models.Index(
                fields=["region_id", "received_at"],
                name="report_unanswered",
                condition=Q(answered_at__isnull=True),
            ),
            models.Index(fields=["region_id", "-received_at", "-id"], name="report_newest"),
            models.Index(
                fields=["region_id", "correspondent_id", "-received_at"], name="report_person"
            ),
        ]


class Draft(models.Model):
    """What a call taker has typed and not yet filed; survives reload, crash and a dead server."""

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, primary_key=True)
    region_id = models.CharField(max_length=40)
    person_id = models.UUIDField()
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "intake_draft"
