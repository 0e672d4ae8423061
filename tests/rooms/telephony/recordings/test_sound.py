"""Legs with any header become one stereo FLAC with both voices where they belong."""

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from siaga.telephony.recordings import legs, sound
from siaga.telephony.recordings.legs import BadLeg
from tests.rooms.telephony.recordings.plain import RATE, leg, silence, tone

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def decoded(made: sound.Sound) -> np.ndarray:
    samples, rate = soundfile.read(io.BytesIO(made.flac), dtype="int16")
    assert rate == RATE
    return samples


@pytest.mark.parametrize("length", [None, 0, 5, 0xFFFFFFFF])
def test_the_header_is_not_believed(tmp_path: Path, length: int | None) -> None:
    samples = tone(440, 1)
    found = legs.read(leg(tmp_path, "a", samples, length=length, at=AT))
    assert (found.frames, found.rate) == (len(samples), RATE)
    assert found.header_fits == (length is None)


def test_a_first_block_of_zeros_is_read_as_what_asterisk_writes(tmp_path: Path) -> None:
    path = leg(tmp_path, "a", tone(440, 1), at=AT)
    raw = bytearray(path.read_bytes())
    raw[:44] = bytes(44)
    path.write_bytes(raw)
    found = legs.read(path)
    assert (found.start, found.frames, found.header_fits) == (44, RATE, False)


@pytest.mark.parametrize("raw", [b"x" * 100, b"RIFF0000WAVELIST\x02\x00\x00\x00ab" + b"1" * 60])
def test_what_is_no_sound_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(raw)
    with pytest.raises(BadLeg):
        legs.read(tmp_path / "a.wav")


def test_only_a_calls_own_files_are_found(tmp_path: Path) -> None:
    for name in ("siaga1-17.3", "siaga1-17.3-in", "siaga1-17.30"):
        leg(tmp_path, name, silence(0.1), at=AT)
    assert set(legs.files_of(tmp_path, "siaga1-17.3")) == {"mixed", "said"}
    assert legs.files_of(tmp_path, "../siaga1-17.3") == {}
    assert set(legs.linked_ids(tmp_path)) == {"siaga1-17.3", "siaga1-17.30"}


def test_the_citizen_is_left_the_centre_right_and_nothing_is_lost(tmp_path: Path) -> None:
    said, heard = tone(440, 2), tone(880, 3)
    made = sound.stereo(
        legs.read(leg(tmp_path, "a-in", said, at=AT)),
        legs.read(leg(tmp_path, "a-out", heard, at=AT)),
    )
    samples = decoded(made)
    assert made.seconds == 3
    assert samples[: len(said), 0].tolist() == list(said)
    assert not samples[len(said) :, 0].any()
    assert samples[:, 1].tolist() == list(heard)
    assert 1.9 < made.sound_seconds <= 2.01


def test_a_missing_leg_is_silence_and_a_silent_caller_is_known(tmp_path: Path) -> None:
    made = sound.stereo(None, legs.read(leg(tmp_path, "a-out", tone(880, 1), at=AT)))
    assert not decoded(made)[:, 0].any()
    assert made.sound_seconds == 0
    assert not any(made.peaks[::2]) and max(made.peaks[1::2]) > 50


@given(frames=st.integers(1, 70_000), left=st.integers(0, 32_767))
def test_peaks_are_few_and_as_high_as_the_sound(
    tmp_path_factory: pytest.TempPathFactory, frames: int, left: int
) -> None:
    samples = silence(frames / RATE + 1)[:frames]
    samples[frames // 2] = -left
    path = leg(tmp_path_factory.getbasetemp(), "p-in", samples, at=AT)
    made = sound.stereo(legs.read(path), None)
    assert len(made.peaks) % 2 == 0 and 2 <= len(made.peaks) <= 2 * sound.PEAKS_MAX
    assert max(made.peaks[::2]) == left >> 7
    assert len(decoded(made)) == frames
