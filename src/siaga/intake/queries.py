"""The only reads of intake that other rooms use: values, never rows; always with a limit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from siaga.accounts.types import Permission, Viewer
from siaga.intake.models import Contact, Draft, Report
from siaga.intake.rules import CLAIM_STALE_SECONDS, RANK_RED_FLAG
from siaga.intake.types import (
    ContactDisposition,
    ContactId,
    ContactState,
    ContactView,
    LocationState,
    Place,
    ReportId,
    ReportState,
    ReportView,
)
from siaga.kernel.errors import NotFound
from siaga.kernel.geometry import Point
from siaga.kernel.types import Channel, RegionId, Urgency

LIST_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """What a call taker has typed so far."""

    contact_id: ContactId
    person_id: UUID
    data: dict[str, Any]
    saved_at: datetime


def contact_for(viewer: Viewer, contact_id: UUID) -> ContactView:
    """The guarded door: NotFound if absent, in another region, or confidential to others."""
    rows = Contact.objects.filter(_seen_by(viewer), region_id=viewer.region_id, id=contact_id)
    found = _contact_views(rows[:1])
    if not found or not viewer.may(Permission.CONTACTS_READ):
        raise NotFound
    return found[0]


def report_for(viewer: Viewer, report_id: UUID) -> ReportView:
    """The guarded door: NotFound if absent, in another region, or confidential to others."""
    row = Report.objects.filter(
        _report_seen_by(viewer), region_id=viewer.region_id, id=report_id
    ).first()
    if row is None or not viewer.may(Permission.REPORTS_READ):
        raise NotFound
    return _report_view(row)


def hidden_ids(viewer: Viewer, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these contacts and reports that are confidential to others than the viewer."""
    wanted = list(ids)
    contacts_hidden = Contact.objects.filter(
        ~_seen_by(viewer), region_id=viewer.region_id, id__in=wanted
    )
    reports_hidden = Report.objects.filter(
        ~_report_seen_by(viewer), region_id=viewer.region_id, id__in=wanted
    )
    return {
        *contacts_hidden.values_list("id", flat=True),
        *reports_hidden.values_list("id", flat=True),
    }


def contact(region_id: RegionId, contact_id: UUID) -> ContactView | None:
    """One contact, or None if absent or in another region."""
    found = _contact_views(Contact.objects.filter(region_id=region_id, id=contact_id)[:1])
    return found[0] if found else None


def waiting_contacts(viewer: Viewer, *, limit: int = 50) -> list[ContactView]:
    """What waits for a person: most pressing first, then the longest waiting."""
    rows = Contact.objects.filter(
        _seen_by(viewer), region_id=viewer.region_id, waiting_since__isnull=False
    )
    return _contact_views(rows.order_by("rank", "waiting_since")[:limit])


def waiting_counts() -> dict[RegionId, tuple[int, datetime]]:
    """For each region the present scope sees: how many contacts wait, and since when the first."""
    rows = Contact.objects.filter(waiting_since__isnull=False).values("region_id")
    found = rows.annotate(n=Count("id"), first=Min("waiting_since"))
    return {RegionId(row["region_id"]): (row["n"], row["first"]) for row in found[:LIST_MAX]}


def claimed_contacts(viewer: Viewer, *, own: bool = False, limit: int = 50) -> list[ContactView]:
    """What is in somebody's hands (or in the viewer's own), oldest first."""
    rows = Contact.objects.filter(
        _seen_by(viewer), region_id=viewer.region_id, state=ContactState.CLAIMED
    )
    if own:
        rows = rows.filter(claimed_by=viewer.person_id)
    return _contact_views(rows.order_by("claimed_at")[:limit])


def stale_claims(region_id: RegionId, now: datetime, *, limit: int = 50) -> list[ContactView]:
    """Claimed contacts whose holder's screen has been silent for too long."""
    before = now - timedelta(seconds=CLAIM_STALE_SECONDS)
    rows = Contact.objects.filter(
        Q(claim_seen_at__lt=before) | Q(claim_seen_at=None),
        region_id=region_id,
        state=ContactState.CLAIMED,
    )
    return _contact_views(rows.order_by("claim_seen_at")[:limit])


def earlier_contacts(viewer: Viewer, contact: ContactView, *, limit: int = 10) -> list[ContactView]:
    """The same person's earlier approaches, newest first, by channel identity or number."""
    same = Q(pk__in=[])
    if contact.correspondent_id is not None:
        same |= Q(correspondent_id=contact.correspondent_id)
    if contact.phone:
        same |= Q(phone=contact.phone)
    rows = Contact.objects.filter(_seen_by(viewer), same, region_id=viewer.region_id).exclude(
        id=contact.id
    )
    return _contact_views(rows.order_by("-received_at")[:limit])


