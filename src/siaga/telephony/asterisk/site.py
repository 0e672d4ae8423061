"""Where this Asterisk lives: folders, addresses, ports, secrets; all that renderers know."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from siaga.telephony import names
from siaga.telephony.asterisk.installation import Installation
from siaga.telephony.types import PhonePlan

LOOPBACK = "127.0.0.1"
WRITTEN = ("run", "state", "log", "cel", "spool", "recordings")
"""Folders that Asterisk writes to."""
READ = ("etc", "prompts", "recorded", "music", "keys", "data")
"""Folders that it only reads."""
_FOLDERS = (*WRITTEN, "log/cel-custom", *READ, "data/static-http", "data/sounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything Asterisk listens on. AMI and plain HTTP are on loopback only."""

    sip: int = 5060
    ami: int = 5038
    http: int = 8088
    https: int = 8089
    rtp_first: int = 10_000
    rtp_last: int = 14_999

    @classmethod
    def from_base(cls, base: int) -> Ports:
        """A block of their own, so that several Asterisks live on one machine."""
        return cls(
            sip=base + 60,
            ami=base + 38,
            http=base + 88,
            https=base + 89,
            rtp_first=base + 100,
            rtp_last=base + 899,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """Made once and kept; a running console must never be locked out by a new rendering."""

    system: str
    manager: str
    positions: dict[str, str]
    """Passwords of the spare page, by endpoint; all others are of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One Asterisk."""

    home: Path
    installation: Installation
    secrets: Secrets
    ports: Ports = Ports()
    address: str = LOOPBACK
    """What SIP and RTP are bound to, and what phones are told to send to."""
    own_address: str = ""
    """This machine's address towards others; on loopback it is offered as loopback."""

    @property
    def settings_file(self) -> Path:
        """What Asterisk is started with."""
        return self.home / "etc" / "asterisk.conf"

    @property
    def starter(self) -> Path:
        """The command that starts it, with every process of ours dead."""
        return self.home / "start"

    @property
    def certificate(self) -> Path:
        """Certificate and, beside it as server.key, its key; without them there is no TLS."""
        return self.home / "keys" / "server.pem"

    @property
    def cel_file(self) -> Path:
        """The truth about calls, one JSON object a line."""
        return self.home / "cel" / "siaga.jsonl"

    def prompt(self, plan: PhonePlan, name: str) -> str:
        """A prompt as Asterisk is told to play it: without its ending."""
        return str(self.home / "prompts" / plan.region / name)

    def make_folders(self) -> None:
        """Every folder that Asterisk writes to or reads from."""
        for name in _FOLDERS:
            (self.home / name).mkdir(parents=True, exist_ok=True, mode=0o750)
        _link(self.home / "log" / "cel-custom" / "siaga.jsonl", self.cel_file)
        for name in ("documentation", "rest-api"):
            _link(self.home / "data" / name, self.installation.share / name)


def keep_secrets(home: Path, plans: Iterable[PhonePlan], *, write: bool = True) -> Secrets:
    """The secrets of this Asterisk; what is new is made and written, what is known stays."""
    path = home / "secrets.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    positions = dict(known.get("positions", {}))
    for plan in plans:
        for number in range(1, plan.positions + 1):
            positions.setdefault(names.spare(plan.region, number), secrets.token_urlsafe(18))
    system = str(known.get("system") or f"siaga{secrets.token_hex(3)}")
    manager = str(known.get("manager") or secrets.token_urlsafe(24))
    kept = {"system": system, "manager": manager, "positions": positions}
    if write and kept != known:
        home.mkdir(parents=True, exist_ok=True, mode=0o750)
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(kept, file, indent=1)
        fresh.replace(path)
    return Secrets(system=system, manager=manager, positions=positions)


def own_address() -> str:
    """The address from which this machine would reach others; empty where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # of the documentation range; nothing is sent
            return str(probe.getsockname()[0])
        except OSError:
            return ""


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)
