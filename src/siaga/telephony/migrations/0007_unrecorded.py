"""Calls that Asterisk could not write down."""

from django.db import migrations, models

from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    dependencies = [("telephony", "0006_grades")]

    operations = [
        migrations.CreateModel(
            name="UnrecordedCall",
            fields=[
                (
                    "linked_id",
                    models.CharField(max_length=80, primary_key=True, serialize=False),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("call", models.JSONField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_seen", models.BooleanField(default=True)),
                ("noted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "telephony_unrecorded_call",
                "indexes": [
                    models.Index(
                        fields=["region_id", "-noted_at"], name="telephony_unrecorded_recent"
                    )
                ],
            },
        ),
        protect_table("telephony_unrecorded_call"),
    ]
