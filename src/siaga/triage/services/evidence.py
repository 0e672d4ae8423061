"""The A1 ledger: who confirmed it, by what means, when."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField
from siaga.kernel.types import RegionId
from siaga.triage import events, queries, rules
from siaga.triage.models import Evidence, Incident
from siaga.triage.services.rows import assessment_of
from siaga.triage.types import EvidenceKind, Truth


def add_evidence(
    kind: EvidenceKind,
    *,
    region_id: RegionId,
    report_id: UUID | None = None,
    incident_id: UUID | None = None,
    confirms: bool = True,
    note: str = "",
    by: Actor,
    now: datetime,
) -> Truth:
    """Add a line to the ledger of a report or an incident; returns what counts as true now."""
    if report_id is None and incident_id is None:
        raise InvalidField(field="report_id", message="evidence is about a report or an incident")
    with transaction.atomic():
        if report_id is not None and incident_id is None:
            incident_id = assessment_of(report_id, region_id).incident_id
        Evidence.objects.create(
            region_id=region_id,
            report_id=report_id,
            incident_id=incident_id,
            kind=kind,
            confirms=confirms,
            note=note[:500],
            by=by.person_id,
            at=now,
        )
        journal.record(
            events.EvidenceAdded(
                report_id=report_id,
                incident_id=incident_id,
                kind=kind,
                confirms=confirms,
                note=note,
            ),
            region_id=region_id,
            by=by,
            now=now,
        )
        return settle(region_id, report_id=report_id, incident_id=incident_id, by=by, now=now)


def settle(
    region_id: RegionId,
    *,
    report_id: UUID | None,
    incident_id: UUID | None,
    by: Actor,
    now: datetime,
) -> Truth:
    """Read the ledger anew and write down what it says, on the report and on the incident."""
    truth = Truth.UNVERIFIED
    changed = False
    if report_id is not None:
        truth = rules.truth_from(queries.evidence(region_id, report_id=report_id))
        assessment = assessment_of(report_id, region_id)
        changed = assessment.truth != truth
        assessment.truth = truth
        assessment.verified_at = (assessment.verified_at or now) if truth is Truth.A1 else None
        assessment.save(update_fields=["truth", "verified_at"])
    if incident_id is not None:
        truth = rules.truth_from(queries.evidence(region_id, incident_id=incident_id))
        incident = Incident.objects.select_for_update().get(id=incident_id, region_id=region_id)
        changed = changed or incident.truth != truth
        incident.truth = truth
        incident.verified_at = (incident.verified_at or now) if truth is Truth.A1 else None
        incident.save(update_fields=["truth", "verified_at"])
    if changed:
        journal.record(
            events.TruthSettled(report_id=report_id, incident_id=incident_id, truth=truth),
            region_id=region_id,
            by=by,
            now=now,
        )
    return truth
