"""The room's tables, each locked to its region."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import siaga.intake.types
import siaga.kernel.ids
import siaga.triage.types
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("intake", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("last", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "triage_code_counter",
                "constraints": [
                    models.UniqueConstraint(fields=("region_id", "day"), name="code_counter")
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
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
                ("code", models.CharField(max_length=24)),
                ("type_code", models.CharField(max_length=30)),
                ("urgency", models.CharField(max_length=2)),
                (
                    "status",
                    models.CharField(
                        default=siaga.triage.types.IncidentStatus["NEW"], max_length=14
                    ),
                ),
                (
                    "truth",
                    models.CharField(default=siaga.triage.types.Truth["UNVERIFIED"], max_length=12),
                ),
                ("dispatched_unverified", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "named_people",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                (
                    "named_agencies",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=500)),
                ("area_code", models.CharField(blank=True, max_length=16)),
                ("place_text", models.CharField(blank=True, max_length=300)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                (
                    "location_state",
                    models.CharField(
                        default=siaga.intake.types.LocationState["UNKNOWN"], max_length=10
                    ),
                ),
                ("report_count", models.PositiveIntegerField(default=0)),
                ("opened_by", models.UUIDField(null=True)),
                ("presented_at", models.DateTimeField()),
                ("location_known_at", models.DateTimeField(null=True)),
                ("type_known_at", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("verified_at", models.DateTimeField(null=True)),
                ("dispatched_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("en_route_at", models.DateTimeField(null=True)),
                ("on_scene_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("reporter_informed_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("disposition", models.CharField(blank=True, max_length=24)),
                ("reopened_count", models.PositiveSmallIntegerField(default=0)),
                ("is_test", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "triage_incident",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["region_id", "urgency", "opened_at"],
                        name="incident_open",
                    ),
                    models.Index(fields=["region_id", "-opened_at", "-id"], name="incident_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("region_id", "code"), name="incident_code"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", siaga.triage.types.IncidentStatus["CLOSED"]),
                                ("closed_at__isnull", False),
                                models.Q(("disposition", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(
                                    ("status", siaga.triage.types.IncidentStatus["CLOSED"]),
                                    _negated=True,
                                ),
                                ("closed_at__isnull", True),
                                ("disposition", ""),
                            ),
                            _connector="OR",
                        ),
                        name="incident_closed_with_disposition",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="intake.report",
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                (
                    "truth",
                    models.CharField(default=siaga.triage.types.Truth["UNVERIFIED"], max_length=12),
                ),
                ("verified_at", models.DateTimeField(null=True)),
                ("joined_at", models.DateTimeField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="triage.incident",
                    ),
                ),
            ],
            options={
                "db_table": "triage_assessment",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                ("kind", models.CharField(max_length=24)),
                ("confirms", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("by", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="intake.report"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="triage.incident"
                    ),
                ),
            ],
            options={
                "db_table": "triage_evidence",
                "indexes": [models.Index(fields=["region_id", "at"], name="evidence_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("report__isnull", False), ("incident__isnull", False), _connector="OR"
                        ),
                        name="evidence_about_something",
                    )
                ],
            },
        ),
        protect_table("triage_incident"),
        protect_table("triage_assessment"),
        protect_table("triage_evidence"),
        protect_table("triage_code_counter"),
    ]
