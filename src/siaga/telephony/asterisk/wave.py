"""Speech for telephones: 8000 samples a second, without the silence at both ends. Pure."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Sequence
from functools import lru_cache
from math import cos, gcd, pi, sin
from operator import mul

RATE = 8000
_CUTOFF = 0.92
"""Of half the lower rate; above it telephones hear nothing."""
_REACH = 10
"""Zero crossings of the filter on each side."""
_QUIET = 200
_MARGIN_SECONDS = 0.08
_PEAK = 0.7 * 32767


def read(data: bytes) -> tuple[Sequence[int], int]:
    """Samples and rate of a mono 16-bit WAV; the header's length is not believed."""
    with wave.open(io.BytesIO(data)) as file:
        if file.getnchannels() != 1 or file.getsampwidth() != 2:
            raise ValueError("not mono with 16 bits")
        rate = file.getframerate()
    samples = array("h")
    body = data[44:]
    samples.frombytes(body[: len(body) // 2 * 2])
    return samples, rate


def write(samples: Sequence[int]) -> bytes:
    """A mono 16-bit WAV of 8 kHz."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array("h", samples).tobytes())
    return out.getvalue()


def for_telephones(data: bytes, *, pause: float) -> bytes:
    """espeak-ng's WAV as Asterisk plays it, with a pause after the words."""
    samples, rate = read(data)
    return from_samples(samples, rate, pause=pause)


def from_samples(samples: Sequence[int], rate: int, *, pause: float) -> bytes:
    """The same from bare samples of one channel."""
    spoken = _louder(_resampled(_trimmed(samples, rate), rate))
    return write([*spoken, *([0] * int(pause * RATE))])


def seconds(data: bytes) -> float:
    """How long a WAV of 8 kHz lasts."""
    return (len(data) - 44) / 2 / RATE


def _trimmed(samples: Sequence[int], rate: int) -> Sequence[int]:
    loud = [index for index, one in enumerate(samples) if abs(one) > _QUIET]
    if not loud:
        return samples
    margin = int(_MARGIN_SECONDS * rate)
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]


def _louder(samples: list[float]) -> list[int]:
    factor = _PEAK / max(1.0, *(abs(one) for one in samples)) if samples else 1.0
    return [int(one * factor) for one in samples]


def _resampled(samples: Sequence[int], rate: int) -> list[float]:
    """Windowed sinc, one kernel for each phase that can occur."""
    divisor = gcd(rate, RATE)
    up, down = RATE // divisor, rate // divisor
    kernels, half = _kernels(up, down)
    padded = [0] * half + list(samples) + [0] * (half + 1)
    found = []
    for index in range(len(samples) * up // down):
        start, phase = divmod(index * down, up)
        found.append(sum(map(mul, kernels[phase], padded[start : start + 2 * half + 1])))
    return found


@lru_cache(maxsize=4)
def _kernels(up: int, down: int) -> tuple[list[list[float]], int]:
    cutoff = _CUTOFF * min(1.0, up / down)
    half = int(_REACH / cutoff) + 1
    kernels = []
    for phase in range(up):
        places = [offset - phase / up for offset in range(-half, half + 1)]
        raw = [_sinc(cutoff * at) * (0.5 + 0.5 * cos(pi * at / (half + 1))) for at in places]
        total = sum(raw)
        kernels.append([one / total for one in raw])
    return kernels, half


def _sinc(at: float) -> float:
    return 1.0 if abs(at) < 1e-9 else sin(pi * at) / (pi * at)
