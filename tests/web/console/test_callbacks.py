"""The call-back list on the desk: who first, one key to call, one key for what came of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.types import ContactDisposition, ContactId, ContactState, Telling
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony import models
from siaga.telephony import services as telephony
from siaga.telephony.callbacks import queries
from siaga.telephony.names import Mark
from siaga.telephony.services import seats
from siaga.telephony.services.calllog import call_id
from siaga.triage import queries as triage
from siaga.triage.types import EvidenceKind, Truth
from tests.cast import BANYUWANGI
from tests.rooms.telephony.record import abandoned_call, line, offered, write
from tests.web.console.stage import Desk, seat, writes

pytestmark = pytest.mark.django_db
FIRST, SECOND = "+6281234567890", "+6281234567891"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "cel"


def lost(record: Path, key: str, number: str = FIRST, minutes: float = 10, *marks: bytes) -> Any:
    """A call that nobody answered, so many minutes ago; its id."""
    at = (clock.now() - timedelta(minutes=minutes)).timestamp()
    *begun, ended = abandoned_call(key, BANYUWANGI, at=at)
    begun[1] = offered(key, BANYUWANGI, number, at=at)
    follow(record, *begun, *marks, ended)
    return call_id(key)


def follow(record: Path, *lines: bytes) -> None:
    write(record, *lines)
    while telephony.follow(record, now=clock.now()):
        pass


def items(desk: Desk) -> Any:
    with acting_in(BANYUWANGI):
        return queries.open_callbacks(desk.viewer)


def state(contact_id: Any) -> Any:
    with acting_in(BANYUWANGI):
        contact = intake.contact(BANYUWANGI, contact_id)
    return contact and (contact.state, contact.disposition)


def test_the_page_shows_the_most_worrying_first_and_steps_to_the_next(record: Path) -> None:
    sari = seat("sari")
    lost(record, "s-1.1", FIRST, 20)
    lost(record, "s-1.2", SECOND, 10, line("s-1.2", Mark.CANNOT_SPEAK))
    page = sari.get("callbacks/").content.decode()
    first = page[page.index('id="callback"') : page.index('id="callback-rows"')]
    assert "567-891" in first or "7891" in first
    assert "chip--inverse" in first
    assert page.count('class="row') >= 2
    following = next(one.id for one in items(sari) if one.phone == FIRST)
    assert f"?at={following}" in first
    second = sari.get(f"callbacks/?at={following}").content.decode()
    assert f'data-callback="{following}"' in second


def test_calling_needs_a_telephone_and_asks_the_daemon(record: Path) -> None:
    sari = seat("sari")
    contact = lost(record, "s-2.1")
    [item] = items(sari)
    assert sari.post(f"callbacks/{item.id}/call/").status_code == 409
    with acting_in(BANYUWANGI):
        taken = seats.take(BANYUWANGI, sari.viewer.person_id, by=sari.viewer.actor, now=clock.now())
    assert sari.post(f"callbacks/{item.id}/call/").status_code == 204
    with acting_in(BANYUWANGI):
        command = models.Command.objects.get(kind="call_back")
    assert command.payload == {
        "position": taken.number, "number": FIRST, "contact": str(contact),
    }  # fmt: skip


def test_not_reached_ends_the_contacts_that_wait_and_leaves_the_list(record: Path) -> None:
    sari = seat("sari")
    first, second = lost(record, "s-3.1", minutes=9), lost(record, "s-3.2", minutes=5)
    [item] = items(sari)
    answer = sari.post(
        f"callbacks/{item.id}/settle/", {"how": "not_reached", "note": "tidak diangkat"}
    )
    assert answer.status_code == 200 and items(sari) == []
    for contact in (first, second):
        assert state(contact) == (ContactState.DISPOSED, ContactDisposition.CUT_OFF)
    assert sari.post(f"callbacks/{item.id}/settle/", {"how": "reached"}).status_code == 409


def test_who_was_reached_lies_open_in_ones_hand(record: Path) -> None:
    sari = seat("sari")
    contact = lost(record, "s-4.1")
    [item] = items(sari)
    answer = sari.post(f"callbacks/{item.id}/settle/", {"how": "reached"})
    assert 'id="report-form"' in answer.content.decode()
    assert state(contact) == (ContactState.CLAIMED, None)


def test_an_end_that_is_not_offered_is_refused(record: Path) -> None:
    sari = seat("sari")
    lost(record, "s-5.1")
    [item] = items(sari)
    answer = sari.post(f"callbacks/{item.id}/settle/", {"how": "called_again"})
    assert answer.status_code == 422 and len(items(sari)) == 1


def test_without_a_number_there_is_nothing_to_press(record: Path) -> None:
    sari = seat("sari")
    lost(record, "s-6.1", number="")
    page = sari.get("callbacks/").content.decode()
    [item] = items(sari)
    assert f"callbacks/{item.id}/call/" not in page
    assert "Tanpa nomor" in page


def test_words_of_danger_from_the_same_number_come_first(record: Path) -> None:
    sari = seat("sari")
    lost(record, "s-7.1", SECOND, 30)
    lost(record, "s-7.2", FIRST, 20)
    writes("kebakaran besar di pasar", number=FIRST.lstrip("+"))
    page = sari.get("callbacks/").content.decode()
    first = page[page.index('id="callback"') : page.index('id="callback-rows"')]
    assert "kata bahaya" in first


@pytest.mark.parametrize(("name", "status"), [("tono", 404), ("made", 403)])
def test_others_neither_see_nor_settle_it(record: Path, name: str, status: int) -> None:
    sari, other = seat("sari"), seat(name)
    lost(record, "s-8.1")
    [item] = items(sari)
    assert other.get("callbacks/").status_code == status
    assert other.post(f"callbacks/{item.id}/settle/", {"how": "reached"}).status_code == status


def test_a_call_back_that_confirms_is_evidence_once(record: Path, settings: Any) -> None:
    settings.SIAGA_HOME = record.parent
    sari = seat("sari")
    contact = lost(record, "s-9.1")
    given = {"region_id": BANYUWANGI, "by": sari.viewer.actor, "now": clock.now()}
    with acting_in(BANYUWANGI):
        intake_services.claim(ContactId(contact), **given)
        report = intake_services.file_report(
            ContactId(contact), Telling(narrative="banjir", type_code="BJR-GENANGAN"), **given
        )
    at = clock.now().timestamp() - 40
    extra = f"region={BANYUWANGI};number={FIRST};contact={contact};position=1"
    leg = f"PJSIP/{BANYUWANGI}-p1-0000000a"
    follow(
        record,
        line("siaga1-99.7", Mark.CALLBACK, at=at, eventextra=extra),
        line("siaga1-99.7", "BRIDGE_ENTER", at=at + 5, channame=leg),
        line("siaga1-99.7", "LINKEDID_END", at=at + 30),
    )
    back = call_id("siaga1-99.7")
    url = f"recordings/{back}/verified/"
    with acting_in(BANYUWANGI):
        models.Recording.objects.filter(call_id=back).update(
            state="ready", name="x", sha256="x", kept_at=clock.now()
        )
    assert url in sari.get(f"contacts/{contact}/recordings/").content.decode()
    assert sari.post(url, {"confirms": "mungkin"}).status_code == 422
    assert sari.post(url, {"confirms": "yes"}).status_code == 200
    assert sari.post(url, {"confirms": "no"}).status_code == 404
    with acting_in(BANYUWANGI):
        [written] = triage.evidence(BANYUWANGI, report_id=report)
        assert triage.truth_of_report(BANYUWANGI, report) is Truth.A1
    assert written.kind is EvidenceKind.CALLBACK and "#99.7" in written.note
    assert url not in sari.get(f"contacts/{contact}/recordings/").content.decode()
