"""Who is seen by whom. Tono works in Jombang and must see nothing of Banyuwangi."""

from datetime import timedelta
from uuid import uuid4

import pytest

from siaga.accounts import queries, services
from siaga.accounts.types import Permission, Role
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from tests.rooms.accounts.people import BANYUWANGI, INSTALLER, JOMBANG, NOW, colleague

pytestmark = pytest.mark.django_db


def test_a_viewer_has_the_roles_of_that_region_only() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    services.grant(person_id=sari.id, region_id=JOMBANG, role=Role.AUDITOR, by=INSTALLER, now=NOW)
    here = queries.viewer(sari.id, BANYUWANGI, NOW)
    there = queries.viewer(sari.id, JOMBANG, NOW)
    assert here is not None
    assert there is not None
    assert here.roles == {Role.CALL_TAKER}
    assert there.roles == {Role.AUDITOR}
    assert here.may(Permission.CONTACTS_CLAIM)
    assert not there.may(Permission.CONTACTS_CLAIM)


def test_tono_is_nobody_in_banyuwangi() -> None:
    tono = colleague("tono", Role.SUPERVISOR, JOMBANG)
    assert queries.viewer(tono.id, BANYUWANGI, NOW) is None


def test_tono_meets_nobody_of_banyuwangi() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    agus = colleague("agus", Role.AGENCY_OFFICER, agency_code="damkar")
    colleague("tono", Role.ADMINISTRATOR, JOMBANG)
    with acting_in(JOMBANG):
        assert queries.person_name(sari.id) is None
        assert queries.person_names([sari.id, agus.id]) == {}
        assert [item.username for item in queries.people(JOMBANG, NOW)] == ["tono"]
        assert queries.person(sari.id, JOMBANG, NOW) is None
        assert queries.on_call_officers(JOMBANG, "damkar", NOW) == []
        assert queries.tokens(JOMBANG) == []


def test_asking_for_another_region_inside_ones_own_scope_must_be_said_aloud() -> None:
    """The doors widen the scope for the region they are asked for; the raw tables do not."""
    sari = colleague("sari", Role.CALL_TAKER)
    with acting_in(JOMBANG):
        assert queries.person_name(sari.id) is None
        assert queries.viewer(sari.id, BANYUWANGI, NOW) is not None
        assert queries.person_name(sari.id) is None, "the scope was given back"


def test_a_name_remains_after_the_role_has_ended() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    services.revoke(membership_id=sari.membership_id, region_id=BANYUWANGI, by=INSTALLER, now=NOW)
    with acting_in(BANYUWANGI):
        assert queries.person_name(sari.id) == "Sari"
    assert queries.people(BANYUWANGI, NOW) == []


def test_without_any_region_nobody_has_a_name() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    assert queries.person_name(sari.id) is None


def test_a_role_counts_from_its_beginning_to_its_end() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    services.grant(
        person_id=sari.id,
        region_id=BANYUWANGI,
        role=Role.CALL_TAKER,
        valid_until=NOW + timedelta(days=7),
        by=INSTALLER,
        now=NOW,
    )
    week = timedelta(days=7)
    assert queries.viewer(sari.id, BANYUWANGI, NOW - timedelta(seconds=1)) is None
    assert queries.viewer(sari.id, BANYUWANGI, NOW + week - timedelta(seconds=1)) is not None
    assert queries.viewer(sari.id, BANYUWANGI, NOW + week) is None


def test_memberships_are_listed_across_regions_for_the_person_themselves() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    services.grant(person_id=sari.id, region_id=JOMBANG, role=Role.AUDITOR, by=INSTALLER, now=NOW)
    held = queries.memberships(sari.id, NOW)
    assert [(item.region_id, item.role) for item in held] == [
        (BANYUWANGI, Role.CALL_TAKER),
        (JOMBANG, Role.AUDITOR),
    ]


def test_officers_on_call_come_with_their_telephones() -> None:
    colleague("agus", Role.AGENCY_OFFICER, agency_code="damkar", phone="0812-3456-7890")
    colleague("wati", Role.AGENCY_OFFICER, agency_code="bpbd")
    found = queries.on_call_officers(BANYUWANGI, "damkar", NOW)
    assert [(item.name, item.phone) for item in found] == [("Agus", "+6281234567890")]


def test_people_are_listed_once_with_all_their_roles() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    services.grant(
        person_id=sari.id, region_id=BANYUWANGI, role=Role.DISPATCHER, by=INSTALLER, now=NOW
    )
    listed = queries.people(BANYUWANGI, NOW)
    assert len(listed) == 1
    assert listed[0].roles == {Role.CALL_TAKER, Role.DISPATCHER}
    assert not listed[0].has_second_factor


def test_a_daemon_that_sees_all_regions_still_gets_one_regions_people() -> None:
    colleague("sari", Role.CALL_TAKER)
    colleague("tono", Role.CALL_TAKER, JOMBANG)
    with acting_in(ALL_REGIONS):
        assert [item.username for item in queries.people(JOMBANG, NOW)] == ["tono"]


def test_an_unknown_token_is_nobody() -> None:
    assert queries.token("siaga_unknown", NOW) is None
    assert queries.token("", NOW) is None
    assert queries.session(uuid4(), uuid4(), NOW) is None
