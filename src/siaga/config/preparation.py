"""Everything between an installed Siaga and one that can start."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

import polib
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg.conninfo import conninfo_to_dict

import siaga
from siaga.journal.restoring import fit_into_this_cluster
from siaga.kernel.errors import SiagaError
from siaga.kernel.postgres import (
    database_urls,
    django_database,
    embedded_server,
    prepare_database,
)
from siaga.kernel.postgres.searching import marks

PACKAGE = Path(siaga.__file__).parent
_LOCK = 11_203
_ENTRY = "app.js"

_log = logging.getLogger("siaga.setup")


class FrontEndMissing(SiagaError):
    """What browsers load was never built."""

    code = "config.front_end_missing"

    def __str__(self) -> str:
        return (
            f"The front end is not built: {built_front_end() / _ENTRY} is missing."
            " Run `make setup` in the source folder."
        )


class RightsMissing(SiagaError):
    """The owner named in DATABASE_OWNER_URL could not prepare the database."""

    code = "config.rights_missing"

    def __str__(self) -> str:
        return (
            f"The database could not be prepared: {self.details['reason']}."
            " docs/operate/install.md says how the roles are made."
        )


def prepare() -> None:
    """Translations, data folders, migrations and static files; quick when nothing is to be done."""
    compile_translations()
    make_folders()
    give_rights()
    migrate()
    if not front_end_is_built():
        raise FrontEndMissing
    collect_static()


def translations() -> Iterator[tuple[Path, Path]]:
    """Each hand-written catalogue with the place of its compiled form."""
    for source in sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po")):
        yield source, source.with_suffix(".mo")


def stale_translations() -> list[Path]:
    """Catalogues that were changed after they were compiled, or never were."""
    return [
        source
        for source, compiled in translations()
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
    ]


def compile_translations() -> int:
    """Compile what is stale; returns how many. Raises OSError when the folder is read-only."""
    stale = stale_translations()
    for source in stale:
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
    if stale:
        _log.info("translations_compiled count=%s", len(stale))
    return len(stale)


def make_folders() -> None:
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    media.chmod(0o700)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


def give_rights() -> None:
    """On a server of one's own: extensions, and what the application's role may do with new tables.

    The embedded server has them from its beginning. Raises RightsMissing.
    """
    urls = database_urls()
    if embedded_server() is not None or urls.app == urls.owner:
        return
    role = str(conninfo_to_dict(urls.app).get("user") or "")
    try:
        with psycopg.connect(urls.owner, autocommit=True) as owner:
            prepare_database(owner, role)
    except psycopg.Error as refused:
        raise RightsMissing(reason=str(refused).strip()) from refused


def migrate() -> None:
    """Bring the database to this version; several at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute(marks())
        if fit_into_this_cluster():
            _log.warning("journal_fitted_after_restore")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def apply_profiles() -> None:
    """Put every folder of profiles into force, unless none has changed since the last time."""
    folders = Path(settings.PROFILES_DIR), Path(settings.CONTENT_DIR) / "taxonomy"
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*.toml")):
        digest.update(path.read_bytes())
    stamp = Path(settings.SIAGA_HOME) / "profiles-applied"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        call_command("regions", "apply", "--yes")
        stamp.write_text(digest.hexdigest())


def act_as_app() -> None:
    """From now on this process owns nothing, like the ones that serve."""
    connection.close()
    connections["default"].settings_dict.update(django_database(database_urls().app))


def built_front_end() -> Path:
    return PACKAGE / "web" / "static" / "siaga"


def front_end_is_built() -> bool:
    return (built_front_end() / _ENTRY).exists()


def collect_static() -> None:
    """Copy static files to STATIC_ROOT where a web server or whitenoise serves them from."""
    if settings.STATIC_ROOT and not settings.WHITENOISE_USE_FINDERS:
        call_command("collectstatic", interactive=False, verbosity=0)
