"""The table of permissions is total, and says what the brief of each role says."""

from datetime import timedelta
from uuid import uuid4

import pytest

from siaga.accounts import rules
from siaga.accounts.roles import PERMISSIONS
from siaga.accounts.types import Permission, Role, Scope, SessionView, Viewer
from siaga.kernel.ids import new_id
from tests.rooms.accounts.people import BANYUWANGI, NOW


def a_viewer(
    *roles: Role, agency_code: str | None = None, types: frozenset[str] = frozenset()
) -> Viewer:
    return Viewer(
        person_id=new_id(),
        region_id=BANYUWANGI,
        roles=frozenset(roles),
        agency_code=agency_code,
        confidential_types=types,
        language="id",
        name="Sari",
    )


def a_session(**changes: object) -> SessionView:
    values: dict[str, object] = {
        "id": new_id(),
        "person_id": new_id(),
        "ip": "10.0.0.1",
        "device": "",
        "created_at": NOW,
        "seen_at": NOW,
        "active_at": NOW,
        "locked_at": None,
        "expires_at": NOW + timedelta(hours=14),
        "idle_lock": True,
        "must_change_password": False,
        "has_pin": False,
    }
    return SessionView(**{**values, **changes})  # type: ignore[arg-type]


def test_every_role_has_a_line_and_every_permission_an_owner() -> None:
    assert PERMISSIONS.keys() == set(Role)
    assert rules.permissions_of(Role) == frozenset(Permission)


@pytest.mark.parametrize(
    "permission",
    [Permission.BULK_EXPORT, Permission.NUMBERS_BLOCK, Permission.INCIDENTS_CLOSE_SERIOUS],
)
def test_an_intern_may_not(permission: Permission) -> None:
    assert not rules.may({Role.RESTRICTED_CALL_TAKER}, permission)


def test_an_intern_may_take_dispose_and_report() -> None:
    for permission in (
        Permission.CONTACTS_CLAIM,
        Permission.CONTACTS_DISPOSE,
        Permission.REPORTS_WRITE,
        Permission.INCIDENTS_OPEN,
        Permission.INCIDENTS_CLOSE,
    ):
        assert rules.may({Role.RESTRICTED_CALL_TAKER}, permission)


def test_whoever_is_intern_and_call_taker_may_what_a_call_taker_may() -> None:
    both = {Role.RESTRICTED_CALL_TAKER, Role.CALL_TAKER}
    assert rules.may(both, Permission.NUMBERS_BLOCK)


def test_the_administrator_runs_the_house_but_reads_no_citizen() -> None:
    for permission in (
        Permission.CONTACTS_READ,
        Permission.MESSAGES_READ,
        Permission.REPORTS_READ,
        Permission.CONFIDENTIAL_READ,
    ):
        assert not rules.may({Role.ADMINISTRATOR}, permission)
    assert rules.may({Role.ADMINISTRATOR}, Permission.PEOPLE_MANAGE)


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert PERMISSIONS[Role.AUDITOR] <= rules.READING


def test_an_officer_answers_assignments_and_nothing_of_the_console() -> None:
    officer = a_viewer(Role.AGENCY_OFFICER, agency_code="damkar")
    assert officer.may(Permission.ASSIGNMENTS_ANSWER)
    assert not officer.may(Permission.CONTACTS_READ)
    assert not officer.may(Permission.CONSOLE_USE)


def test_a_supervisor_does_not_see_a_confidential_case_by_rank() -> None:
    supervisor = a_viewer(Role.SUPERVISOR)
    assert not rules.may_see_confidential(supervisor, "ADUAN-KORUPSI", [], ["inspektorat"])


def test_one_named_for_the_case_sees_it() -> None:
    sari = a_viewer(Role.CALL_TAKER)
    assert rules.may_see_confidential(sari, "KDRT", [uuid4(), sari.person_id], [])


def test_a_grant_for_the_type_opens_cases_of_that_type_only() -> None:
    ratna = a_viewer(Role.SUPERVISOR, types=frozenset({"KDRT"}))
    assert rules.may_see_confidential(ratna, "KDRT", [], [])
    assert not rules.may_see_confidential(ratna, "ADUAN-KORUPSI", [], [])


def test_an_officer_of_the_agency_it_was_sent_to_sees_it_and_no_other() -> None:
    named = a_viewer(Role.AGENCY_OFFICER, agency_code="dp3a")
    other = a_viewer(Role.AGENCY_OFFICER, agency_code="damkar")
    assert rules.may_see_confidential(named, "KDRT", [], ["dp3a", "polres"])
    assert not rules.may_see_confidential(other, "KDRT", [], ["dp3a", "polres"])


def test_no_name_helps_without_the_permission() -> None:
    publisher = a_viewer(Role.PUBLISHER, types=frozenset({"KDRT"}))
    assert not rules.may_see_confidential(publisher, "KDRT", [publisher.person_id], [])


def test_second_factors_are_for_supervisors_and_above() -> None:
    needing = {role for role in Role if rules.needs_second_factor({role})}
    assert needing == {Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.PUBLISHER}


def test_a_reading_token_changes_nothing() -> None:
    assert rules.permissions_in_scope({Scope.READ}) < rules.READING
    assert Permission.REPORTS_WRITE not in rules.READING


def test_only_a_scope_of_its_own_hears_recordings() -> None:
    heard = Permission.RECORDINGS_READ
    assert heard not in rules.permissions_in_scope({Scope.READ, Scope.TRANSITION})
    assert heard in rules.permissions_in_scope({Scope.READ, Scope.RECORDINGS})


def test_no_token_manages_people_or_tokens() -> None:
    allowed = rules.permissions_in_scope(set(Scope))
    assert allowed.isdisjoint({Permission.PEOPLE_MANAGE, Permission.TOKENS_MANAGE})


def test_a_desk_locks_after_the_idle_time_and_not_before() -> None:
    desk = a_session()
    assert not rules.is_locked(desk, 900, NOW + timedelta(seconds=899))
    assert rules.is_locked(desk, 900, NOW + timedelta(seconds=900))


def test_an_officers_telephone_does_not_lock_by_itself_but_by_hand() -> None:
    assert not rules.is_locked(a_session(idle_lock=False), 900, NOW + timedelta(days=2))
    assert rules.is_locked(a_session(idle_lock=False, locked_at=NOW), 900, NOW)


def test_a_desk_session_ends_after_one_long_shift() -> None:
    assert rules.session_lifetime({Role.CALL_TAKER}) < timedelta(hours=24)
    assert rules.session_lifetime({Role.AGENCY_OFFICER}) > timedelta(days=7)
    both = {Role.AGENCY_OFFICER, Role.SUPERVISOR}
    assert rules.session_lifetime(both) < timedelta(hours=24)


@pytest.mark.parametrize("name", ["sari", "bima.2", "op_01", "ratna-s"])
def test_a_plain_user_name_is_taken(name: str) -> None:
    assert not rules.username_problem(name)


@pytest.mark.parametrize("name", ["", "s", "Sari", "sari pagi", "sari@x", "a" * 61, ".sari"])
def test_a_user_name_that_could_be_mistaken_is_refused(name: str) -> None:
    assert rules.username_problem(name)
