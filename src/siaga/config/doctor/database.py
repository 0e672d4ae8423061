"""The database: reachable, durable, of this version, and with its locks on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from siaga.kernel import clock
from siaga.kernel.doctor import DATABASE, Finding, error, examine, warning
from siaga.kernel.postgres import EXTENSIONS, OLDEST_MAJOR

SKEW_SECONDS_MAX = 2.0
SKEW_SECONDS_COMFORT = 0.5
OPEN_SECONDS_MAX = 60
CONNECTIONS_USED_MAX = 0.8
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
_REACHABLE = ("database.reachable",)

_OPEN_TABLES = """
SELECT c.relname
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'region_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity
           AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY c.relname
"""
_ROLE = """
SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
       (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid
          AND c.relnamespace = 'public'::regnamespace),
       (SELECT datdba = r.oid FROM pg_database WHERE datname = current_database()),
       EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid)
FROM pg_roles r WHERE r.rolname = current_user
"""
_OPEN_TRANSACTIONS = """
SELECT pid, coalesce(application_name, ''), extract(epoch FROM now() - xact_start)::int
FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND xact_start < now() - make_interval(secs => %s)
"""


@examine("database.reachable", "PostgreSQL answers")
def database_is_reachable(_now: datetime) -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except OperationalError as refused:
        yield error(
            "database.reachable",
            f"PostgreSQL cannot be reached: {str(refused).strip().splitlines()[0]}",
            "Check that the server runs and that DATABASE_URL names it; without DATABASE_URL"
            " Siaga starts one of its own.",
        )


@examine("database.version", "PostgreSQL is new enough and speaks UTF-8", needs=_REACHABLE)
def version_is_supported(_now: datetime) -> Iterator[Finding]:
    number, encoding = _row("SELECT current_setting('server_version_num')::int,"
                            " current_setting('server_encoding')")  # fmt: skip
    if number // 10_000 < OLDEST_MAJOR:
        yield error(
            "database.version",
            f"PostgreSQL {number // 10_000} is too old.",
            f"Move to version {OLDEST_MAJOR} or newer, see docs/operate/upgrade.md.",
        )
    if encoding != "UTF8":
        yield error(
            "database.version",
            f"The database's encoding is {encoding}.",
            "Create it with ENCODING 'UTF8' and load the data again.",
        )


@examine("database.extensions", "All extensions are there", needs=_REACHABLE)
def extensions_are_there(_now: datetime) -> Iterator[Finding]:
    found = {name for (name,) in _rows("SELECT extname FROM pg_extension")}
    for name in EXTENSIONS:
        if name not in found:
            yield error(
                "database.extensions",
                f"The extension {name} is missing.",
                f"As the database's superuser: CREATE EXTENSION {name}; (Debian has it in the"
                " package postgresql-contrib)",
            )


@examine("database.durability", "What is committed is on disk", needs=_REACHABLE)
def commits_are_durable(_now: datetime) -> Iterator[Finding]:
    for name in _DURABLE:
        (value,) = _row("SELECT current_setting(%s)", name)
        if value in {"off", "local"}:
            yield error(
                "database.durability",
                f"{name} is {value}: a power cut loses acknowledged reports.",
                f"Set {name} = on in postgresql.conf and reload the server.",
            )


@examine("database.role", "The application owns nothing and is bound by row security",
         needs=_REACHABLE)  # fmt: skip
def application_owns_nothing(_now: datetime) -> Iterator[Finding]:
    role, superuser, bypass, create, tables, owns_database, member = _row(_ROLE)
    cure = (
        "Let DATABASE_URL name a role made as docs/operate/install.md says (siaga_app), and"
        " DATABASE_OWNER_URL the owner."
    )
    if superuser or bypass:
        yield error("database.role", f"Role {role} is above row-level security.", cure)
    if create:
        yield error("database.role", f"Role {role} may make other roles.", cure)
    if tables or owns_database:
        yield error("database.role", f"Role {role} owns the database or its tables.", cure)
    if member:
        yield warning("database.role", f"Role {role} is a member of another role.", cure)


@examine("database.migrations", "The tables are those of this version", needs=_REACHABLE)
def migrations_are_applied(_now: datetime) -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        first = plan[0][0]
        yield error(
            "database.migrations",
            f"{len(plan)} migrations are not applied, the first is {first.app_label}.{first.name}.",
            "Run `siaga setup`.",
        )


@examine("database.row_security", "Every table of a region is locked to its region",
         needs=_REACHABLE)  # fmt: skip
def row_security_is_forced(_now: datetime) -> Iterator[Finding]:
    for (table,) in _rows(_OPEN_TABLES):
        yield error(
            "database.row_security",
            f"Table {table} has region_id but no forced row-level security.",
            "Run `siaga setup`; if it stays, this is a defect: the table's migration lacks"
            " protect_table.",
        )


@examine("database.journal", "The journal can only be appended to", needs=DATABASE)
def journal_is_append_only(_now: datetime) -> Iterator[Finding]:
    for table in ("journal_entry", "journal_seal"):
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            (may,) = _row("SELECT has_table_privilege(current_user, %s, %s)", table, right)
            if may:
                yield error(
                    "database.journal",
                    f"The application may {right} {table}.",
                    f"As the owner: REVOKE {right} ON {table} FROM the application's role;",
                )
        (triggers,) = _row(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'"
            " AND tgname LIKE 'append_only%%'", table)  # fmt: skip
        if triggers < 2:
            yield error(
                "database.journal",
                f"The rule that keeps {table} append-only is missing or disabled.",
                f"As the owner: ALTER TABLE {table} ENABLE TRIGGER ALL; or restore from backup.",
            )


@examine("database.time_zones", "PostgreSQL knows Indonesia's time zones", needs=_REACHABLE)
def database_knows_time_zones(_now: datetime) -> Iterator[Finding]:
    names = {name for (name,) in _rows("SELECT name FROM pg_timezone_names WHERE name ~ '^Asia/'")}
    if not {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"} <= names:
        yield error(
            "database.time_zones",
            "PostgreSQL does not know Asia/Jakarta; reports by day would fail.",
            "On the database's machine: apt-get install tzdata, then restart the server.",
        )


@examine(
    "database.clock",
    "This machine's clock agrees with the database's",
    needs=_REACHABLE,
)
def clocks_agree(_now: datetime) -> Iterator[Finding]:
    before = clock.now()
    (theirs,) = _row("SELECT clock_timestamp()")
    middle = before + (clock.now() - before) / 2
    skew = abs((theirs - middle).total_seconds())
    text = f"The clocks differ by {skew:.1f} s; response times would be wrong."
    cure = "Keep both machines' time with chrony or systemd-timesyncd."
    if skew > SKEW_SECONDS_MAX:
        yield error("database.clock", text, cure)
    elif skew > SKEW_SECONDS_COMFORT:
        yield warning("database.clock", text, cure)


@examine("database.connections", "There are connections to spare", needs=_REACHABLE)
def connections_suffice(_now: datetime) -> Iterator[Finding]:
    used, most = _row("SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type ="
                      " 'client backend'), current_setting('max_connections')::int")  # fmt: skip
    if used > most * CONNECTIONS_USED_MAX:
        yield warning(
            "database.connections",
            f"{used} of {most} connections are in use.",
            "Raise max_connections in postgresql.conf and restart the server.",
        )


@examine("database.open_transactions", "No transaction is left open", needs=_REACHABLE)
def no_transaction_is_left_open(_now: datetime) -> Iterator[Finding]:
    for pid, name, seconds in _rows(_OPEN_TRANSACTIONS, OPEN_SECONDS_MAX):
        yield warning(
            "database.open_transactions",
            f"Transaction of {name or 'an unnamed program'} (pid {pid}) is open for {seconds} s"
            " and holds back the live screens and the journal's seal.",
            f"End it: SELECT pg_terminate_backend({pid});",
        )


def _rows(query: str, *values: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        found: Sequence[tuple[Any, ...]] = cursor.fetchall()
    return found


def _row(query: str, *values: Any) -> tuple[Any, ...]:
    return _rows(query, *values)[0]
