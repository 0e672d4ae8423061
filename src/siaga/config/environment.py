"""Reads the environment variables that settings.py needs, each with its default."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

_TRUE = {"1", "true", "yes", "on"}


def flag(name: str, *, default: bool = False) -> bool:
    """A yes-or-no variable: 1, true, yes and on mean yes."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in _TRUE


def listed(name: str, *, default: list[str] | None = None) -> list[str]:
    """A comma-separated variable."""
    value = os.environ.get(name)
    if value is None:
        return default or []
    return [item.strip() for item in value.split(",") if item.strip()]


def home() -> Path:
    """The folder of the centre's own data: SIAGA_HOME, by default in the user's data folder."""
    given = os.environ.get("SIAGA_HOME")
    if given:
        return Path(given).expanduser().resolve()
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(base) / "siaga"


def phone_socket(public_url: str) -> str:
    """Where softphones reach Asterisk: SIAGA_PHONE_SOCKET, or what fits the pages' own address.

    Pages by https may speak wss only, to Asterisk's own TLS port; others are on this machine.
    """
    given = os.environ.get("SIAGA_PHONE_SOCKET")
    if given:
        return given
    base = int(os.environ.get("SIAGA_PHONE_PORT_BASE") or 8000)
    page = urlsplit(public_url)
    if page.scheme == "https":
        return f"wss://{page.hostname}:{base + 89}/ws"
    return f"ws://127.0.0.1:{base + 88}/ws"


def secret_key() -> str:
    """SIAGA_SECRET_KEY, or one made at the first start and kept in the data folder (0600)."""
    given = os.environ.get("SIAGA_SECRET_KEY")
    if given:
        return given
    path = home() / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()
