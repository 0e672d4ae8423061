"""Who may enter which room of the control face."""

import pytest
from django.urls import resolve
from django.urls.exceptions import Resolver404

from siaga.kernel.ids import new_id
from tests.web.console.stage import incident, writes
from tests.web.console.stage import seat as desk_of
from tests.web.control.stage import seat, signed_in, text

pytestmark = pytest.mark.django_db
ROOMS = ("", "now/", "journal/", "contacts/", "incidents/", "people/", "tokens/", "profile/",
         "profile/agencies/", "profile/types/", "profile/places/", "profile/versions/",
         "profile/versions/1/", "profile/export.zip", "desks/", "health/", "find/")  # fmt: skip
CASES = ("contacts/", "incidents/", "find/")
HOUSE = ("tokens/", "health/", "people/add/", "people/bring/", "profile/agencies/add/",
         "profile/types/add/", "profile/places/add/")  # fmt: skip


def test_a_region_is_never_a_word_of_the_house() -> None:
    assert resolve("/control/design/").url_name == "design"
    assert resolve("/banyuwangi/control/").url_name == "overview"
    for path in ("/control/control/", "/accounts/control/", "/api/control/"):
        with pytest.raises(Resolver404):
            resolve(path)


def test_a_call_taker_is_refused_everywhere() -> None:
    sari = seat("sari")
    assert {room: sari.get(room).status_code for room in ROOMS} == dict.fromkeys(ROOMS, 403)


def test_somebody_of_another_region_finds_nothing() -> None:
    seat("ayu")
    from siaga.kernel import clock
    from tests.cast import enter

    enter("tono", clock.now())
    tono = signed_in("tono")
    answers = {room: tono.get(f"/banyuwangi/control/{room}").status_code for room in ROOMS}
    assert answers == dict.fromkeys(ROOMS, 404)


def test_a_supervisor_sees_cases_and_does_not_run_the_house() -> None:
    ratna = seat("ratna")
    for room in set(ROOMS) - set(HOUSE):
        assert ratna.get(room).status_code == 200, room
    for room in HOUSE:
        assert ratna.get(room).status_code == 403, room


def test_an_administrator_runs_the_house_and_sees_no_cases() -> None:
    contact_id = writes("rahasia sekali", name="Bu Minah")
    found = incident(desk_of("sari"))
    ayu = seat("ayu")
    for room in (*(set(ROOMS) - set(CASES)), *HOUSE):
        assert ayu.get(room).status_code == 200, room
    for room in CASES:
        assert ayu.get(room).status_code == 403, room
    assert ayu.get(f"contacts/{contact_id}/").status_code == 403
    assert ayu.get(f"incidents/{found.id}/").status_code == 403
    assert ayu.get(f"subject/{contact_id}/").status_code == 404
    for room in ("", "now/", "journal/"):
        page = text(ayu.get(room))
        assert "Bu Minah" not in page and "rahasia sekali" not in page
        assert found.code not in page


def test_what_is_absent_is_not_found() -> None:
    ratna, ayu = seat("ratna"), seat("ayu")
    nothing = new_id()
    for room in ("contacts", "incidents", "journal", "subject", "people"):
        assert ratna.get(f"{room}/{nothing}/").status_code == 404, room
    for room in ("profile/versions/99/", "profile/agencies/tidak-ada/", "profile/types/TIDAK/",
                 "profile/places/9999/"):  # fmt: skip
        assert ayu.get(room).status_code == 404, room
