"""The room's tables, each locked to its region."""

import django.db.models.deletion
from django.db import migrations, models

import siaga.kernel.ids
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("intake", "0001_initial"),
        ("triage", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComplaintClock",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="triage.incident",
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("verify_by", models.DateTimeField()),
                ("verified_at", models.DateTimeField(null=True)),
                ("follow_up_by", models.DateTimeField()),
                ("followed_up_at", models.DateTimeField(null=True)),
                ("resolve_by", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "followup_complaint_clock",
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at", None)),
                        fields=["region_id", "resolve_by"],
                        name="complaint_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CitizenUpdate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=siaga.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("incident_id", models.UUIDField(null=True)),
                ("told", models.CharField(max_length=24)),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("message_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.report",
                    ),
                ),
            ],
            options={
                "db_table": "followup_citizen_update",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "told", "round"), name="told_once_per_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=siaga.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="triage.incident",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.report",
                    ),
                ),
            ],
            options={
                "db_table": "followup_objection",
                "indexes": [models.Index(fields=["region_id", "-at"], name="objection_newest")],
            },
        ),
        protect_table("followup_citizen_update"),
        protect_table("followup_objection"),
        protect_table("followup_complaint_clock"),
    ]
