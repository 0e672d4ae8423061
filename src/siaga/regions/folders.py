"""Profiles on disk: reading folders, checking them, writing them again."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from siaga.regions import national
from siaga.regions.errors import ProfileUnreadable
from siaga.regions.rules.checking import CheckContext, check_profile, check_together
from siaga.regions.rules.findings import Finding, errors_in
from siaga.regions.rules.reading import FILES, LOCAL_TYPES, Reading, read_profile, read_taxonomy
from siaga.regions.rules.writing import write_profile
from siaga.regions.types import Profile, Taxonomy, Value

FILE_BYTES_MAX = 4 * 1024 * 1024


class Folder(Value, frozen=True, kw_only=True):
    """A folder as it was read and checked; `profile` only if nothing forbids applying it."""

    path: str
    profile: Profile | None
    findings: tuple[Finding, ...]


def national_taxonomy() -> Taxonomy:
    """The taxonomy that ships with the program's content, read once."""
    return _taxonomy(Path(settings.CONTENT_DIR) / "taxonomy" / "case_types.toml")


@lru_cache(maxsize=4)
def _taxonomy(path: Path) -> Taxonomy:
    return read_taxonomy(path.read_text(encoding="utf-8"))


def profile_folders() -> list[Path]:
    """Every folder below the configured profiles folder that holds a profile."""
    return sorted(path.parent for path in Path(settings.PROFILES_DIR).glob("*/profile.toml"))


def check_folders(paths: Iterable[Path], *, today: date) -> list[Folder]:
    """Read and check folders, also against each other; findings carry file and line."""
    read = [(path, _read(path)) for path in paths]
    together = check_together(
        {str(path): reading.profile for path, reading in read if reading.profile is not None}
    )
    return [_checked(path, reading, together.get(str(path), ()), today) for path, reading in read]


def write_folder(profile: Profile, folder: Path) -> list[Path]:
    """Write the files of a profile; README.md and anything else in the folder is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = write_profile(profile, national_taxonomy())
    written = []
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    if LOCAL_TYPES not in texts:
        (folder / LOCAL_TYPES).unlink(missing_ok=True)
    return written


def context(today: date) -> CheckContext:
    """What the checks need to know of the world: the day and the national codes."""
    return CheckContext(today=today, area_name=national.name_of, children=national.children_of)


def _read(folder: Path) -> Reading:
    if not folder.is_dir():
        raise ProfileUnreadable(folder=str(folder))
    texts = {}
    for name in (*FILES, LOCAL_TYPES):
        path = folder / name
        if path.is_file() and path.stat().st_size <= FILE_BYTES_MAX:
            texts[name] = path.read_text(encoding="utf-8", errors="replace")
    return read_profile(texts, national_taxonomy())


def _checked(folder: Path, reading: Reading, together: tuple[Finding, ...], today: date) -> Folder:
    findings = list(reading.findings)
    if reading.profile is not None:
        found = (*check_profile(reading.profile, context(today)), *together)
        findings += [reading.placed(one) for one in found]
    usable = reading.profile if not errors_in(findings) else None
    ordered = tuple(sorted(findings, key=lambda one: (one.file, one.line)))
    return Folder(path=str(folder), profile=usable, findings=ordered)
