"""Set-up does what is needed and nothing twice."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from pytest_django import Settings

from siaga.config import preparation
from siaga.config.preparation import apply_profiles, compile_translations

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Fire"
msgstr "Kebakaran"
"""


def test_a_changed_catalogue_is_compiled_and_an_old_one_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "PACKAGE", tmp_path)
    source = tmp_path / "room" / "locale" / "id" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE)
    assert compile_translations() == 1
    assert compile_translations() == 0
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Fire") == "Kebakaran"
    later = source.with_suffix(".mo").stat().st_mtime + 10
    os.utime(source, (later, later))
    assert compile_translations() == 1


def test_profiles_are_applied_again_only_when_one_changed(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIAGA_HOME, settings.PROFILES_DIR = tmp_path, tmp_path / "profiles"
    profile = settings.PROFILES_DIR / "somewhere" / "profile.toml"
    profile.parent.mkdir(parents=True)
    profile.write_text("name = 'one'")
    applied: list[tuple[str, ...]] = []
    monkeypatch.setattr(preparation, "call_command", lambda *words: applied.append(words))
    apply_profiles()
    apply_profiles()
    assert applied == [("regions", "apply", "--yes")]
    profile.write_text("name = 'two'")
    apply_profiles()
    assert len(applied) == 2
