"""The supervisor's telephone: what is shown, what is asked for, who may."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace as changed

from siaga.accounts.types import Role
from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.regions import queries as regions
from siaga.telephony import live_queries
from siaga.telephony.services import commands
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CommandKind
from tests.cast import BANYUWANGI, enter
from tests.web.control.phone_stage import FIRST, SECOND, TALKING, asked, painted, picture, sits
from tests.web.control.stage import Seat, auditor, seat, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ratna() -> Seat:
    return seat("ratna")


def rows(page: str) -> list[str]:
    return re.findall(r'<tr id="call-([^"]+)"', page)


def test_who_waits_comes_first_in_the_order_of_being_answered_and_no_number_is_whole(
    ratna: Seat,
) -> None:
    sari = enter("sari", clock.now())
    sits(sari, 1)
    painted()
    page = text(ratna.get("phone/"))
    assert rows(page) == [FIRST, SECOND, TALKING]
    assert "•••• 222" in page and "81311112222" not in page and "81234567890" not in page
    assert "nomor disembunyikan" in page and "tidak dapat bicara" in page
    assert "1 · Sari Wulandari" in page
    assert "jeda: salat" in page or "jeda: " in page


def test_a_picture_that_stands_still_says_so_and_its_buttons_wait(ratna: Seat) -> None:
    assert "belum pernah melapor" in text(ratna.get("phone/"))
    sits(ratna.viewer, 2)
    painted(at=clock.now() - timedelta(minutes=1))
    page = text(ratna.get("phone/now/"))
    assert "berhenti sejak" in page
    listening = page.index("/listen/")
    assert " disabled" in page[listening : page.index("</button>", listening)]


def test_listening_rings_the_supervisors_own_telephone_and_is_written_down(ratna: Seat) -> None:
    painted()
    assert ratna.post(f"phone/calls/{TALKING}/listen/").status_code == 409
    sits(ratna.viewer, 2)
    for mode in ("listen", "whisper", "barge"):
        answer = ratna.client.post(
            f"/banyuwangi/control/phone/calls/{TALKING}/{mode}/", headers={"HX-Request": "true"}
        )
        assert b"phone/asked/" in answer.content
    ratna.post("phone/leave/")
    assert asked() == [
        (CommandKind.LISTEN, {"call": TALKING, "position": 2}),
        (CommandKind.WHISPER, {"call": TALKING, "position": 2}),
        (CommandKind.BARGE, {"call": TALKING, "position": 2}),
        (CommandKind.HANGUP, {"position": 2}),
    ]
    with acting_in(BANYUWANGI):
        told = [one.name for one in journal.timeline(BANYUWANGI, call_id(TALKING))]
    assert told == ["telephony.call_joined"] * 3


def test_a_waiting_call_is_moved_up_and_one_that_has_gone_is_not(ratna: Seat) -> None:
    painted()
    assert ratna.post(f"phone/calls/{SECOND}/up/").status_code == 302
    assert ratna.post("phone/calls/siagatest-9.9/up/").status_code == 409
    assert asked() == [(CommandKind.MOVE_UP, {"call": SECOND})]


def test_the_queue_is_closed_with_a_reason_and_opened_again(ratna: Seat) -> None:
    painted()
    assert ratna.post("phone/queue/close/", {"reason": "  "}).status_code == 422
    answer = ratna.post("phone/queue/close/", {"reason": "Listrik padam"})
    assert answer.status_code == 302
    assert b"phone/asked/" in ratna.client.get(answer["Location"]).content
    painted(picture(overflow="Listrik padam"))
    assert "Antrean ditutup ke cadangan:</strong> Listrik padam" in text(ratna.get("phone/"))
    ratna.post("phone/queue/open/")
    assert asked() == [
        (CommandKind.OVERFLOW_CLOSE, {"reason": "Listrik padam"}),
        (CommandKind.OVERFLOW_OPEN, {}),
    ]


def test_what_the_telephone_refused_is_told_and_what_it_did_refreshes_the_page(ratna: Seat) -> None:
    painted()
    ratna.post(f"phone/calls/{SECOND}/up/")
    [one] = commands.take(clock.now())
    assert "sedang diminta" in text(ratna.get(f"phone/asked/{one.id}/"))
    commands.finish(one.id, now=clock.now(), problem="no such channel")
    assert "no such channel" in text(ratna.get(f"phone/asked/{one.id}/"))
    ratna.post(f"phone/calls/{SECOND}/up/")
    [other] = commands.take(clock.now())
    commands.finish(other.id, now=clock.now())
    done = ratna.get(f"phone/asked/{other.id}/", said="Beres.")
    assert (
        text(done) == "" and "siaga:phone" in done["HX-Trigger"] and "Beres." in done["HX-Trigger"]
    )


def test_a_forgotten_seat_is_freed(ratna: Seat) -> None:
    sari = enter("sari", clock.now())
    sits(sari, 4)
    assert "Sari Wulandari" in text(ratna.get("phone/"))
    assert ratna.post("phone/positions/4/free/").status_code == 204
    with acting_in(BANYUWANGI):
        assert live_queries.seats(BANYUWANGI) == []
        told = [one.name for one in journal.timeline(BANYUWANGI, sari.person_id)]
    assert "telephony.seat_left" in told
    assert ratna.post("phone/positions/4/free/").status_code == 404


def test_only_a_supervisor_of_this_region_comes_in(ratna: Seat) -> None:
    painted()
    for somebody in (seat("sari"), auditor(), seat("ayu")):
        assert somebody.get("phone/").status_code == 403
        assert somebody.post(f"phone/calls/{TALKING}/listen/").status_code == 403
        assert 'control/phone/"' not in text(somebody.get("desks/"))
    tono = seat("tono", more=Role.SUPERVISOR)
    assert tono.get("phone/").status_code in (403, 404)
    assert asked() == []


def test_a_region_without_a_telephone_says_how_to_get_one(
    ratna: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = regions.profile
    monkeypatch.setattr(regions, "profile", lambda region_id: replace_phone(real(region_id)))
    assert "tidak memiliki telepon" in text(ratna.get("phone/"))


def replace_phone(profile: object) -> object:
    return changed(profile, phone=None)  # type: ignore[type-var]
