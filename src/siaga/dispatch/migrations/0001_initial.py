"""The room's tables, each locked to its region."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import siaga.dispatch.types
import siaga.kernel.ids
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("triage", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
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
                ("agency_code", models.CharField(max_length=40)),
                ("role", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        default=siaga.dispatch.types.AssignmentState["SENT"], max_length=14
                    ),
                ),
                ("urgency", models.CharField(max_length=2)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("sent_at", models.DateTimeField()),
                ("sent_by", models.UUIDField(null=True)),
                ("acknowledge_by", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("en_route_at", models.DateTimeField(null=True)),
                ("on_scene_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("declined_at", models.DateTimeField(null=True)),
                ("decline_reason", models.CharField(blank=True, max_length=500)),
                ("done_note", models.CharField(blank=True, max_length=2000)),
                (
                    "media_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("answered_by", models.UUIDField(null=True)),
                ("alarmed_at", models.DateTimeField(null=True)),
                ("is_test", models.BooleanField(default=False)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="triage.incident",
                    ),
                ),
            ],
            options={
                "db_table": "dispatch_assignment",
            },
        ),
        migrations.CreateModel(
            name="AgencyNotice",
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
                ("action", models.CharField(max_length=24)),
                ("to", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="dispatch.assignment",
                    ),
                ),
            ],
            options={
                "db_table": "dispatch_agency_notice",
            },
        ),
        migrations.CreateModel(
            name="EscalationRun",
            fields=[
                (
                    "assignment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="dispatch.assignment",
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("plan", models.JSONField()),
                ("token", models.UUIDField(default=siaga.kernel.ids.new_id)),
                ("next_step", models.PositiveSmallIntegerField(default=0)),
                ("next_due_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("stop_reason", models.CharField(blank=True, max_length=20)),
            ],
            options={
                "db_table": "dispatch_escalation_run",
                "indexes": [
                    models.Index(
                        condition=models.Q(("stopped_at", None)),
                        fields=["region_id", "next_due_at"],
                        name="escalation_pending",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("state__in", ["sent", "acknowledged", "en_route", "on_scene"])),
                fields=["region_id", "agency_code", "urgency", "sent_at"],
                name="assignment_todo",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("state", "sent")),
                fields=["region_id", "acknowledge_by"],
                name="assignment_silent",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["region_id", "-sent_at", "-id"], name="assignment_newest"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                fields=["region_id", "agency_code", "-sent_at"], name="assignment_agency"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["sent", "acknowledged", "en_route", "on_scene"])),
                fields=("incident", "agency_code"),
                name="assignment_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", siaga.dispatch.types.AssignmentState["DECLINED"]), _negated=True
                    ),
                    models.Q(("decline_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="assignment_declined_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", siaga.dispatch.types.AssignmentState["DONE"]), _negated=True
                    ),
                    ("done_at__isnull", False),
                    _connector="OR",
                ),
                name="assignment_done_at",
            ),
        ),
        migrations.AddIndex(
            model_name="agencynotice",
            index=models.Index(fields=["region_id", "-at"], name="agency_notice_newest"),
        ),
        protect_table("dispatch_assignment"),
        protect_table("dispatch_escalation_run"),
        protect_table("dispatch_agency_notice"),
    ]
