"""Boundaries from a file that the centre supplies."""

import hashlib
from datetime import datetime
from typing import Any

import msgspec
from shapely.geometry import mapping

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.regions.errors import BoundariesUnreadable
from siaga.regions.events import BoundariesImported
from siaga.regions.models import Area, Region
from siaga.regions.rules.geojson import Boundary, Unusable, dissolved, read_boundaries
from siaga.regions.types import Value

FILE_BYTES_MAX = 96 * 1024 * 1024
LEFT_OUT_TOLD_MAX = 20
BATCH = 200


class BoundaryImport(Value, frozen=True, kw_only=True):
    """What an import brought. `missing`: areas of the region that still have no boundary."""

    region_id: RegionId
    areas: int
    repaired: int
    dissolved: int
    left_out: tuple[str, ...]
    missing: int


def import_boundaries(
    content: bytes, *, region_id: RegionId | None = None, by: Actor, now: datetime
) -> BoundaryImport:
    """Take over polygons of kecamatan and desa, by Kemendagri code; repeatable.

    Kecamatan that the file does not hold are dissolved from their desa. Features of other
    regions are left out and told. Records regions.boundaries_imported. Raises
    BoundariesUnreadable when nothing can be used.
    """
    if len(content) > FILE_BYTES_MAX:
        raise BoundariesUnreadable(reason=f"> {FILE_BYTES_MAX // 2**20} MB")
    try:
        found = read_boundaries(msgspec.json.decode(content))
    except (Unusable, msgspec.DecodeError) as unusable:
        raise BoundariesUnreadable(reason=str(unusable)) from unusable
    region = _region(region_id, found.boundaries)
    known = f"{region.code}."
    boundaries = {code: one for code, one in found.boundaries.items() if code.startswith(known)}
    found.left_out += [f"{code}: another region" for code in found.boundaries.keys() - boundaries]
    made = list(dissolved(boundaries))
    with acting_in(RegionId(region.id)):
        areas, repaired = _store(region, [*boundaries.values(), *made], found.left_out)
        if not areas:
            raise BoundariesUnreadable(reason=f"no area of {region.name}")
        Region.objects.filter(id=region.id).update(boundaries_id=new_id())
        journal.record(
            BoundariesImported(
                areas=areas, repaired=repaired, digest=hashlib.sha256(content).hexdigest()
            ),
            region_id=RegionId(region.id),
            by=by,
            now=now,
        )
        rows = Area.objects.filter(region_id=region.id, active=True, boundary__isnull=True)
        return BoundaryImport(
            region_id=RegionId(region.id),
            areas=areas,
            repaired=repaired,
            dissolved=len(made),
            left_out=tuple(found.left_out[:LEFT_OUT_TOLD_MAX]),
            missing=rows.count(),
        )


def _region(region_id: RegionId | None, boundaries: dict[str, Boundary]) -> Region:
    if region_id is not None:
        region = Region.objects.filter(id=region_id).first()
        if region is None:
            raise BoundariesUnreadable(reason=f"unknown region {region_id}")
        return region
    codes = {".".join(code.split(".")[:2]) for code in boundaries}
    regions = list(Region.objects.filter(code__in=codes)[:2])
    if len(regions) != 1:
        raise BoundariesUnreadable(reason=f"codes of {len(regions)} known regions; name one")
    return regions[0]


def _store(region: Region, drawn: list[Boundary], left_out: list[str]) -> tuple[int, int]:
    by_code = {one.code: one for one in drawn}
    rows = list(Area.objects.filter(region_id=region.id, code__in=list(by_code), active=True))
    for row in rows:
        one = by_code.pop(row.code)
        row.boundary = _plain(mapping(one.geometry))
        row.lat, row.lng = round(one.label.y, 5), round(one.label.x, 5)
    left_out += [f"{code}: not in the national list" for code in by_code]
    Area.objects.bulk_update(rows, ["boundary", "lat", "lng"], batch_size=BATCH)
    return len(rows), sum(1 for one in drawn if one.repaired and one.code not in by_code)


def _plain(geometry: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(geometry))
