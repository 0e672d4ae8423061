"""Desks, who sat there from when to when, and what they did meanwhile."""

from django.db import models
from django.db.models import F, Q

from siaga.kernel.ids import new_id
from siaga.workforce.types import BreakReason, LeaveReason, PositionKind, Presence


def _one_of(field: str, words: type[PositionKind | Presence | LeaveReason | BreakReason]) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


class Position(models.Model):
    """A desk of a region. Desks are closed, never deleted: the past names them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "workforce_position"
        constraints = [
            models.UniqueConstraint(fields=["region_id", "code"], name="position_code_once"),
            models.CheckConstraint(condition=_one_of("kind", PositionKind), name="position_kind"),
        ]


class Sitting(models.Model):
    """A person at a desk, from taking it until leaving it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="sittings")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_because = models.CharField(max_length=8, null=True)

    class Meta:
        db_table = "workforce_sitting"
        constraints = [
            models.UniqueConstraint(
                fields=["position"], condition=Q(left_at=None), name="sitting_one_at_a_desk"
            ),
            models.UniqueConstraint(
                fields=["region_id", "person"],
                condition=Q(left_at=None),
                name="sitting_one_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, left_because=None)
                | (Q(left_at__gte=F("taken_at")) & _one_of("left_because", LeaveReason)),
                name="sitting_ends_after_it_begins",
            ),
        ]


class PresenceSpan(models.Model):
    """What the person at a desk did, from when to when; without gaps within a sitting."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="spans")
    presence = models.CharField(max_length=10)
    break_reason = models.CharField(max_length=10, null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "workforce_presence_span"
        constraints = [
            models.UniqueConstraint(
                fields=["sitting"], condition=Q(until=None), name="presence_one_at_a_time"
            ),
            models.CheckConstraint(condition=_one_of("presence", Presence), name="presence_known"),
            models.CheckConstraint(
                condition=(Q(presence="break") & _one_of("break_reason", BreakReason))
                | (~Q(presence="break") & Q(break_reason=None)),
                name="presence_break_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="presence_forward"
            ),
        ]
        indexes = [
            # Read by queries.on_duty: at a moment close to now, nearly all have ended before it.
            models.Index(fields=["region_id", "until"], name="presence_by_end"),
        ]
