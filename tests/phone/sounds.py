"""Tones for callers and phones, and how much of one a recording holds."""

from __future__ import annotations

import wave
from array import array
from math import cos, pi, sin
from pathlib import Path

RATE = 8000
_BLOCK = 400


def tone(path: Path, hertz: int, seconds: float = 20) -> Path:
    """Raw A-law, as SIPp sends it."""
    table = [_alaw(int(12_000 * sin(2 * pi * hertz * n / RATE))) for n in range(RATE)]
    path.write_bytes(bytes(table) * int(seconds))
    return path


def seconds_of(path: Path, hertz: int, after: float = 0) -> float:
    """How long the tone is to be heard in a WAV, from so many seconds on."""
    with wave.open(str(path)) as file:
        samples = array("h", file.readframes(file.getnframes()))
    return seconds_in(samples[int(after * RATE) :], hertz)


def seconds_in(samples: array[int], hertz: int, share: float = 0.5) -> float:
    """How long at least this share of the power is the tone's."""
    blocks = [samples[at : at + _BLOCK] for at in range(0, len(samples) - _BLOCK, _BLOCK)]
    return sum(_share(block, hertz) > share for block in blocks) * _BLOCK / RATE


def linear(a_law: bytes) -> array[int]:
    """A-law as samples of 16 bits."""
    return array("h", (_LINEAR[one] for one in a_law))


def _share(block: array[int], hertz: int) -> float:
    """Goertzel: the part of a block's power that is this tone."""
    total = sum(one * one for one in block)
    if total < _BLOCK * 100 * 100:
        return 0.0
    twice, before, last = 2 * cos(2 * pi * hertz / RATE), 0.0, 0.0
    for one in block:
        before, last = last, one + twice * last - before
    power = last * last + before * before - twice * last * before
    return 2 * power / (_BLOCK * total)


def _alaw(sample: int) -> int:
    sign, value = (0x80, sample) if sample >= 0 else (0, -sample - 1)
    value = min(value >> 3, 0xFFF)
    exponent = max(0, value.bit_length() - 5)
    mantissa = (value >> (exponent if exponent else 1)) & 0x0F
    return (sign | (exponent << 4) | mantissa) ^ 0x55


def _straight(a_law: int) -> int:
    value = a_law ^ 0x55
    exponent, mantissa = (value >> 4) & 0x07, value & 0x0F
    size = (mantissa << 4) + 8 if not exponent else ((mantissa << 4) + 0x108) << (exponent - 1)
    return size if value & 0x80 else -size


_LINEAR = [_straight(one) for one in range(256)]
