"""The lock behind every door: forced row-level security on every table of a region."""

from typing import Any

import pytest
from django.db import connection

from siaga.accounts import checks
from siaga.accounts.models import ApiToken, Membership
from siaga.accounts.types import Role
from siaga.kernel.tenancy import acting_in
from tests.rooms.accounts.people import BANYUWANGI, JOMBANG, colleague


@pytest.mark.django_db
def test_every_table_with_a_region_is_protected() -> None:
    assert checks.unprotected_tables() == []


@pytest.mark.django_db
def test_the_tests_run_as_a_role_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, (SELECT count(*) FROM pg_class"
            " WHERE relowner = pg_roles.oid AND relkind = 'r' AND relname NOT LIKE 'pg_temp%%')"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, 0)


@pytest.mark.django_db
def test_a_table_without_a_policy_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute(checks._UNPROTECTED.replace("class.relforcerowsecurity", "false"))
        found = {name for (name,) in cursor.fetchall()}
    assert {"accounts_membership", "accounts_token", "journal_entry"} <= found


@pytest.mark.django_db
def test_rows_of_another_region_do_not_exist_even_for_a_query_without_a_filter() -> None:
    colleague("sari", Role.CALL_TAKER)
    colleague("tono", Role.CALL_TAKER, JOMBANG)
    with acting_in(JOMBANG):
        assert set(Membership.objects.values_list("region_id", flat=True)) == {JOMBANG}
        assert Membership.objects.filter(region_id=BANYUWANGI).update(valid_until=None) == 0
    assert Membership.objects.count() == 0, "without a region nothing is visible"
    assert ApiToken.objects.count() == 0


def test_a_waived_second_factor_is_said_aloud_unless_it_is_a_demonstration(settings: Any) -> None:
    settings.SIAGA_REQUIRE_MFA = False
    settings.SIAGA_DEMO = False
    assert [item.id for item in checks.sign_in_is_safe()] == ["accounts.W001"]
    settings.SIAGA_DEMO = True
    assert checks.sign_in_is_safe() == []


@pytest.mark.parametrize("seconds", [0, 59, 3601])
def test_an_idle_time_that_locks_always_or_never_is_refused(settings: Any, seconds: int) -> None:
    settings.SIAGA_IDLE_LOCK_SECONDS = seconds
    settings.SIAGA_REQUIRE_MFA = True
    assert [item.id for item in checks.sign_in_is_safe()] == ["accounts.E001"]
