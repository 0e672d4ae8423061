"""The four reference profiles as the tests read them, and ways to break a copy."""

from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import settings

from siaga.regions import folders
from siaga.regions.rules.checking import check_profile
from siaga.regions.rules.findings import Finding
from siaga.regions.rules.reading import FILES, read_profile
from siaga.regions.types import Profile

PROFILES = Path(__file__).parents[3] / "profiles"
REGIONS = ("banyuwangi", "kota-pekalongan", "jombang", "banyuasin")
TODAY = date(2026, 11, 21)
UNHURRIED = settings(deadline=None, max_examples=60)
"""The box may be busy; what is asked here is right or wrong, not fast."""

WIB = ZoneInfo("Asia/Jakarta")


def texts_of(slug: str) -> dict[str, str]:
    """The files of a profile."""
    return {name: (PROFILES / slug / name).read_text() for name in FILES}


@lru_cache
def profile_of(slug: str) -> Profile:
    """A reference profile, as it is in the folder."""
    reading = read_profile(texts_of(slug), folders.national_taxonomy())
    assert reading.profile is not None, reading.findings
    return reading.profile


def findings_of(texts: dict[str, str], today: date = TODAY) -> list[Finding]:
    """What reading and checking these files finds, with file and line."""
    reading = read_profile(texts, folders.national_taxonomy())
    found = list(reading.findings)
    if reading.profile is not None:
        later = check_profile(reading.profile, folders.context(today))
        found += [reading.placed(one) for one in later]
    return found


def at(text: str, zone: ZoneInfo = WIB) -> datetime:
    """``2026-11-21 00:30`` on a wall clock in Java, as the moment it is."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
