"""What Asterisk recorded of a call: three plain WAV files, whose headers are not believed.

A header is empty until the call has ended, and stays so after a power cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

RATE = 8000
QUIET_SECONDS = 4.0
"""A file whose header does not fit is taken as it is once nobody has written to it for so long."""
_HEADER_BYTES = 44
_FRAME_BYTES = 2
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}")
_ENDINGS = {"mixed": ".wav", "said": "-in.wav", "heard": "-out.wav"}


class BadLeg(Exception):
    """A file that is not the mono 16-bit sound that Asterisk writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One file: where its sound begins, how many samples it holds, how fast they follow."""

    path: Path
    start: int
    frames: int
    rate: int
    header_fits: bool

    def samples(self, file: IO[bytes], first: int, count: int) -> bytes:
        """16-bit samples from the opened file; fewer where it ends."""
        if first >= self.frames:
            return b""
        file.seek(self.start + first * _FRAME_BYTES)
        return file.read(min(count, self.frames - first) * _FRAME_BYTES)


def files_of(folder: Path, linked_id: str) -> dict[str, Path]:
    """The files that are there of a call: `mixed`, `said` by its first leg, `heard` by it."""
    if not _NAME.fullmatch(linked_id):
        return {}
    found = {part: folder / f"{linked_id}{ending}" for part, ending in _ENDINGS.items()}
    return {part: path for part, path in found.items() if path.is_file()}


def linked_ids(folder: Path) -> Iterator[str]:
    """Of which calls there are files, each once."""
    seen = set()
    for path in folder.glob("*.wav") if folder.is_dir() else ():
        base = path.name.removesuffix(".wav").removesuffix("-in").removesuffix("-out")
        if base not in seen:
            seen.add(base)
            yield base


def read(path: Path) -> Leg:
    """Look at a file. Raises BadLeg, OSError."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    if size <= _HEADER_BYTES:
        declared = int.from_bytes(head[40:44], "little") if len(head) >= _HEADER_BYTES else -1
        return Leg(path=path, start=size, frames=0, rate=RATE, header_fits=declared == 0)
    if not head[:12].strip(b"\0"):
        # A power cut took the first block: Asterisk's header has one length and one rate.
        return _rest(path, _HEADER_BYTES, size, RATE, declared=-1)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise BadLeg(f"{path.name} is no WAV")
    rate, at = RATE, 12
    while at + 8 <= len(head):
        name, length = head[at : at + 4], int.from_bytes(head[at + 4 : at + 8], "little")
        if name == b"fmt ":
            rate = _rate(head[at + 8 : at + 8 + length], path)
        if name == b"data":
            return _rest(path, at + 8, size, rate, declared=length)
        at += 8 + length + length % 2
    raise BadLeg(f"{path.name} has no sound in it")


def _rate(described: bytes, path: Path) -> int:
    kind, channels = (int.from_bytes(described[at : at + 2], "little") for at in (0, 2))
    rate = int.from_bytes(described[4:8], "little")
    bits = int.from_bytes(described[14:16], "little")
    if (kind, channels, bits) != (1, 1, 16) or not 4_000 <= rate <= 48_000:
        raise BadLeg(f"{path.name}: kind {kind}, {channels} channels, {bits} bits, {rate} Hz")
    return rate


def _rest(path: Path, start: int, size: int, rate: int, *, declared: int) -> Leg:
    frames = (size - start) // _FRAME_BYTES
    fits = declared == size - start
    return Leg(path=path, start=start, frames=frames, rate=rate, header_fits=fits)
