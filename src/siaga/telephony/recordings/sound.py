"""Two legs become one stereo FLAC: the citizen on the left, the centre on the right.

FLAC, because a recording may become evidence: nothing of what Asterisk wrote is lost, and silence
costs nearly nothing.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import soundfile
from numpy.typing import NDArray

from siaga.telephony.recordings.legs import BadLeg, Leg

PEAKS_MAX = 400
"""Steps of the drawn wave."""
LOUD = 256
"""Mean of a moment's samples from which on something is to be heard; as TALK_DETECT has it."""
_MOMENT_PER_SECOND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A whole call as one file; `peaks` are the loudest samples, left and right in turn, 0…255."""

    flac: bytes
    sha256: str
    seconds: float
    peaks: bytes
    sound_seconds: float
    """For how long anything at all came from the citizen."""


def stereo(left: Leg | None, right: Leg | None) -> Sound:
    """Raises BadLeg when the legs do not belong together. A leg that is missing is silence."""
    legs = [leg for leg in (left, right) if leg is not None]
    if not legs or len({leg.rate for leg in legs}) != 1:
        raise BadLeg("nothing to join, or legs of several rates")
    rate, frames = legs[0].rate, max(leg.frames for leg in legs)
    out, peaks, loud = io.BytesIO(), bytearray(), 0
    moment = rate // _MOMENT_PER_SECOND
    with soundfile.SoundFile(
        out, "w", samplerate=rate, channels=2, format="FLAC", subtype="PCM_16"
    ) as file:
        for block in _blocks(left, right, frames, moment):
            file.write(block)
            peaks += _peaks(block)
            loud += _loud_moments(block[:, 0], moment)
    data = out.getvalue()
    return Sound(
        flac=data,
        sha256=hashlib.sha256(data).hexdigest(),
        seconds=frames / rate,
        peaks=bytes(peaks),
        sound_seconds=loud / _MOMENT_PER_SECOND,
    )


def _blocks(
    left: Leg | None, right: Leg | None, frames: int, moment: int
) -> Iterator[NDArray[np.int16]]:
    """The call in at most PEAKS_MAX parts, each a whole number of moments long."""
    step = max(-(-frames // (PEAKS_MAX * moment)), 1) * moment
    with ExitStack() as opened:
        sources = [
            (leg, opened.enter_context(leg.path.open("rb"))) if leg else None
            for leg in (left, right)
        ]
        for first in range(0, frames, step):
            count = min(step, frames - first)
            block = np.zeros((count, 2), np.int16)
            for side, source in enumerate(sources):
                if source is not None:
                    leg, file = source
                    heard = np.frombuffer(leg.samples(file, first, count), "<i2")
                    block[: len(heard), side] = heard
            yield block


def _peaks(block: NDArray[np.int16]) -> bytes:
    loudest = np.abs(block.astype(np.int32)).max(axis=0) >> 7
    return bytes(int(min(one, 255)) for one in loudest)


def _loud_moments(samples: NDArray[np.int16], moment: int) -> int:
    whole = samples[: len(samples) // moment * moment].astype(np.int32)
    means = np.abs(whole.reshape(-1, moment)).mean(axis=1)
    return int((means > LOUD).sum())
