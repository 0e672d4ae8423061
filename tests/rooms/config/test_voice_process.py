"""`siaga voice` where there is nothing to do, and where another does it."""

import fcntl
import threading
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from siaga.config import voice_process
from siaga.config.voice_process import run_voice
from siaga.telephony.hearing import detector
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(voice_process.centre, "home", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("is_installed", "places", "said"),
    [(False, "8", "not installed"), (True, "0", "SIAGA_VOICE_LISTENINGS=0")],
)
def test_without_a_detector_it_says_so_and_ends(
    is_installed: bool, places: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detector, "is_installed", lambda: is_installed)
    monkeypatch.setenv(detector.PLACES, places)
    told = StringIO()
    call_command("voice", stderr=told)
    assert said in told.getvalue()


def test_a_second_one_waits_and_ends_when_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[object] = []
    monkeypatch.setattr(voice_process, "VoiceLine", lambda *given: began.append(given))
    monkeypatch.setattr(voice_process, "STANDBY_SECONDS", 0.01)
    stopping, looks = threading.Event(), list[None]()
    have = voice_process._have

    def watched(lock):  # type: ignore[no-untyped-def]
        looks.append(None)
        return have(lock)

    monkeypatch.setattr(voice_process, "_have", watched)
    with (home / "voice.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = threading.Thread(target=run_voice, args=(1, lambda: None, stopping), daemon=True)
        second.start()
        wait_until(lambda: len(looks) > 2)
        stopping.set()
        wait_until(lambda: not second.is_alive())
    assert began == []
