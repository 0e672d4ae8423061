"""The only reads of triage that other rooms use: values, never rows; always with a limit."""

from collections.abc import Iterable
from datetime import datetime
from math import cos, radians
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from siaga.accounts.types import Permission, Viewer
from siaga.intake.types import LocationState, Place
from siaga.kernel.errors import NotFound
from siaga.kernel.geometry import Point, distance_metres
from siaga.kernel.types import RegionId, Urgency
from siaga.triage import rules
from siaga.triage.models import Assessment, Evidence, Incident
from siaga.triage.types import (
    EvidenceKind,
    EvidenceView,
    IncidentDisposition,
    IncidentId,
    IncidentStatus,
    IncidentView,
    Similar,
    Truth,
)

LIST_MAX = 100
# A flood or an earthquake: everybody who reported it is told how it ends.
REPORTS_OF_INCIDENT_MAX = 10_000
_METRES_PER_DEGREE = 111_320
_SIMILAR_CANDIDATES_MAX = 50


def incident(region_id: RegionId, incident_id: UUID) -> IncidentView | None:
    """One incident, for the system's own work; faces use `incident_for`."""
    row = Incident.objects.filter(region_id=region_id, id=incident_id).first()
    return _view(row) if row else None


def incident_for(viewer: Viewer, incident_id: UUID) -> IncidentView:
    """The guarded door: NotFound if absent, in another region, or confidential to others."""
    row = Incident.objects.filter(
        _seen_by(viewer), region_id=viewer.region_id, id=incident_id
    ).first()
    if row is None or not (
        viewer.may(Permission.INCIDENTS_READ) or viewer.may(Permission.ASSIGNMENTS_READ)
    ):
        raise NotFound
    return _view(row)


def incident_by_code(viewer: Viewer, code: str) -> IncidentView:
    """The same door, by the short code people say aloud."""
    row = Incident.objects.filter(
        _seen_by(viewer), region_id=viewer.region_id, code=code.strip().upper()
    ).first()
    if row is None:
        raise NotFound
    return _view(row)


def board(
    viewer: Viewer,
    *,
    urgency: Urgency | None = None,
    kecamatan: str = "",
    among: Iterable[UUID] | None = None,
    limit: int = LIST_MAX,
) -> list[IncidentView]:
    """The open incidents, most urgent first, then the oldest; of one urgency, of one kecamatan
    (its desa included), or only those `among` the given ids."""
    rows = _open(viewer)
    if urgency is not None:
        rows = rows.filter(urgency=urgency)
    if kecamatan:
        rows = rows.filter(Q(area_code=kecamatan) | Q(area_code__startswith=f"{kecamatan}."))
    if among is not None:
        rows = rows.filter(id__in=list(among))
    return [_view(row) for row in rows.order_by("urgency", "opened_at")[:limit]]


def open_incidents(region_id: RegionId, *, limit: int = 200) -> list[IncidentView]:
    """What is not closed yet, the latest first; for the house itself, not for a viewer."""
    rows = Incident.objects.filter(region_id=region_id, closed_at=None).order_by("-opened_at")
    return [_view(row) for row in rows[:limit]]


def unattended(
    viewer: Viewer, *, also: Iterable[UUID] = (), limit: int = LIST_MAX
) -> list[IncidentView]:
    """Open incidents that wait for a person of the centre: not sent, declined by all, reopened or
    finished; and those of `also` (with an alarm, say). Most urgent first."""
    rows = _open(viewer).filter(Q(status__in=rules.UNATTENDED) | Q(id__in=list(also)))
    return [_view(row) for row in rows.order_by("urgency", "opened_at")[:limit]]


def open_counts(viewer: Viewer) -> dict[Urgency, int]:
    """How many open incidents there are of each urgency."""
    counted = dict(_open(viewer).values_list("urgency").annotate(n=Count("id")))
    return {urgency: counted.get(urgency.value, 0) for urgency in Urgency}


