"""The live picture, what the daemon is asked to do, and who serves which position."""

from django.db import migrations, models

from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    dependencies = [("telephony", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Live",
            fields=[
                ("region_id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("picture", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("connected", models.BooleanField(default=False)),
            ],
            options={"db_table": "telephony_live"},
        ),
        # Written up to fifty times a second, and worth nothing after a crash.
        migrations.RunSQL(
            "ALTER TABLE telephony_live SET UNLOGGED", "ALTER TABLE telephony_live SET LOGGED"
        ),
        migrations.CreateModel(
            name="Command",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=20)),
                ("payload", models.JSONField(default=dict)),
                ("requested_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "telephony_command",
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_at", None)),
                        fields=["requested_at"],
                        name="telephony_command_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("number", models.PositiveSmallIntegerField()),
                ("person_id", models.UUIDField()),
                ("device", models.CharField(max_length=20)),
                ("username", models.CharField(max_length=80)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "telephony_seat",
                "indexes": [
                    models.Index(
                        fields=["region_id", "number", "-since"], name="telephony_seat_history"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)),
                        fields=("region_id", "number"),
                        name="telephony_seat_one_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("left_at", None)),
                        fields=("region_id", "person_id"),
                        name="telephony_seat_one_position",
                    ),
                ],
            },
        ),
        protect_table("telephony_live"),
        protect_table("telephony_command"),
        protect_table("telephony_seat"),
    ]
