"""The tables of the room. A `ProfileVersion` is the truth; the others are projections of it."""

from django.db import models

from siaga.kernel.ids import new_id


class Region(models.Model):
    """A regency or city. Its public names are readable by all; no row-level security here."""

    id = models.CharField(primary_key=True, max_length=40)
    code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=40)
    prefix = models.CharField(max_length=5, unique=True)
    brand = models.CharField(max_length=120)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)
    version_id = models.UUIDField(null=True)
    """The current ProfileVersion; the process cache of profiles asks for this only."""
    boundaries_id = models.UUIDField(null=True)
    """Another value after each import of boundaries; None while there are none."""

    class Meta:
        db_table = "regions_region"


class ProfileVersion(models.Model):
    """A whole profile as it was in force from a moment on. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    profile = models.JSONField()
    digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=80)
    source = models.CharField(max_length=6)
    """`folder` or `face`: where this version was written."""
    summary = models.JSONField(default=list)

    class Meta:
        db_table = "regions_profileversion"
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="regions_version_once"),
        ]


class Agency(models.Model):
    """For foreign keys and joins; an agency that left the profile stays, inactive."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    name_id = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    clearance = models.CharField(max_length=12)
    active = models.BooleanField()

    class Meta:
        db_table = "regions_agency"
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="regions_agency_once"),
        ]


class CaseType(models.Model):
    """The effective taxonomy of a region; a type that left it stays, inactive."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    group = models.CharField(max_length=40)
    name_id = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    urgency = models.CharField(max_length=2)
    confidential = models.BooleanField()
    outcome_only = models.BooleanField()
    active = models.BooleanField()

    class Meta:
        db_table = "regions_casetype"
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="regions_type_once"),
        ]


class Area(models.Model):
    """Kecamatan, desa and kelurahan, with a boundary once a centre has imported one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=13)
    parent_code = models.CharField(max_length=13)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    kecamatan = models.CharField(max_length=120)
    postcode = models.CharField(max_length=5, blank=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    boundary = models.JSONField(null=True)
    """GeoJSON geometry, repaired; WGS 84."""
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "regions_area"
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="regions_area_once"),
        ]
        indexes = [
            # Read by queries.boundaries and queries.area_at: most regions have none.
            models.Index(
                fields=["region", "kind"],
                condition=models.Q(boundary__isnull=False),
                name="regions_area_bounded",
            ),
        ]


class PlaceName(models.Model):
    """A document of the place search: an area, a landmark, or an alias learned from use.

    No trigram index: a search compares the few hundred documents of one region, found by the
    unique constraint, and phrases share too little with a name for an index to narrow them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=13)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=160)
    document = models.CharField(max_length=320)
    """What trigrams are compared with: "desa kecamatan" in plain lower case."""
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    source = models.CharField(max_length=8)
    uses = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "regions_placename"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "area_code", "kind", "document"], name="regions_place_once"
            ),
        ]


class RoutingRule(models.Model):
    """The routing of the current profile, one row per rule, for joins and for people who ask."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    rule = models.JSONField()

    class Meta:
        db_table = "regions_routingrule"
        constraints = [
            models.UniqueConstraint(fields=["region", "code"], name="regions_rule_once"),
        ]