def incidents(
    viewer: Viewer,
    *,
    status: IncidentStatus | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = LIST_MAX,
) -> list[IncidentView]:
    """Incidents newest first; `before` is the (opened_at, id) of the last one seen."""
    rows = Incident.objects.filter(_seen_by(viewer), region_id=viewer.region_id)
    if status is not None:
        rows = rows.filter(status=status)
    if status not in (None, IncidentStatus.CLOSED):
        rows = rows.filter(closed_at__isnull=True)  # implied, and the index of the open ones serves
    if before is not None:
        at, row_id = before
        rows = rows.filter(opened_at__lte=at).exclude(opened_at=at, id__gte=row_id)
    return [_view(row) for row in rows.order_by("-opened_at", "-id")[:limit]]


def incidents_in(region_id: RegionId, ids: Iterable[UUID]) -> dict[UUID, IncidentView]:
    """These incidents by id, for the rooms downstream."""
    rows = Incident.objects.filter(region_id=region_id, id__in=list(ids))
    return {row.id: _view(row) for row in rows[: LIST_MAX * 10]}


def visible_ids(viewer: Viewer, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these incidents that the viewer may see."""
    rows = Incident.objects.filter(_seen_by(viewer), region_id=viewer.region_id, id__in=list(ids))
    return set(rows.values_list("id", flat=True)[: LIST_MAX * 10])


def hidden_ids(viewer: Viewer, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these incidents that are confidential to others than the viewer."""
    rows = Incident.objects.filter(~_seen_by(viewer), region_id=viewer.region_id, id__in=list(ids))
    return set(rows.values_list("id", flat=True))


def incident_of_report(region_id: RegionId, report_id: UUID) -> IncidentView | None:
    """The incident a report belongs to, if any."""
    row = Incident.objects.filter(region_id=region_id, assessments__report_id=report_id).first()
    return _view(row) if row else None


def report_ids(
    region_id: RegionId, incident_id: UUID, *, limit: int = REPORTS_OF_INCIDENT_MAX
) -> list[UUID]:
    """The reports that speak of an incident, in the order they joined."""
    rows = Assessment.objects.filter(region_id=region_id, incident_id=incident_id)
    return list(rows.order_by("joined_at").values_list("report_id", flat=True)[:limit])


def open_report_ids(region_id: RegionId, *, limit: int = 2_000) -> list[UUID]:
    """The reports that speak of any incident that is not closed yet."""
    rows = Assessment.objects.filter(
        region_id=region_id, incident__isnull=False, incident__closed_at=None
    )
    return list(rows.values_list("report_id", flat=True)[:limit])


def truth_of_report(region_id: RegionId, report_id: UUID) -> Truth:
    """What counts as true of a report by now."""
    row = Assessment.objects.filter(region_id=region_id, report_id=report_id).first()
    return Truth(row.truth) if row else Truth.UNVERIFIED


def evidence(
    region_id: RegionId,
    *,
    report_id: UUID | None = None,
    incident_id: UUID | None = None,
    limit: int = LIST_MAX,
) -> list[EvidenceView]:
    """The A1 ledger of a report or an incident, its newest lines, the oldest of them first."""
    rows = Evidence.objects.filter(region_id=region_id)
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    elif report_id is not None:
        rows = rows.filter(report_id=report_id)
    return [
        EvidenceView(
            id=row.id,
            report_id=row.report_id,
            incident_id=row.incident_id,
            kind=EvidenceKind(row.kind),
            confirms=row.confirms,
            note=row.note,
            by=row.by,
            at=row.at,
        )
        for row in reversed(rows.order_by("-at", "-id")[:limit])
    ]


def similar(
    viewer: Viewer,
    *,
    type_code: str,
    place: Place,
    now: datetime,
    except_id: UUID | None = None,
) -> list[Similar]:
    """Open incidents nearby that may be the same event: nearest and same type first."""
    rows = Incident.objects.filter(
        _seen_by(viewer),
        region_id=viewer.region_id,
        closed_at__isnull=True,
        opened_at__gte=now - rules.similar_span(),
    )
    if except_id is not None:
        rows = rows.exclude(id=except_id)
    near = _near(place)
    if near is None:
        return []
    found = [
        _similar(_view(row), type_code, place, now)
        for row in rows.filter(near).order_by("-opened_at")[:_SIMILAR_CANDIDATES_MAX]
    ]
    within = [item for item in found if (item.distance_metres or 0) <= rules.SIMILAR_METRES_MAX]
    within.sort(key=lambda item: (not item.same_type, item.distance_metres or 0))
    return within[: rules.SIMILAR_MAX]


def _open(viewer: Viewer) -> QuerySet[Incident]:
    return Incident.objects.filter(
        _seen_by(viewer), region_id=viewer.region_id, closed_at__isnull=True
    )


def _near(place: Place) -> Q | None:
    if place.point is None:
        return Q(area_code=place.area_code) if place.area_code else None
    lat_span = rules.SIMILAR_METRES_MAX / _METRES_PER_DEGREE
    lng_span = lat_span / max(cos(radians(place.point.lat)), 0.01)
    box = Q(
        lat__range=(place.point.lat - lat_span, place.point.lat + lat_span),
        lng__range=(place.point.lng - lng_span, place.point.lng + lng_span),
    )
    return box | Q(lat=None, area_code=place.area_code) if place.area_code else box


def _similar(view: IncidentView, type_code: str, place: Place, now: datetime) -> Similar:
    metres = None
    if place.point is not None and view.place.point is not None:
        metres = round(distance_metres(place.point, view.place.point))
    return Similar(
        incident=view,
        distance_metres=metres,
        minutes_ago=int((now - view.opened_at).total_seconds() // 60),
        same_type=view.type_code == type_code,
    )


def _seen_by(viewer: Viewer) -> Q:
    """Confidential incidents are for those named: people, agencies, holders of a grant."""
    seen = Q(confidential=False)
    if viewer.may(Permission.CONFIDENTIAL_READ):
        seen |= Q(named_people__contains=[viewer.person_id])
        seen |= Q(type_code__in=sorted(viewer.confidential_types))
        if viewer.agency_code:
            seen |= Q(named_agencies__contains=[viewer.agency_code])
    return seen


def _view(row: Incident) -> IncidentView:
    return IncidentView(
        id=IncidentId(row.id),
        region_id=RegionId(row.region_id),
        code=row.code,
        type_code=row.type_code,
        urgency=Urgency(row.urgency),
        status=IncidentStatus(row.status),
        truth=Truth(row.truth),
        dispatched_unverified=row.dispatched_unverified,
        confidential=row.confidential,
        named_people=tuple(row.named_people),
        named_agencies=tuple(row.named_agencies),
        summary=row.summary,
        place=Place(
            area_code=row.area_code,
            text=row.place_text,
            point=Point(row.lat, row.lng) if row.lat is not None and row.lng is not None else None,
            state=LocationState(row.location_state),
        ),
        report_count=row.report_count,
        opened_by=row.opened_by,
        presented_at=row.presented_at,
        location_known_at=row.location_known_at,
        type_known_at=row.type_known_at,
        opened_at=row.opened_at,
        verified_at=row.verified_at,
        dispatched_at=row.dispatched_at,
        acknowledged_at=row.acknowledged_at,
        en_route_at=row.en_route_at,
        on_scene_at=row.on_scene_at,
        done_at=row.done_at,
        reporter_informed_at=row.reporter_informed_at,
        closed_at=row.closed_at,
        disposition=IncidentDisposition(row.disposition) if row.disposition else None,
        reopened_count=row.reopened_count,
        is_test=row.is_test,
    )
