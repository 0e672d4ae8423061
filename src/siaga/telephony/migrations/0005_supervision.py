"""Notices before the queue, and the telephone's own test."""

from django.db import migrations, models
from django.db.models import Q

from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import protect_table


def _id() -> models.UUIDField:  # type: ignore[type-arg]
    return models.UUIDField(default=new_id, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("telephony", "0004_callbacks")]

    operations = [
        migrations.AddField(
            "call", "notice", models.CharField(blank=True, default="", max_length=20)
        ),
        migrations.AddIndex(
            "call",
            models.Index(
                fields=["region_id", "presented_at"],
                name="telephony_call_noticed",
                condition=~Q(notice=""),
            ),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", _id()),
                ("region_id", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=400)),
                ("incident_id", models.UUIDField(null=True)),
                ("given_by", models.UUIDField(null=True)),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "telephony_notice",
                "indexes": [
                    models.Index(fields=["region_id", "-given_at"], name="telephony_notice_recent"),
                    models.Index(
                        fields=["region_id", "incident_id"], name="telephony_notice_incident"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("ended_at", None)),
                        fields=("region_id",),
                        name="telephony_notice_one_at_a_time",
                    )
                ],
            },
        ),
        protect_table("telephony_notice"),
        migrations.CreateModel(
            name="SelfTest",
            fields=[
                ("id", _id()),
                ("region_id", models.CharField(max_length=40)),
                ("asked_by", models.UUIDField(null=True)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("linked_id", models.CharField(blank=True, default="", max_length=80)),
                ("failed", models.JSONField(default=list)),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                ("outcome", models.CharField(blank=True, default="", max_length=20)),
                ("rang_position", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "db_table": "telephony_self_test",
                "indexes": [
                    models.Index(
                        fields=["region_id", "-started_at"], name="telephony_self_test_recent"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("ended_at", None)),
                        fields=("region_id",),
                        name="telephony_self_test_one_at_a_time",
                    )
                ],
            },
        ),
        protect_table("telephony_self_test"),
    ]
