"""Telling the citizen: in their language, on the channel they came by, each thing once."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from siaga.followup import events
from siaga.followup.models import CitizenUpdate
from siaga.followup.types import Told
from siaga.intake import queries as intake_queries
from siaga.intake.types import ReportView
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId
from siaga.messaging import services as messaging
from siaga.messaging.types import Notice
from siaga.protocols import notices
from siaga.regions import queries as region_queries
from siaga.triage import queries as triage_queries
from siaga.triage import services as triage

_ABOUT_WORK = {Told.IN_PROGRESS, Told.ACKNOWLEDGED, Told.EN_ROUTE, Told.ON_SCENE, Told.DONE}


def tell_all(
    incident_id: UUID,
    told: Told,
    *,
    region_id: RegionId,
    now: datetime,
    by: Actor,
    **words: str,
) -> None:
    """Tell every reporter whose report is linked to the incident."""
    for report in intake_queries.reports_in(
        region_id, triage_queries.report_ids(region_id, incident_id)
    ):
        tell(report, told, incident_id=incident_id, by=by, now=now, **words)
    if told in _ABOUT_WORK:
        triage.mark_reporter_informed(incident_id, region_id=region_id, now=now)


def tell(
    report: ReportView,
    told: Told,
    *,
    by: Actor,
    now: datetime,
    incident_id: UUID | None = None,
    **words: str,
) -> None:
    """Tell one reporter one thing, once per round; a reporter without a channel reads the page."""
    with transaction.atomic():
        incident = triage_queries.incident(report.region_id, incident_id) if incident_id else None
        update, is_new = CitizenUpdate.objects.get_or_create(
            report_id=report.id,
            told=told,
            round=incident.reopened_count if incident else 0,
            defaults={"region_id": report.region_id, "incident_id": incident_id, "at": now},
        )
        if not is_new:
            return
        if report.correspondent_id is not None:
            update.message_id = messaging.send_notice(
                report.correspondent_id,
                _notice(report, told, words),
                by=by,
                now=now,
                contact_id=report.contact_id,
            )
            update.save(update_fields=["message_id"])
        journal.record(
            events.ReporterTold(
                report_id=report.id,
                contact_id=report.contact_id,
                incident_id=incident_id,
                told=told,
            ),
            region_id=report.region_id,
            by=by,
            now=now,
        )


def _notice(report: ReportView, told: Told, words: dict[str, str]) -> Notice:
    profile = region_queries.profile(report.region_id)
    path = settings.TRACKING_PATH.format(region=report.region_id, code=report.tracking_code)
    given = {
        "brand": profile.brand.name,
        "tracking_code": report.tracking_code,
        "tracking_url": f"{settings.PUBLIC_URL}{path}",
        **words,
    }
    wanted = notices.form_of(told).parameters
    rendered = notices.render(
        told, report.language, **{name: given[name] for name in wanted if name in given}
    )
    return Notice(
        text=rendered.text,
        template=rendered.template_name,
        values=tuple(rendered.template_parameters),
        language=report.language,
    )
