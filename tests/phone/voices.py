"""What callers let be heard: words by espeak-ng, noise, or nothing at all, at 8 kHz."""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence
from pathlib import Path

from siaga.config.demo.callers import as_alaw
from siaga.telephony.asterisk import prompts, wave
from siaga.telephony.asterisk.installation import Program
from siaga.telephony.asterisk.prompts import Prompt

WORDS = "Tolong, ada kebakaran di dekat pasar. Apinya sudah besar, cepat kirim bantuan ke sini."


def speech(voice: Program, text: str = WORDS) -> Sequence[int]:
    """Somebody speaks Indonesian."""
    said = prompts.say(Prompt(name="citizen", text=text, language="id"), voice)
    return wave.read(wave.for_telephones(said, pause=0.5))[0]


def silence(seconds: float = 10) -> Sequence[int]:
    """A line that is open."""
    return array("h", bytes(2 * int(seconds * wave.RATE)))


def white_noise(seconds: float = 10, loudness: float = 1600) -> Sequence[int]:
    """Rain, wind, a bad line; as loud as words."""
    chance = random.Random(112)
    return array("h", (int(chance.gauss(0, loudness)) for _ in range(int(seconds * wave.RATE))))


def as_file(path: Path, samples: Sequence[int]) -> Path:
    """Raw A-law, as SIPp sends it again and again."""
    path.write_bytes(as_alaw(samples))
    return path
