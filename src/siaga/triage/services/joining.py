"""Several reports of one event: join, and take out again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.errors import ReportAlreadyHandled
from siaga.intake.types import ReportId, ReportState, ReportView
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.kernel.types import RegionId
from siaga.triage import events, queries
from siaga.triage.errors import LastReport
from siaga.triage.models import Evidence
from siaga.triage.services.evidence import add_evidence, settle
from siaga.triage.services.rows import assessment_of, locked_open_incident
from siaga.triage.types import EvidenceKind


def join(
    report_id: UUID, incident_id: UUID, *, region_id: RegionId, by: Actor, now: datetime
) -> None:
    """This report speaks of that incident. A second, independent reporter is evidence."""
    with transaction.atomic():
        report = intake_queries.report(region_id, report_id)
        if report is None:
            raise NotFound
        assessment = assessment_of(report_id, region_id)
        incident = locked_open_incident(incident_id, region_id)
        if assessment.incident_id is not None or report.answered_at is not None:
            raise ReportAlreadyHandled
        assessment.incident, assessment.joined_at = incident, now
        assessment.save(update_fields=["incident", "joined_at"])
        incident.report_count += 1
        incident.confidential = incident.confidential or report.confidential
        incident.save(update_fields=["report_count", "confidential"])
        Evidence.objects.filter(report_id=report_id, incident=None).update(incident=incident)
        intake.mark_state(ReportId(report_id), ReportState.ATTACHED, region_id=region_id, now=now)
        journal.record(
            events.ReportJoined(incident_id=incident_id, report_id=report_id, code=incident.code),
            region_id=region_id,
            by=by,
            now=now,
        )
        if _is_independent(region_id, incident_id, report):
            add_evidence(
                EvidenceKind.SECOND_CALLER,
                region_id=region_id,
                report_id=report_id,
                incident_id=incident_id,
                by=by,
                now=now,
            )


def unjoin(report_id: UUID, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """It was another event after all: the report goes back to triage."""
    with transaction.atomic():
        assessment = assessment_of(report_id, region_id)
        if assessment.incident_id is None:
            raise NotFound
        incident = locked_open_incident(assessment.incident_id, region_id)
        if incident.report_count <= 1:
            raise LastReport(code=incident.code)
        assessment.incident, assessment.joined_at = None, None
        assessment.save(update_fields=["incident", "joined_at"])
        incident.report_count -= 1
        incident.save(update_fields=["report_count"])
        own = Evidence.objects.filter(report_id=report_id, incident=incident)
        # It was no second voice after all; the journal remembers that it was taken for one.
        own.filter(kind=EvidenceKind.SECOND_CALLER).delete()
        own.update(incident=None)
        intake.mark_state(ReportId(report_id), ReportState.IN_TRIAGE, region_id=region_id, now=now)
        journal.record(
            events.ReportUnjoined(incident_id=incident.id, report_id=report_id, code=incident.code),
            region_id=region_id,
            by=by,
            now=now,
        )
        settle(region_id, report_id=report_id, incident_id=None, by=by, now=now)
        settle(region_id, report_id=None, incident_id=incident.id, by=by, now=now)


def _is_independent(region_id: RegionId, incident_id: UUID, report: ReportView) -> bool:
    """Another person than those who reported it so far; an anonymous form proves nothing."""
    if report.correspondent_id is None or report.anonymous:
        return False
    others = [one for one in queries.report_ids(region_id, incident_id) if one != report.id]
    return report.correspondent_id not in intake_queries.correspondents_of(region_id, others)
