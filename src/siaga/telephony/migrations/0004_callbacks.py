"""Who is to be called back."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    dependencies = [("telephony", "0003_records")]

    operations = [
        migrations.CreateModel(
            name="Callback",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("phone", models.CharField(max_length=20, null=True)),
                ("number", models.CharField(blank=True, default="", max_length=80)),
                ("why", models.CharField(max_length=16)),
                ("tries", models.PositiveSmallIntegerField(default=1)),
                ("waited_seconds", models.PositiveIntegerField(default=0)),
                ("cannot_speak", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempted_at", models.DateTimeField(null=True)),
                ("attempt_answered", models.BooleanField(default=False)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_how", models.CharField(blank=True, default="", max_length=16)),
                ("closed_by", models.UUIDField(null=True)),
                ("note", models.CharField(blank=True, default="", max_length=300)),
                ("is_test", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "telephony_callback",
                "indexes": [
                    models.Index(
                        condition=Q(("closed_at", None)),
                        fields=["region_id", "opened_at"],
                        name="callback_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("closed_at", None), ("phone__isnull", False)),
                        fields=("region_id", "phone"),
                        name="callback_once_per_number",
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_at=None, closed_how="")
                        | (Q(closed_at__isnull=False) & ~Q(closed_how="")),
                        name="callback_closed_somehow",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallbackCall",
            fields=[
                ("call_id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("region_id", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "callback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="telephony.callback",
                    ),
                ),
            ],
            options={"db_table": "telephony_callback_call"},
        ),
        protect_table("telephony_callback"),
        protect_table("telephony_callback_call"),
    ]
