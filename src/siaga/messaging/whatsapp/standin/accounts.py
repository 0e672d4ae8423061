"""The accounts the stand-in plays for, and a secrets file for a demo."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from siaga.messaging.whatsapp.account import WhatsAppAccount

_PHONE_NUMBER_ID_BASE = 100_000_000_112_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInAccount:
    """One business number: the secrets both sides share, and where its webhooks go."""

    region_id: str
    app_secret: bytes
    verify_token: str
    phone_number_id: str
    access_token: str
    webhook_url: str

    @property
    def display_number(self) -> str:
        """A number that cannot exist, derived from the id."""
        return "62112" + self.phone_number_id[-8:]


def from_secrets(accounts: Iterable[WhatsAppAccount], webhooks: str) -> list[StandInAccount]:
    """The same accounts as Siaga's; `webhooks` is the address before the region's name."""
    return [
        StandInAccount(
            region_id=one.region_id,
            app_secret=one.app_secret,
            verify_token=one.verify_token,
            phone_number_id=one.phone_number_id,
            access_token=one.access_token,
            webhook_url=f"{webhooks.rstrip('/')}/{one.region_id}",
        )
        for one in accounts
    ]


def demo_secrets(regions: Iterable[str], base_url: str) -> str:
    """A secrets file with fresh secrets for these regions, pointing at the stand-in."""
    parts = ["# WhatsApp accounts of the stand-in; nothing here opens anything real.\n"]
    for number, region_id in enumerate(regions, start=1):
        parts.append(
            f"[whatsapp.{region_id}]\n"
            f'app_secret = "{secrets.token_hex(16)}"\n'
            f'verify_token = "{secrets.token_urlsafe(18)}"\n'
            f'phone_number_id = "{_PHONE_NUMBER_ID_BASE + number}"\n'
            f'access_token = "{secrets.token_urlsafe(48)}"\n'
            f'base_url = "{base_url.rstrip("/")}"\n'
        )
    return "\n".join(parts)


def write_demo_secrets(path: Path, regions: Iterable[str], base_url: str) -> None:
    """Write `demo_secrets` to a new file that only its owner can read. FileExistsError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(demo_secrets(regions, base_url))
