"""What needs a person now, gathered from every room; nothing the viewer may not see."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission, Viewer
from siaga.dispatch import queries as dispatch
from siaga.dispatch.types import AssignmentView
from siaga.followup import queries as followup
from siaga.intake import queries as intake
from siaga.intake.rules import WAITING_ALARM_SECONDS, WAITING_ALARM_SECONDS_DEFAULT
from siaga.intake.types import ContactView
from siaga.kernel.phones import mask_phone
from siaga.kernel.types import RegionId
from siaga.messaging import queries as messaging
from siaga.messaging.queries import InboundTrouble
from siaga.regions import queries as regions
from siaga.telephony import record_queries
from siaga.triage import queries as triage
from siaga.triage.types import IncidentView
from siaga.web.control import wording
from siaga.web.control.phone import testing

LIST_MAX = 20
WAITING_SEARCHED_MAX = 100
FAILED_SINCE = timedelta(days=1)
OBJECTED_SINCE = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing somebody has to see to; `subject_id` leads there, None if there is no page.

    `alarm` is the id under which the browser sounds once.
    """

    title: str
    text: str = ""
    since: datetime
    due: datetime | None = None
    urgency: str = ""
    icon: str = "alert-triangle"
    subject_id: UUID | None = None
    alarm: str = ""
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Lists in the order in which they should be seen to; each at most LIST_MAX long."""

    alarms: list[Matter] = field(default_factory=list)
    waiting: list[Matter] = field(default_factory=list)
    stale: list[Matter] = field(default_factory=list)
    orphans: list[Matter] = field(default_factory=list)
    complaints: list[Matter] = field(default_factory=list)
    objections: list[Matter] = field(default_factory=list)
    failed: list[Matter] = field(default_factory=list)
    inbound: list[InboundTrouble] = field(default_factory=list)
    steps: list[Matter] = field(default_factory=list)
    telephone: list[Matter] = field(default_factory=list)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing at all needs a person."""
        return not any(
            (
                self.alarms,
                self.waiting,
                self.stale,
                self.orphans,
                self.complaints,
                self.objections,
                self.failed,
                self.inbound,
                self.steps,
                self.telephone,
            )
        )


def gathered(viewer: Viewer, now: datetime) -> Attention:
    """Everything for a viewer of contacts and incidents; for others only what is not theirs."""
    inbound = (
        messaging.inbound_troubles(viewer.region_id, limit=LIST_MAX)
        if viewer.may(Permission.INBOUND_REQUEUE)
        else []
    )
    if not (viewer.may(Permission.CONTACTS_READ) and viewer.may(Permission.INCIDENTS_READ)):
        return Attention(inbound=inbound)
    region_id = viewer.region_id
    held = intake.stale_claims(region_id, now, limit=LIST_MAX)
    hidden = intake.hidden_ids(viewer, [item.id for item in held])
    names = accounts.person_names(item.claimed_by for item in held if item.claimed_by)
    return Attention(
        alarms=_alarms(viewer, now),
        waiting=_waiting_long(viewer, now),
        stale=[_stale(item, names) for item in held if item.id not in hidden],
        orphans=_orphans(viewer, now),
        complaints=_complaints(viewer, now),
        objections=_objections(viewer, now),
        failed=_failed(viewer, now),
        inbound=inbound,
        steps=_steps(viewer, now),
        telephone=_telephone(viewer, now),
    )


def who(contact: ContactView) -> str:
    """By what name people speak of the contact: never the whole number."""
    return contact.display_name or (mask_phone(contact.phone) if contact.phone else _("Unnamed"))


def type_name(viewer: Viewer, type_code: str) -> str:
    """The type in the viewer's language, or its code if the profile no longer has it."""
    known = regions.profile(viewer.region_id).types_by_code.get(type_code)
    return known.name.said_in(viewer.language) if known else type_code


def agency_name(viewer: Viewer, agency_code: str) -> str:
    """The agency's short name, or its code."""
    known = regions.profile(viewer.region_id).agencies_by_code.get(agency_code)
    return known.short_name if known else agency_code


def _since(contact: ContactView) -> datetime:
    return contact.waiting_since or contact.received_at


def _waiting_long(viewer: Viewer, now: datetime) -> list[Matter]:
    """Those who wait past the time at which the supervisor is alarmed for their channel."""
    found = []
    for item in intake.waiting_contacts(viewer, limit=WAITING_SEARCHED_MAX):
        seconds = WAITING_ALARM_SECONDS.get(item.channel, WAITING_ALARM_SECONDS_DEFAULT)
        if now - _since(item) >= timedelta(seconds=seconds):
            found.append(_waiting(item))
    return found[:LIST_MAX]


def _alarms(viewer: Viewer, now: datetime) -> list[Matter]:
    """Silence that has reached the supervisor first, then what is late and has not yet."""
    raised = dispatch.alarms(viewer.region_id, limit=LIST_MAX)
    late = dispatch.unacknowledged(viewer.region_id, now, limit=LIST_MAX)
    known = {item.id for item in raised}
    found = [*raised, *(item for item in late if item.id not in known)][:LIST_MAX]
    seen = _incidents(viewer, {item.incident_id for item in found})
    return [
        _alarm(viewer, item, seen[item.incident_id]) for item in found if item.incident_id in seen
    ]


def _alarm(viewer: Viewer, item: AssignmentView, incident: IncidentView) -> Matter:
    agency = agency_name(viewer, item.agency_code)
    return Matter(
        title=_("%(agency)s has not answered") % {"agency": agency},
        text=_told(viewer, incident),
        since=item.sent_at,
        due=item.acknowledge_by,
        urgency=item.urgency.value,
        icon="bell-ringing" if item.alarmed_at else "clock-exclamation",
        subject_id=incident.id,
        alarm=str(item.id) if item.alarmed_at else "",
        is_test=item.is_test,
    )