def contacts_of_number(viewer: Viewer, phone: str, *, limit: int = 10) -> list[ContactView]:
    """Everything that came from this number (E.164), newest first."""
    rows = Contact.objects.filter(_seen_by(viewer), region_id=viewer.region_id, phone=phone)
    return _contact_views(rows.order_by("-received_at")[:limit])


def last_places_of(region_id: RegionId, phones: Iterable[str], since: datetime) -> dict[str, Place]:
    """Where these numbers were last known to be; of some nobody knows."""
    wanted = list(phones)
    latest: dict[str, tuple[datetime, Place]] = {}
    contacts = Contact.objects.filter(
        region_id=region_id, phone__in=wanted, received_at__gte=since
    ).exclude(lat=None)
    found = [
        (phone, at, Place(point=_point(lat, lng)))
        for phone, at, lat, lng in contacts.values_list("phone", "received_at", "lat", "lng")
    ]
    reports = Report.objects.filter(
        Q(contact__phone__in=wanted) | Q(reporter_phone__in=wanted),
        region_id=region_id,
        received_at__gte=since,
    ).exclude(lat=None, area_code="")
    for report in reports.select_related("contact"):
        place = Place(area_code=report.area_code, point=_point(report.lat, report.lng))
        for phone in {report.contact.phone, report.reporter_phone}:
            found.append((phone, report.received_at, place))
    for phone, at, place in found:
        if phone in wanted and (phone not in latest or at >= latest[phone][0]):
            latest[phone] = (at, place)
    return {phone: place for phone, (_, place) in latest.items()}


def phones_of(region_id: RegionId, report_ids: Iterable[UUID]) -> set[str]:
    """The numbers from which, or in which, these reports were made."""
    rows = Report.objects.filter(region_id=region_id, id__in=list(report_ids))
    found = rows.values_list("contact__phone", "reporter_phone")
    return {phone for pair in found for phone in pair if phone}


def red_flagged(viewer: Viewer, phones: Iterable[str], since: datetime) -> set[str]:
    """Those of these numbers that have written words of danger since then."""
    rows = Contact.objects.filter(
        _seen_by(viewer),
        region_id=viewer.region_id,
        phone__in=list(phones),
        rank=RANK_RED_FLAG,
        received_at__gte=since,
    )
    return {phone for phone in rows.values_list("phone", flat=True) if phone}


def contacts_in(viewer: Viewer, contact_ids: Iterable[UUID]) -> dict[UUID, ContactView]:
    """Those of these contacts that the viewer may see; as many as the asker names."""
    rows = Contact.objects.filter(
        _seen_by(viewer), region_id=viewer.region_id, id__in=list(contact_ids)
    )
    return {view.id: view for view in _contact_views(rows)}


def contacts(
    viewer: Viewer,
    *,
    state: ContactState | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = LIST_MAX,
) -> list[ContactView]:
    """Contacts newest first; `before` is the (received_at, id) of the last one seen."""
    rows = Contact.objects.filter(_seen_by(viewer), region_id=viewer.region_id)
    if state is not None:
        rows = rows.filter(state=state)
    if state is ContactState.WAITING:
        rows = rows.filter(waiting_since__isnull=False)  # implied, and the index of those serves
    return _contact_views(_older(rows, before).order_by("-received_at", "-id")[:limit])


def report(region_id: RegionId, report_id: UUID) -> ReportView | None:
    """One report, or None if absent or in another region."""
    row = Report.objects.filter(region_id=region_id, id=report_id).first()
    return _report_view(row) if row else None


def report_of_contact(region_id: RegionId, contact_id: UUID) -> ReportView | None:
    """The report a contact became, if it did."""
    row = Report.objects.filter(region_id=region_id, contact_id=contact_id).first()
    return _report_view(row) if row else None


def report_by_code(region_id: RegionId, tracking_code: str) -> ReportView | None:
    """The report with this (normalized) tracking code, or None."""
    row = Report.objects.filter(region_id=region_id, tracking_code=tracking_code).first()
    return _report_view(row) if row else None


def reports_in(region_id: RegionId, report_ids: Iterable[UUID]) -> list[ReportView]:
    """All of these reports, oldest first; as many as the asker names."""
    rows = Report.objects.filter(region_id=region_id, id__in=list(report_ids))
    return [_report_view(row) for row in rows.order_by("received_at")]


def correspondents_of(region_id: RegionId, report_ids: Iterable[UUID]) -> set[UUID]:
    """Who made these reports, as far as they are known."""
    rows = Report.objects.filter(region_id=region_id, id__in=list(report_ids))
    return {one for one in rows.values_list("correspondent_id", flat=True) if one is not None}


def reports(
    viewer: Viewer,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = LIST_MAX,
) -> list[ReportView]:
    """Reports newest first; `before` is the (received_at, id) of the last one seen."""
    own = Report.objects.filter(_report_seen_by(viewer), region_id=viewer.region_id)
    rows = _older(own, before)
    return [_report_view(row) for row in rows.order_by("-received_at", "-id")[:limit]]


