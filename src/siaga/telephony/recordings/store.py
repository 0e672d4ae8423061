"""Where recordings lie: plain ones as Asterisk leaves them, kept ones encrypted."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from siaga.kernel.types import RegionId
from siaga.telephony.asterisk import centre
from siaga.telephony.recordings import vault
from siaga.telephony.recordings.vault import Damaged, Keys, Sealed

_DRAFT = ".part"


def plain_folder() -> Path:
    """Where Asterisk writes."""
    return centre.home() / "recordings"


def root() -> Path:
    """Where the encrypted ones are kept."""
    return Path(settings.SIAGA_HOME) / "recordings"


def keys() -> Keys:
    """The ring that is in the data folder."""
    return vault.load_keys(ring())


def ring() -> Path:
    """The keys' own file."""
    return Path(settings.SIAGA_HOME) / "recording_keys"


def name_of(region_id: RegionId, call_id: UUID, recorded_at: datetime) -> str:
    """Relative to `root()`; the same however often a recording is made."""
    return f"{region_id}/{recorded_at:%Y}/{recorded_at:%m}/{call_id}.flac.sealed"


def write(name: str, data: bytes, *, call_id: UUID, proven: bool = False) -> Sealed:
    """Store durably, whole or not at all; what is there already is replaced.

    `proven` reads the draft again before it takes another's place. Raises OSError, Damaged.
    """
    final = root() / name
    _make_private(final.parent)
    draft = final.with_name(f".{final.name}.{secrets.token_hex(6)}{_DRAFT}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            vault.seal(memoryview(data), file, about=call_id.bytes, keys=keys())
            file.flush()
            os.fsync(file.fileno())
        if proven and b"".join(Sealed(draft, call_id.bytes, keys()).read(0, len(data))) != data:
            raise Damaged(draft.name)
        draft.rename(final)
        vault.sync_folder(final.parent)
    except (OSError, Damaged):
        draft.unlink(missing_ok=True)
        raise
    return sealed(name, call_id=call_id)


def sealed(name: str, *, call_id: UUID) -> Sealed:
    """A kept recording, to be read in parts."""
    return Sealed(root() / name, call_id.bytes, keys())


def discard(name: str) -> None:
    """Remove a kept recording; one that is not there is removed already."""
    path = root() / name
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        vault.sync_folder(path.parent)


def discard_plain(paths: Iterable[Path]) -> None:
    """Remove what Asterisk wrote."""
    for path in paths:
        path.unlink(missing_ok=True)


def sweep_drafts(before: datetime) -> int:
    """Clear away what a killed process left half written; returns how many."""
    swept = 0
    for path in root().rglob(f"*{_DRAFT}") if root().is_dir() else ():
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _make_private(folder: Path) -> None:
    for level in (*reversed(folder.parents), folder):
        if level.is_relative_to(root()):
            level.mkdir(parents=True, exist_ok=True, mode=0o700)
