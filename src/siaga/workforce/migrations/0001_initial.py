"""Desks, who sat there and what they did, each locked to its region."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import siaga.kernel.ids
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Position",
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
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=16)),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "workforce_position",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region_id", "code"), name="position_code_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["call_taking", "dispatch", "supervision"])
                        ),
                        name="position_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sitting",
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
                ("taken_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                ("left_because", models.CharField(max_length=8, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sittings",
                        to="workforce.position",
                    ),
                ),
            ],
            options={
                "db_table": "workforce_sitting",
            },
        ),
        migrations.CreateModel(
            name="PresenceSpan",
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
                ("presence", models.CharField(max_length=10)),
                ("break_reason", models.CharField(max_length=10, null=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spans",
                        to="workforce.sitting",
                    ),
                ),
            ],
            options={
                "db_table": "workforce_presence_span",
            },
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("position",),
                name="sitting_one_at_a_desk",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("region_id", "person"),
                name="sitting_one_of_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left_at", None), ("left_because", None)),
                    models.Q(
                        ("left_at__gte", models.F("taken_at")),
                        ("left_because__in", ["left", "moved", "relieved", "removed"]),
                    ),
                    _connector="OR",
                ),
                name="sitting_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="presencespan",
            index=models.Index(fields=["region_id", "until"], name="presence_by_end"),
        ),
        migrations.AddConstraint(
            model_name="presencespan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("sitting",),
                name="presence_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="presencespan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("presence__in", ["available", "busy", "wrap_up", "break", "away"])
                ),
                name="presence_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="presencespan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("presence", "break"),
                        (
                            "break_reason__in",
                            ["meal", "prayer", "rest", "restroom", "briefing", "technical"],
                        ),
                    ),
                    models.Q(
                        models.Q(("presence", "break"), _negated=True), ("break_reason", None)
                    ),
                    _connector="OR",
                ),
                name="presence_break_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="presencespan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until", None), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="presence_forward",
            ),
        ),
        protect_table("workforce_position"),
        protect_table("workforce_sitting"),
        protect_table("workforce_presence_span"),
    ]
