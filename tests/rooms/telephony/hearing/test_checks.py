"""What the doctor says of the voice detector."""

from datetime import datetime

import pytest

from siaga.journal.heartbeats import beat
from siaga.kernel.doctor import Level
from siaga.telephony.hearing import checks, detector

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asterisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(detector.PLACES, raising=False)
    monkeypatch.setattr(checks, "find_asterisk", lambda home: object())
    monkeypatch.setattr(checks, "is_booted", lambda site: True)
    monkeypatch.setattr(checks.centre, "site_of", lambda plans, installation, *, write: None)
    monkeypatch.setattr(checks.detector, "is_installed", lambda: True)


def cures(now: datetime) -> list[str]:
    found = list(checks.voice_is_listened_for(now))
    assert all(finding.level is Level.WARNING for finding in found)
    return [finding.cure for finding in found]


def test_a_detector_that_is_not_alive_is_a_warning_until_it_beats(now: datetime) -> None:
    assert ["siaga-voice.service" in cure for cure in cures(now)] == [True]
    beat("voice", now=now)
    assert cures(now) == []


def test_a_detector_that_is_not_installed_is_told_with_its_cure(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks.detector, "is_installed", lambda: False)
    assert ["requirements/voice.txt" in cure for cure in cures(now)] == [True]


def test_nothing_is_said_where_nobody_rings_or_it_is_turned_off(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(detector.PLACES, "0")
    assert cures(now) == []
    monkeypatch.delenv(detector.PLACES)
    monkeypatch.setattr(checks, "is_booted", lambda site: False)
    assert cures(now) == []
