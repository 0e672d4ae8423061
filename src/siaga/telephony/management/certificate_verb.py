"""siaga phone certificate: make one, take a given one, or say what is there."""

from __future__ import annotations

from argparse import _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from siaga.kernel import clock
from siaga.telephony import certificates

SERVER_FILE = Path("keys", "server.pem")
AUTHORITY = Path("keys", "authority")


def add_arguments(verbs: _SubParsersAction[Any]) -> None:
    """The verb's own words."""
    verb = verbs.add_parser("certificate", help="The certificate for wss: make one, or take one.")
    verb.add_argument(
        "--host", action="append", default=[], help="A name or address that desks use; repeatable."
    )
    verb.add_argument(
        "--authority", type=Path, help="Where the authority's key is kept (a stick is best)."
    )
    verb.add_argument("--given", nargs=2, type=Path, metavar=("CERTIFICATE", "KEY"))
    verb.add_argument("--show", action="store_true", help="Only say what is there.")


def run(home: Path, options: dict[str, Any], say: Callable[[str], object]) -> None:
    """CertificateRefused where nothing good comes of it."""
    now, place = clock.now(), home / SERVER_FILE
    if options["show"]:
        found = certificates.standing(place)
        say(_told(found) if found else "There is no certificate: siaga phone certificate")
        return
    if options["given"]:
        certificate, key = options["given"]
        say(_told(certificates.take(certificate, key, into=place, now=now)))
        return
    authority = options["authority"] or home / AUTHORITY
    hosts = options["host"] or [urlsplit(settings.PUBLIC_URL).hostname or ""]
    say(_told(certificates.make(hosts, authority=authority, into=place, now=now)))
    say(f"Every desk must trust {authority / 'ca.pem'}; its key never leaves you.")


def _told(found: certificates.Standing) -> str:
    days = found.days_left(clock.now())
    hosts = ", ".join(found.hosts)
    return f"{hosts}: until {found.until:%Y-%m-%d} ({days} days), by {found.issuer}"
