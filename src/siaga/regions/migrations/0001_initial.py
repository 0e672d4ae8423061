"""Regions, the versions of their profiles, and the projections for joins and search."""

import django.db.models.deletion
from django.db import migrations, models

import siaga.kernel.ids
from siaga.kernel.tenancy import protect_table

_NEVER_CHANGED = """
CREATE FUNCTION regions_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a profile is never changed: % is refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON regions_profileversion
    FOR EACH ROW EXECUTE FUNCTION regions_version_never_changes();
"""
_CHANGEABLE = """
DROP TRIGGER never_changes ON regions_profileversion;
DROP FUNCTION regions_version_never_changes();
"""
_PROTECTED = ("profileversion", "agency", "casetype", "area", "placename", "routingrule")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=5, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("timezone", models.CharField(max_length=40)),
                ("prefix", models.CharField(max_length=5, unique=True)),
                ("brand", models.CharField(max_length=120)),
                ("active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("version_id", models.UUIDField(null=True)),
                ("boundaries_id", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "regions_region",
            },
        ),
        migrations.CreateModel(
            name="ProfileVersion",
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
                ("number", models.PositiveIntegerField()),
                ("profile", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("applied_at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=20)),
                ("actor_id", models.CharField(max_length=80)),
                ("source", models.CharField(max_length=6)),
                ("summary", models.JSONField(default=list)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "db_table": "regions_profileversion",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "number"), name="regions_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceName",
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
                ("area_code", models.CharField(max_length=13)),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=160)),
                ("document", models.CharField(max_length=320)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("source", models.CharField(max_length=8)),
                ("uses", models.PositiveIntegerField(default=1)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "db_table": "regions_placename",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "area_code", "kind", "document"),
                        name="regions_place_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseType",
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
                ("code", models.CharField(max_length=40)),
                ("group", models.CharField(max_length=40)),
                ("name_id", models.CharField(max_length=160)),
                ("name_en", models.CharField(max_length=160)),
                ("urgency", models.CharField(max_length=2)),
                ("confidential", models.BooleanField()),
                ("outcome_only", models.BooleanField()),
                ("active", models.BooleanField()),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "db_table": "regions_casetype",
                "constraints": [
                    models.UniqueConstraint(fields=("region", "code"), name="regions_type_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Area",
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
                ("code", models.CharField(max_length=13)),
                ("parent_code", models.CharField(max_length=13)),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=120)),
                ("kecamatan", models.CharField(max_length=120)),
                ("postcode", models.CharField(blank=True, max_length=5)),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("boundary", models.JSONField(null=True)),
                ("active", models.BooleanField(default=True)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "db_table": "regions_area",
                "indexes": [
                    models.Index(
                        condition=models.Q(("boundary__isnull", False)),
                        fields=["region", "kind"],
                        name="regions_area_bounded",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "code"), name="regions_area_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
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
                ("code", models.CharField(max_length=40)),
                ("name_id", models.CharField(max_length=160)),
                ("name_en", models.CharField(max_length=160)),
                ("short_name", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=12)),
                ("clearance", models.CharField(max_length=12)),
                ("active", models.BooleanField()),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "db_table": "regions_agency",
                "constraints": [
                    models.UniqueConstraint(fields=("region", "code"), name="regions_agency_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
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
                ("code", models.CharField(max_length=60)),
                ("position", models.PositiveIntegerField()),
                ("rule", models.JSONField()),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                    ),
                ),
            ],
            options={
                "db_table": "regions_routingrule",
                "constraints": [
                    models.UniqueConstraint(fields=("region", "code"), name="regions_rule_once")
                ],
            },
        ),
        *(protect_table(f"regions_{table}") for table in _PROTECTED),
        migrations.RunSQL(_NEVER_CHANGED, _CHANGEABLE),
    ]