def unfiled_reports(viewer: Viewer, *, limit: int = 50) -> list[ReportView]:
    """Reports in hand that belong to no incident yet, oldest first: the "to verify" list."""
    rows = Report.objects.filter(
        _report_seen_by(viewer),
        region_id=viewer.region_id,
        answered_at=None,
        state=ReportState.IN_TRIAGE,
    ).order_by("received_at")
    return [_report_view(row) for row in rows[:limit]]


def draft(region_id: RegionId, contact_id: UUID) -> DraftView | None:
    """What has been typed and not filed, if anything."""
    row = Draft.objects.filter(region_id=region_id, contact_id=contact_id).first()
    if row is None:
        return None
    return DraftView(
        contact_id=ContactId(row.contact_id),
        person_id=row.person_id,
        data=row.data,
        saved_at=row.saved_at,
    )


def funnel(
    region_id: RegionId, *, since: datetime, until: datetime, with_tests: bool = False
) -> dict[str, int]:
    """How many contacts came in a span of time, by outcome; the sums always add up."""
    rows = Contact.objects.filter(
        region_id=region_id, received_at__gte=since, received_at__lt=until
    )
    if not with_tests:
        rows = rows.filter(is_test=False).exclude(disposition=ContactDisposition.TEST)
    counted = rows.values("state", "disposition").annotate(n=Count("id"))
    return {item["disposition"] or item["state"]: item["n"] for item in counted}


def _seen_by(viewer: Viewer) -> Q:
    """Confidential contacts are for those named: the holder, and the holders of a grant."""
    seen = Q(confidential=False)
    if viewer.may(Permission.CONFIDENTIAL_READ):
        seen |= Q(claimed_by=viewer.person_id)
        seen |= Q(type_code__in=sorted(viewer.confidential_types))
    return seen


def _report_seen_by(viewer: Viewer) -> Q:
    seen = Q(confidential=False)
    if viewer.may(Permission.CONFIDENTIAL_READ):
        seen |= Q(contact__claimed_by=viewer.person_id)
        seen |= Q(type_code__in=sorted(viewer.confidential_types))
    return seen


def _older(rows: QuerySet[Any], before: tuple[datetime, UUID] | None) -> QuerySet[Any]:
    if before is None:
        return rows
    at, row_id = before
    return rows.filter(received_at__lte=at).exclude(received_at=at, id__gte=row_id)


def _contact_views(rows: QuerySet[Contact]) -> list[ContactView]:
    found = list(rows)
    filed = dict(
        Report.objects.filter(contact_id__in=[row.id for row in found]).values_list(
            "contact_id", "id"
        )
    )
    return [_contact_view(row, filed.get(row.id)) for row in found]


def _contact_view(row: Contact, report_id: UUID | None) -> ContactView:
    return ContactView(
        id=ContactId(row.id),
        region_id=RegionId(row.region_id),
        channel=Channel(row.channel),
        state=ContactState(row.state),
        correspondent_id=row.correspondent_id,
        phone=row.phone,
        display_name=row.display_name,
        preview=row.preview,
        language=row.language,
        point=_point(row.lat, row.lng),
        rank=row.rank,
        received_at=row.received_at,
        last_activity_at=row.last_activity_at,
        waiting_since=row.waiting_since,
        unread=row.unread,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        claim_seen_at=row.claim_seen_at,
        disposition=ContactDisposition(row.disposition) if row.disposition else None,
        disposition_note=row.disposition_note,
        disposed_at=row.disposed_at,
        disposed_by=row.disposed_by,
        report_id=ReportId(report_id) if report_id else None,
        type_code=row.type_code,
        confidential=row.confidential,
        is_test=row.is_test,
    )


def _report_view(row: Report) -> ReportView:
    return ReportView(
        id=ReportId(row.id),
        region_id=RegionId(row.region_id),
        contact_id=ContactId(row.contact_id),
        tracking_code=row.tracking_code,
        channel=Channel(row.channel),
        correspondent_id=row.correspondent_id,
        state=ReportState(row.state),
        language=row.language,
        narrative=row.narrative,
        type_code=row.type_code,
        urgency=Urgency(row.urgency) if row.urgency else None,
        place=Place(
            area_code=row.area_code,
            text=row.place_text,
            point=_point(row.lat, row.lng),
            state=LocationState(row.location_state),
        ),
        reporter_name=row.reporter_name,
        reporter_phone=row.reporter_phone,
        anonymous=row.anonymous,
        confidential=row.confidential,
        answers=row.answers,
        received_at=row.received_at,
        location_known_at=row.location_known_at,
        type_known_at=row.type_known_at,
        answered_at=row.answered_at,
        refusal=row.refusal,
        is_test=row.is_test,
    )


def _point(lat: float | None, lng: float | None) -> Point | None:
    return Point(lat, lng) if lat is not None and lng is not None else None
