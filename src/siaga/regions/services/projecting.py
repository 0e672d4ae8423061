"""The tables that follow a profile: agencies, types, areas, place names, routing rules."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db.models import Model

from siaga.kernel.types import RegionId
from siaga.regions import national
from siaga.regions.models import Agency, Area, CaseType, PlaceName, RoutingRule
from siaga.regions.rules.places import plain_text
from siaga.regions.types import KecamatanArea, Profile

BATCH = 500


def project(profile: Profile, former: Profile | None) -> None:
    """Bring the projections in line with the profile. What left it stays, inactive.

    Only what differs from the former profile is written; without one, everything.
    """
    steps = {
        _agencies: ("agencies",),
        _case_types: ("taxonomy",),
        _areas: ("region", "areas"),
        _landmarks: ("areas", "landmarks"),
        _routing: ("routing",),
    }
    for step, fields in steps.items():
        same = former is not None and all(
            getattr(former, field) == getattr(profile, field) for field in fields
        )
        if not same:
            step(profile)


def _agencies(profile: Profile) -> None:
    region_id = profile.region.id
    rows = [
        Agency(
            region_id=region_id,
            code=one.code,
            name_id=one.name.id,
            name_en=one.name.en,
            short_name=one.short_name,
            kind=one.kind.value,
            clearance=one.clearance.value,
            active=one.active,
        )
        for one in profile.agencies
    ]
    _upsert(Agency, rows, ["name_id", "name_en", "short_name", "kind", "clearance", "active"])
    _retire(Agency, region_id, (one.code for one in profile.agencies))


def _case_types(profile: Profile) -> None:
    region_id = profile.region.id
    rows = [
        CaseType(
            region_id=region_id,
            code=one.code,
            group=one.group,
            name_id=one.name.id,
            name_en=one.name.en,
            urgency=one.urgency.value,
            confidential=one.confidential,
            outcome_only=one.outcome_only,
            active=True,
        )
        for one in profile.taxonomy.types
    ]
    fields = ["group", "name_id", "name_en", "urgency", "confidential", "outcome_only", "active"]
    _upsert(CaseType, rows, fields)
    _retire(CaseType, region_id, (one.code for one in profile.taxonomy.types))


def _areas(profile: Profile) -> None:
    """Boundaries and points that were imported stay; names and parents come from the list."""
    region_id = profile.region.id
    areas = national.areas_of(profile.region.code)
    kecamatan = {area.code: area.name for area in areas if area.kind == "kecamatan"}
    kecamatan |= {area.code: area.name for area in profile.areas}
    points = profile.areas_by_code
    bounded = set(
        Area.objects.filter(region_id=region_id, boundary__isnull=False).values_list(
            "code", flat=True
        )
    )
    rows, names = [], []
    for one in areas:
        home = one.code if one.kind == "kecamatan" else one.parent_code
        row = Area(
            region_id=region_id,
            code=one.code,
            parent_code=one.parent_code,
            kind=one.kind,
            name=one.name,
            kecamatan=kecamatan[home],
            postcode=one.postcode,
            **_point(points.get(home)),
        )
        rows.append(row)
        names.append(_document(region_id, one.code, one.kind, one.name, kecamatan[home]))
    names_only = ["parent_code", "kind", "name", "kecamatan", "postcode", "active"]
    _upsert(Area, [row for row in rows if row.code in bounded], names_only)
    _upsert(Area, [row for row in rows if row.code not in bounded], [*names_only, "lat", "lng"])
    _retire(Area, region_id, (one.code for one in areas))
    _replace_names(region_id, "package", names)


def _landmarks(profile: Profile) -> None:
    region_id = profile.region.id
    points = profile.areas_by_code
    names = []
    for one in profile.landmarks:
        home = points.get(one.area)
        for name in (one.name, *one.aliases):
            document = _document(region_id, one.area, "landmark", name, home.name if home else "")
            document.name = one.name
            document.source = "profile"
            document.lat, document.lng = one.lat, one.lng
            names.append(document)
    _replace_names(region_id, "profile", names)


def _routing(profile: Profile) -> None:
    region_id = profile.region.id
    RoutingRule.objects.filter(region_id=region_id).delete()
    RoutingRule.objects.bulk_create(
        RoutingRule(
            region_id=region_id, code=one.code, position=position, rule=msgspec.to_builtins(one)
        )
        for position, one in enumerate(profile.routing)
    )


def _document(region_id: RegionId, code: str, kind: str, name: str, kecamatan: str) -> PlaceName:
    text = name if name == kecamatan or kind == "kecamatan" else f"{name} {kecamatan}"
    return PlaceName(
        region_id=region_id,
        area_code=code,
        kind=kind,
        name=name,
        document=plain_text(text),
        source="package",
    )


def _point(area: KecamatanArea | None) -> dict[str, float | None]:
    return {"lat": area.lat, "lng": area.lng} if area else {"lat": None, "lng": None}


def _replace_names(region_id: RegionId, source: str, names: list[PlaceName]) -> None:
    PlaceName.objects.filter(region_id=region_id, source=source).delete()
    PlaceName.objects.bulk_create(names, batch_size=BATCH, ignore_conflicts=True)


def _upsert(model: type[Any], rows: list[Any], fields: list[str]) -> None:
    model.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["region", "code"],
        update_fields=fields,
    )


def _retire(model: type[Model], region_id: RegionId, codes: Iterable[str]) -> None:
    gone = model._default_manager.filter(region_id=region_id, active=True)
    gone.exclude(code__in=list(codes)).update(active=False)
