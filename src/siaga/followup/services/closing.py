"""Closing with a disposition, and opening again when the citizen objects."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from siaga.dispatch import services as dispatch
from siaga.followup import events, rules
from siaga.followup.errors import NothingToObject, ObjectionEmpty, ObjectionTooLate
from siaga.followup.models import Objection
from siaga.followup.services.complaints import mark_resolved, restart_clock
from siaga.followup.services.telling import tell, tell_all
from siaga.followup.types import Told
from siaga.followup.wording import outcome_words
from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.types import ReportState, ReportView
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.triage import queries as triage_queries
from siaga.triage import services as triage
from siaga.triage.types import IncidentDisposition, IncidentStatus


def close(
    incident_id: UUID,
    disposition: IncidentDisposition,
    *,
    region_id: RegionId,
    note: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """End the incident, call off who has not finished, and tell every linked reporter.

    Whether this person may close something serious is decided at the door; see rules.is_serious.
    """
    with transaction.atomic():
        dispatch.withdraw_all(incident_id, region_id=region_id, reason="closed", by=by, now=now)
        triage.close(incident_id, disposition, region_id=region_id, by=by, now=now)
        mark_resolved(incident_id, region_id=region_id, now=now)
        journal.record(
            events.IncidentClosed(incident_id=incident_id, disposition=disposition, note=note),
            region_id=region_id,
            by=by,
            now=now,
        )
        for report in _reports(region_id, incident_id):
            with override(report.language):
                outcome = str(outcome_words(disposition))
            tell(report, Told.CLOSED, incident_id=incident_id, by=by, now=now, outcome=outcome)
            intake.mark_answered(report.id, region_id=region_id, by=by, now=now)
        triage.mark_reporter_informed(incident_id, region_id=region_id, now=now)


def object_to(report: ReportView, text: str, *, by: Actor, now: datetime) -> None:
    """The citizen says that it is not settled: the incident opens again at once."""
    if not text.strip():
        raise ObjectionEmpty
    with transaction.atomic():
        incident = triage_queries.incident_of_report(report.region_id, report.id)
        if incident is None:
            raise NothingToObject
        profile = region_queries.profile(report.region_id)
        if not rules.may_object(incident, now, profile.complaints.reporter_answer_days):
            if incident.status is IncidentStatus.CLOSED:
                raise ObjectionTooLate
            raise NothingToObject
        objection = Objection.objects.create(
            region_id=report.region_id,
            report_id=report.id,
            incident_id=incident.id,
            text=text[:1000],
            at=now,
        )
        journal.record(
            events.ObjectionRaised(
                objection_id=objection.id,
                report_id=report.id,
                incident_id=incident.id,
                text=text[:1000],
            ),
            region_id=report.region_id,
            by=by,
            now=now,
        )
        reopen(incident.id, region_id=report.region_id, reason=text[:300], by=by, now=now)


def reopen(
    incident_id: UUID, *, region_id: RegionId, reason: str, by: Actor, now: datetime
) -> None:
    """Open it again, by objection or by a person of the centre; every reporter is told."""
    with transaction.atomic():
        if not triage.reopen(incident_id, region_id=region_id, by=by, now=now):
            return
        for report in _reports(region_id, incident_id):
            intake.mark_reopened(report.id, region_id=region_id)
        restart_clock(incident_id, region_id=region_id, now=now)
        journal.record(
            events.IncidentReopened(incident_id=incident_id, reason=reason),
            region_id=region_id,
            by=by,
            now=now,
        )
        tell_all(incident_id, Told.REOPENED, region_id=region_id, by=by, now=now)


def _reports(region_id: RegionId, incident_id: UUID) -> list[ReportView]:
    return [
        report
        for report in intake_queries.reports_in(
            region_id, triage_queries.report_ids(region_id, incident_id)
        )
        if report.state is not ReportState.REFUSED
    ]
