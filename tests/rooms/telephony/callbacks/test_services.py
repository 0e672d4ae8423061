"""The list: each number once, each call once, settled by itself or by a person, with the reason."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from siaga.intake import services as intake
from siaga.intake.types import ContactDisposition, ContactId, Telling
from siaga.journal import queries as journal
from siaga.kernel.errors import Conflict, InvalidField, NotFound
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony import services as telephony
from siaga.telephony.callbacks import queries, services
from siaga.telephony.callbacks.types import CallbackEnd, CallbackView, CallbackWhy
from siaga.telephony.names import Mark
from siaga.telephony.services.calllog import call_id
from tests import cast
from tests.rooms.telephony.record import line, offered, write

NUMBER, PHONE = "081234567890", "+6281234567890"


@pytest.fixture
def calls(in_banyuwangi: RegionId, now: datetime, tmp_path: Path) -> "Calls":
    return Calls(in_banyuwangi, now, tmp_path / "cel")


class Calls:
    """Calls that come in, one after another."""

    def __init__(self, region: RegionId, now: datetime, record: Path) -> None:
        self.region, self.now, self.record = region, now, record
        self.at = (now - timedelta(hours=1)).timestamp()

    def come(self, key: str, *said: bytes, number: str = NUMBER, seconds: float = 9) -> Any:
        """A call with these lines in the middle; its id."""
        write(
            self.record,
            offered(key, self.region, number, at=self.at),
            *said,
            line(key, "LINKEDID_END", at=self.at + seconds),
        )
        self.at += 60
        while telephony.follow(self.record, now=self.now):
            pass
        return call_id(key)

    def answered(self, key: str, *more: bytes, number: str = NUMBER) -> Any:
        leg = f"PJSIP/{self.region}-p1-0000000a"
        joined = line(key, "BRIDGE_ENTER", at=self.at + 2, peer=leg)
        return self.come(key, line(key, Mark.QUEUED, at=self.at), joined, *more, number=number)

    def queued(self, key: str, number: str = NUMBER) -> Any:
        return self.come(key, line(key, Mark.QUEUED, at=self.at), number=number)

    def open(self) -> list[CallbackView]:
        viewer = cast.enter("sari", self.now) if not hasattr(self, "sari") else self.sari
        self.sari = viewer
        return queries.open_callbacks(viewer)


def test_a_number_that_tries_again_is_one_to_do_and_an_answer_settles_it(calls: Calls) -> None:
    first, second = calls.queued("s-1.1"), calls.queued("s-1.2")
    [found] = calls.open()
    assert (found.phone, found.tries, found.why) == (PHONE, 2, CallbackWhy.ABANDONED)
    assert found.contacts == (first, second)
    calls.answered("s-1.3")
    assert calls.open() == []
    settled = queries.callback_for(calls.sari, found.id)
    assert settled.closed_how is CallbackEnd.CALLED_AGAIN
    said = journal.timeline(calls.region, found.id)
    assert [e.name for e in said].count("telephony.callback_settled") == 1
    assert any("called_again" in str(e.data) for e in said)


def test_the_most_worrying_reason_of_several_calls_stays(calls: Calls) -> None:
    lost = line("s-2.1", Mark.POSITION_LOST, at=calls.at + 4, eventextra="position=1")
    calls.answered("s-2.1", lost)
    calls.queued("s-2.2")
    [found] = calls.open()
    assert (found.why, found.tries) == (CallbackWhy.CUT_OFF, 2)


def test_a_caller_who_was_answered_again_after_a_lost_position_is_not_cut_off(
    calls: Calls,
) -> None:
    leg = f"PJSIP/{calls.region}-p2-0000000b"
    calls.answered(
        "s-3.1",
        line("s-3.1", Mark.POSITION_LOST, at=calls.at + 4, eventextra="position=1"),
        line("s-3.1", "BRIDGE_ENTER", at=calls.at + 6, peer=leg),
    )
    assert calls.open() == []


@pytest.mark.parametrize(("cause", "listed"), [(16, False), (44, True), (41, True)])
def test_a_line_that_failed_is_cut_off_and_one_who_hung_up_is_not(
    calls: Calls, cause: int, listed: bool
) -> None:
    extra = f'{{"hangupcause":{cause},"hangupsource":"","dialstatus":"ANSWER"}}'
    calls.answered("s-4.1", line("s-4.1", "HANGUP", at=calls.at + 8, eventextra=extra))
    assert [one.why for one in calls.open()] == ([CallbackWhy.CUT_OFF] if listed else [])


def test_closed_held_and_calls_without_a_number_are_listed_as_such(calls: Calls) -> None:
    calls.come("s-5.1", line("s-5.1", Mark.CLOSED, at=calls.at), number="081200000001")
    calls.come("s-5.2", line("s-5.2", Mark.HELD, at=calls.at), number="081200000002")
    calls.queued("s-5.3", number="")
    calls.queued("s-5.4", number="")
    found = calls.open()
    assert [one.why for one in found[:2]] == [CallbackWhy.CLOSED, CallbackWhy.HELD]
    assert [(one.callable, one.proposed) for one in found[2:]] == [(False, False)] * 2
    with pytest.raises(InvalidField):
        services.place(found[2].id, 1, region_id=calls.region, by=calls.sari.actor, now=calls.now)


def test_a_test_call_is_nobody_to_call_back(calls: Calls, settings: Any) -> None:
    extra = f"region={calls.region};number={NUMBER};did=112;test=1"
    calls.come("s-6.1", line("s-6.1", Mark.OFFERED, at=1.0, eventextra=extra))
    assert [one.is_test for one in calls.open()] == []


def test_one_attempt_is_proposed_and_another_call_of_theirs_proposes_one_more(
    calls: Calls,
) -> None:
    latest = calls.queued("s-7.1")
    [found] = calls.open()
    assert found.proposed
    by = {"region_id": calls.region, "by": calls.sari.actor, "now": calls.now}
    services.place(found.id, 3, **by)
    command = models.Command.objects.get()
    assert (command.kind, command.payload) == (
        "call_back",
        {"position": 3, "number": PHONE, "contact": str(latest)},
    )
    extra = f"region={calls.region};number={NUMBER};contact={latest};position=3"
    write(
        calls.record,
        line("s-7.2", Mark.CALLBACK, at=calls.at, eventextra=extra),
        line("s-7.2", "LINKEDID_END", at=calls.at + 9),
    )
    while telephony.follow(calls.record, now=calls.now):
        pass
    [tried] = calls.open()
    assert (tried.attempts, tried.proposed, tried.attempt_answered) == (1, False, False)
    calls.queued("s-7.3")
    [again] = calls.open()
    assert again.proposed and again.tries == 2


def test_what_came_of_it_is_written_down_once(calls: Calls) -> None:
    calls.queued("s-8.1")
    [found] = calls.open()
    by = {"region_id": calls.region, "by": calls.sari.actor, "now": calls.now}
    with pytest.raises(InvalidField):
        services.settle(found.id, CallbackEnd.CALLED_AGAIN, **by)
    services.settle(found.id, CallbackEnd.NOT_REACHED, note="dua kali berdering", **by)
    with pytest.raises(Conflict):
        services.settle(found.id, CallbackEnd.REACHED, **by)
    settled = queries.callback_for(calls.sari, found.id)
    assert (settled.closed_by, settled.note) == (calls.sari.person_id, "dua kali berdering")
    calls.queued("s-8.2")
    [new] = calls.open()
    assert new.id != found.id and new.tries == 1


def test_an_outcome_of_the_contact_settles_it_and_its_undo_opens_it_again(calls: Calls) -> None:
    contact = ContactId(calls.queued("s-9.1"))
    assert len(calls.open()) == 1
    by = {"region_id": calls.region, "by": calls.sari.actor, "now": calls.now}
    intake.dispose(contact, ContactDisposition.GHOST, **by)
    assert calls.open() == []
    intake.undo_disposition(contact, **by)
    assert len(calls.open()) == 1
    intake.file_report(contact, Telling(narrative="banjir"), **by)
    assert calls.open() == []


def test_a_call_taker_who_says_cut_off_puts_the_caller_on_the_list(calls: Calls) -> None:
    contact = ContactId(calls.answered("s-10.1"))
    assert calls.open() == []
    by = {"region_id": calls.region, "by": calls.sari.actor, "now": calls.now}
    intake.dispose(contact, ContactDisposition.CUT_OFF, **by)
    [found] = calls.open()
    assert (found.why, found.contacts) == (CallbackWhy.CUT_OFF, (contact,))


def test_another_region_can_neither_see_nor_settle_it(calls: Calls) -> None:
    calls.queued("s-11.1")
    [found] = calls.open()
    tono = cast.enter("tono", calls.now)
    with pytest.raises(NotFound):
        queries.callback_for(tono, found.id)
    with pytest.raises(NotFound):
        services.settle(
            found.id,
            CallbackEnd.NOT_NEEDED,
            region_id=RegionId("jombang"),
            by=tono.actor,
            now=calls.now,
        )
