"""`siaga people`, for whoever runs the installation."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from siaga.accounts import queries
from siaga.accounts.management.commands import people
from siaga.accounts.models import Person
from siaga.accounts.types import Role
from siaga.kernel import clock
from tests.rooms.accounts.people import BANYUWANGI, JOMBANG, colleague

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_regions(monkeypatch: Any) -> None:
    monkeypatch.setattr(people.regions, "region_ids", lambda: (BANYUWANGI, JOMBANG))


def siaga_people(*words: str) -> str:
    said = StringIO()
    call_command("people", *words, stdout=said)
    return said.getvalue()


def test_the_first_administrator_is_added_with_a_temporary_password() -> None:
    said = siaga_people(
        "add", "banyuwangi", "Dewi", "--name", "Dewi Lestari", "--role", "administrator"
    )
    dewi = Person.objects.get(username="dewi")
    assert dewi.check_password(said.split()[-1])
    assert dewi.must_change_password
    held = queries.viewer(dewi.id, BANYUWANGI, clock.now())
    assert held is not None
    assert held.roles == {Role.ADMINISTRATOR}


def test_a_refused_role_adds_nobody() -> None:
    with pytest.raises(CommandError, match="needs an agency"):
        siaga_people("add", "banyuwangi", "agus", "--name", "Agus", "--role", "agency_officer")
    assert not Person.objects.filter(username="agus").exists()


def test_the_list_shows_the_region_that_was_asked_for() -> None:
    colleague("sari", Role.CALL_TAKER, now=clock.now())
    colleague("tono", Role.CALL_TAKER, JOMBANG, now=clock.now())
    said = siaga_people("list", "banyuwangi")
    assert "sari" in said
    assert "tono" not in said


def test_a_colleague_of_one_region_gets_a_role_in_another_and_loses_it() -> None:
    tono = colleague("tono", Role.CALL_TAKER, JOMBANG, now=clock.now())
    siaga_people("grant", "banyuwangi", "tono", "--role", "supervisor", "--confidential", "KDRT")
    held = queries.viewer(tono.id, BANYUWANGI, clock.now())
    assert held is not None
    assert held.confidential_types == {"KDRT"}
    siaga_people("revoke", "banyuwangi", "tono", "supervisor")
    assert queries.viewer(tono.id, BANYUWANGI, clock.now()) is None


def test_a_lost_password_is_reset() -> None:
    sari = colleague("sari", Role.CALL_TAKER, now=clock.now())
    said = siaga_people("reset", "banyuwangi", "sari")
    assert Person.objects.get(id=sari.id).check_password(said.split()[-1])


@pytest.mark.parametrize(
    "words",
    [
        ("list", "atlantis"),
        ("grant", "banyuwangi", "nobody", "--role", "auditor"),
        ("reset", "banyuwangi", "nobody"),
        ("revoke", "banyuwangi", "nobody", "auditor"),
    ],
)
def test_what_does_not_exist_is_said_plainly(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        siaga_people(*words)