def _waiting(contact: ContactView) -> Matter:
    return Matter(
        title=who(contact),
        text=contact.preview,
        since=_since(contact),
        icon="hourglass-high",
        subject_id=contact.id,
        is_test=contact.is_test,
    )


def _stale(contact: ContactView, names: dict[UUID, str]) -> Matter:
    holder = names.get(contact.claimed_by, "") if contact.claimed_by else ""
    return Matter(
        title=who(contact),
        text=_("Held by %(name)s, whose screen is silent") % {"name": holder or "–"},
        since=contact.claim_seen_at or contact.claimed_at or contact.received_at,
        icon="user-off",
        subject_id=contact.id,
        is_test=contact.is_test,
    )


def _orphans(viewer: Viewer, now: datetime) -> list[Matter]:
    return [
        Matter(
            title=str(wording.ORPHANS[item.kind]),
            since=item.since,
            icon="alert-octagon",
            subject_id=item.subject_id,
        )
        for item in followup.orphans(viewer.region_id, now, limit=LIST_MAX)
    ]


def _complaints(viewer: Viewer, now: datetime) -> list[Matter]:
    found = followup.overdue_complaints(viewer.region_id, now, limit=LIST_MAX)
    seen = _incidents(viewer, {item.incident_id for item in found})
    return [
        Matter(
            title=seen[item.incident_id].code,
            text=_told(viewer, seen[item.incident_id]),
            since=seen[item.incident_id].opened_at,
            due=item.resolve_by,
            urgency=seen[item.incident_id].urgency.value,
            icon="calendar-time",
            subject_id=item.incident_id,
            is_test=seen[item.incident_id].is_test,
        )
        for item in found
        if item.incident_id in seen
    ]


def _objections(viewer: Viewer, now: datetime) -> list[Matter]:
    """Those whose incident is open again: the others have been seen to."""
    found = followup.objections(viewer.region_id, limit=LIST_MAX)
    recent = [item for item in found if now - item.at < OBJECTED_SINCE]
    seen = _incidents(viewer, {item.incident_id for item in recent})
    return [
        Matter(
            title=seen[item.incident_id].code,
            text=item.text,
            since=item.at,
            urgency=seen[item.incident_id].urgency.value,
            icon="repeat",
            subject_id=item.incident_id,
            is_test=seen[item.incident_id].is_test,
        )
        for item in recent
        if item.incident_id in seen and seen[item.incident_id].closed_at is None
    ]


def _failed(viewer: Viewer, now: datetime) -> list[Matter]:
    since = now - FAILED_SINCE
    found = messaging.failed_deliveries(viewer.region_id, since=since, limit=LIST_MAX)
    contacts = [item.contact_id for item in found if item.contact_id]
    hidden = intake.hidden_ids(viewer, contacts) if contacts else set()
    return [
        Matter(
            title=_("A message did not reach the citizen"),
            text=item.error,
            since=item.at,
            icon="mail-off",
            subject_id=item.contact_id,
        )
        for item in found
        if item.contact_id not in hidden
    ]


def _steps(viewer: Viewer, now: datetime) -> list[Matter]:
    return [
        Matter(
            title=_("%(agency)s: a step has not run")
            % {"agency": agency_name(viewer, item.agency_code)},
            text=str(wording.ESCALATIONS.get(item.action, item.action)),
            since=item.due_at,
            icon="clock-exclamation",
            subject_id=item.assignment_id,
        )
        for item in dispatch.overdue_steps(viewer.region_id, now, limit=LIST_MAX)
    ]


def _telephone(viewer: Viewer, now: datetime) -> list[Matter]:
    """The nightly self-test, if it failed or did not run; the record, if it lacks something."""
    if not viewer.may(Permission.CALLS_SUPERVISE):
        return []
    found = testing.trouble(viewer.region_id, now)
    matters = _record(viewer.region_id, now)
    if found is None:
        return matters
    words = ", ".join(str(word) for word in found.missing)
    tested = Matter(
        title=_("The telephone's self-test failed")
        if words
        else _("The telephone has not been tested for a day and a half"),
        text=_("Missing: %(words)s") % {"words": words} if words else "",
        since=found.item.started_at,
        icon="phone-off",
    )
    return [tested, *matters]


def _record(region_id: RegionId, now: datetime) -> list[Matter]:
    matters = []
    if record_queries.is_scarce():
        matters.append(
            Matter(
                title=_("The telephone's disk is nearly full"),
                text=_("Calls go on, but soon they can be neither written down nor recorded."),
                since=now,
            )
        )
    count, last = record_queries.unrecorded(now, region_id)
    if last is not None:
        told = ngettext(
            "%(count)s call could not be written down by Asterisk",
            "%(count)s calls could not be written down by Asterisk",
            count,
        )
        matters.append(
            Matter(
                title=told % {"count": count},
                text=_("They are kept as this page saw them; listen to those who were involved."),
                since=last,
            )
        )
    return matters


def _told(viewer: Viewer, incident: IncidentView) -> str:
    parts = (incident.code, type_name(viewer, incident.type_code), incident.place.text)
    return " · ".join(part for part in parts if part)


def _incidents(viewer: Viewer, ids: set[UUID]) -> dict[UUID, IncidentView]:
    if not ids:
        return {}
    return triage.incidents_in(viewer.region_id, triage.visible_ids(viewer, ids))
