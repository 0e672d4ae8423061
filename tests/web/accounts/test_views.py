"""One's own account: PIN and sessions."""

import pytest
from django.test import Client

from siaga.accounts.models import Person, SignIn
from siaga.accounts.types import Role
from tests.rooms.accounts.people import PASSWORD, Colleague, colleague
from tests.web.accounts.signing import LOGIN, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.accounts.urls")]
PIN = "/accounts/security/pin/"
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture
def sari() -> Colleague:
    return colleague("sari", Role.CALL_TAKER)


@pytest.fixture
def desk(sari: Colleague) -> Client:
    client = Client(HTTP_USER_AGENT=CHROME, REMOTE_ADDR="10.1.0.5")
    sign_in(client, sari)
    return client


def test_the_list_names_each_place_and_marks_this_one(desk: Client, sari: Colleague) -> None:
    sign_in(Client(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="10.1.0.9"), sari)
    page = desk.get("/accounts/security/")
    listed = {device: current for _session, device, current in page.context["sessions"]}
    assert listed == {"Chrome, Windows": True, "Chrome, Android": False}
    assert "10.1.0.9" in page.content.decode()


def test_ending_another_place_signs_it_out_at_once(desk: Client, sari: Colleague) -> None:
    other = Client(HTTP_USER_AGENT=PHONE)
    sign_in(other, sari)
    row = SignIn.objects.get(device=PHONE)
    desk.post(f"/accounts/sessions/{row.id}/end/")
    assert other.get("/banyuwangi/console/")["Location"].startswith(LOGIN)
    assert desk.get("/banyuwangi/console/").status_code == 200


def test_ending_the_place_of_somebody_else_is_refused(desk: Client) -> None:
    bima = colleague("bima", Role.DISPATCHER)
    other = Client()
    sign_in(other, bima)
    row = SignIn.objects.get(person_id=bima.id)
    assert desk.post(f"/accounts/sessions/{row.id}/end/").status_code == 404
    assert other.get("/banyuwangi/console/").status_code == 200


@pytest.mark.parametrize(("which", "here_stays"), [("others", True), ("all", False)])
def test_signing_out_everywhere(
    desk: Client, sari: Colleague, which: str, here_stays: bool
) -> None:
    other = Client()
    sign_in(other, sari)
    desk.post("/accounts/sessions/end/", {"which": which})
    assert other.get("/banyuwangi/console/").status_code == 302
    assert (desk.get("/banyuwangi/console/").status_code == 200) is here_stays


def test_a_new_password_signs_out_the_other_places(desk: Client, sari: Colleague) -> None:
    other = Client()
    sign_in(other, sari)
    fresh = "kopi panas di pagi hari"
    desk.post(
        "/accounts/password/",
        {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh},
    )
    assert desk.get("/banyuwangi/console/").status_code == 200
    assert other.get("/banyuwangi/console/").status_code == 302


def test_a_pin_is_set_with_the_password_at_hand(desk: Client, sari: Colleague) -> None:
    assert desk.post(PIN, {"password": PASSWORD, "pin": "802146"}).status_code == 302
    assert Person.objects.get(id=sari.id).pin
    desk.post(PIN, {"remove": "1"})
    assert not Person.objects.get(id=sari.id).pin


@pytest.mark.parametrize(
    ("password", "pin", "field"),
    [("not the password", "802146", "password"), (PASSWORD, "123456", "pin")],
)
def test_a_pin_is_refused_kindly(
    desk: Client, sari: Colleague, password: str, pin: str, field: str
) -> None:
    page = desk.post(PIN, {"password": password, "pin": pin})
    assert page.status_code == 422
    assert field in page.context["pin_form"].errors
    assert not Person.objects.get(id=sari.id).pin


def test_somebody_without_a_role_is_told_whom_to_ask(client: Client, sari: Colleague) -> None:
    from siaga.accounts import services
    from siaga.kernel import clock
    from tests.rooms.accounts.people import BANYUWANGI, INSTALLER

    sign_in(client, sari)
    services.revoke(
        membership_id=sari.membership_id,
        region_id=BANYUWANGI,
        by=INSTALLER,
        now=clock.now(),
    )
    sign_in(client, sari)
    assert client.get("/accounts/").status_code == 200
    assert client.get("/banyuwangi/console/").status_code == 404
