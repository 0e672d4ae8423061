"""Password, second factor, lock-out, and what stands before the work."""

import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client

from siaga.accounts import services
from siaga.accounts.models import Person, SignIn
from siaga.accounts.types import Role
from siaga.journal.models import JournalEntry
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from tests.rooms.accounts.people import BANYUWANGI, INSTALLER, JOMBANG, PASSWORD, colleague
from tests.web.accounts.signing import (
    HTMX,
    LOGIN,
    enrol,
    present_code,
    sign_in,
    stored_secret,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.accounts.urls")]
WRONG = "sawah kering di kaki gunung"


@pytest.fixture
def required(settings: Any) -> None:
    """As everywhere but in a demonstration."""
    settings.SIAGA_REQUIRE_MFA = True


def names() -> list[str]:
    with acting_in(BANYUWANGI):
        entries = JournalEntry.objects.filter(name__startswith="accounts.")
        return list(entries.order_by("seq").values_list("name", flat=True))


def test_the_page_is_indonesian_and_asks_for_a_name_and_a_password(client: Client) -> None:
    page = client.get(LOGIN)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'name="login"' in text
    assert 'name="password"' in text
    assert '<html lang="id"' in text
    assert "<style" not in text
    assert not re.search(r"\son\w+=|\sstyle=", text)


def test_a_call_taker_is_led_straight_to_the_console(client: Client) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    answer = sign_in(client, sari)
    assert answer["Location"] == "/accounts/"
    assert client.get("/accounts/")["Location"] == "/banyuwangi/console/"
    assert "accounts.signed_in" in names()


def test_an_officer_is_led_to_the_agency_face(client: Client) -> None:
    agus = colleague("agus", Role.AGENCY_OFFICER, agency_code="damkar")
    sign_in(client, agus)
    assert client.get("/accounts/")["Location"] == "/banyuwangi/agency/"


def test_whoever_serves_two_regions_chooses(client: Client) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    services.grant(
        person_id=sari.id,
        region_id=JOMBANG,
        role=Role.CALL_TAKER,
        by=INSTALLER,
        now=clock.now(),
    )
    sign_in(client, sari)
    page = client.get("/accounts/").content.decode()
    assert "/banyuwangi/console/" in page
    assert "/jombang/console/" in page


def test_after_signing_in_one_is_where_one_wanted_to_be(client: Client) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    wanted = "/banyuwangi/console/"
    answer = client.post(LOGIN, {"login": sari.username, "password": PASSWORD, "next": wanted})
    assert answer["Location"] == wanted


def test_nobody_is_led_to_another_site(client: Client) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    answer = client.post(
        LOGIN,
        {"login": sari.username, "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/accounts/"


def test_a_wrong_password_and_an_unknown_name_read_the_same(client: Client) -> None:
    colleague("sari", Role.CALL_TAKER)
    wrong, unknown = sign_in(client, "sari", WRONG), sign_in(client, "nobody", WRONG)
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_a_closed_account_does_not_open(client: Client) -> None:
    dewi = colleague("dewi", Role.ADMINISTRATOR)
    sari = colleague("sari", Role.CALL_TAKER)
    services.deactivate(person_id=sari.id, region_id=BANYUWANGI, by=dewi.actor, now=clock.now())
    sign_in(client, sari)
    assert "_auth_user_id" not in client.session


def test_five_wrong_passwords_lock_the_name_on_this_address_and_say_how_long(
    client: Client,
) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    for _each in range(4):
        assert sign_in(client, "Sari", WRONG).status_code == 200
    locked = sign_in(client, "sari", WRONG)
    assert locked.status_code == 429
    assert 800 < int(locked["Retry-After"]) <= 900
    assert "15" in locked.content.decode()
    assert sign_in(client, sari).status_code == 429, "the right password does not help now"
    assert names().count("accounts.sign_in_locked") == 1


def test_a_lock_does_not_keep_out_the_same_person_elsewhere_nor_a_colleague_here(
    client: Client,
) -> None:
    sari, bima = colleague("sari", Role.CALL_TAKER), colleague("bima", Role.DISPATCHER)
    for _each in range(5):
        sign_in(client, sari, WRONG)
    elsewhere = Client(REMOTE_ADDR="10.7.7.7")
    assert sign_in(elsewhere, sari).status_code == 302
    assert sign_in(client, bima).status_code == 302


def test_the_lock_opens_by_itself(client: Client) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    for _each in range(5):
        sign_in(client, sari, WRONG)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=16))
    assert sign_in(client, sari).status_code == 302


def test_attempts_keep_no_password(client: Client) -> None:
    colleague("sari", Role.CALL_TAKER)
    sign_in(client, "sari", WRONG)
    kept = AccessAttempt.objects.get()
    assert WRONG not in kept.post_data


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize(
    "role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.PUBLISHER]
)
def test_a_second_factor_comes_first_for(client: Client, role: Role) -> None:
    ratna = colleague("ratna", role)
    sign_in(client, ratna)
    answer = client.get("/banyuwangi/console/")
    assert answer["Location"].startswith("/accounts/second-factor/")
    fragment = client.get("/banyuwangi/console/", headers=HTMX)
    assert fragment.status_code == 403
    assert fragment["HX-Redirect"] == "/accounts/second-factor/"
    assert client.get("/accounts/second-factor/").status_code == 200


@pytest.mark.usefixtures("required")
def test_a_call_taker_needs_none(client: Client) -> None:
    sign_in(client, colleague("sari", Role.CALL_TAKER))
    assert client.get("/banyuwangi/console/").status_code == 200


def test_in_a_demonstration_it_is_waived_and_said_so(client: Client, settings: Any) -> None:
    settings.SIAGA_REQUIRE_MFA = False
    settings.SIAGA_DEMO = True
    sign_in(client, colleague("ratna", Role.SUPERVISOR))
    assert client.get("/banyuwangi/console/").status_code == 200
    page = client.get("/accounts/security/")
    assert page.context["second_factor_waived"]


@pytest.mark.usefixtures("required")
def test_enrolling_an_app_opens_the_work_and_gives_recovery_codes(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    ratna = colleague("ratna", Role.SUPERVISOR)
    sign_in(client, ratna)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/2fa/totp/activate/", {"code": present_code(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get(answer["Location"])
    assert len(codes.context["unused_codes"]) == 10
    assert client.get("/banyuwangi/console/").status_code == 200
    assert names().count("accounts.second_factor_changed") >= 1


@pytest.mark.usefixtures("required")
def test_with_an_app_the_password_alone_opens_nothing(client: Client) -> None:
    ratna = colleague("ratna", Role.SUPERVISOR)
    secret = enrol(ratna.id)
    answer = sign_in(client, ratna)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/banyuwangi/console/").status_code == 302
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    right = client.post("/accounts/2fa/authenticate/", {"code": present_code(secret)})
    assert right.status_code == 302
    assert client.get("/banyuwangi/console/").status_code == 200


def test_the_secret_is_encrypted_in_the_database() -> None:
    ratna = colleague("ratna", Role.SUPERVISOR)
    secret = enrol(ratna.id)
    assert secret not in stored_secret(ratna.id)


def test_a_temporary_password_must_be_changed_before_anything_else(client: Client) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    temporary = services.reset_password(
        person_id=sari.id, region_id=BANYUWANGI, by=INSTALLER, now=clock.now()
    )
    sign_in(client, sari, temporary)
    assert client.get("/banyuwangi/console/")["Location"].startswith("/accounts/password/")
    page = client.get("/accounts/password/")
    assert page.status_code == 200
    fresh = "kopi panas di pagi hari"
    short = client.post(
        "/accounts/password/",
        {"oldpassword": temporary, "password1": "pendek", "password2": "pendek"},
    )
    assert short.status_code == 200
    assert short.context["form"].errors
    client.post(
        "/accounts/password/",
        {"oldpassword": temporary, "password1": fresh, "password2": fresh},
    )
    assert client.get("/banyuwangi/console/").status_code == 200
    assert "accounts.password_changed" in names()


@pytest.mark.parametrize("name", ["signup", "password/reset", "password/set", "email"])
def test_what_this_house_does_not_have_is_not_there(client: Client, name: str) -> None:
    assert client.get(f"/accounts/{name}/").status_code == 404


def test_signing_out_leaves_nothing_open(client: Client) -> None:
    sign_in(client, colleague("sari", Role.CALL_TAKER))
    assert client.get("/accounts/logout/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/banyuwangi/console/").status_code == 302
    assert not SignIn.objects.exists()


def test_cookies_cannot_be_read_by_scripts_and_travel_only_to_us(client: Client) -> None:
    sign_in(client, colleague("sari", Role.CALL_TAKER))
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert 0 < int(cookie["max-age"]) <= 14 * 3600


def test_an_officers_session_lasts_a_month(client: Client) -> None:
    sign_in(client, colleague("agus", Role.AGENCY_OFFICER, agency_code="damkar"))
    assert int(client.cookies["sessionid"]["max-age"]) > 29 * 24 * 3600


def test_a_session_ends_at_its_time_whatever_the_cookie_says(client: Client) -> None:
    sign_in(client, colleague("sari", Role.CALL_TAKER))
    SignIn.objects.update(expires_at=clock.now())
    assert client.get("/banyuwangi/console/")["Location"].startswith(LOGIN)


def test_the_time_of_the_last_sign_in_is_kept(client: Client) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    sign_in(client, sari)
    assert Person.objects.get(id=sari.id).last_login is not None


def test_a_flood_of_attempts_from_one_address_is_slowed_kindly(
    client: Client, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    answers = [sign_in(client, f"name{number}", WRONG) for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "/accounts/login/" in answers[-1].content.decode()
