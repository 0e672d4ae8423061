"""Which database this process uses, and how Django is told."""

from __future__ import annotations

import atexit
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from siaga.kernel.postgres.provision import APP, DATABASE, OWNER
from siaga.kernel.postgres.server import EmbeddedServer

_embedded: EmbeddedServer | None = None
_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """`app` for daily work, owning nothing; `owner` for migrations."""

    app: str
    owner: str

    def for_role(self, role: str) -> str:
        return self.owner if role == "owner" else self.app


def siaga_home() -> Path:
    """The folder for everything Siaga keeps on this machine: SIAGA_HOME, or the user's own."""
    if named := os.environ.get("SIAGA_HOME"):
        return Path(named).expanduser().resolve()
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return (Path(share) / "siaga").expanduser().resolve()


def database_urls() -> DatabaseUrls:
    """Connection URLs from DATABASE_URL (and DATABASE_OWNER_URL), or of the embedded server.

    The embedded server is started or joined, and used until this process ends.
    Raises PostgresUnavailable with the cure.
    """
    if given := os.environ.get("DATABASE_URL"):
        return DatabaseUrls(app=given, owner=os.environ.get("DATABASE_OWNER_URL") or given)
    server = _join()
    return DatabaseUrls(app=server.url(DATABASE, APP), owner=server.url(DATABASE, OWNER))


def embedded_server() -> EmbeddedServer | None:
    """The embedded server this process uses, if it does."""
    return _embedded


def revive_embedded_server() -> bool:
    """Start the embedded server again should it have died; True when that was needed."""
    return _embedded is not None and _embedded.ensure_running()


def _join() -> EmbeddedServer:
    global _embedded
    with _guard:
        if _embedded is None:
            _embedded = EmbeddedServer(siaga_home()).__enter__()
            atexit.register(_embedded.__exit__, None, None, None)
        return _embedded


def django_database(url: str) -> dict[str, Any]:
    """An entry of settings.DATABASES for a PostgreSQL URL.

    Parts of the URL that Django has no name for (sslmode, target_session_attrs …) become options.
    """
    parts: dict[str, Any] = dict(conninfo_to_dict(url))
    options = {
        "application_name": os.environ.get("SIAGA_PROCESS", "siaga"),
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 30,
    }
    named = {
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **named,
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options | parts,
    }
