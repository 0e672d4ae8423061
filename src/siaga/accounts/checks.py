"""What a deployer can get wrong about people and isolation: said at start, with the cure."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks as django_checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

IDLE_LOCK_SECONDS_MIN = 60
IDLE_LOCK_SECONDS_MAX = 3600

_UNPROTECTED = """
SELECT class.relname
FROM pg_class AS class
JOIN pg_namespace AS space ON space.oid = class.relnamespace AND space.nspname = 'public'
JOIN pg_attribute AS att ON att.attrelid = class.oid AND att.attname = 'region_id'
WHERE class.relkind IN ('r', 'p')
  AND NOT att.attisdropped
  AND NOT (
    class.relrowsecurity
    AND class.relforcerowsecurity
    AND EXISTS (SELECT FROM pg_policy WHERE polrelid = class.oid)
  )
ORDER BY 1
"""


@register("siaga")
def sign_in_is_safe(
    app_configs: Sequence[Any] | None = None, **_more: object
) -> list[CheckMessage]:
    """The settings on which the safety of signing in rests."""
    found: list[CheckMessage] = []
    if not settings.SIAGA_REQUIRE_MFA and not settings.SIAGA_DEMO:
        found.append(
            django_checks.Warning(
                "Supervisors and administrators can sign in with a password alone.",
                hint="Remove SIAGA_REQUIRE_MFA=0 unless this is a demonstration.",
                id="accounts.W001",
            )
        )
    if not IDLE_LOCK_SECONDS_MIN <= settings.SIAGA_IDLE_LOCK_SECONDS <= IDLE_LOCK_SECONDS_MAX:
        found.append(
            Error(
                "SIAGA_IDLE_LOCK_SECONDS is no useful time.",
                hint=f"Set {IDLE_LOCK_SECONDS_MIN} to {IDLE_LOCK_SECONDS_MAX} seconds.",
                id="accounts.E001",
            )
        )
    return found


@register(Tags.database)
def regions_are_isolated(
    app_configs: Sequence[Any] | None = None,
    databases: Sequence[str] | None = None,
    **_more: object,
) -> list[CheckMessage]:
    """Every table of a region must be locked by forced row-level security."""
    return [
        Error(
            f"The table {table} has a region but no forced row-level security.",
            hint="Call siaga.kernel.tenancy.protect_table in its migration.",
            id="accounts.E002",
        )
        for database in databases or ()
        for table in unprotected_tables(database)
    ]


def unprotected_tables(database: str = "default") -> list[str]:
    """Tables with a `region_id` that another region's transaction could read."""
    with connections[database].cursor() as cursor:
        cursor.execute(_UNPROTECTED)
        return [name for (name,) in cursor.fetchall()]
