"""The regions: their folders right, and in force as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from siaga.kernel.doctor import DATABASE, Finding, error, examine, warning
from siaga.regions import folders, queries
from siaga.regions.rules.findings import errors_in
from siaga.regions.services.applying import digest_of, last_folder_digest

TOLD_MAX = 3


@examine("profiles.right", "Every profile folder is right")
def profiles_are_right(now: datetime) -> Iterator[Finding]:
    for folder in folders.check_folders(folders.profile_folders(), today=now.date()):
        mistakes = errors_in(folder.findings)
        if mistakes:
            name = Path(folder.path).name
            yield error(
                "profiles.right",
                f"{len(mistakes)} mistakes in {name}: "
                + " | ".join(mistake.said_in("en") for mistake in mistakes[:TOLD_MAX]),
                f"Mend the files; `siaga regions check {folder.path}` names every mistake.",
            )


@examine("profiles.applied", "The profiles are in force as they are written", needs=DATABASE)
def profiles_are_applied(now: datetime) -> Iterator[Finding]:
    known = queries.region_ids()
    if not known:
        yield error(
            "profiles.applied", "There is no region at all.", "Run `siaga regions apply FOLDER`."
        )
    for folder in folders.check_folders(folders.profile_folders(), today=now.date()):
        profile = folder.profile
        if profile is None or profile.region.id not in known:
            continue
        if last_folder_digest(profile.region.id) != digest_of(profile):
            yield warning(
                "profiles.applied",
                f"{folder.path} was changed since it was applied.",
                f"Run `siaga regions apply {folder.path}`.",
            )
