"""What of the telephone `siaga run` starts."""

import subprocess

import pytest

from siaga.config import telephone
from siaga.telephony.hearing import detector


@pytest.fixture(autouse=True)
def asterisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there, and not yet running."""
    monkeypatch.delenv("SIAGA_NO_PHONE", raising=False)
    monkeypatch.delenv(detector.PLACES, raising=False)
    monkeypatch.setattr(telephone.centre, "plans_in_force", lambda: [object()])
    monkeypatch.setattr(telephone, "find_asterisk", lambda home: object())
    monkeypatch.setattr(telephone.centre, "site_of", lambda plans, installation: None)
    monkeypatch.setattr(telephone, "is_booted", lambda site: False)
    monkeypatch.setattr(telephone.detector, "is_installed", lambda: True)


def started() -> list[str]:
    return [program.name for program in telephone.phone_programs("127.0.0.1", 8112)]


def test_the_voice_detector_is_started_where_it_is_installed_and_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert started() == ["asterisk", "phone", "calllog", "voice"]
    monkeypatch.setenv(detector.PLACES, "0")
    assert started() == ["asterisk", "phone", "calllog"]
    monkeypatch.delenv(detector.PLACES)
    monkeypatch.setattr(telephone.detector, "is_installed", lambda: False)
    assert started() == ["asterisk", "phone", "calllog"]


def test_without_a_telephone_nothing_of_it_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIAGA_NO_PHONE", "1")
    assert started() == []


@pytest.mark.parametrize("trouble", [None, subprocess.TimeoutExpired("siaga", 60)])
def test_an_asterisk_with_a_unit_of_its_own_is_told_what_changed_and_not_started_again(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception | None
) -> None:
    told: list[str] = []

    def run(command: list[str], **_: object) -> None:
        told.append(" ".join(command[-2:]))
        if trouble:
            raise trouble

    monkeypatch.setattr(telephone.subprocess, "run", run)
    monkeypatch.setattr(telephone, "is_booted", lambda site: True)
    assert started() == ["phone", "calllog", "voice"]
    assert told == ["phone render"]
