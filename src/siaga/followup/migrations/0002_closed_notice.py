"""Who was told that the centre is closed."""

import django.db.models.deletion
from django.db import migrations, models

import siaga.kernel.ids
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    dependencies = [("followup", "0001_initial"), ("intake", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ClosedNotice",
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
                ("correspondent_id", models.UUIDField()),
                ("opens_at", models.DateTimeField(null=True)),
                ("message_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="intake.contact",
                    ),
                ),
            ],
            options={"db_table": "followup_closed_notice"},
        ),
        migrations.AddConstraint(
            model_name="closednotice",
            constraint=models.UniqueConstraint(
                fields=("region_id", "correspondent_id", "opens_at"),
                name="closed_told_once",
                nulls_distinct=False,
            ),
        ),
        protect_table("followup_closed_notice"),
    ]
