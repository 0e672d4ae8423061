"""The journal's tables. The migration adds what Django cannot say: xid8, no-change triggers."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from siaga.kernel.ids import new_id


class JournalEntry(models.Model):
    """One fact, written in the transaction that changed the state. Never changed, never removed.

    `xid` is filled by the database: readers follow `(xid, seq)` below the oldest open transaction,
    because ids become visible out of order.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    seq = models.BigIntegerField(db_default=models.Value(0), editable=False)
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=80)
    cause_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    subjects = ArrayField(models.UUIDField(), default=list)
    data = models.JSONField()
    personal_digest = models.BinaryField(null=True)

    class Meta:
        db_table = "journal_entry"
        indexes = [
            # Read by journal.queries.timeline.
            GinIndex(fields=["subjects"], name="journal_subjects"),
            # Read by journal.queries.entries: the journal of a region, newest first.
            models.Index(fields=["region_id", "-at"], name="journal_region_at"),
            # The same for one kind of fact, however rare it is.
            models.Index(fields=["region_id", "name", "-at", "-id"], name="journal_name_at"),
        ]


class PersonalData(models.Model):
    """The personal part of an entry, kept apart: forgetting it leaves the chain whole."""

    entry = models.OneToOneField(
        JournalEntry, on_delete=models.PROTECT, primary_key=True, db_constraint=False
    )
    region_id = models.CharField(max_length=40)
    salt = models.BinaryField()
    data = models.JSONField()

    class Meta:
        db_table = "journal_personal"


class Seal(models.Model):
    """A link of a region's hash chain, made after commit by one process."""

    region_id = models.CharField(max_length=40)
    position = models.BigIntegerField()
    entry_id = models.UUIDField(unique=True)
    previous_hash = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "journal_seal"
        constraints = [
            models.UniqueConstraint(fields=["region_id", "position"], name="journal_seal_position")
        ]


class Deadline(models.Model):
    """Something that must happen at a time, whoever sleeps. Served by `siaga clock`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region_id = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        db_table = "journal_deadline"
        indexes = [
            # Read by journal.deadlines.run_due ten times a second; nearly all rows are finished.
            models.Index(
                fields=["due_at"], name="deadline_due", condition=models.Q(finished_at=None)
            ),
            # Read by journal.deadlines.cancel_deadlines.
            models.Index(
                fields=["region_id", "subject_id"],
                name="deadline_subject",
                condition=models.Q(finished_at=None),
            ),
        ]


class Heartbeat(models.Model):
    """When each of our own processes was last alive; no region, no person."""

    process = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "journal_heartbeat"
