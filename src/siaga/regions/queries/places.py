"""Areas and places of a region: the tree, the search, the point on the map."""

from typing import Any, Literal, cast
from uuid import UUID

from django.db import connection

from siaga.kernel.geometry import Point, distance_metres
from siaga.kernel.types import RegionId
from siaga.regions.errors import AreaUnknown
from siaga.regions.models import Area
from siaga.regions.queries.boundaries import area_code_at
from siaga.regions.queries.profiles import profile
from siaga.regions.rules.case_search import find_case_types
from siaga.regions.rules.places import PlaceDocument, plain_text, rank_places
from siaga.regions.types import AreaNode, AreaView, CaseTypeHit, PlaceSearch

AREAS_MAX = 2000
RANKED_MAX = 40
CANDIDATES_MAX = 20
CASE_TYPES_MAX = 50
LABEL_DISTANCE_METRES_MAX = 60_000
_NEAREST = """
SELECT p.kind, p.area_code, p.name, p.document, a.kecamatan,
       coalesce(p.lat, a.lat), coalesce(p.lng, a.lng),
       similarity(p.document, %(phrase)s) AS near, p.uses
FROM regions_placename p
JOIN regions_area a ON a.region_id = p.region_id AND a.code = p.area_code AND a.active
WHERE p.region_id = %(region)s
ORDER BY near DESC, p.id
LIMIT %(limit)s
"""


def area_tree(region_id: RegionId) -> tuple[AreaNode, ...]:
    """Every kecamatan with its desa and kelurahan, by name."""
    rows = Area.objects.filter(region_id=region_id, active=True).defer("boundary")
    bounded = _bounded(region_id)
    views = [_view(row, bounded) for row in rows.order_by("name")[:AREAS_MAX]]
    children: dict[str, list[AreaView]] = {}
    for view in views:
        if view.kind != "kecamatan":
            children.setdefault(view.parent_code, []).append(view)
    return tuple(
        AreaNode(area=view, children=tuple(children.get(view.code, ())))
        for view in views
        if view.kind == "kecamatan"
    )


def area(region_id: RegionId, code: str) -> AreaView:
    """One kecamatan, desa or kelurahan by its Kemendagri code; AreaUnknown outside the region."""
    rows = Area.objects.filter(region_id=region_id, code=code, active=True).defer("boundary")
    row = rows.first()
    if row is None:
        raise AreaUnknown(area_code=code)
    return _view(row, _bounded(region_id, code))


def area_at(region_id: RegionId, point: Point) -> AreaView | None:
    """Where a point lies: by boundaries if imported, else the kecamatan with the nearest label.

    None if it lies outside the region (with boundaries) or farther than 60 km from any label.
    """
    code, bounded = area_code_at(region_id, point)
    if bounded:
        return area(region_id, code) if code is not None else None
    labels = profile(region_id).areas
    nearest = min(labels, key=lambda one: distance_metres(one.label_point, point), default=None)
    if nearest is None or distance_metres(nearest.label_point, point) > LABEL_DISTANCE_METRES_MAX:
        return None
    return area(region_id, nearest.code)


def search_places(region_id: RegionId, text: str, limit: int = 5) -> PlaceSearch:
    """What a phrase may mean within the region: trigrams bring up forty, the matcher ranks them."""
    phrase = plain_text(text)
    if not phrase:
        return PlaceSearch(candidates=(), ambiguous=False)
    parameters: dict[str, str | int] = {"phrase": phrase, "region": region_id, "limit": RANKED_MAX}
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, parameters)
        documents = [_document(row) for row in cursor.fetchall()]
    return rank_places(
        text,
        documents,
        region=profile(region_id).region,
        limit=min(limit, CANDIDATES_MAX),
    )


def search_case_types(region_id: RegionId, text: str, limit: int = 8) -> tuple[CaseTypeHit, ...]:
    """Types for type-ahead, best first, at most `limit`."""
    return find_case_types(profile(region_id), text, limit=min(limit, CASE_TYPES_MAX))


def _document(row: tuple[Any, ...]) -> PlaceDocument:
    kind, code, name, document, kecamatan, lat, lng, near, uses = row
    return PlaceDocument(
        kind=kind,
        code=code,
        name=name,
        document=document,
        kecamatan=kecamatan,
        label_point=_point(lat, lng),
        similarity=near,
        uses=uses,
    )


def _bounded(region_id: RegionId, code: str | None = None) -> set[UUID]:
    rows = Area.objects.filter(region_id=region_id, boundary__isnull=False)
    if code is not None:
        rows = rows.filter(code=code)
    return set(rows.values_list("id", flat=True)[:AREAS_MAX])


def _view(row: Area, bounded: set[UUID]) -> AreaView:
    return AreaView(
        code=row.code,
        name=row.name,
        kind=cast(Literal["kecamatan", "desa", "kelurahan"], row.kind),
        parent_code=row.parent_code,
        kecamatan=row.kecamatan,
        label_point=_point(row.lat, row.lng),
        postcode=row.postcode,
        has_boundary=row.id in bounded,
    )


def _point(lat: float | None, lng: float | None) -> Point | None:
    return Point(lat, lng) if lat is not None and lng is not None else None
