"""The table of graded numbers."""

from django.db import models
from django.db.models import Q

from siaga.kernel.ids import new_id


class NumberGrade(models.Model):
    """One grade from its beginning to its end; the one that counts has no end yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    phone = models.CharField(max_length=20)
    grade = models.PositiveSmallIntegerField()
    proposed = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    contact_id = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=16, default="", blank=True)
    # The latest command to Asterisk about this number; unfinished, it is asked for again.
    command_id = models.UUIDField(null=True)
    told = models.BooleanField(default=False)

    class Meta:
        db_table = "telephony_number_grade"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "phone", "proposed"],
                condition=Q(ended_at=None),
                name="grade_once_per_number",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_why="")
                | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                name="grade_ended_somehow",
            ),
        ]
        indexes = [
            # Read by queries.standing and by services.tell_again.
            models.Index(fields=["region_id", "phone", "-given_at"], name="grade_of_number"),
            models.Index(fields=["until"], name="grade_untold", condition=Q(told=False)),
        ]
