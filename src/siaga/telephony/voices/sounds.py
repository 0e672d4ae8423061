"""Any sound that a browser or a studio gives becomes one that telephones play. Pure."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from siaga.telephony.asterisk import wave
from siaga.telephony.voices.errors import NotASound, Silence, TooLong

SECONDS_MAX = 60
_AUDIBLE = 500
"""Of 32767; a room's noise is below it."""


def for_telephones(data: bytes, *, pause: float) -> bytes:
    """8 kHz, mono, 16 bits, trimmed and evened, with the pause after it.

    Raises NotASound, Silence, TooLong.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate = int(file.samplerate)
            if rate < 1 or file.frames > SECONDS_MAX * rate:
                raise TooLong(seconds=SECONDS_MAX)
            sound = file.read(dtype="int16", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError, ValueError, TypeError):
        raise NotASound from None
    mono = sound.astype(np.int32).mean(axis=1).astype(np.int16) if len(sound) else sound
    if not len(mono) or int(np.abs(mono.astype(np.int32)).max()) < _AUDIBLE:
        raise Silence
    return wave.from_samples(mono.tolist(), rate, pause=pause)
