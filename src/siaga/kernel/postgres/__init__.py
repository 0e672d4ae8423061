"""PostgreSQL without an administrator: an embedded server by default, any other by DATABASE_URL."""

from siaga.kernel.postgres.binaries import OLDEST_MAJOR, find_binaries
from siaga.kernel.postgres.connections import (
    DatabaseUrls,
    database_urls,
    django_database,
    embedded_server,
    revive_embedded_server,
    siaga_home,
)
from siaga.kernel.postgres.errors import PostgresUnavailable
from siaga.kernel.postgres.provision import (
    EXTENSIONS,
    create_app_role,
    forget_default_rights,
    prepare_database,
)
from siaga.kernel.postgres.server import EmbeddedServer

__all__ = [
    "EXTENSIONS",
    "OLDEST_MAJOR",
    "DatabaseUrls",
    "EmbeddedServer",
    "PostgresUnavailable",
    "create_app_role",
    "database_urls",
    "django_database",
    "embedded_server",
    "find_binaries",
    "forget_default_rights",
    "prepare_database",
    "revive_embedded_server",
    "siaga_home",
]
