"""Graded numbers."""

from django.db import migrations, models
from django.db.models import Q

from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    dependencies = [("telephony", "0005_supervision")]

    operations = [
        migrations.CreateModel(
            name="NumberGrade",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("phone", models.CharField(max_length=20)),
                ("grade", models.PositiveSmallIntegerField()),
                ("proposed", models.BooleanField(default=False)),
                ("by_hand", models.BooleanField(default=False)),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                ("contact_id", models.UUIDField(null=True)),
                ("given_at", models.DateTimeField()),
                ("given_by", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, default="", max_length=16)),
                ("command_id", models.UUIDField(null=True)),
                ("told", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "telephony_number_grade",
                "indexes": [
                    models.Index(
                        fields=["region_id", "phone", "-given_at"], name="grade_of_number"
                    ),
                    models.Index(
                        condition=Q(("told", False)), fields=["until"], name="grade_untold"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("ended_at", None)),
                        fields=("region_id", "phone", "proposed"),
                        name="grade_once_per_number",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at=None, ended_why="")
                        | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
                        name="grade_ended_somehow",
                    ),
                ],
            },
        ),
        protect_table("telephony_number_grade"),
    ]
