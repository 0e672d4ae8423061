"""A region's WhatsApp account, read from the secrets file. Free of Django: the edge reads it too.

The file is TOML, mode 0600, at SIAGA_SECRETS (default SIAGA_HOME/secrets.toml):

    [whatsapp.<region>]
    app_secret = "…"
    verify_token = "…"
    phone_number_id = "…"
    access_token = "…"
"""

import os
import stat
import threading
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import structlog

from siaga.kernel.errors import SiagaError
from siaga.kernel.postgres.connections import siaga_home

log = structlog.get_logger(__name__)

BASE_URL = "https://graph.facebook.com/v23.0"
_REQUIRED = ("app_secret", "verify_token", "phone_number_id", "access_token")
_OTHERS_MAY_READ = stat.S_IRWXG | stat.S_IRWXO


class SecretsUnsafe(SiagaError):
    """The secrets file can be read by others, or cannot be understood; it was not used."""

    code = "messaging.secrets_unsafe"
    http_status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppAccount:
    """Everything that differs between two WhatsApp numbers. Printing it shows no secret."""

    region_id: str
    app_secret: bytes = field(repr=False)
    verify_token: str = field(repr=False)
    phone_number_id: str
    access_token: str = field(repr=False)
    base_url: str = BASE_URL
    template_namespace: str = ""
    # While the app secret is being changed, deliveries signed with the former one still count.
    app_secret_previous: bytes = field(default=b"", repr=False)

    @property
    def app_secrets(self) -> tuple[bytes, ...]:
        """The secrets a delivery may be signed with, the present one first."""
        return tuple(secret for secret in (self.app_secret, self.app_secret_previous) if secret)


@dataclass(frozen=True, slots=True)
class _Loaded:
    mark: tuple[int, int, int, int]
    accounts: dict[str, WhatsAppAccount]


_loaded: dict[Path, _Loaded] = {}
_lock = threading.Lock()


def secrets_path() -> Path:
    """Where the secrets are kept."""
    named = os.environ.get("SIAGA_SECRETS")
    return Path(named).expanduser() if named else siaga_home() / "secrets.toml"


def account(region_id: str) -> WhatsAppAccount | None:
    """The region's account, or None if it has none. Reads the file again when it has changed.

    Raises SecretsUnsafe when the file is open to others, or broken and never read before.
    """
    return accounts().get(region_id)


def accounts() -> dict[str, WhatsAppAccount]:
    """All accounts by region. Raises SecretsUnsafe."""
    path = secrets_path()
    try:
        seen = path.stat()
    except FileNotFoundError:
        return {}
    mark = (seen.st_mtime_ns, seen.st_size, seen.st_ino, seen.st_mode)
    known = _loaded.get(path)
    if known is not None and known.mark == mark:
        return known.accounts
    with _lock:
        return _reload(path, mark, known)


def _reload(
    path: Path, mark: tuple[int, int, int, int], known: _Loaded | None
) -> dict[str, WhatsAppAccount]:
    if mark[3] & _OTHERS_MAY_READ:
        raise SecretsUnsafe(path=str(path), cure=f"chmod 600 {path}")
    try:
        read = parse(path.read_bytes())
    except ValueError as wrong:
        if known is None:
            raise SecretsUnsafe(path=str(path), cure=str(wrong)) from None
        # A slip of the editor must not stop a running centre; the former accounts go on.
        log.error("messaging.secrets_not_reloaded", path=str(path), reason=str(wrong))
        read = known.accounts
    _loaded[path] = _Loaded(mark, read)
    return read


def parse(raw: bytes) -> dict[str, WhatsAppAccount]:
    """The accounts in this file. ValueError names the place, never a value."""
    try:
        document = tomllib.loads(raw.decode())
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(f"not TOML: {_place(wrong)}") from None
    except UnicodeDecodeError:
        raise ValueError("not TOML: not UTF-8") from None
    section = document.get("whatsapp", {})
    if not isinstance(section, dict):
        raise ValueError("[whatsapp] is not a table")
    return {region_id: _account(region_id, given) for region_id, given in section.items()}


def _place(wrong: tomllib.TOMLDecodeError) -> str:
    # The parser's sentence may quote the line, and the line may hold a secret.
    text = str(wrong)
    return text[text.rfind("(at") :] if "(at" in text else "unreadable"


def _account(region_id: str, given: Any) -> WhatsAppAccount:
    where = f"[whatsapp.{region_id}]"
    if not isinstance(given, dict):
        raise ValueError(f"{where} is not a table")
    known = {item.name for item in fields(WhatsAppAccount)} - {"region_id"}
    if strange := sorted(given.keys() - known):
        raise ValueError(f"{where} has unknown keys: {', '.join(strange)}")
    for name, value in given.items():
        if not isinstance(value, str):
            raise ValueError(f"{where} {name} is not a text in quotes")
    if missing := [name for name in _REQUIRED if not given.get(name)]:
        raise ValueError(f"{where} lacks {', '.join(missing)}")
    return WhatsAppAccount(
        region_id=region_id,
        app_secret=given["app_secret"].encode(),
        app_secret_previous=given.get("app_secret_previous", "").encode(),
        verify_token=given["verify_token"],
        phone_number_id=given["phone_number_id"],
        access_token=given["access_token"],
        base_url=given.get("base_url", BASE_URL).rstrip("/"),
        template_namespace=given.get("template_namespace", ""),
    )
