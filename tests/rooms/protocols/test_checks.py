"""The system check: errors stop the start, a changed signature only warns."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core import checks

from siaga.protocols.checks import content_is_whole


def test_the_shipped_content_passes() -> None:
    assert content_is_whole(None) == []


def test_a_broken_guide_is_an_error_with_file_and_cure(settings: Any, tmp_path: Path) -> None:
    shutil.copytree(django_settings.CONTENT_DIR, tmp_path / "content")
    settings.CONTENT_DIR = tmp_path / "content"
    (tmp_path / "content/protocols/flood/text.en.toml").unlink()
    (tmp_path / "content/notices/text.en.toml").write_text("received = 5")
    messages = content_is_whole(None)
    assert {message.id for message in messages} == {"protocols.E001", "protocols.E002"}
    assert all(isinstance(message, checks.Error) and message.hint for message in messages)
    assert any("flood/text.en.toml" in message.msg for message in messages)


def test_changed_words_of_signed_advice_are_a_warning(settings: Any, tmp_path: Path) -> None:
    shutil.copytree(django_settings.CONTENT_DIR, tmp_path / "content")
    settings.CONTENT_DIR = tmp_path / "content"
    path = tmp_path / "content/protocols/flood/protocol.toml"
    signed = path.read_text().replace('approver = ""', 'approver = "dr. Wulan"', 1)
    signed = signed.replace('approved_at = ""', 'approved_at = "2026-01-05"', 1)
    path.write_text(signed.replace('review_by = ""', 'review_by = "2027-01-05"', 1))
    (message,) = content_is_whole(None)
    assert isinstance(message, checks.Warning)
    assert message.id == "protocols.W001"
