"""One transaction in one region for each request; the language each person reads."""

from typing import Any

import pytest
from django.test import Client

from siaga.accounts.models import Person
from siaga.accounts.types import Role
from siaga.kernel.tenancy import current_scope
from tests.rooms.accounts.people import Colleague, colleague

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.accounts.urls")]


@pytest.fixture
def sari() -> Colleague:
    return colleague("sari", Role.CALL_TAKER)


@pytest.fixture
def at_desk(client: Client, sari: Colleague) -> Client:
    client.force_login(Person.objects.get(id=sari.id))
    return client


def language_of(who: Colleague) -> str:
    return Person.objects.get(id=who.id).language


def test_what_a_request_wrote_remains(at_desk: Client, sari: Colleague) -> None:
    assert at_desk.get("/banyuwangi/half/?status=200").status_code == 200
    assert language_of(sari) == "en"


@pytest.mark.parametrize("status", [409, 422, 503])
def test_a_refused_request_leaves_nothing_half_done(
    at_desk: Client, sari: Colleague, status: int
) -> None:
    assert at_desk.get(f"/banyuwangi/half/?status={status}").status_code == status
    assert language_of(sari) == "id"


def test_a_broken_request_leaves_nothing_half_done(at_desk: Client, sari: Colleague) -> None:
    at_desk.raise_request_exception = False
    assert at_desk.get("/banyuwangi/half/?status=500").status_code == 500
    assert language_of(sari) == "id"


def test_the_region_is_left_with_the_request(at_desk: Client) -> None:
    at_desk.get("/banyuwangi/console/")
    assert current_scope() == ""


def test_indonesian_is_spoken_whatever_the_browser_prefers(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": "en-US"})
    assert page["Content-Language"] == "id"


def test_a_citizens_choice_stays_in_the_browser(client: Client) -> None:
    assert client.get("/accounts/login/?lang=en")["Content-Language"] == "en"
    assert client.get("/accounts/login/")["Content-Language"] == "en"


@pytest.mark.parametrize("asked", ["jv", "<b>", "en-US"])
def test_an_unknown_language_changes_nothing(client: Client, asked: str) -> None:
    assert client.get("/accounts/login/", {"lang": asked})["Content-Language"] == "id"


def test_what_sari_chooses_becomes_her_own_language(at_desk: Client, sari: Colleague) -> None:
    at_desk.post("/language/", {"language": "en", "next": "/anywhere/"})
    assert language_of(sari) == "en"
    assert at_desk.get("/anywhere/")["Content-Language"] == "en"


def test_a_known_address_of_no_region_acts_in_none(client: Client) -> None:
    answer: Any = client.get("/accounts/login/")
    assert answer.wsgi_request.region_id is None
    assert answer.wsgi_request.viewer is None
