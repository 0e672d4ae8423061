"""Calls, locked to their region, and how far Asterisk's record has been read."""

from django.db import migrations, models

from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CelCursor",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("inode", models.BigIntegerField(default=0)),
                ("offset", models.BigIntegerField(default=0)),
                ("bad_lines", models.IntegerField(default=0)),
                ("last_problem", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "telephony_cel_cursor",
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("region_id", models.CharField(max_length=40)),
                ("linked_id", models.CharField(max_length=80, unique=True)),
                ("number", models.CharField(blank=True, default="", max_length=80)),
                ("phone", models.CharField(max_length=20, null=True)),
                ("did", models.CharField(blank=True, default="", max_length=80)),
                ("is_callback", models.BooleanField(default=False)),
                ("presented_at", models.DateTimeField()),
                ("greeted_at", models.DateTimeField(null=True)),
                ("queued_at", models.DateTimeField(null=True)),
                ("ringing_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("position", models.PositiveSmallIntegerField(null=True)),
                ("overflow", models.CharField(blank=True, default="", max_length=20)),
                ("held", models.BooleanField(default=False)),
                ("closed", models.BooleanField(default=False)),
                ("cannot_speak", models.BooleanField(default=False)),
                ("positions_lost", models.PositiveSmallIntegerField(default=0)),
                ("outcome", models.CharField(blank=True, default="", max_length=20)),
                ("is_test", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "telephony_call",
                "indexes": [
                    models.Index(
                        fields=["region_id", "-presented_at", "-id"], name="telephony_call_recent"
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["region_id", "presented_at"],
                        name="telephony_call_under_way",
                    ),
                ],
            },
        ),
        protect_table("telephony_call"),
    ]
