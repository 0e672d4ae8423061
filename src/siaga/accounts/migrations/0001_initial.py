"""People, their sign-ins, and by region their memberships and tokens."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import siaga.kernel.ids
from siaga.kernel.tenancy import protect_table


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=siaga.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("username", models.CharField(max_length=60, unique=True)),
                ("full_name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(max_length=20, null=True)),
                ("language", models.CharField(default="id", max_length=2)),
                ("pin", models.CharField(blank=True, max_length=128)),
                ("is_active", models.BooleanField(default=True)),
                ("must_change_password", models.BooleanField(default=False)),
                ("password_changed_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "accounts_person",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("username", django.db.models.functions.text.Lower("username"))
                        ),
                        name="person_username_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["id", "en"])),
                        name="person_language_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
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
                ("agency_code", models.CharField(max_length=40, null=True)),
                ("name", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "accounts_token",
                "indexes": [models.Index(fields=["region_id", "-created_at"], name="token_region")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agency_code", None), ("person__isnull", False)),
                            models.Q(("agency_code__isnull", False), ("person", None)),
                            _connector="OR",
                        ),
                        name="token_one_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scopes__contained_by", ["read", "transition"]), ("scopes__len__gt", 0)
                        ),
                        name="token_scopes_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="token_expires_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                ("role", models.CharField(max_length=24)),
                ("agency_code", models.CharField(max_length=40, null=True)),
                (
                    "confidential_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "accounts_membership",
                "indexes": [
                    models.Index(
                        condition=models.Q(("agency_code__isnull", False)),
                        fields=["region_id", "agency_code"],
                        name="membership_agency",
                    ),
                    models.Index(fields=["person", "region_id"], name="membership_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region_id", "person", "role", "agency_code"),
                        name="membership_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "call_taker",
                                    "restricted_call_taker",
                                    "dispatcher",
                                    "supervisor",
                                    "agency_officer",
                                    "publisher",
                                    "auditor",
                                    "administrator",
                                ],
                            )
                        ),
                        name="membership_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agency_code__isnull", False), ("role", "agency_officer")),
                            models.Q(
                                models.Q(("role", "agency_officer"), _negated=True),
                                ("agency_code", None),
                            ),
                            _connector="OR",
                        ),
                        name="membership_agency_of_officers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="membership_ends_after_start",
                    ),
                ],
            },
        ),
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
                ("expires_at", models.DateTimeField()),
                ("idle_lock", models.BooleanField()),
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
        protect_table("accounts_membership"),
        protect_table("accounts_token"),
    ]
