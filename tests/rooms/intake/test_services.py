"""Contacts: claimed without a race, ended with one key, undone; nobody silently forgotten."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from siaga.intake import queries, services
from siaga.intake.errors import (
    AlreadyClaimed,
    AlreadyEnded,
    NotYourContact,
    ReportAlreadyHandled,
    UndoTooLate,
)
from siaga.intake.models import Contact
from siaga.intake.types import ContactDisposition, ContactState, ReportState, Telling
from siaga.journal import deadlines
from siaga.journal.models import Deadline
from siaga.journal.types import Actor
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Channel, RegionId, Urgency
from siaga.messaging import services as messaging
from siaga.messaging.types import AliasKind, Identity, Incoming, MessageKind
from tests import cast
from tests.databases import TestDatabase
from tests.rooms.test_path import contact_of, report_on, write


def test_of_many_who_claim_at_once_exactly_one_succeeds(
    committed_db: TestDatabase, now: datetime
) -> None:
    takers = [cast.enter(name, now) for name in ("sari", "dewi", "bima", "ratna")]
    with acting_in(cast.BANYUWANGI):
        write(cast.BANYUWANGI, "halo", now)
        contact_id = contact_of(takers[0])
    barrier, got = threading.Barrier(len(takers)), []

    def claim(taker: object) -> None:
        barrier.wait(10)
        try:
            with acting_in(cast.BANYUWANGI):
                services.claim(contact_id, region_id=cast.BANYUWANGI, by=taker.actor, now=now)
            got.append(taker)
        except AlreadyClaimed:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim, args=(taker,)) for taker in takers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 1
    with acting_in(cast.BANYUWANGI):
        assert queries.contact_for(got[0], contact_id).claimed_by == got[0].person_id


def test_a_ghost_is_ended_and_taken_back_by_its_author(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "...", now)
    contact_id = contact_of(sari)
    services.dispose(
        contact_id, ContactDisposition.GHOST, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    assert queries.waiting_contacts(sari) == []
    with pytest.raises(AlreadyEnded):
        services.dispose(
            contact_id, ContactDisposition.PRANK, region_id=in_banyuwangi, by=sari.actor, now=now
        )
    services.undo_disposition(contact_id, region_id=in_banyuwangi, by=sari.actor, now=now)
    undone = queries.contact_for(sari, contact_id)
    assert (undone.state, undone.claimed_by) == (ContactState.CLAIMED, sari.person_id)


def test_an_outcome_of_yesterday_is_not_undone(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "...", now)
    contact_id = contact_of(sari)
    services.dispose(
        contact_id, ContactDisposition.GHOST, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    with pytest.raises(UndoTooLate):
        services.undo_disposition(
            contact_id, region_id=in_banyuwangi, by=sari.actor, now=now + timedelta(days=1)
        )


def test_whoever_may_reopen_takes_back_an_outcome_of_yesterday(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, ratna = cast.enter("sari", now), cast.enter("ratna", now)
    write(in_banyuwangi, "...", now)
    contact_id = contact_of(sari)
    services.dispose(
        contact_id, ContactDisposition.GHOST, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    tomorrow = now + timedelta(days=1)
    services.undo_disposition(
        contact_id, region_id=in_banyuwangi, by=ratna.actor, now=tomorrow, late=True
    )
    reopened = queries.contact_for(ratna, contact_id)
    assert (reopened.state, reopened.claimed_by) == (ContactState.CLAIMED, ratna.person_id)


def test_a_released_contact_waits_since_it_first_came(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    contact_id, later = contact_of(sari), now + timedelta(minutes=5)
    services.claim(contact_id, region_id=in_banyuwangi, by=sari.actor, now=later)
    services.release(contact_id, region_id=in_banyuwangi, reason="break", by=sari.actor, now=later)
    assert queries.waiting_contacts(sari)[0].waiting_since == now


def test_a_colleague_takes_over_and_the_former_holder_is_told(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, dewi = cast.enter("sari", now), cast.enter("dewi", now)
    write(in_banyuwangi, "halo", now)
    contact_id = contact_of(sari)
    services.claim(contact_id, region_id=in_banyuwangi, by=sari.actor, now=now)
    services.take_over(contact_id, region_id=in_banyuwangi, by=dewi.actor, now=now)
    assert not services.mark_seen(contact_id, region_id=in_banyuwangi, by=sari.actor, now=now)
    with pytest.raises(NotYourContact):
        services.file_report(
            contact_id,
            Telling(narrative="x"),
            region_id=in_banyuwangi,
            by=sari.actor,
            now=now,
        )


def test_whatever_waits_has_a_clock_and_the_clock_winds_itself_up_again(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    contact_id = contact_of(sari)
    clocks = Deadline.objects.filter(subject_id=contact_id, finished_at=None)
    assert clocks.count() == 1
    clocks.update(finished_at=now)
    services.waited_too_long(contact_id, region_id=in_banyuwangi, now=now)
    assert clocks.count() == 1
    services.claim(contact_id, region_id=in_banyuwangi, by=sari.actor, now=now)
    assert [clock.name for clock in clocks] == ["intake.hold_went_silent"]


def test_whatever_waits_again_has_a_clock_again(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    contact_id = contact_of(sari)
    clocks = Deadline.objects.filter(subject_id=contact_id, finished_at=None)
    services.claim(contact_id, region_id=in_banyuwangi, by=sari.actor, now=now)
    services.release(contact_id, region_id=in_banyuwangi, reason="break", by=sari.actor, now=now)
    assert clocks.count() == 1
    report_on(sari, now, type_code="TAWON")
    assert clocks.count() == 0
    write(in_banyuwangi, "kapan datang?", now, n=2)
    assert clocks.count() == 1


def test_whoever_writes_again_after_a_refusal_is_looked_at_again(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, later = cast.enter("sari", now), now + timedelta(hours=1)
    slamet = write(in_banyuwangi, "dompet hilang", now)
    report_id = report_on(sari, now, type_code="TOLAK-BARANG")
    step = {"region_id": in_banyuwangi, "by": sari.actor}
    services.refuse(report_id, reason="Silakan ke polsek.", now=now, **step)
    contact_id = queries.report_for(sari, report_id).contact_id
    # On the tracking page the message belongs to this very contact.
    messaging.receive(
        Incoming(
            region_id=in_banyuwangi,
            channel=Channel.WHATSAPP,
            external_id="wamid.again",
            identities=(Identity(kind=AliasKind.WA_ID, external_id="6281234567890"),),
            kind=MessageKind.TEXT,
            sent_at=later,
            text="saya ditusuk",
            contact_id=contact_id,
        ),
        by=Actor.citizen(slamet),
        now=later,
    )
    assert contact_of(sari) == contact_id
    again = queries.report_for(sari, report_id)
    assert (again.state, again.refusal, again.answered_at) == (ReportState.RECEIVED, "", None)
    services.claim(contact_id, now=later, **step)
    assert queries.contact_for(sari, contact_id).state is ContactState.CLAIMED
    assert services.file_report(contact_id, Telling(narrative="x"), now=later, **step) == report_id


def test_a_web_report_ends_with_its_contact_and_comes_back_with_it(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    step = {"region_id": in_banyuwangi, "now": now}
    contact_id, citizen = contact_of(sari), Actor.channel("web_form")
    report_id = services.file_web_report(
        contact_id, Telling(narrative="x"), tracking_code="AAAA", by=citizen, **step
    )
    services.dispose(contact_id, ContactDisposition.PRANK, by=sari.actor, **step)
    ended = queries.report_for(sari, report_id)
    assert (ended.state, ended.refusal, ended.answered_at) == (ReportState.REFUSED, "", now)
    services.undo_disposition(contact_id, by=sari.actor, **step)
    back = queries.report_for(sari, report_id)
    assert (back.state, back.refusal, back.answered_at) == (ReportState.RECEIVED, "", None)


def test_what_was_refused_a_moment_ago_is_attached_to_nothing(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "dompet hilang", now)
    report_id = report_on(sari, now, type_code="TOLAK-BARANG")
    services.refuse(report_id, region_id=in_banyuwangi, reason="x", by=sari.actor, now=now)
    with pytest.raises(ReportAlreadyHandled):
        services.mark_state(report_id, ReportState.ATTACHED, region_id=in_banyuwangi, now=now)


def test_a_form_that_has_its_incident_leaves_the_hands_and_its_next_message_waits_again(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "lampu jalan mati", now)
    contact_id = contact_of(sari)
    step = {"region_id": in_banyuwangi, "now": now}
    telling = Telling(narrative="lampu jalan mati", type_code="PJU")
    report_id = services.file_web_report(
        contact_id, telling, tracking_code="AAAA", by=Actor.channel("web_form"), **step
    )
    services.claim(contact_id, by=sari.actor, **step)
    services.mark_state(report_id, ReportState.ATTACHED, **step)
    assert queries.contact_for(sari, contact_id).state is ContactState.REPORTED
    assert queries.claimed_contacts(sari) == queries.waiting_contacts(sari) == []
    write(in_banyuwangi, "tiangnya miring juga", now + timedelta(minutes=1), n=2)
    [waits] = queries.waiting_contacts(sari)
    assert (waits.id, waits.preview) == (contact_id, "tiangnya miring juga")


def test_the_urgency_written_down_is_kept(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    step = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    contact_id = contact_of(sari)
    services.claim(contact_id, **step)
    for said, kept in ((Urgency.P2, Urgency.P2), (None, Urgency.P2), (Urgency.P1, Urgency.P1)):
        report_id = services.file_report(contact_id, Telling(narrative="x", urgency=said), **step)
        assert queries.report_for(sari, report_id).urgency is kept


def test_a_draft_belongs_to_the_holder_of_the_contact(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, dewi = cast.enter("sari", now), cast.enter("dewi", now)
    write(in_banyuwangi, "halo", now)
    contact_id = contact_of(sari)
    services.claim(contact_id, region_id=in_banyuwangi, by=sari.actor, now=now)
    services.save_draft(
        contact_id, {"narrative": "rum"}, region_id=in_banyuwangi, by=sari.actor, now=now
    )
    with pytest.raises(NotYourContact):
        services.save_draft(contact_id, {}, region_id=in_banyuwangi, by=dewi.actor, now=now)
    kept = queries.draft(in_banyuwangi, contact_id)
    assert kept is not None
    assert kept.data == {"narrative": "rum"}


@pytest.mark.parametrize(
    "broken",
    [
        {"state": ContactState.DISPOSED},
        {"disposition": "ghost"},
        {"waiting_since": None},
        {"state": ContactState.CLAIMED},
    ],
)
def test_the_database_itself_refuses_a_contact_without_owner_or_outcome(
    in_banyuwangi: RegionId, now: datetime, broken: dict[str, object]
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(id=contact_of(sari)).update(**broken)


def test_what_a_silent_screen_holds_goes_back_to_the_queue_and_what_a_living_one_holds_stays(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "tolong", now)
    contact_id = contact_of(sari)
    step = {"region_id": in_banyuwangi}
    services.claim(contact_id, by=sari.actor, now=now, **step)
    alive = now + timedelta(minutes=4)
    assert services.mark_seen(contact_id, by=sari.actor, now=alive, **step)

    deadlines.run_due(now + timedelta(minutes=6))
    assert queries.contact_for(sari, contact_id).claimed_by == sari.person_id

    deadlines.run_due(alive + timedelta(minutes=6))
    [waits] = queries.waiting_contacts(sari)
    assert (waits.id, waits.claimed_by, waits.waiting_since) == (contact_id, None, now)
    assert not services.mark_seen(contact_id, by=sari.actor, now=alive, **step)
