"""Files as Asterisk leaves them."""

from __future__ import annotations

import struct
from array import array
from datetime import datetime
from math import pi, sin
from os import utime
from pathlib import Path

RATE = 8000


def tone(hertz: int, seconds: float, *, loudness: int = 8000) -> array[int]:
    """Samples of one tone."""
    return array(
        "h", (int(loudness * sin(2 * pi * hertz * n / RATE)) for n in range(int(seconds * RATE)))
    )


def silence(seconds: float) -> array[int]:
    return array("h", bytes(2 * int(seconds * RATE)))


def leg(
    folder: Path, name: str, samples: array[int], *, length: int | None = None, at: datetime
) -> Path:
    """A WAV last written to at `at`; `length` is what its header says, by default the truth."""
    folder.mkdir(parents=True, exist_ok=True)
    data = samples.tobytes()
    said = len(data) if length is None else length
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF", min(said + 36, 0xFFFFFFFF), b"WAVE",
        b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", said,
    )  # fmt: skip
    path = folder / f"{name}.wav"
    path.write_bytes(head + data)
    utime(path, (at.timestamp(), at.timestamp()))
    return path


def call(folder: Path, linked_id: str, *, at: datetime, seconds: float = 2) -> list[Path]:
    """All three files of a call: the citizen's voice is 440 Hz, the centre's 880 Hz."""
    said, heard = tone(440, seconds), tone(880, seconds)
    mixed = array("h", (one + other for one, other in zip(said, heard, strict=True)))
    return [
        leg(folder, linked_id, mixed, at=at),
        leg(folder, f"{linked_id}-in", said, at=at),
        leg(folder, f"{linked_id}-out", heard, at=at),
    ]
