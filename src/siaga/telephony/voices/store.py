"""Recordings on disk, below `recorded/<region>`; what is heard is the file that has the name.

recorded/<region>/<name>.wav                what Asterisk plays
recorded/<region>/.kept/<name>/<id>.wav     everything ever published, and `draft.wav`
…/<id>.json                                 whose voice, when, and for which words
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID

from siaga.telephony.asterisk import wave
from siaga.telephony.voices.types import Version

DRAFT = "draft"
VERSIONS_MAX = 20
_CURRENT = "current"


class Shelf:
    """The recordings of one prompt of one region."""

    def __init__(self, home: Path, region: str, name: str) -> None:
        self._heard = home / "recorded" / region / f"{name}.wav"
        self._kept = home / "recorded" / region / ".kept" / name

    def draft(self) -> Version | None:
        """The recording that is not published yet."""
        return self._read(DRAFT)

    def current(self) -> Version | None:
        """What is heard now; None for our spoken voice."""
        if not self._heard.exists():
            return None
        pointer = self._kept / _CURRENT
        name = pointer.read_text() if pointer.exists() else ""
        # Put there by hand, as one may: then nobody knows for which words.
        return (self._read(name) if name else None) or _unknown(self._heard)

    def versions(self) -> tuple[Version, ...]:
        """Published ones, the latest first."""
        names = sorted((one.stem for one in self._kept.glob("*.wav")), reverse=True)
        found = (self._read(name) for name in names if name != DRAFT)
        return tuple(one for one in found if one is not None)

    def sound(self, version: str) -> bytes | None:
        """The WAV itself; `now` is what is heard."""
        if version == "now":
            return self._heard.read_bytes() if self._heard.exists() else None
        if version != DRAFT and not version.isalnum():
            return None
        path = self._kept / f"{version}.wav"
        return path.read_bytes() if path.exists() else None

    def keep_draft(self, sound: bytes, words: str, person_id: UUID | None, at: datetime) -> None:
        """In the place of the former draft."""
        self._kept.mkdir(parents=True, exist_ok=True, mode=0o750)
        about = {"words": words, "person": str(person_id or ""), "at": at.isoformat()}
        _write(self._kept / f"{DRAFT}.wav", sound)
        _write(self._kept / f"{DRAFT}.json", json.dumps(about).encode())

    def drop_draft(self) -> None:
        """Not this one."""
        for ending in ("wav", "json"):
            (self._kept / f"{DRAFT}.{ending}").unlink(missing_ok=True)

    def publish_draft(self, at: datetime) -> Version | None:
        """The draft is what is heard, and is kept as a version; None without a draft."""
        if self.draft() is None:
            return None
        name = at.strftime("%Y%m%dT%H%M%S%f")
        for ending in ("wav", "json"):
            (self._kept / f"{DRAFT}.{ending}").replace(self._kept / f"{name}.{ending}")
        self._forget_the_oldest()
        return self.publish(name)

    def publish(self, version: str) -> Version | None:
        """A kept version is what is heard; None if there is no such one."""
        found = self._read(version) if version.isalnum() and version != DRAFT else None
        if found is not None:
            self._heard.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            # A copy: what is played must not change when a version is forgotten.
            _write(self._heard, (self._kept / f"{version}.wav").read_bytes())
            _write(self._kept / _CURRENT, version.encode())
        return found

    def withdraw(self) -> None:
        """Our spoken voice again; the versions stay."""
        self._heard.unlink(missing_ok=True)
        (self._kept / _CURRENT).unlink(missing_ok=True)

    def _read(self, name: str) -> Version | None:
        sound, about = self._kept / f"{name}.wav", self._kept / f"{name}.json"
        try:
            said = json.loads(about.read_text())
            return Version(
                id=name,
                words=str(said["words"]),
                person_id=UUID(said["person"]) if said["person"] else None,
                at=datetime.fromisoformat(said["at"]),
                seconds=wave.seconds(sound.read_bytes()),
            )
        except (OSError, ValueError, KeyError):
            return None

    def _forget_the_oldest(self) -> None:
        for old in self.versions()[VERSIONS_MAX:]:
            for ending in ("wav", "json"):
                (self._kept / f"{old.id}.{ending}").unlink(missing_ok=True)


def _unknown(heard: Path) -> Version:
    at = datetime.fromtimestamp(heard.stat().st_mtime).astimezone()
    length = wave.seconds(heard.read_bytes())
    return Version(id="", words="", person_id=None, at=at, seconds=length)


def _write(path: Path, data: bytes) -> None:
    """Never half a file under its name: Asterisk may open it at any moment."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(data)
    shutil.copymode(path, fresh) if path.exists() else fresh.chmod(0o640)
    fresh.replace(path)
