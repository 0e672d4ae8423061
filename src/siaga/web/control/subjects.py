"""From a code or an id to the page of what it names, through the guarded doors."""

from uuid import UUID

from django.urls import reverse

from siaga.accounts.types import Permission, Viewer
from siaga.dispatch import queries as dispatch
from siaga.intake import queries as intake
from siaga.kernel.errors import NotFound
from siaga.kernel.ids import normalize_tracking_code
from siaga.triage import queries as triage


def named(viewer: Viewer, text: str) -> UUID | None:
    """The id that a typed code or id names; None if there is none the viewer may see."""
    try:
        return UUID(text)
    except ValueError:
        pass
    if viewer.may(Permission.INCIDENTS_READ):
        try:
            return triage.incident_by_code(viewer, text).id
        except NotFound:
            pass
    code = normalize_tracking_code(text)
    report = intake.report_by_code(viewer.region_id, code) if code else None
    if report is None or intake.hidden_ids(viewer, [report.id]):
        return None
    return report.id if viewer.may(Permission.REPORTS_READ) else None


def page_of(viewer: Viewer, subject_id: UUID) -> str | None:
    """Tries the guarded doors one after the other."""
    region_id = viewer.region_id
    for door in (_contact_page, _incident_page, _assignment_page):
        try:
            name, found = door(viewer, subject_id)
        except NotFound:
            continue
        return reverse(f"control:{name}", args=[region_id, found])
    return None


def _contact_page(viewer: Viewer, subject_id: UUID) -> tuple[str, UUID]:
    try:
        return "contact", intake.contact_for(viewer, subject_id).id
    except NotFound:
        return "contact", intake.report_for(viewer, subject_id).contact_id


def _incident_page(viewer: Viewer, subject_id: UUID) -> tuple[str, UUID]:
    if not viewer.may(Permission.INCIDENTS_READ):
        raise NotFound()
    return "incident", triage.incident_for(viewer, subject_id).id


def _assignment_page(viewer: Viewer, subject_id: UUID) -> tuple[str, UUID]:
    return "incident", dispatch.assignment_for(viewer, subject_id).incident_id
