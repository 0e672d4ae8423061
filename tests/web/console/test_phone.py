"""The telephone of the desk, as far as its pages go: seat, state, who rings, what ends it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from siaga.intake import services as intake_services
from siaga.intake.types import Approach, ContactDisposition, ContactId, ContactState
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.geometry import Point
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Channel
from siaga.telephony import live_queries
from siaga.telephony.live.picture import LiveCall, LivePicture, LivePosition, PositionState
from siaga.telephony.services import commands, live
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CallState, CommandKind
from tests.cast import BANYUWANGI
from tests.web.console.stage import Desk, contact, incident, seat

pytestmark = pytest.mark.django_db(transaction=False)
LINKED = "siaga1-1795279530.3"
NUMBER = "081234567890"
ASTERISK = Actor.system("asterisk")


@pytest.fixture
def sari(db: None) -> Desk:
    return seat("sari")


def answer(desk: Desk, rest: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    said = desk.post(rest, data) if data is not None else desk.get(rest)
    assert said.status_code in (200, 202), said.content
    found: dict[str, Any] = json.loads(said.content)
    return found


def rings(number: str = "+6281234567890", linked_id: str = LINKED) -> ContactId:
    """The call log has told of a call."""
    with acting_in(BANYUWANGI):
        return intake_services.open_contact(
            Approach(
                channel=Channel.PHONE,
                phone=number,
                contact_id=call_id(linked_id),
                came_at=clock.now(),
            ),
            region_id=BANYUWANGI,
            by=ASTERISK,
            now=clock.now(),
        )


def seen(state: PositionState, *, call: str = "", number: int = 1, **more: Any) -> None:
    """The daemon has written down how the position stands."""
    calls = ()
    if call:
        shown = LiveCall(
            linked_id=call,
            number=NUMBER,
            state=CallState.ANSWERED,
            presented_at=clock.now(),
            position=number,
            **more,
        )
        calls = (shown,)
    position = LivePosition(number=number, state=state, since=clock.now(), call=call)
    picture = LivePicture(connected=True, calls=calls, positions=(position,))
    live.write({BANYUWANGI: picture}, now=clock.now())


def asked() -> list[tuple[CommandKind, dict[str, Any]]]:
    """What the daemon is to do."""
    return [(one.kind, dict(one.payload)) for one in commands.take(clock.now())]


def test_a_seat_comes_with_the_password_of_the_day(sari: Desk) -> None:
    first, second = (answer(sari, "phone/seat/", {}) for _ in range(2))
    assert first["number"] == second["number"] == 1
    assert first["username"] == "banyuwangi-p1"
    assert first["secret"] != second["secret"]
    assert first["socket"].startswith("ws")
    [(kind, payload), _] = asked()
    assert kind is CommandKind.SEAT_OPEN
    assert first["secret"] not in json.dumps(payload)
    desk_phone = answer(sari, "phone/seat/", {"device": "desk"})
    assert desk_phone["username"] == "banyuwangi-d1"


def test_who_sits_nowhere_asks_for_nothing(sari: Desk) -> None:
    refused = sari.post("phone/command/", {"command": "ready"})
    assert refused.status_code == 409
    assert "F2" in json.loads(refused.content)["message"]
    assert sari.get("phone/keep/").status_code == 409
    assert asked() == []


@pytest.mark.parametrize(
    "command", ["seat_open", "listen", "barge", "grade", "overflow_close", "move_up", "nonsense"]
)
def test_a_desk_cannot_ask_for_what_is_the_supervisors(sari: Desk, command: str) -> None:
    answer(sari, "phone/seat/", {})
    asked()
    given = {"command": command, "call": LINKED, "position": "2", "reason": "x"}
    assert sari.post("phone/command/", given).status_code == 422
    assert asked() == []


def test_a_desk_acts_for_its_own_position_and_its_own_call_only(sari: Desk) -> None:
    answer(sari, "phone/seat/", {})
    asked()
    seen(PositionState.TALKING, call=LINKED)
    more = {"number": "0811223344", "call": "siaga1-1.1", "position": "7"}
    for command in ("pause", "hangup", "conference", "leave_conference", "call_back"):
        answer(sari, "phone/command/", {"command": command, "reason": "meal", **more})
    given = dict(asked())
    assert given[CommandKind.PAUSE] == {"number": 1, "reason": "meal"}
    assert given[CommandKind.HANGUP] == {"position": 1}
    assert given[CommandKind.CONFERENCE] == {"call": LINKED, "phone": "+62811223344"}
    assert given[CommandKind.LEAVE_CONFERENCE] == {"call": LINKED, "position": 1}
    assert given[CommandKind.CALL_BACK]["position"] == 1
    seen(PositionState.READY)
    lost = sari.post("phone/command/", {"command": "conference", "number": "113"})
    assert lost.status_code == 422


def test_the_state_tells_of_the_own_position_alone(sari: Desk) -> None:
    assert answer(sari, "phone/state/")["position"] is None
    answer(sari, "phone/seat/", {})
    seen(PositionState.TALKING, call=LINKED, cannot_speak=True, on_hold=True)
    shown = answer(sari, "phone/state/")
    assert shown["connected"] and shown["seated"]
    position = shown["position"]
    assert (position["mode"], position["caller"]) == ("held", NUMBER)
    assert position["cannotSpeak"]
    dewi = seat("dewi")
    assert answer(dewi, "phone/state/")["position"] is None


def test_who_rings_shows_earlier_contacts_and_what_is_open_there(sari: Desk) -> None:
    point = Point(lat=-8.25, lng=114.32)
    with acting_in(BANYUWANGI):
        earlier = intake_services.open_contact(
            Approach(
                channel=Channel.WHATSAPP,
                phone="+6281234567890",
                preview="pohon tumbang lagi",
                point=point,
            ),
            region_id=BANYUWANGI,
            by=ASTERISK,
            now=clock.now() - timedelta(days=1),
        )
    assert earlier
    there = incident(sari, point=point)
    shown = sari.get(f"calls/{LINKED}/?number={NUMBER}").content.decode()
    assert "pohon tumbang lagi" in shown
    assert there.type_code and "mark-" in shown
    stranger = sari.get(f"calls/{LINKED}/?number=085700000000").content.decode()
    assert "pohon" not in stranger and "mark-" not in stranger
    withheld = sari.get("calls/-/?number=")
    assert withheld.status_code == 200


def test_another_region_learns_nothing_of_a_number(sari: Desk) -> None:
    rings()
    tono = seat("tono")
    assert tono.get(f"calls/{LINKED}/?number={NUMBER}").status_code == 404
    outside = tono.client.post(f"/jombang/console/calls/{LINKED}/answered/")
    assert outside.status_code == 404


def test_answering_takes_the_contact_once_the_call_log_knows_it(sari: Desk) -> None:
    path = f"calls/{LINKED}/answered/"
    assert sari.post(path).status_code == 404
    contact_id = rings()
    for _ in range(2):
        found = answer(sari, path, {})
        assert found["url"].endswith(f"/contacts/{contact_id}/")
    held = contact(contact_id)
    assert (held.state, held.claimed_by) == (ContactState.CLAIMED, sari.viewer.person_id)


def test_only_whom_asterisk_put_the_caller_through_to_may_take_over(sari: Desk) -> None:
    contact_id = rings()
    answer(sari, f"calls/{LINKED}/answered/", {})
    dewi = seat("dewi")
    answer(dewi, "phone/seat/", {"number": "2"})
    assert dewi.post(f"calls/{LINKED}/answered/").status_code == 409
    seen(PositionState.TALKING, call=LINKED, number=2)
    answer(dewi, f"calls/{LINKED}/answered/", {})
    assert contact(contact_id).claimed_by == dewi.viewer.person_id


def test_the_outcome_ends_the_wrap_up_and_its_undo_begins_it_again(sari: Desk) -> None:
    answer(sari, "phone/seat/", {})
    contact_id = rings()
    answer(sari, f"calls/{LINKED}/answered/", {})
    asked()
    seen(PositionState.WRAP_UP, call=LINKED)
    ended = sari.post(f"contacts/{contact_id}/dispose/", {"disposition": "ghost"})
    said = json.loads(ended.headers["HX-Trigger"])
    assert said["siaga:written-up"] == {"contact": str(contact_id), "ended": True}
    assert asked() == [(CommandKind.WRAP_UP_DONE, {"number": 1})]
    seen(PositionState.READY)
    sari.post(f"contacts/{contact_id}/undo/")
    assert asked() == [(CommandKind.PAUSE, {"number": 1, "reason": "wrap-up"})]


def test_another_contacts_outcome_ends_no_wrap_up(sari: Desk) -> None:
    answer(sari, "phone/seat/", {})
    other = rings(linked_id="siaga1-1.1")
    asked()
    seen(PositionState.WRAP_UP, call=LINKED)
    sari.post(f"contacts/{other}/dispose/", {"disposition": "prank"})
    assert asked() == []


def test_a_call_that_was_cut_off_has_its_key_and_a_chat_has_not(sari: Desk) -> None:
    contact_id = rings()
    answer(sari, f"calls/{LINKED}/answered/", {})
    page = sari.get(f"contacts/{contact_id}/").content.decode()
    assert 'data-key="q alt+q"' in page
    sari.post(f"contacts/{contact_id}/dispose/", {"disposition": "cut_off"})
    found = contact(contact_id)
    assert found.disposition is ContactDisposition.CUT_OFF


def test_a_seat_is_seen_by_the_rest_of_the_house(sari: Desk) -> None:
    answer(sari, "phone/seat/", {})
    with acting_in(BANYUWANGI):
        [found] = live_queries.seats(BANYUWANGI)
    assert found.person_id == UUID(str(sari.viewer.person_id))
    assert sari.post("phone/leave/").status_code == 204
    with acting_in(BANYUWANGI):
        assert live_queries.seats(BANYUWANGI) == []


def test_without_a_demonstration_nobody_is_told_how_to_ring(sari: Desk) -> None:
    page = sari.get("phone/try/", fragment=False).content.decode()
    assert "sip:" not in page
