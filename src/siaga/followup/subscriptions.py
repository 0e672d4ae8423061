"""What followup does about facts from upstream: mostly, tell the citizen."""

from datetime import datetime

from siaga.dispatch import queries as dispatch_queries
from siaga.dispatch.events import (
    AllDone,
    AssignmentAcknowledged,
    AssignmentAdvanced,
    AssignmentSent,
)
from siaga.dispatch.types import AssignmentState
from siaga.followup.services import complaints, hours, telling
from siaga.followup.types import Told
from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.events import (
    ContactDisposed,
    ContactMessageAdded,
    ContactOpened,
    ReportReceived,
    ReportRefused,
)
from siaga.intake.types import ContactDisposition, ReportState
from siaga.journal.subscribing import at_once
from siaga.journal.types import Actor, Entry
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.regions import rules as region_rules
from siaga.triage.events import IncidentOpened, ReportJoined, TruthSettled
from siaga.triage.types import Truth

_BY = Actor.system("followup")
VENTING_TYPE = "CURHAT"  # of the national taxonomy
_ADVANCED = {
    AssignmentState.EN_ROUTE.value: Told.EN_ROUTE,
    AssignmentState.ON_SCENE.value: Told.ON_SCENE,
}


def _agency_name(region_id: RegionId, agency_code: str) -> str:
    agency = region_queries.profile(region_id).agencies_by_code.get(agency_code)
    return agency.short_name if agency else agency_code


def _referral(region_id: RegionId, now: datetime) -> str:
    """Who stands by a person in need where the region's profile names nobody in so many words."""
    profile = region_queries.profile(region_id)
    referred = region_rules.scope_verdict(profile, VENTING_TYPE, now).refer_to
    return _agency_name(region_id, referred) if referred else profile.brand.name


def citizen_wrote(entry: Entry[ContactOpened] | Entry[ContactMessageAdded]) -> None:
    """While nobody is at the desk, whoever writes is told what happens next."""
    hours.tell_closed(entry.fact.contact_id, region_id=entry.region_id, by=_BY, now=entry.at)


def report_received(entry: Entry[ReportReceived]) -> None:
    """Every reporter gets the tracking code at once; the form may refuse instead."""
    report = intake_queries.report(entry.region_id, entry.fact.report_id)
    if report is not None and report.state is not ReportState.REFUSED:
        told = Told.RECEIVED_CONFIDENTIAL if report.confidential else Told.RECEIVED
        telling.tell(report, told, by=_BY, now=entry.at)


def report_joined(entry: Entry[ReportJoined]) -> None:
    """Others have told us of the same event already."""
    report = intake_queries.report(entry.region_id, entry.fact.report_id)
    if report is not None:
        telling.tell(report, Told.JOINED, incident_id=entry.fact.incident_id, by=_BY, now=entry.at)


def report_refused(entry: Entry[ReportRefused]) -> None:
    """A refusal is an answer too, with the region's own sentence."""
    report = intake_queries.report(entry.region_id, entry.fact.report_id)
    if report is not None:
        telling.tell(report, Told.REFUSED, by=_BY, now=entry.at, reason=entry.fact.reason)
        intake.mark_answered(report.id, region_id=entry.region_id, by=_BY, now=entry.at)


def contact_disposed(entry: Entry[ContactDisposed]) -> None:
    """A web report that ended with its contact is answered by that ending."""
    if entry.fact.report_id is None:
        return
    report = intake_queries.report(entry.region_id, entry.fact.report_id)
    if report is None:
        return
    if entry.fact.disposition == ContactDisposition.VENTING:
        referral = entry.fact.note or _referral(entry.region_id, entry.at)
        telling.tell(report, Told.REFERRAL, by=_BY, now=entry.at, referral=referral)
    elif report.refusal:
        telling.tell(report, Told.REFUSED, by=_BY, now=entry.at, reason=report.refusal)
    intake.mark_answered(report.id, region_id=entry.region_id, by=_BY, now=entry.at)


def incident_opened(entry: Entry[IncidentOpened]) -> None:
    """Service complaints run on working days."""
    complaints.start_clock(
        entry.fact.incident_id, entry.fact.type_code, region_id=entry.region_id, now=entry.at
    )


def truth_settled(entry: Entry[TruthSettled]) -> None:
    """The first clock of a complaint ends with its verification."""
    if entry.fact.incident_id is not None and entry.fact.truth == Truth.A1:
        complaints.mark_verified(entry.fact.incident_id, region_id=entry.region_id, now=entry.at)


def assignment_sent(entry: Entry[AssignmentSent]) -> None:
    """Help has been asked for."""
    telling.tell_all(
        entry.fact.incident_id,
        Told.IN_PROGRESS,
        region_id=entry.region_id,
        by=_BY,
        now=entry.at,
        agency=_agency_name(entry.region_id, entry.fact.agency_code),
    )


def assignment_acknowledged(entry: Entry[AssignmentAcknowledged]) -> None:
    """An agency has accepted."""
    complaints.mark_followed_up(entry.fact.incident_id, region_id=entry.region_id, now=entry.at)
    telling.tell_all(
        entry.fact.incident_id,
        Told.ACKNOWLEDGED,
        region_id=entry.region_id,
        by=_BY,
        now=entry.at,
        agency=_agency_name(entry.region_id, entry.fact.agency_code),
    )


def assignment_advanced(entry: Entry[AssignmentAdvanced]) -> None:
    """Somebody is on the way, or there."""
    told = _ADVANCED.get(entry.fact.state)
    if told is not None:
        telling.tell_all(
            entry.fact.incident_id,
            told,
            region_id=entry.region_id,
            by=_BY,
            now=entry.at,
            agency=_agency_name(entry.region_id, entry.fact.agency_code),
        )


def all_done(entry: Entry[AllDone]) -> None:
    """Every agency has finished; the centre looks at it and closes."""
    sent = dispatch_queries.assignments(entry.region_id, entry.fact.incident_id)
    present = max((item.round for item in sent), default=0)
    finished = [
        _agency_name(entry.region_id, item.agency_code)
        for item in sent
        if item.state is AssignmentState.DONE and item.round == present
    ]
    telling.tell_all(
        entry.fact.incident_id,
        Told.DONE,
        region_id=entry.region_id,
        by=_BY,
        now=entry.at,
        agency=", ".join(finished),
    )


SUBSCRIPTIONS = [
    at_once(ContactOpened, citizen_wrote),
    at_once(ContactMessageAdded, citizen_wrote),
    at_once(ReportReceived, report_received),
    at_once(ReportRefused, report_refused),
    at_once(ContactDisposed, contact_disposed),
    at_once(ReportJoined, report_joined),
    at_once(IncidentOpened, incident_opened),
    at_once(TruthSettled, truth_settled),
    at_once(AssignmentSent, assignment_sent),
    at_once(AssignmentAcknowledged, assignment_acknowledged),
    at_once(AssignmentAdvanced, assignment_advanced),
    at_once(AllDone, all_done),
]
