"""Refuse to start without the taxonomy, or with one that is wrong."""

from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from siaga.regions import folders


@register("siaga")
def the_taxonomy_is_readable(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Everything that is reported has a type; without the list nothing can be classified."""
    try:
        folders.national_taxonomy()
    except (OSError, KeyError, ValueError, msgspec.ValidationError) as wrong:
        return [
            Error(
                f"The national taxonomy cannot be read: {wrong}.",
                hint="SIAGA_CONTENT must name the content folder of this version.",
                id="siaga.E101",
            )
        ]
    return []


@register("siaga")
def the_profiles_folder_is_there(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Profiles live in the database once applied, so an absent folder is only worth a word."""
    if Path(settings.PROFILES_DIR).is_dir():
        return []
    return [
        CheckWarning(
            f"The profiles folder {settings.PROFILES_DIR} does not exist.",
            hint="Set SIAGA_PROFILES, or write one with `siaga regions export REGION DIR`.",
            id="siaga.W101",
        )
    ]
