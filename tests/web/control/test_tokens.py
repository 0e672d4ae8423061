"""Tokens: shown once, limited to their holder, revoked at once."""

import re

import pytest

from siaga.accounts import queries
from siaga.accounts.types import Scope
from siaga.kernel import clock
from tests.web.control.stage import Seat, seat, text

pytestmark = pytest.mark.django_db


def issue(ayu: Seat, holder: str, **more: str) -> str:
    data = {"name": "rekap", "scope": "read", "holder": holder, "days": "30", **more}
    page = text(ayu.post("tokens/", data))
    found = re.search(r'id="secret"[^>]*>([^<]+)<', page)
    assert found, page[-3000:]
    return found[1]


def test_a_token_is_shown_once_and_works_until_it_is_revoked() -> None:
    ayu = seat("ayu")
    secret = issue(ayu, f"person:{ayu.viewer.person_id}", scope="transition")
    holder = queries.token(secret, clock.now())
    assert holder is not None and holder.scopes == {Scope.READ, Scope.TRANSITION}
    assert secret not in text(ayu.get("tokens/"))
    assert ayu.post(f"tokens/{holder.token_id}/revoke/").status_code == 302
    assert queries.token(secret, clock.now()) is None


def test_a_token_hears_recordings_only_if_that_was_ticked() -> None:
    ayu = seat("ayu")
    secret = issue(ayu, f"person:{ayu.viewer.person_id}", recordings="on")
    holder = queries.token(secret, clock.now())
    assert holder is not None and holder.scopes == {Scope.READ, Scope.RECORDINGS}
    assert 'name="recordings"' in text(ayu.get("tokens/"))


def test_a_token_of_an_agency_speaks_for_it() -> None:
    holder = queries.token(issue(seat("ayu"), "agency:damkar"), clock.now())
    assert holder is not None and holder.viewer.agency_code == "damkar"


@pytest.mark.parametrize("change", [{"holder": "agency:entah"}, {"days": "9999"}, {"name": ""}])
def test_nonsense_is_refused_at_its_field(change: dict[str, str]) -> None:
    ayu = seat("ayu")
    data = {"name": "rekap", "scope": "read", "holder": "agency:damkar", "days": "30", **change}
    answer = ayu.post("tokens/", data)
    assert answer.status_code == 422
    assert answer.context["form"].errors[next(iter(change))]
