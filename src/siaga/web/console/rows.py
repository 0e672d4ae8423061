"""One line of a list, whatever it stands for: nothing left to compute in a template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from siaga.dispatch.types import AssignmentState, AssignmentView
from siaga.intake import rules as intake_rules
from siaga.intake.types import ContactState, ContactView, ReportView
from siaga.kernel.phones import mask_phone
from siaga.kernel.types import Channel, Urgency
from siaga.regions.types import Profile
from siaga.triage.types import IncidentStatus, IncidentView
from siaga.web.console.places import place_words

SECONDS_TO_VERIFY = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`lead` and `chips` are (kind, value) for the shared marks; `due` starts a countdown."""

    key: str
    url: str
    lead: tuple[str, str]
    title: str
    text: str
    since: datetime
    due: datetime | None = None
    urgency: Urgency | None = None
    chips: tuple[tuple[str, str], ...] = ()
    note: str = ""
    unread: int = 0
    mine: bool = False
    stale: bool = False
    red: bool = False
    confidential: bool = False
    is_test: bool = False
    alarm: str = ""


def language() -> str:
    """The active language, as the rooms name it."""
    return (get_language() or "id").split("-")[0]


def type_name(profile: Profile, type_code: str) -> str:
    """The name of a case type; the code itself if it has left the taxonomy."""
    case = profile.types_by_code.get(type_code)
    return case.name.said_in(language()) if case else type_code


def agency_name(profile: Profile, agency_code: str) -> str:
    """The short name people say; the code itself if the agency has left the profile."""
    agency = profile.agencies_by_code.get(agency_code)
    return agency.short_name if agency else agency_code


def contact_name(contact: ContactView) -> str:
    """How a person is called in a list: their name, else the masked number."""
    if contact.display_name:
        return contact.display_name
    return mask_phone(contact.phone) if contact.phone else _("Nameless citizen")


def _wordless(contact: ContactView) -> str:
    phoned = contact.channel is Channel.PHONE
    return _("Telephone call.") if phoned else _("No text; listen or look.")


def waiting_row(contact: ContactView) -> Row:
    """A contact that waits for somebody."""
    since = contact.waiting_since or contact.received_at
    red = contact.rank == intake_rules.RANK_RED_FLAG
    is_reply = contact.state is ContactState.REPORTED
    return Row(
        key=f"contact-{contact.id}",
        url=contact_url(contact.region_id, contact.id),
        lead=("channel", contact.channel),
        title=contact_name(contact),
        text=contact.preview or _wordless(contact),
        since=since,
        due=intake_rules.waiting_alarm_at(contact.channel, contact.rank, since),
        note=_("reply to a report") if is_reply else "",
        unread=contact.unread if contact.unread > 1 else 0,
        red=red,
        confidential=contact.confidential,
        is_test=contact.is_test,
        alarm="p1" if red else "",
    )


def claimed_row(contact: ContactView, names: Mapping[UUID, str], own: UUID, now: datetime) -> Row:
    """A contact in somebody's hand."""
    mine = contact.claimed_by == own
    holder = names.get(contact.claimed_by, "") if contact.claimed_by else ""
    return Row(
        key=f"contact-{contact.id}",
        url=contact_url(contact.region_id, contact.id),
        lead=("channel", contact.channel),
        title=contact_name(contact),
        text=contact.preview,
        since=contact.claimed_at or contact.received_at,
        note=_("in your hand") if mine else holder,
        unread=contact.unread,
        mine=mine,
        stale=not mine and intake_rules.is_claim_stale(contact.claim_seen_at, now),
        confidential=contact.confidential,
        is_test=contact.is_test,
    )


def report_row(report: ReportView, profile: Profile) -> Row:
    """A report that belongs to no incident yet."""
    return Row(
        key=f"report-{report.id}",
        url=contact_url(report.region_id, report.contact_id),
        lead=("channel", report.channel),
        title=type_name(profile, report.type_code) or _("Type not known yet"),
        text=report.narrative or place_words(profile, report.place),
        since=report.received_at,
        urgency=report.urgency,
        note=place_words(profile, report.place),
        confidential=report.confidential,
        is_test=report.is_test,
    )


def incident_row(
    incident: IncidentView, assignments: list[AssignmentView], profile: Profile
) -> Row:
    """An open incident that needs somebody, and what for."""
    note, alarm = what_is_needed(incident, assignments, profile)
    return Row(
        key=f"incident-{incident.id}",
        url=incident_url(incident.region_id, incident.id),
        lead=("incident", incident.status),
        title=type_name(profile, incident.type_code),
        text=place_words(profile, incident.place) or incident.summary,
        since=incident.opened_at,
        urgency=incident.urgency,
        chips=(("incident", incident.status),),
        note=note,
        confidential=incident.confidential,
        is_test=incident.is_test,
        alarm=alarm,
    )


def what_is_needed(
    incident: IncidentView, assignments: list[AssignmentView], profile: Profile
) -> tuple[str, str]:
    """Why somebody must look at the incident, in words; and the alarm to sound, if any."""
    silent = next((item for item in assignments if item.alarmed_at and _is_silent(item)), None)
    if silent is not None:
        name = agency_name(profile, silent.agency_code)
        return _("%(agency)s does not answer") % {"agency": name}, "supervisor"
    declined = [item for item in assignments if item.state is AssignmentState.DECLINED]
    if incident.status is IncidentStatus.DONE:
        return _("finished: look at it and close"), ""
    if incident.status is IncidentStatus.REOPENED:
        return _("reopened: it is not settled"), ""
    if declined and incident.status is IncidentStatus.IN_TRIAGE:
        name = agency_name(profile, declined[-1].agency_code)
        return _("%(agency)s declined: send another") % {"agency": name}, ""
    return _("not sent to any agency yet"), ""


def _is_silent(assignment: AssignmentView) -> bool:
    return assignment.state is AssignmentState.SENT


def contact_url(region_id: str, contact_id: UUID) -> str:
    """Where a contact lies open."""
    return reverse("console:contact", args=[region_id, contact_id])


def incident_url(region_id: str, incident_id: UUID) -> str:
    """Where an incident lies open."""
    return reverse("console:incident", args=[region_id, incident_id])
