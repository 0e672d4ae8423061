"""The desk and its telephone are one choice, taken, paused and left together."""

import json
from typing import Any
from uuid import UUID

import pytest

from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony import live_queries
from siaga.telephony.live.picture import PositionState
from siaga.telephony.types import CommandKind
from siaga.workforce import queries as workforce
from siaga.workforce import services
from siaga.workforce.types import OnDuty, PositionKind, Presence
from tests.cast import BANYUWANGI
from tests.web.console.stage import CHANNEL, Desk, seat
from tests.web.console.test_phone import LINKED, answer, asked, seen

pytestmark = pytest.mark.django_db(transaction=False)


@pytest.fixture
def sari(db: None) -> Desk:
    return seat("sari")


def desk(code: str, kind: PositionKind = PositionKind.CALL_TAKING) -> UUID:
    with acting_in(BANYUWANGI):
        return services.open_position(
            region_id=BANYUWANGI, code=code, name=code, kind=kind, by=CHANNEL, now=clock.now()
        )


def sits(person: Desk) -> OnDuty | None:
    with acting_in(BANYUWANGI):
        return workforce.seat_of(BANYUWANGI, person.viewer.person_id)


def telephone(person: Desk) -> int:
    """The number of the person's telephone; 0 for none."""
    with acting_in(BANYUWANGI):
        found = live_queries.seat_of(BANYUWANGI, person.viewer.person_id)
    return found.number if found else 0


def told(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(response.headers.get("HX-Trigger", "{}"))
    return found


def test_one_key_takes_a_free_desk_and_its_own_telephone(sari: Desk) -> None:
    desk("meja-2")
    desk("papan-1", PositionKind.DISPATCH)
    assert answer(sari, "phone/seat/", {})["number"] == 2
    found = sits(sari)
    assert found is not None and found.position_code == "meja-2"
    assert found.presence is Presence.AVAILABLE
    dewi = seat("dewi")
    assert answer(dewi, "phone/seat/", {})["number"] == 1
    assert sits(dewi) is None


def test_who_took_a_desk_is_told_which_telephone_to_connect(sari: Desk) -> None:
    third, board = desk("meja-3"), desk("papan-1", PositionKind.DISPATCH)
    assert told(sari.post(f"positions/{third}/take/"))["siaga:desk-taken"] == {"number": 3}
    assert answer(sari, "phone/seat/", {})["number"] == 3
    assert "siaga:desk-taken" not in told(sari.post(f"positions/{board}/take/"))
    assert telephone(sari) == 3


def test_a_telephone_that_somebody_has_is_left_to_them(sari: Desk) -> None:
    dewi, first = seat("dewi"), desk("meja-1")
    answer(dewi, "phone/seat/", {"number": "1"})
    assert sari.post(f"positions/{first}/take/").status_code == 200
    assert answer(sari, "phone/seat/", {})["number"] == 2
    assert telephone(dewi) == 1


def test_who_is_relieved_is_not_rung_any_more(sari: Desk) -> None:
    dewi, first = seat("dewi"), desk("meja-1")
    dewi.post(f"positions/{first}/take/")
    assert answer(dewi, "phone/seat/", {})["number"] == 1
    seen(PositionState.READY)
    sari.post(f"positions/{first}/take/", {"relieve": "1"})
    assert telephone(dewi) == 0
    assert answer(sari, "phone/seat/", {})["number"] == 1


def test_who_is_relieved_in_a_call_is_let_talk(sari: Desk) -> None:
    dewi, first = seat("dewi"), desk("meja-1")
    dewi.post(f"positions/{first}/take/")
    answer(dewi, "phone/seat/", {})
    seen(PositionState.TALKING, call=LINKED)
    sari.post(f"positions/{first}/take/", {"relieve": "1"})
    assert telephone(dewi) == 1
    assert answer(sari, "phone/seat/", {})["number"] == 2


def test_the_presence_menu_is_the_telephones_too(sari: Desk) -> None:
    desk("meja-1")
    answer(sari, "phone/seat/", {})
    seen(PositionState.READY)
    asked()
    sari.post("presence/change/", {"presence": "break", "reason": "prayer"})
    sari.post("presence/change/", {"presence": "busy"})
    sari.post("presence/change/", {"presence": "available"})
    pause, ready = CommandKind.PAUSE, CommandKind.READY
    assert asked() == [
        (pause, {"number": 1, "reason": "prayer"}),
        (pause, {"number": 1, "reason": "busy"}),
        (ready, {"number": 1}),
    ]
    seen(PositionState.WRAP_UP, call=LINKED)
    sari.post("presence/change/", {"presence": "away"})
    sari.post("presence/change/", {"presence": "available"})
    assert asked()[-1] == (CommandKind.WRAP_UP_DONE, {"number": 1})


def test_the_telephones_pause_is_the_desks_too(sari: Desk) -> None:
    desk("meja-1")
    answer(sari, "phone/seat/", {})
    for reason, presence in (("meal", Presence.BREAK), ("busy", Presence.BUSY), ("away", "away")):
        answer(sari, "phone/command/", {"command": "pause", "reason": reason})
        found = sits(sari)
        assert found is not None and found.presence == presence
    answer(sari, "phone/command/", {"command": "ready"})
    found = sits(sari)
    assert found is not None and found.presence is Presence.AVAILABLE


def test_leaving_the_desk_leaves_the_telephone_but_never_a_caller(sari: Desk) -> None:
    desk("meja-1")
    answer(sari, "phone/seat/", {})
    seen(PositionState.TALKING, call=LINKED)
    assert sari.post("presence/leave/").status_code == 409
    assert sits(sari) is not None and telephone(sari) == 1
    seen(PositionState.READY)
    assert "siaga:desk-left" in told(sari.post("presence/leave/"))
    assert sits(sari) is None and telephone(sari) == 0
