"""People: added, given roles, given new passwords, let go."""

import re
from datetime import timedelta

import pytest

from siaga.accounts import queries
from siaga.accounts.types import Role
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from tests.cast import BANYUWANGI, PASSWORD, enter
from tests.web.control.stage import Seat, seat, signed_in, text

pytestmark = pytest.mark.django_db
DESK = "/banyuwangi/console/"
NEW = {
    "full_name": "Rini Baru",
    "username": "rini",
    "phone": "081234567",
    "email": "",
    "language": "id",
    "role": "call_taker",
}


@pytest.fixture
def ayu() -> Seat:
    return seat("ayu")


def shown_password(page: str) -> str:
    found = re.search(r'id="password">([^<]+)<', page)
    assert found
    return found[1]


def held_by(username: str) -> set[Role]:
    person_id = queries.person_id(username)
    assert person_id is not None
    with acting_in(BANYUWANGI):
        found = queries.person(person_id, BANYUWANGI, clock.now())
    return set(found.roles) if found else set()


def test_somebody_new_gets_a_password_that_is_shown_once(ayu: Seat) -> None:
    page = text(ayu.post("people/add/", NEW))
    password = shown_password(page)
    assert held_by("rini") == {Role.CALL_TAKER}
    assert password not in text(ayu.get("people/"))
    answer = signed_out_try("rini", password)
    assert answer.status_code == 302, "and it opens the door"


def signed_out_try(name: str, password: str):  # type: ignore[no-untyped-def]
    from django.test import Client

    return Client().post("/accounts/login/", {"login": name, "password": password})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"full_name": " "}, "full_name"),
        ({"phone": "bukan nomor"}, "phone"),
        ({"username": "x"}, "username"),
        ({"role": "raja"}, "role"),
        ({"valid_until": "kapan-kapan"}, "valid_until"),
    ],
)
def test_each_mistake_is_told_at_its_field(ayu: Seat, change: dict[str, str], field: str) -> None:
    answer = ayu.post("people/add/", {**NEW, **change})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert queries.person_id("rini") is None


def test_a_refused_role_leaves_no_person_behind(ayu: Seat) -> None:
    answer = ayu.post("people/add/", {**NEW, "role": "agency_officer"})
    assert answer.status_code == 422
    assert queries.person_id("rini") is None, "half done would be worse than not done"


def test_a_name_that_is_taken_is_told(ayu: Seat) -> None:
    assert ayu.post("people/add/", {**NEW, "username": "ayu"}).status_code == 422


def test_roles_come_with_agency_end_and_confidential_types(ayu: Seat) -> None:
    sari = enter("sari", clock.now())
    until = (clock.now() + timedelta(days=9)).date().isoformat()
    ayu.post(
        f"people/{sari.person_id}/roles/",
        {"role": "agency_officer", "agency_code": "damkar", "valid_until": until},
    )
    kinds = ayu.get("people/add/").context["form"].fields["confidential_types"].choices
    code = kinds[0][0]
    ayu.post(
        f"people/{sari.person_id}/roles/", {"role": "call_taker", "confidential_types": [code]}
    )
    with acting_in(BANYUWANGI):
        found = queries.person(sari.person_id, BANYUWANGI, clock.now())
    assert found is not None
    officer = next(item for item in found.memberships if item.role is Role.AGENCY_OFFICER)
    taker = next(item for item in found.memberships if item.role is Role.CALL_TAKER)
    assert officer.agency_code == "damkar" and officer.valid_until is not None
    assert taker.confidential_types == {code}
    ayu.post(f"people/{sari.person_id}/roles/{officer.id}/end/")
    assert held_by("sari") == {Role.CALL_TAKER}


def test_a_new_password_ends_every_session(ayu: Seat) -> None:
    sari = enter("sari", clock.now())
    browser = signed_in("sari")
    assert browser.get(DESK).status_code == 200
    page = text(ayu.post(f"people/{sari.person_id}/password/"))
    assert browser.get(DESK).status_code == 302
    assert signed_out_try("sari", PASSWORD).status_code != 302
    assert signed_out_try("sari", shown_password(page)).status_code == 302


def test_who_leaves_can_no_longer_sign_in(ayu: Seat) -> None:
    sari = enter("sari", clock.now())
    assert ayu.post(f"people/{sari.person_id}/deactivate/").status_code == 302
    answer = signed_out_try("sari", PASSWORD)
    assert answer.headers.get("Location", "") in ("", "/accounts/inactive/")


def test_the_last_administrator_stays(ayu: Seat) -> None:
    answer = ayu.post(f"people/{ayu.viewer.person_id}/deactivate/")
    assert answer.status_code == 409
    assert held_by("ayu") == {Role.ADMINISTRATOR}


def test_people_of_other_regions_are_not_there(ayu: Seat) -> None:
    tono = enter("tono", clock.now())
    for path in ("", "password/", "deactivate/", "roles/", "sessions/end/"):
        url = f"people/{tono.person_id}/{path}"
        answer = ayu.post(url) if path else ayu.get(url)
        assert answer.status_code == 404, path
    assert "Tono" not in text(ayu.get("people/"))


def test_who_serves_elsewhere_gets_a_role_and_keeps_their_password(ayu: Seat) -> None:
    tono = enter("tono", clock.now())
    answer = ayu.post("people/bring/", {"username": "tono", "role": "call_taker"})
    assert answer.status_code == 302
    assert held_by("tono") == {Role.CALL_TAKER}
    assert ayu.post(f"people/{tono.person_id}/password/").status_code == 409
    assert ayu.post(f"people/{tono.person_id}/sessions/end/").status_code == 404
    assert "daerah lain" in text(ayu.get(f"people/{tono.person_id}/"))


def test_sessions_are_seen_and_ended(ayu: Seat) -> None:
    sari = enter("sari", clock.now())
    browser = signed_in("sari")
    session = queries.sessions(sari.person_id, clock.now())[0]
    assert str(session.id) in text(ayu.get(f"people/{sari.person_id}/"))
    ayu.post(f"people/{sari.person_id}/sessions/end/", {"session": str(session.id)})
    assert browser.get(DESK).status_code == 302


def test_a_supervisor_looks_but_changes_nothing() -> None:
    ratna = seat("ratna")
    sari = enter("sari", clock.now())
    page = text(ratna.get(f"people/{sari.person_id}/"))
    assert "Sari Wulandari" in page and "/password/" not in page
    assert ratna.post(f"people/{sari.person_id}/password/").status_code == 403
