"""Whose desk it is, and whether new work may come, in the top bar."""

import pytest

from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.workforce import queries, services
from siaga.workforce.types import BreakReason, Presence
from tests.cast import BANYUWANGI
from tests.web.console.stage import CHANNEL, Desk, seat

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]


@pytest.fixture
def sari() -> Desk:
    return seat("sari")


def desk_two():  # type: ignore[no-untyped-def]
    with acting_in(BANYUWANGI):
        return services.open_position(
            region_id=BANYUWANGI, code="M2", name="Meja 2", by=CHANNEL, now=clock.now()
        )


def seat_of(desk: Desk):  # type: ignore[no-untyped-def]
    with acting_in(BANYUWANGI):
        return queries.seat_of(BANYUWANGI, desk.viewer.person_id)


def test_taking_a_desk_a_break_and_leaving(sari: Desk) -> None:
    position = desk_two()
    assert "Belum ambil meja" in sari.get(fragment=False).content.decode()
    assert sari.post(f"positions/{position}/take/").status_code == 200
    assert seat_of(sari).presence is Presence.AVAILABLE
    assert "Meja 2" in sari.get(fragment=False).content.decode()
    assert sari.post("presence/change/", {"presence": "break"}).status_code == 422
    assert (
        sari.post("presence/change/", {"presence": "break", "reason": "prayer"}).status_code == 200
    )
    assert seat_of(sari).break_reason is BreakReason.PRAYER
    assert sari.post("presence/leave/").status_code == 200
    assert seat_of(sari) is None
    assert sari.post("presence/change/", {"presence": "busy"}).status_code == 409
    assert sari.post("presence/change/", {"presence": "asleep"}).status_code == 422


def test_an_occupied_desk_is_taken_only_by_relieving(sari: Desk) -> None:
    position, dewi = desk_two(), seat("dewi")
    sari.post(f"positions/{position}/take/")
    assert "Sari Wulandari" in dewi.get("presence/").content.decode()
    assert dewi.post(f"positions/{position}/take/").status_code == 409
    assert dewi.post(f"positions/{position}/take/", {"relieve": "1"}).status_code == 200
    assert seat_of(sari) is None and seat_of(dewi) is not None
