"""The machine and how Siaga is configured on it."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from siaga.kernel.doctor import Finding, error, examine, warning
from siaga.kernel.postgres import embedded_server

OLDEST_PYTHON = (3, 11)
FREE_BYTES_MIN = 1 << 30
FREE_BYTES_COMFORT = 5 << 30
KEY_LENGTH_MIN = 32


@examine("system.python", f"Python {sys.version.split()[0]}")
def python_is_new_enough(_now: datetime) -> Iterator[Finding]:
    if sys.version_info < OLDEST_PYTHON:
        yield error(
            "system.python",
            f"Python {sys.version.split()[0]} is too old.",
            "Install Python 3.11 or newer and run `make setup PYTHON=python3.11`.",
        )


@examine("system.time_zones", "Python knows Indonesia's time zones")
def time_zones_are_known(_now: datetime) -> Iterator[Finding]:
    for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"):
        try:
            ZoneInfo(name)
        except ZoneInfoNotFoundError:
            yield error(
                "system.time_zones",
                f"The time zone {name} is unknown.",
                "Run `make setup` again (Python's tzdata is missing), or apt-get install tzdata.",
            )


@examine("system.disk", "Enough free disk space")
def there_is_free_space(_now: datetime) -> Iterator[Finding]:
    places = {Path(settings.SIAGA_HOME), Path(settings.MEDIA_ROOT)}
    if (server := embedded_server()) is not None:
        places.add(server.data)
    told: set[int] = set()
    for place in sorted(places):
        if not place.exists() or (device := place.stat().st_dev) in told:
            continue
        told.add(device)
        free = shutil.disk_usage(place).free
        text = f"{free / (1 << 30):.1f} GiB are free at {place}."
        cure = "Remove old backups and logs, or move SIAGA_HOME to a larger disk."
        if free < FREE_BYTES_MIN:
            yield error("system.disk", text, cure)
        elif free < FREE_BYTES_COMFORT:
            yield warning("system.disk", text, cure)


@examine("system.data_folder", "The data folder is ours and closed to others")
def data_folder_is_closed(_now: datetime) -> Iterator[Finding]:
    home = Path(settings.SIAGA_HOME)
    if not home.exists():
        yield error("system.data_folder", f"{home} does not exist.", "Run `siaga setup`.")
        return
    if not os.access(home, os.W_OK):
        yield error(
            "system.data_folder",
            f"{home} cannot be written to.",
            f"chown -R {os.geteuid()} {home}, or run Siaga as the folder's owner.",
        )
    if home.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield error("system.data_folder", f"Others may write to {home}.", f"chmod go-w {home}")
    media = Path(settings.MEDIA_ROOT)
    if media.exists() and media.stat().st_mode & 0o077:
        yield error(
            "system.data_folder",
            f"Others may look into {media}, where citizens' photographs are.",
            f"chmod 700 {media}",
        )


@examine("system.secrets", "The secret key is long and kept closed")
def secrets_are_kept(_now: datetime) -> Iterator[Finding]:
    if len(settings.SECRET_KEY) < KEY_LENGTH_MIN:
        yield error(
            "system.secrets",
            f"The secret key has fewer than {KEY_LENGTH_MIN} signs.",
            "Remove SIAGA_SECRET_KEY to have one made, or set a longer one.",
        )
    for path in sorted(Path(settings.SIAGA_HOME).glob("*secret*")):
        if path.is_file() and path.stat().st_mode & 0o077:
            yield error("system.secrets", f"Others may read {path}.", f"chmod 600 {path}")


@examine("system.configuration", "The configuration is fit for service")
def configuration_is_fit(_now: datetime) -> Iterator[Finding]:
    public = urlsplit(settings.PUBLIC_URL)
    local = public.hostname in {"127.0.0.1", "localhost", "::1"}
    if settings.DEBUG:
        yield error(
            "system.configuration",
            "SIAGA_DEBUG is on: error pages show the inside of the program.",
            "Remove SIAGA_DEBUG from the environment.",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield error(
            "system.configuration",
            "SIAGA_ALLOWED_HOSTS lets anybody choose the address in our links.",
            f"Set it to the centre's own name, for example {public.hostname}.",
        )
    if public.scheme != "https" and not local:
        yield error(
            "system.configuration",
            f"{settings.PUBLIC_URL} is not encrypted; passwords can be read on the way.",
            "Put nginx with a certificate in front (deploy/nginx) and set SIAGA_PUBLIC_URL.",
        )
    if not local and public.hostname not in settings.ALLOWED_HOSTS:
        yield error(
            "system.configuration",
            f"{public.hostname} is missing from SIAGA_ALLOWED_HOSTS; every page answers 400.",
            f"Set SIAGA_ALLOWED_HOSTS={public.hostname}",
        )
    if settings.SIAGA_DEMO:
        yield warning(
            "system.configuration",
            "This is a demo: people have known passwords.",
            "Never use the demo's data folder for a real centre; unset SIAGA_DEMO.",
        )
