"""Recordings, who listened to them, and what of a call they need to know."""

from django.db import migrations, models
from django.db.models import Q

from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    dependencies = [("telephony", "0002_live")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="contact",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="call",
            name="cut_off",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Listening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("call_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("began_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "telephony_listening",
                "indexes": [
                    models.Index(
                        fields=["region_id", "call_id", "person_id", "-last_at"],
                        name="listening_latest",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                ("call_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("region_id", models.CharField(max_length=40)),
                ("linked_id", models.CharField(max_length=80, unique=True)),
                ("contact_id", models.UUIDField(null=True)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("recorded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("is_outgoing", models.BooleanField(default=False)),
                ("kept_at", models.DateTimeField(null=True)),
                ("name", models.CharField(blank=True, default="", max_length=160)),
                ("size", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("seconds", models.FloatField(default=0)),
                ("sound_seconds", models.FloatField(default=0)),
                ("peaks", models.BinaryField(default=bytes)),
                ("parts", models.CharField(blank=True, default="", max_length=20)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                ("held_at", models.DateTimeField(null=True)),
                ("held_by", models.UUIDField(null=True)),
                ("hold_reason", models.CharField(blank=True, default="", max_length=300)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "telephony_recording",
                "indexes": [
                    models.Index(
                        condition=Q(("state", "waiting")),
                        fields=["ended_at"],
                        name="recording_waiting",
                    ),
                    models.Index(
                        condition=Q(("held_at", None), ("state", "ready")),
                        fields=["region_id", "recorded_at"],
                        name="recording_due",
                    ),
                    models.Index(fields=["region_id", "contact_id"], name="recording_contact"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(state="ready")
                        | (~Q(name="") & ~Q(sha256="") & Q(kept_at__isnull=False)),
                        name="recording_ready_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=Q(held_at__isnull=True) | ~Q(state="removed"),
                        name="recording_held_stays",
                    ),
                ],
            },
        ),
        protect_table("telephony_listening"),
        protect_table("telephony_recording"),
    ]
