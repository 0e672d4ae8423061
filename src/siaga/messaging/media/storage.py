"""Files on disk, under names that say nothing. A file is complete and synced before its row is."""

import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

_NAME_BYTES = 24
_REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def root() -> Path:
    """The folder of all media: SIAGA_HOME/media."""
    return Path(settings.MEDIA_ROOT)


def write(data: bytes, *, region_id: str, extension: str, now: datetime) -> str:
    """Store durably and return the path relative to `root()`. OSError when the disk refuses."""
    if not _REGION.fullmatch(region_id):
        raise ValueError("not a region's name")
    folder = Path(region_id) / f"{now:%Y}" / f"{now:%m}"
    _make_private(folder)
    relative = folder / f"{secrets.token_urlsafe(_NAME_BYTES)}.{extension}"
    final = root() / relative
    draft = final.with_suffix(".part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(final)
        _sync_folder(final.parent)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return str(relative)


def locate(relative: str) -> Path | None:
    """Where a stored file is; None when it is missing or the path leads outside."""
    if not relative:
        return None
    base = root().resolve()
    path = (base / relative).resolve()
    return path if path.is_relative_to(base) and path.is_file() else None


def discard(relative: str) -> None:
    """Remove a file that no row will point to."""
    path = locate(relative)
    if path is not None:
        path.unlink(missing_ok=True)


def older_than(moment: datetime) -> Iterator[str]:
    """Relative paths of all files last written before `moment`."""
    base = root()
    for path in base.rglob("*"):
        if path.is_file() and path.stat().st_mtime < moment.timestamp():
            yield str(path.relative_to(base))


def _make_private(folder: Path) -> None:
    """The folder and all above it up to `root()`, for nobody else's eyes."""
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    for level in (*reversed(folder.parents), folder):
        (root() / level).mkdir(exist_ok=True, mode=0o700)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
