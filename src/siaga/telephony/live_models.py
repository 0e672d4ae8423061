"""Tables of the live telephone. Private, like `models`, by which they are reached."""

from django.db import models

from siaga.kernel.ids import new_id

WORD_LENGTH_MAX = 20
NAME_LENGTH_MAX = 80


class Live(models.Model):
    """The present picture of a region; unlogged, for Asterisk can always be asked again."""

    region_id = models.CharField(max_length=40, primary_key=True)
    picture = models.JSONField(default=dict)
    at = models.DateTimeField()
    connected = models.BooleanField(default=False)

    class Meta:
        db_table = "telephony_live"


class Command(models.Model):
    """Something the daemon is asked to do, once; too late it is not done at all."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=WORD_LENGTH_MAX)
    payload = models.JSONField(default=dict)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=80)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    problem = models.TextField(default="", blank=True)

    class Meta:
        db_table = "telephony_command"
        indexes = [
            # Read by services.commands.take.
            models.Index(
                fields=["requested_at"],
                name="telephony_command_waiting",
                condition=models.Q(taken_at=None),
            ),
        ]


class Seat(models.Model):
    """Who serves a position by telephone, from when to when. The password is nowhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    person_id = models.UUIDField()
    device = models.CharField(max_length=WORD_LENGTH_MAX)
    username = models.CharField(max_length=NAME_LENGTH_MAX)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "telephony_seat"
        constraints = [
            models.UniqueConstraint(
                fields=["region_id", "number"],
                name="telephony_seat_one_person",
                condition=models.Q(left_at=None),
            ),
            models.UniqueConstraint(
                fields=["region_id", "person_id"],
                name="telephony_seat_one_position",
                condition=models.Q(left_at=None),
            ),
        ]
        indexes = [
            # Read by live_queries.person_at.
            models.Index(fields=["region_id", "number", "-since"], name="telephony_seat_history"),
        ]
