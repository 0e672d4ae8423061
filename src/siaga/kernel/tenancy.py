"""Which regions the present transaction may see: the second lock behind every guarded door.

Every table of a region carries `region_id` and a forced row-level security policy that compares
it with the transaction-local setting `siaga.regions`. Without the setting nothing is visible.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, migrations, transaction

ALL_REGIONS = "*"
"""For the system's own daemons only; never for a request of a person."""

_scope: ContextVar[str] = ContextVar("siaga_regions", default="")

_POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY region_isolation ON {table}
    USING (
        current_setting('siaga.regions', true) = '*'
        OR region_id = ANY (string_to_array(current_setting('siaga.regions', true), ','))
    );
"""
_NO_POLICY = """
DROP POLICY region_isolation ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""


def protect_table(table: str) -> migrations.RunSQL:
    """The migration step that locks a region's table; every table with `region_id` needs it."""
    return migrations.RunSQL(_POLICY.format(table=table), _NO_POLICY.format(table=table))


def current_scope() -> str:
    """What the present transaction may see: comma-separated region ids, `*`, or nothing."""
    return _scope.get()


def _set(scope: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('siaga.regions', %s, true)", [scope])


@contextmanager
def acting_in(*regions: str) -> Iterator[None]:
    """Open a transaction that sees these regions and no others.

    Nested calls narrow or change the scope and give the outer one back at the end. The setting
    is local to the transaction, so a pooled connection can never leak it.
    """
    scope = ",".join(regions)
    outer = _scope.get()
    nested = connection.in_atomic_block
    with transaction.atomic():
        _set(scope)
        token = _scope.set(scope)
        try:
            yield
            if nested:
                _set(outer)
        finally:
            _scope.reset(token)
