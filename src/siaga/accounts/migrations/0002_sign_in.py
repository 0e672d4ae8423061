"""Where people are signed in; global like the people themselves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import siaga.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignIn",
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
                ("session_key", models.CharField(max_length=40)),
                ("ip", models.CharField(max_length=45)),
                ("device", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("active_at", models.DateTimeField()),
                ("locked_at", models.DateTimeField(null=True)),
                ("unlock_failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "accounts_sign_in",
                "indexes": [models.Index(fields=["person", "-seen_at"], name="sign_in_person")],
            },
        ),
    ]
