"""Boundaries, where a centre imported them: which area holds a point, what the map draws."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal
from uuid import UUID

import shapely
from shapely.geometry import shape

from siaga.kernel.geometry import Point
from siaga.kernel.types import RegionId
from siaga.regions.models import Area, Region

BOUNDARIES_MAX = 2000
CACHED_REGIONS_MAX = 32
SHORE_DEGREES = 0.01
"""About a kilometre: simplified coasts leave piers and boats just outside."""


@dataclass(frozen=True, slots=True)
class _Index:
    codes: tuple[str, ...]
    geometries: tuple[shapely.Geometry, ...]
    tree: shapely.STRtree


_cache: OrderedDict[UUID, _Index] = OrderedDict()
_lock = Lock()


def area_code_at(region_id: RegionId, point: Point) -> tuple[str | None, bool]:
    """The most precise area that holds the point, and whether the region has boundaries at all.

    A point within about a kilometre of the shore belongs to the nearest area.
    """
    index = _index(region_id)
    if index is None:
        return None, False
    spot = shapely.Point(point.lng, point.lat)
    holding = [int(place) for place in index.tree.query(spot, predicate="intersects")]
    if not holding:
        near = index.tree.query_nearest(spot, max_distance=SHORE_DEGREES)
        holding = [int(place) for place in near]
    codes = sorted((index.codes[place] for place in holding), key=lambda code: (-len(code), code))
    return (codes[0] if codes else None), True


def boundaries(
    region_id: RegionId, kind: Literal["kecamatan", "desa"] = "kecamatan"
) -> dict[str, Any]:
    """A GeoJSON FeatureCollection for the map; empty until boundaries are imported.

    Properties: `code`, `name`, `kind`, `label` ([lng, lat]). `desa` includes kelurahan.
    """
    kinds = ("kecamatan",) if kind == "kecamatan" else ("desa", "kelurahan")
    rows = Area.objects.filter(
        region_id=region_id, kind__in=kinds, boundary__isnull=False, active=True
    )
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": row.code,
                "geometry": row.boundary,
                "properties": {
                    "code": row.code,
                    "name": row.name,
                    "kind": row.kind,
                    "label": [row.lng, row.lat],
                },
            }
            for row in rows.order_by("code")[:BOUNDARIES_MAX]
        ],
    }


def _index(region_id: RegionId) -> _Index | None:
    found = Region.objects.filter(id=region_id).values_list("boundaries_id", flat=True).first()
    if found is None:
        return None
    with _lock:
        if found in _cache:
            _cache.move_to_end(found)
            return _cache[found]
    rows = Area.objects.filter(region_id=region_id, boundary__isnull=False, active=True)
    pairs = list(rows.order_by("code").values_list("code", "boundary")[:BOUNDARIES_MAX])
    if not pairs:
        return None
    geometries = tuple(shape(boundary) for _, boundary in pairs if boundary)
    index = _Index(tuple(code for code, _ in pairs), geometries, shapely.STRtree(geometries))
    with _lock:
        _cache[found] = index
        while len(_cache) > CACHED_REGIONS_MAX:
            _cache.popitem(last=False)
    return index
