"""An unattended desk locks, refuses everything but unlocking, and loses nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from siaga.accounts import services
from siaga.accounts.models import SignIn
from siaga.accounts.types import Role
from siaga.kernel import clock
from tests.rooms.accounts.people import PASSWORD, Colleague, colleague
from tests.web.accounts.signing import HTMX, LOGIN, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.accounts.urls")]
UNLOCK = "/accounts/unlock/"


@pytest.fixture
def sari() -> Colleague:
    return colleague("sari", Role.CALL_TAKER)


@pytest.fixture
def desk(client: Client, sari: Colleague) -> Client:
    sign_in(client, sari)
    return client


def leave_alone(seconds: int) -> None:
    SignIn.objects.update(active_at=clock.now() - timedelta(seconds=seconds))


def test_locking_by_hand_covers_the_page_and_leads_back_to_it(desk: Client) -> None:
    answer = desk.post("/accounts/lock/", {"next": "/banyuwangi/console/"})
    assert answer["Location"] == "/accounts/locked/?next=/banyuwangi/console/"
    page = desk.get(answer["Location"])
    assert page.status_code == 200
    assert 'value="/banyuwangi/console/"' in page.content.decode()
    opened = desk.post(UNLOCK, {"secret": PASSWORD, "next": "/banyuwangi/console/"})
    assert opened["Location"] == "/banyuwangi/console/"
    assert desk.get("/banyuwangi/console/").status_code == 200


def test_a_locked_desk_refuses_everything_but_unlocking(desk: Client) -> None:
    desk.post("/accounts/lock/", headers=HTMX)
    assert desk.get("/banyuwangi/console/")["Location"].startswith("/accounts/locked/")
    assert desk.post("/banyuwangi/console/")["Location"].startswith("/accounts/locked/")
    fragment = desk.get("/banyuwangi/console/", headers=HTMX)
    assert fragment.status_code == 423
    assert fragment["HX-Trigger"] == "siaga:locked"
    for own in ("/anywhere/", "/accounts/security/", "/accounts/password/", "/accounts/2fa/"):
        assert desk.get(own)["Location"].startswith("/accounts/locked/"), own
    assert desk.post("/accounts/active/", headers=HTMX).status_code == 423
    assert desk.get("/banyuwangi/").content == b"a citizen", "public pages know nobody"


def test_the_cover_is_a_fragment_and_unlocking_it_stays_on_the_page(desk: Client) -> None:
    desk.post("/accounts/lock/", headers=HTMX)
    cover = desk.get("/accounts/lock/overlay/", headers=HTMX)
    assert cover.status_code == 200
    assert b"<html" not in cover.content
    opened = desk.post(UNLOCK, {"secret": PASSWORD}, headers=HTMX)
    assert opened.status_code == 204
    assert opened["HX-Trigger"] == "siaga:unlocked"


def test_a_desk_left_alone_is_locked_by_the_server(desk: Client) -> None:
    leave_alone(901)
    assert desk.get("/banyuwangi/console/", headers=HTMX).status_code == 423
    assert SignIn.objects.get().locked_at is not None


def test_a_page_that_refreshes_itself_is_nobody_at_the_desk(desk: Client) -> None:
    leave_alone(800)
    desk.get("/banyuwangi/console/", headers=HTMX)
    leave_alone_since = SignIn.objects.get().active_at
    assert clock.now() - leave_alone_since > timedelta(seconds=700)


@pytest.mark.parametrize("doing", ["typing", "opening a page"])
def test_a_person_at_the_desk_keeps_it_open(desk: Client, doing: str) -> None:
    leave_alone(800)
    if doing == "typing":
        assert desk.post("/accounts/active/", headers=HTMX).status_code == 204
    else:
        desk.get("/banyuwangi/console/", headers={"Sec-Fetch-Mode": "navigate"})
    assert clock.now() - SignIn.objects.get().active_at < timedelta(seconds=60)


def test_an_officers_telephone_has_its_own_lock(client: Client) -> None:
    sign_in(client, colleague("agus", Role.AGENCY_OFFICER, agency_code="damkar"))
    leave_alone(7 * 24 * 3600)
    assert client.get("/accounts/security/").status_code == 200


def test_the_pin_unlocks(desk: Client, sari: Colleague) -> None:
    services.set_pin(person_id=sari.id, pin="802146")
    desk.post("/accounts/lock/", headers=HTMX)
    assert desk.post(UNLOCK, {"secret": "802146"}, headers=HTMX).status_code == 204


def test_a_wrong_code_says_so_and_the_fifth_signs_out(desk: Client) -> None:
    desk.post("/accounts/lock/", headers=HTMX)
    for _each in range(4):
        wrong = desk.post(UNLOCK, {"secret": "000000"}, headers=HTMX)
        assert wrong.status_code == 422
    last = desk.post(UNLOCK, {"secret": "000000"}, headers=HTMX)
    assert last.status_code == 401
    assert last["HX-Redirect"] == LOGIN
    assert desk.get("/banyuwangi/console/")["Location"].startswith(LOGIN)


def test_an_empty_code_is_no_attempt(desk: Client) -> None:
    desk.post("/accounts/lock/", headers=HTMX)
    assert desk.post(UNLOCK, {"secret": ""}, headers=HTMX).status_code == 422
    assert SignIn.objects.get().unlock_failures == 0


def test_the_code_of_a_colleague_does_not_help(desk: Client) -> None:
    bima = colleague("bima", Role.DISPATCHER)
    services.set_pin(person_id=bima.id, pin="640913")
    desk.post("/accounts/lock/", headers=HTMX)
    assert desk.post(UNLOCK, {"secret": "640913"}, headers=HTMX).status_code == 422


def test_one_may_sign_out_of_a_locked_desk(desk: Client) -> None:
    desk.post("/accounts/lock/", headers=HTMX)
    assert desk.post("/accounts/logout/")["Location"] == LOGIN


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_unlocking_never_leads_to_another_site(desk: Client, wanted: str) -> None:
    desk.post("/accounts/lock/", headers=HTMX)
    assert desk.post(UNLOCK, {"secret": PASSWORD, "next": wanted})["Location"] == "/accounts/"


def test_an_open_desk_has_no_lock_screen(desk: Client) -> None:
    assert desk.get("/accounts/locked/")["Location"] == "/accounts/"


@pytest.mark.parametrize("method", ["lock/", "unlock/"])
def test_without_a_desk_there_is_nothing_to_lock(client: Client, method: str) -> None:
    answer: Any = client.post(f"/accounts/{method}")
    assert answer["Location"] == LOGIN
