"""A connection of one's own, beside Django's: for LISTEN, NOTIFY and the edge.

LISTEN does not survive a pooler in transaction mode, so SIAGA_DIRECT_DATABASE_URL may name the
way around it; by default it is Django's own database.
"""

import os
from typing import Any

import psycopg
from django.db import connections

CONNECT_SECONDS = 3


def direct_parameters() -> dict[str, Any]:
    """The keywords for psycopg.connect, as the application's role."""
    url = os.environ.get("SIAGA_DIRECT_DATABASE_URL")
    if url:
        return {"conninfo": url, "connect_timeout": CONNECT_SECONDS}
    given = connections["default"].settings_dict
    options = {
        key: value
        for key, value in given["OPTIONS"].items()
        if key not in {"pool", "isolation_level", "server_side_binding", "assume_role"}
    }
    named = {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
    return {
        **options,
        **{key: value for key, value in named.items() if value},
        "connect_timeout": CONNECT_SECONDS,
    }


def open_direct() -> psycopg.Connection:
    """A synchronous connection that commits by itself. Raises psycopg.OperationalError."""
    return psycopg.connect(**direct_parameters(), autocommit=True)


async def open_direct_async() -> psycopg.AsyncConnection:
    """An asynchronous connection that commits by itself. Raises psycopg.OperationalError."""
    return await psycopg.AsyncConnection.connect(**direct_parameters(), autocommit=True)
