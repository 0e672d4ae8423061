"""What a version brings along and set-up has to build."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from siaga.config.preparation import (
    built_front_end,
    front_end_is_built,
    stale_translations,
    translations,
)
from siaga.kernel.doctor import Finding, error, examine, warning


@examine("files.front_end", "The front end is built")
def front_end_exists(_now: datetime) -> Iterator[Finding]:
    if not front_end_is_built():
        yield error(
            "files.front_end",
            f"{built_front_end()} is empty; pages would come without style and map.",
            "Run `make setup` in the source folder.",
        )


@examine("files.translations", "All translations are compiled")
def translations_are_compiled(_now: datetime) -> Iterator[Finding]:
    if not any(translations()):
        yield error(
            "files.translations",
            "There is no translation at all.",
            "Install Siaga again.",
        )
    if stale := stale_translations():
        yield warning(
            "files.translations",
            f"{len(stale)} catalogues are not compiled; words would appear in English.",
            "Run `siaga setup`.",
        )


@examine("files.content", "Profiles and guides are found")
def content_is_found(_now: datetime) -> Iterator[Finding]:
    for name, variable in (
        ("PROFILES_DIR", "SIAGA_PROFILES"),
        ("CONTENT_DIR", "SIAGA_CONTENT"),
    ):
        folder = Path(getattr(settings, name))
        if not folder.is_dir() or not any(folder.iterdir()):
            yield error(
                "files.content",
                f"{folder} is missing or empty.",
                f"Set {variable} to the folder.",
            )
