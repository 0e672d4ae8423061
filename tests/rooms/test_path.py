"""The main job, whole, without a screen: a message comes in, help goes out, the citizen is told."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from siaga.accounts.types import Viewer
from siaga.dispatch import queries as dispatch_queries
from siaga.dispatch import services as dispatch
from siaga.dispatch.services.sending import Order
from siaga.dispatch.types import AssignmentState
from siaga.followup import queries as followup_queries
from siaga.followup import services as followup
from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.types import ContactId, LocationState, Place, ReportId, Telling
from siaga.journal import queries as journal_queries
from siaga.journal.types import Actor
from siaga.kernel.geometry import Point
from siaga.kernel.types import Channel, RegionId, Urgency
from siaga.messaging import queries as messaging_queries
from siaga.messaging import services as messaging
from siaga.messaging.types import AliasKind, Identity, Incoming, MessageKind
from siaga.triage import queries as triage_queries
from siaga.triage import services as triage
from siaga.triage.errors import NeedsA1
from siaga.triage.types import (
    EvidenceKind,
    IncidentDisposition,
    IncidentId,
    IncidentStatus,
    Truth,
    Verdict,
)
from tests import cast

PLACE = Place(
    area_code="35.10.16",
    text="Pasar Banyuwangi",
    point=Point(-8.21, 114.37),
    state=LocationState.KNOWN,
)


def write(
    region_id: RegionId, text: str, now: datetime, *, sender: str = "6281234567890", n: int = 1
) -> UUID:
    """Pak Slamet writes on WhatsApp."""
    received = messaging.receive(
        Incoming(
            region_id=region_id,
            channel=Channel.WHATSAPP,
            external_id=f"wamid.{sender}.{n}",
            identities=(Identity(kind=AliasKind.WA_ID, external_id=sender),),
            kind=MessageKind.TEXT,
            sent_at=now,
            text=text,
            profile_name="Pak Slamet",
            phone=f"+{sender}",
        ),
        by=Actor.channel("whatsapp"),
        now=now,
    )
    return received.correspondent_id


def contact_of(sari: Viewer) -> ContactId:
    return intake_queries.waiting_contacts(sari)[0].id


def report_on(sari: Viewer, now: datetime, *, type_code: str, place: Place = PLACE) -> ReportId:
    """Sari claims what waits and writes it down."""
    contact_id = contact_of(sari)
    intake.claim(contact_id, region_id=sari.region_id, by=sari.actor, now=now)
    return intake.file_report(
        contact_id,
        Telling(narrative="Rumah terbakar di belakang pasar", type_code=type_code, place=place),
        region_id=sari.region_id,
        by=sari.actor,
        now=now,
    )


def incident_on(
    sari: Viewer, now: datetime, *, type_code: str = "KBK-BANGUNAN", urgency: Urgency = Urgency.P1
) -> IncidentId:
    report_id = report_on(sari, now, type_code=type_code)
    return triage.open_incident(
        report_id,
        Verdict(type_code=type_code, urgency=urgency, place=PLACE),
        region_id=sari.region_id,
        by=sari.actor,
        now=now,
    )


def said_to(sari: Viewer, correspondent_id: UUID) -> list[str]:
    """What the centre wrote to the citizen, oldest first."""
    found = messaging_queries.conversation(sari.region_id, correspondent_id=correspondent_id)
    return [item.text for item in sorted(found, key=lambda m: m.id) if item.direction == "out"]


def test_a_life_threat_goes_at_once_and_the_citizen_is_told_to_the_end(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, made = cast.enter("sari", now), cast.enter("made", now)
    slamet = write(in_banyuwangi, "tolong kebakaran rumah di belakang pasar", now)
    incident_id = incident_on(sari, now)

    sent = dispatch.send(
        incident_id, [Order(agency_code="damkar")], region_id=in_banyuwangi, by=sari.actor, now=now
    )
    incident = triage_queries.incident_for(sari, incident_id)
    assert incident.dispatched_unverified
    assert incident.status is IncidentStatus.DISPATCHED

    later = now + timedelta(seconds=40)
    for step in (
        lambda: dispatch.acknowledge(sent[0], region_id=in_banyuwangi, by=made.actor, now=later),
        lambda: dispatch.advance(
            sent[0], AssignmentState.EN_ROUTE, region_id=in_banyuwangi, by=made.actor, now=later
        ),
        lambda: dispatch.advance(
            sent[0], AssignmentState.ON_SCENE, region_id=in_banyuwangi, by=made.actor, now=later
        ),
        lambda: dispatch.finish(
            sent[0], region_id=in_banyuwangi, note="Api padam", by=made.actor, now=later
        ),
    ):
        step()
    incident = triage_queries.incident_for(sari, incident_id)
    assert (incident.status, incident.truth) == (IncidentStatus.DONE, Truth.A1)

    followup.close(
        incident_id,
        IncidentDisposition.HANDLED,
        region_id=in_banyuwangi,
        by=sari.actor,
        now=later,
    )
    told = said_to(sari, slamet)
    assert len(told) == 7  # received, in progress, accepted, on the way, there, done, closed
    assert intake_queries.reports(sari)[0].answered_at == later
    assert followup_queries.orphans(in_banyuwangi, later) == []

    names = [entry.name for entry in journal_queries.timeline(in_banyuwangi, incident_id)]
    assert names[0] == "triage.incident_opened"
    assert "followup.incident_closed" in names


def test_a_p3_waits_for_a1_where_the_region_verifies_first(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "ada sarang tawon besar di teras", now)
    incident_id = incident_on(sari, now, type_code="TAWON", urgency=Urgency.P3)
    order = [Order(agency_code="damkar")]
    with pytest.raises(NeedsA1):
        dispatch.send(incident_id, order, region_id=in_banyuwangi, by=sari.actor, now=now)
    triage.add_evidence(
        EvidenceKind.CALLBACK,
        region_id=in_banyuwangi,
        incident_id=incident_id,
        by=sari.actor,
        now=now,
    )
    assert dispatch.send(incident_id, order, region_id=in_banyuwangi, by=sari.actor, now=now)
    assert not triage_queries.incident_for(sari, incident_id).dispatched_unverified


def test_an_objection_opens_the_incident_again_and_the_citizen_is_told(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    slamet = write(in_banyuwangi, "kebakaran di pasar", now)
    incident_id = incident_on(sari, now)
    followup.close(
        incident_id, IncidentDisposition.HANDLED, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    report = intake_queries.reports(sari)[0]
    followup.object_to(report, "Api menyala lagi", by=Actor.citizen(slamet), now=now)
    assert triage_queries.incident_for(sari, incident_id).status is IncidentStatus.REOPENED
    assert intake_queries.reports(sari)[0].answered_at is None
    assert "buka kembali" in said_to(sari, slamet)[-1].lower()


def test_two_messages_of_one_person_are_one_contact_and_a_reply_waits_again(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    write(in_banyuwangi, "tolong ada kecelakaan", now, n=2)
    assert len(intake_queries.waiting_contacts(sari)) == 1
    incident_on(sari, now, type_code="LAKA-LUKA")
    assert intake_queries.waiting_contacts(sari) == []
    write(in_banyuwangi, "kapan datang?", now, n=3)
    waiting = intake_queries.waiting_contacts(sari)
    assert [item.unread for item in waiting] == [1]


def test_tono_of_jombang_sees_nothing_of_it(in_banyuwangi: RegionId, now: datetime) -> None:
    from siaga.kernel.errors import NotFound
    from siaga.kernel.tenancy import acting_in

    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    contact_id, incident_id = contact_of(sari), None
    incident_id = incident_on(sari, now)
    tono = cast.enter("tono", now)
    with acting_in(tono.region_id):
        assert intake_queries.contacts(tono) == []
        assert triage_queries.board(tono) == []
        for door, key in (
            (intake_queries.contact_for, contact_id),
            (triage_queries.incident_for, incident_id),
        ):
            with pytest.raises(NotFound):
                door(tono, key)


def test_the_silence_of_an_agency_reaches_the_supervisor(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    from siaga.journal.models import Deadline

    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident_id = incident_on(sari, now)
    sent = dispatch.send(
        incident_id, [Order(agency_code="damkar")], region_id=in_banyuwangi, by=sari.actor, now=now
    )
    for _ in range(5):
        due = Deadline.objects.filter(name="dispatch.escalate", finished_at=None).first()
        if due is None:
            break
        dispatch.run_step(sent[0], UUID(due.data["token"]), region_id=in_banyuwangi, now=due.due_at)
        due.finished_at = due.due_at
        due.save()
    assert [item.id for item in dispatch_queries.alarms(in_banyuwangi)] == sent
    actions = [action for action, _, _ in dispatch_queries.notices(in_banyuwangi, sent[0])]
    assert actions[-1] == "alarm_supervisor"
