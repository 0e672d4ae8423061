"""The roles, privileges and extensions Siaga needs, brought about as often as asked."""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

OWNER = "siaga"
APP = "siaga_app"
DATABASE = "siaga"
# Left in the data folder when done; a new number makes every installation go through it again.
PROVISIONED = "provisioned-1"
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent", "citext")
_RIGHTS: tuple[LiteralString, ...] = (
    "SELECT, INSERT, UPDATE, DELETE ON TABLES",
    "USAGE, SELECT ON SEQUENCES",
    "EXECUTE ON FUNCTIONS",
)


def provision_cluster(url: str) -> None:
    """Make the application's role, the template of new databases and the database.

    `url` connects as the superuser to the maintenance database. A database made later from the
    template (a test's) has the same extensions and default privileges.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        create_app_role(connection)
        template = make_conninfo(url, dbname="template1")
        with psycopg.connect(template, autocommit=True) as inside:
            prepare_database(inside)
        made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if made.fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )


def create_app_role(connection: psycopg.Connection, role: str = APP) -> None:
    """A role that may sign in and owns nothing; row-level security binds it."""
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = "ALTER" if found else "CREATE"
    connection.execute(
        sql.SQL(verb + " ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
            sql.Identifier(role)
        )
    )


def prepare_database(connection: psycopg.Connection, role: str = APP) -> None:
    """Extensions, and for `role` the right to use what the owner will create in this database."""
    for extension in EXTENSIONS:
        connection.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(
                sql.Identifier(extension)
            )
        )
    database, app = sql.Identifier(connection.info.dbname), sql.Identifier(role)
    statements: list[sql.SQL | sql.Composed] = [
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, app),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(app),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
    ]
    statements += _default_rights("GRANT", "TO", app)
    for statement in statements:
        connection.execute(statement)


def forget_default_rights(connection: psycopg.Connection, role: str = APP) -> None:
    """Before a dump is loaded: new tables must get the rights in the dump and no others.

    The dump brings the default rights back at its end.
    """
    for statement in _default_rights("REVOKE", "FROM", sql.Identifier(role)):
        connection.execute(statement)


def _default_rights(
    verb: LiteralString, preposition: LiteralString, role: sql.Identifier
) -> list[sql.Composed]:
    begin = "ALTER DEFAULT PRIVILEGES IN SCHEMA public " + verb + " "
    return [sql.SQL(begin + right + " " + preposition + " {}").format(role) for right in _RIGHTS]
