"""Desks: set up, manned, closed."""

import pytest

from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.workforce import queries, services
from tests.cast import BANYUWANGI, enter
from tests.web.control.stage import seat, text

pytestmark = pytest.mark.django_db
DESK = {"code": "A9", "name": "Meja sembilan", "kind": "call_taking"}


def test_a_desk_is_set_up_manned_and_closed_only_when_empty() -> None:
    ratna = seat("ratna")
    sari = enter("sari", clock.now())
    assert ratna.post("desks/", DESK).status_code == 302
    with acting_in(BANYUWANGI):
        desk = next(one for one in queries.positions(BANYUWANGI) if one.code == "A9")
        services.take_position(
            position_id=desk.id, person_id=sari.person_id, by=sari.actor, now=clock.now()
        )
    assert "Sari Wulandari" in text(ratna.get("desks/"))
    assert ratna.post(f"desks/{desk.id}/close/").status_code == 409
    with acting_in(BANYUWANGI):
        services.leave(
            region_id=BANYUWANGI, person_id=sari.person_id, by=sari.actor, now=clock.now()
        )
    assert ratna.post(f"desks/{desk.id}/close/").status_code == 302
    assert "ditutup" in text(ratna.get("desks/"))


def test_a_code_in_use_is_told_in_the_form() -> None:
    ayu = seat("ayu")
    ayu.post("desks/", DESK)
    answer = ayu.post("desks/", DESK)
    assert answer.status_code == 422 and answer.context["form"].errors
    assert ayu.post("desks/", {**DESK, "code": "a b"}).status_code == 422
