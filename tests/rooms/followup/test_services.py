"""Telling, closing, objecting, working-day clocks."""

from datetime import datetime, timedelta

import pytest

from siaga.dispatch import queries as dispatch_queries
from siaga.dispatch import services as dispatch
from siaga.dispatch.services.sending import Order
from siaga.dispatch.types import AssignmentState
from siaga.followup import queries, services
from siaga.followup.errors import NothingToObject, ObjectionEmpty, ObjectionTooLate
from siaga.followup.models import CitizenUpdate
from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.models import Contact, Report
from siaga.intake.types import ContactDisposition, ReportState, Telling
from siaga.journal import queries as journal_queries
from siaga.journal.models import Deadline
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId, Urgency
from siaga.triage import queries as triage_queries
from siaga.triage import services as triage
from siaga.triage.models import Assessment, Evidence
from siaga.triage.types import EvidenceKind, IncidentDisposition, IncidentStatus, Truth
from tests import cast
from tests.rooms.dispatch.test_services import send
from tests.rooms.test_path import contact_of, incident_on, report_on, said_to, write

CITIZEN = Actor.citizen("slamet")


def test_every_linked_reporter_is_told_each_thing_once(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    first = write(in_banyuwangi, "kebakaran", now, sender="62811")
    incident_id = incident_on(sari, now)
    second = write(in_banyuwangi, "kebakaran", now, sender="62822")
    report_id = report_on(sari, now, type_code="KBK-BANGUNAN")
    step = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    triage.join(report_id, incident_id, **step)
    send(incident_id, now, "damkar", "psc119")
    services.close(incident_id, IncidentDisposition.HANDLED, **step)
    for person in (first, second):
        assert len([text for text in said_to(sari, person) if "sudah ditangani" in text]) == 1


def arrived(now: datetime) -> dict[str, datetime]:
    return {"received_at": now, "last_activity_at": now}


def test_a_hundred_and_more_reporters_of_a_flood_are_all_told_the_end(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "banjir", now)
    incident_id = incident_on(sari, now, type_code="BANJIR")
    step = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    contacts = Contact.objects.bulk_create(
        Contact(region_id=in_banyuwangi, channel="web", state="reported", **arrived(now))
        for _ in range(105)
    )
    reports = Report.objects.bulk_create(
        Report(region_id=in_banyuwangi, contact=one, channel="web", received_at=now)
        for one in contacts
    )
    about = {"region_id": in_banyuwangi, "incident_id": incident_id}
    Assessment.objects.bulk_create(Assessment(report=one, **about) for one in reports)
    Evidence.objects.bulk_create(
        Evidence(report=one, kind="second_caller", at=now, **about) for one in reports
    )
    # The newest line decides, however long the ledger is.
    later, unit = now + timedelta(minutes=1), {**about, "by": sari.actor}
    assert (
        triage.add_evidence(EvidenceKind.ON_SCENE_UNIT, confirms=False, now=later, **unit)
        is Truth.FALSE
    )
    services.close(incident_id, IncidentDisposition.FALSE_REPORT, **step)
    assert CitizenUpdate.objects.filter(told="closed").count() == 106
    assert queries.orphans(in_banyuwangi, now) == []


def test_closing_calls_off_who_has_not_finished(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident_id = incident_on(sari, now)
    (sent,) = send(incident_id, now, "damkar")
    services.close(
        incident_id,
        IncidentDisposition.FALSE_REPORT,
        region_id=in_banyuwangi,
        by=sari.actor,
        now=now,
    )
    view = dispatch_queries.assignment(in_banyuwangi, sent)
    assert view is not None
    assert view.state is AssignmentState.WITHDRAWN
    assert Deadline.objects.filter(finished_at=None, subject_id=sent).count() == 0


def test_closing_says_nothing_of_agencies_but_that_they_were_called_off(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, made = cast.enter("sari", now), cast.enter("made", now)
    slamet = write(in_banyuwangi, "kebakaran", now)
    incident_id = incident_on(sari, now)
    done, declined, _ = send(incident_id, now, "damkar", "bpbd", "psc119")
    step = {"region_id": in_banyuwangi, "by": made.actor, "now": now}
    dispatch.finish(done, note="padam", **step)
    dispatch.decline(declined, reason="jauh", **step)
    before = len(said_to(sari, slamet))
    services.close(
        incident_id, IncidentDisposition.HANDLED, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    (told,) = said_to(sari, slamet)[before:]
    assert "sudah ditangani" in told
    names = {entry.name for entry in journal_queries.timeline(in_banyuwangi, incident_id)}
    assert not names & {"dispatch.all_done", "dispatch.all_declined"}
    assert "dispatch.assignment_withdrawn" in names


def test_an_objection_needs_words_time_and_an_end(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident_id = incident_on(sari, now)
    report = intake_queries.reports(sari)[0]
    with pytest.raises(NothingToObject):
        services.object_to(report, "belum", by=CITIZEN, now=now)
    services.close(
        incident_id, IncidentDisposition.HANDLED, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    with pytest.raises(ObjectionEmpty):
        services.object_to(report, "  ", by=CITIZEN, now=now)
    with pytest.raises(ObjectionTooLate):
        services.object_to(report, "belum", by=CITIZEN, now=now + timedelta(days=11))


def test_a_reopened_incident_begins_anew_and_its_second_end_is_told_again(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, made = cast.enter("sari", now), cast.enter("made", now)
    slamet = write(in_banyuwangi, "kebakaran", now)
    incident_id = incident_on(sari, now)
    step = {"region_id": in_banyuwangi, "by": made.actor, "now": now}

    def finished() -> int:
        return len([text for text in said_to(sari, slamet) if "sudah selesai" in text])

    def status() -> IncidentStatus:
        return triage_queries.incident_for(sari, incident_id).status

    (first,) = send(incident_id, now, "damkar")
    dispatch.finish(first, note="padam", **step)
    report = intake_queries.reports(sari)[0]
    services.object_to(report, "menyala lagi", by=CITIZEN, now=now)
    assert (status(), finished()) == (IncidentStatus.REOPENED, 1)
    # What was done the first time around does not end the second.
    again = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    (second,) = dispatch.send(incident_id, [Order(agency_code="bpbd")], **again)
    dispatch.decline(second, reason="armada rusak", **step)
    assert (status(), finished()) == (IncidentStatus.IN_TRIAGE, 1)
    (third,) = dispatch.send(incident_id, [Order(agency_code="damkar")], **again)
    dispatch.finish(third, note="padam", **step)
    assert (status(), finished()) == (IncidentStatus.DONE, 2)
    services.reopen(incident_id, reason="asap", **again)
    services.reopen(incident_id, reason="dua kali ditekan", **again)
    assert triage_queries.incident_for(sari, incident_id).reopened_count == 2


def test_a_refusal_is_an_answer(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    slamet = write(in_banyuwangi, "dompet hilang", now)
    report_id = report_on(sari, now, type_code="TOLAK-BARANG")
    intake.refuse(
        report_id, region_id=in_banyuwangi, reason="Silakan ke polsek.", by=sari.actor, now=now
    )
    report = intake_queries.report_for(sari, report_id)
    assert (report.state, report.answered_at) == (ReportState.REFUSED, now)
    assert "Silakan ke polsek." in said_to(sari, slamet)[-1]


@pytest.mark.parametrize(
    ("disposition", "note", "said"),
    [
        (ContactDisposition.LOCKED_PHONE, "Silakan ke gerai resmi.", "Silakan ke gerai resmi."),
        (ContactDisposition.VENTING, "", "Dinsos"),
        (ContactDisposition.PRANK, "anak-anak", None),
    ],
)
def test_who_filed_the_form_is_told_how_it_ended_and_of_a_prank_nothing(
    in_banyuwangi: RegionId,
    now: datetime,
    disposition: ContactDisposition,
    note: str,
    said: str | None,
) -> None:
    sari = cast.enter("sari", now)
    slamet = write(in_banyuwangi, "tolong", now)
    step = {"region_id": in_banyuwangi, "now": now}
    report_id = intake.file_web_report(
        contact_of(sari), Telling(narrative="x"), tracking_code="AAAA", by=CITIZEN, **step
    )
    before = len(said_to(sari, slamet))
    intake.dispose(contact_of(sari), disposition, note=note, by=sari.actor, **step)
    told = said_to(sari, slamet)[before:]
    assert len(told) == (said is not None)
    assert said is None or said in told[0]
    shown = queries.tracking(intake_queries.report_for(sari, report_id), now)
    assert shown.refused == (note if disposition is ContactDisposition.LOCKED_PHONE else "")
    assert shown.closed


def test_a_service_complaint_runs_on_working_days(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "jalan rusak", now)
    incident_id = incident_on(sari, now, type_code="JALAN", urgency=Urgency.P4)
    clock = queries.complaint_clock(in_banyuwangi, incident_id)
    assert clock is not None
    # Saturday evening: the third working day is Wednesday.
    assert clock.verify_by.astimezone().date().isoformat() == "2026-11-25"
    services.complaint_due(incident_id, "verify", region_id=in_banyuwangi, now=clock.verify_by)
    names = [entry.name for entry in journal_queries.timeline(in_banyuwangi, incident_id)]
    assert "followup.complaint_overdue" in names
    triage.add_evidence(
        EvidenceKind.CALLBACK,
        region_id=in_banyuwangi,
        incident_id=incident_id,
        by=sari.actor,
        now=now,
    )
    verified = queries.complaint_clock(in_banyuwangi, incident_id)
    assert verified is not None
    assert verified.verified_at == now


def test_a_reopened_complaint_has_its_new_clocks_and_not_the_old_ones_too(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "jalan rusak", now)
    incident_id = incident_on(sari, now, type_code="JALAN", urgency=Urgency.P4)
    step = {"region_id": in_banyuwangi, "by": sari.actor}
    triage.add_evidence(EvidenceKind.CALLBACK, incident_id=incident_id, now=now, **step)
    (sent,) = send(incident_id, now, "dpuckpp")
    dispatch.finish(sent, note="ditambal", now=now, **step)
    later = now + timedelta(days=5)
    services.reopen(incident_id, reason="berlubang lagi", now=later, **step)
    clock = queries.complaint_clock(in_banyuwangi, incident_id)
    assert clock is not None
    waiting = Deadline.objects.filter(
        subject_id=incident_id, name="followup.complaint_due", finished_at=None
    )
    assert set(waiting.values_list("due_at", flat=True)) == {clock.follow_up_by, clock.resolve_by}


def test_a_fire_has_no_working_day_clock(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    assert queries.complaint_clock(in_banyuwangi, incident_on(sari, now)) is None


def test_a_disposed_contact_leaves_no_orphan(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    intake.dispose(
        contact_of(sari), ContactDisposition.PRANK, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    assert queries.orphans(in_banyuwangi, now + timedelta(days=1)) == []
