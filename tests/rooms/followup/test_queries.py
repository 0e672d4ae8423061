"""The invariant finds every kind of orphan; the tracking page shows one's own and nothing else."""

from datetime import datetime, timedelta

import pytest

from siaga.dispatch.models import EscalationRun
from siaga.followup import queries
from siaga.followup.types import OrphanKind
from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.models import Report
from siaga.journal import queries as journal_queries
from siaga.journal.models import Deadline
from siaga.kernel.types import RegionId
from siaga.triage import services as triage
from siaga.triage.types import IncidentDisposition
from tests import cast
from tests.rooms.dispatch.test_services import send
from tests.rooms.test_path import contact_of, incident_on, report_on, write


def kinds(now: datetime) -> list[OrphanKind]:
    return [item.kind for item in queries.orphans(cast.BANYUWANGI, now)]


def test_a_contact_whose_clock_vanished_is_found(in_banyuwangi: RegionId, now: datetime) -> None:
    write(in_banyuwangi, "halo", now)
    assert kinds(now) == []
    Deadline.objects.all().update(finished_at=now)
    assert kinds(now) == [OrphanKind.CONTACT_WITHOUT_CLOCK]


def test_a_claim_whose_holder_went_home_is_found(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    intake.claim(contact_of(sari), region_id=in_banyuwangi, by=sari.actor, now=now)
    assert kinds(now) == []
    assert kinds(now + timedelta(hours=1)) == [OrphanKind.CLAIM_WITHOUT_HOLDER]


def test_a_report_that_nobody_took_further_is_found(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    report_on(sari, now, type_code="TAWON")
    assert kinds(now + timedelta(hours=2)) == [OrphanKind.REPORT_WITHOUT_INCIDENT]


def test_an_incident_to_which_nobody_was_sent_is_found(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    incident_on(sari, now)
    assert kinds(now + timedelta(hours=2)) == [OrphanKind.INCIDENT_WITHOUT_ASSIGNMENT]


@pytest.mark.parametrize("lost", ["stopped", "absent"])
def test_a_silent_agency_whose_plan_no_longer_runs_is_found(
    in_banyuwangi: RegionId, now: datetime, lost: str
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    send(incident_on(sari, now), now, "damkar")
    assert kinds(now) == []
    runs = EscalationRun.objects.all()
    _ = runs.update(stopped_at=now) if lost == "stopped" else runs.delete()
    assert kinds(now) == [OrphanKind.ASSIGNMENT_WITHOUT_CLOCK]


def test_a_closed_incident_with_an_untold_reporter_is_found(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    incident_id = incident_on(sari, now)
    triage.close(
        incident_id, IncidentDisposition.HANDLED, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    assert Report.objects.filter(answered_at=None).count() == 1
    assert kinds(now) == [OrphanKind.REPORT_WITHOUT_ANSWER]


def test_the_tracking_page_shows_the_stages_of_ones_own_report(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident_on(sari, now)
    shown = queries.tracking(intake_queries.reports(sari)[0], now)
    assert [item.stage for item in shown.stages if item.at] == ["received"]
    assert not shown.closed


def test_confidential_entries_are_left_out_for_others(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, ratna = cast.enter("sari", now), cast.enter("ratna", now)
    write(in_banyuwangi, "suami memukuli saya", now)
    incident_id = incident_on(sari, now, type_code="KDRT")
    entries = journal_queries.timeline(in_banyuwangi, incident_id)
    assert queries.readable(sari, entries) == entries
    assert queries.readable(ratna, entries) == []
