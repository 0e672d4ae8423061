"""Deny by default: no view is served that does not say who may enter."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from siaga.accounts.types import Role
from siaga.web.accounts.access import LISTED, access_of
from tests.rooms.accounts.people import JOMBANG, Colleague, colleague
from tests.web.accounts.signing import HTMX, enrol

pytestmark = pytest.mark.urls("tests.web.accounts.urls")


def every_view(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from every_view(pattern, address)
        elif isinstance(pattern, URLPattern):
            yield address, pattern.callback


@pytest.mark.urls("siaga.config.urls")
def test_every_view_of_the_program_says_who_may_enter() -> None:
    silent = [
        f"{address} ({view!r})"
        for address, view in every_view(get_resolver())
        if access_of(view) is None
    ]
    assert not silent, f"add @requires, @signed_in or @public to: {silent}"


@pytest.mark.urls("siaga.config.urls")
def test_a_view_of_a_region_asks_for_a_permission_unless_it_is_the_citizens() -> None:
    careless = [
        address
        for address, view in every_view(get_resolver())
        if "<slug:region>" in address
        and any(face in address for face in ("/console/", "/agency/", "/control/"))
        and (access := access_of(view)) is not None
        and not access.permissions
    ]
    assert not careless, f"these need @requires(Permission.…): {careless}"


def test_the_walk_finds_the_view_that_forgot() -> None:
    silent = [address for address, view in every_view(get_resolver()) if access_of(view) is None]
    assert silent == ["forgotten/"]


def test_only_third_parties_and_the_components_are_listed() -> None:
    ours = [prefix for prefix in LISTED if prefix.startswith("siaga.")]
    assert ours == ["siaga.web.shared."]


@pytest.mark.django_db
def test_a_view_that_forgot_is_not_served(client: Client) -> None:
    assert client.get("/forgotten/").status_code == 404


@pytest.fixture
def sari(db: None) -> Colleague:
    return colleague("sari", Role.CALL_TAKER)


@pytest.fixture
def tono(db: None) -> Colleague:
    return colleague("tono", Role.SUPERVISOR, JOMBANG)


def test_nobody_is_led_to_the_sign_in_and_back(client: Client, sari: Colleague) -> None:
    answer = client.get("/banyuwangi/console/?q=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=%2Fbanyuwangi%2Fconsole%2F%3Fq%3D1"


def test_a_fragment_for_nobody_is_refused_with_the_way_to_the_sign_in(
    client: Client, sari: Colleague
) -> None:
    answer = client.get("/banyuwangi/console/", headers=HTMX)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/accounts/login/"


def test_sari_works_in_her_region(client: Client, sari: Colleague) -> None:
    client.force_login(sari_row(sari))
    assert client.get("/banyuwangi/console/").content == b"banyuwangi Sari"


def test_sari_may_not_manage_people(client: Client, sari: Colleague) -> None:
    client.force_login(sari_row(sari))
    assert client.get("/banyuwangi/control/").status_code == 403


def test_another_region_and_no_region_are_the_same_to_tono(
    client: Client, sari: Colleague, tono: Colleague
) -> None:
    enrol(tono.id)
    client.force_login(sari_row(tono))
    other = client.get("/banyuwangi/console/")
    absent = client.get("/atlantis/console/")
    assert other.status_code == absent.status_code == 404
    assert _words(other) == _words(absent)
    assert client.get("/jombang/console/").status_code == 200


def test_a_citizens_page_knows_tono_only_at_home(client: Client, tono: Colleague) -> None:
    client.force_login(sari_row(tono))
    assert client.get("/jombang/").content == b"Tono"
    assert client.get("/banyuwangi/").content == b"a citizen"


def sari_row(who: Colleague) -> Any:
    from siaga.accounts.models import Person

    return Person.objects.get(id=who.id)


def _words(answer: Any) -> list[bytes]:
    """The page without what differs in any two: the token, the clock, the addresses."""
    lines = answer.content.splitlines()
    changing = (b"csrf", b"data-now", b"href", b"next", b"<code>")
    return [line for line in lines if not any(mark in line for mark in changing)]
