"""The room's tables, each locked to its region."""

import django.db.models.deletion
from django.db import migrations, models

import siaga.intake.types
import siaga.kernel.ids
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Contact",
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
                ("channel", models.CharField(max_length=12)),
                (
                    "state",
                    models.CharField(
                        default=siaga.intake.types.ContactState["WAITING"], max_length=10
                    ),
                ),
                ("correspondent_id", models.UUIDField(null=True)),
                ("phone", models.CharField(max_length=20, null=True)),
                ("display_name", models.CharField(blank=True, max_length=120)),
                ("preview", models.CharField(blank=True, max_length=240)),
                ("language", models.CharField(default="id", max_length=2)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("rank", models.PositiveSmallIntegerField(default=5)),
                ("received_at", models.DateTimeField()),
                ("last_activity_at", models.DateTimeField()),
                ("waiting_since", models.DateTimeField(null=True)),
                ("unread", models.PositiveIntegerField(default=0)),
                ("claimed_by", models.UUIDField(null=True)),
                ("claimed_at", models.DateTimeField(null=True)),
                ("claim_seen_at", models.DateTimeField(null=True)),
                ("disposition", models.CharField(blank=True, max_length=14)),
                ("disposition_note", models.CharField(blank=True, max_length=500)),
                ("disposed_at", models.DateTimeField(null=True)),
                ("disposed_by", models.UUIDField(null=True)),
                ("confidential", models.BooleanField(default=False)),
                ("type_code", models.CharField(blank=True, max_length=30)),
                ("is_test", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "intake_contact",
            },
        ),
        migrations.CreateModel(
            name="Report",
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
                (
                    "tracking_code",
                    models.CharField(
                        default=siaga.kernel.ids.tracking_code, max_length=24, unique=True
                    ),
                ),
                ("channel", models.CharField(max_length=12)),
                ("correspondent_id", models.UUIDField(null=True)),
                (
                    "state",
                    models.CharField(
                        default=siaga.intake.types.ReportState["RECEIVED"], max_length=10
                    ),
                ),
                ("language", models.CharField(default="id", max_length=2)),
                ("narrative", models.TextField(blank=True)),
                ("type_code", models.CharField(blank=True, max_length=30)),
                ("urgency", models.CharField(blank=True, max_length=2)),
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
                ("reporter_name", models.CharField(blank=True, max_length=120)),
                ("reporter_phone", models.CharField(max_length=20, null=True)),
                ("anonymous", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                ("answers", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField()),
                ("location_known_at", models.DateTimeField(null=True)),
                ("type_known_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("refusal", models.CharField(blank=True, max_length=500)),
                ("is_test", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "intake_report",
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="intake.contact",
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("person_id", models.UUIDField()),
                ("data", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "db_table": "intake_draft",
            },
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("waiting_since__isnull", False)),
                fields=["region_id", "rank", "waiting_since"],
                name="contact_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("state", siaga.intake.types.ContactState["CLAIMED"])),
                fields=["region_id", "claim_seen_at"],
                name="contact_claimed",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                fields=["region_id", "correspondent_id", "-received_at"], name="contact_person"
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["region_id", "phone", "-received_at"], name="contact_phone"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["region_id", "-received_at", "-id"], name="contact_newest"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", siaga.intake.types.ContactState["DISPOSED"]),
                        models.Q(("disposition", ""), _negated=True),
                        ("disposed_at__isnull", False),
                    ),
                    models.Q(
                        models.Q(
                            ("state", siaga.intake.types.ContactState["DISPOSED"]), _negated=True
                        ),
                        ("disposition", ""),
                    ),
                    _connector="OR",
                ),
                name="contact_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", siaga.intake.types.ContactState["CLAIMED"]), _negated=True),
                    ("claimed_by__isnull", False),
                    _connector="OR",
                ),
                name="contact_claimed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", siaga.intake.types.ContactState["WAITING"]), _negated=True),
                    ("waiting_since__isnull", False),
                    _connector="OR",
                ),
                name="contact_waiting_since",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="intake.contact",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)),
                fields=["region_id", "received_at"],
                name="report_unanswered",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["region_id", "-received_at", "-id"], name="report_newest"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                fields=["region_id", "correspondent_id", "-received_at"], name="report_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", siaga.intake.types.ReportState["ANSWERED"]), _negated=True),
                    ("answered_at__isnull", False),
                    _connector="OR",
                ),
                name="report_answered_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("contact",), name="report_once_per_contact"),
        ),
        protect_table("intake_contact"),
        protect_table("intake_report"),
        protect_table("intake_draft"),
    ]
