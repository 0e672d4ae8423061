"""Names, languages, roles, policies; and that every sentence exists in both languages. Pure."""

import re
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from siaga.kernel.types import LANGUAGES
from siaga.regions.rules.calendar import DAYPART
from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.findings import Finding, Path, finding
from siaga.regions.types import Profile, Words

ROLES = (
    "call_taker",
    "restricted_call_taker",
    "dispatcher",
    "supervisor",
    "agency_officer",
    "publisher",
    "auditor",
    "administrator",
)
SECOND_FACTOR_ROLES = ("supervisor", "auditor", "administrator")
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_SLUG_LENGTH_MAX = 40
_PREFIX = re.compile(r"^[A-Z]{2,5}$")
_REGION_CODE = re.compile(r"^\d\d\.\d\d$")
_PLACE = re.compile(r"\{(\w+)\}")
_YEAR_DAYS = 365
_LIMITS = {
    ("retention", "recordings_days"): (1, 10 * _YEAR_DAYS),
    ("retention", "media_days"): (1, 10 * _YEAR_DAYS),
    ("retention", "noise_days"): (1, 10 * _YEAR_DAYS),
    ("retention", "reports_days"): (30, 30 * _YEAR_DAYS),
    ("nuisance", "flag_after"): (2, 100),
    ("nuisance", "window_hours"): (1, 168),
    ("nuisance", "half_life_hours"): (1, 168),
    ("nuisance", "expires_after_hours"): (1, 24),
    ("nuisance", "hard_block_hours_max"): (1, 24),
    ("verification", "consistency_questions"): (0, 5),
}


def check(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    """Findings about who the region is and what it says."""
    yield from _region(profile, context)
    yield from _roles(profile)
    yield from _policies(profile)
    yield from _channels(profile)
    yield from _words(profile, ())
    yield from _greeting(profile)


def _region(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    region = profile.region
    if not _SLUG.match(region.id) or len(region.id) > _SLUG_LENGTH_MAX:
        yield finding("bad_slug", ("region", "id"), value=region.id)
    if not _PREFIX.match(region.prefix):
        yield finding("bad_prefix", ("region", "prefix"), value=region.prefix)
    if not _is_zone(region.timezone):
        yield finding("bad_timezone", ("region", "timezone"), value=region.timezone)
    if not _REGION_CODE.match(region.code) or context.area_name(region.code) is None:
        yield finding("unknown_region_code", ("region", "code"), value=region.code)
    for language in LANGUAGES:
        if language not in region.languages:
            yield finding("missing_language", ("region", "languages"), language=language)
    for index, other in enumerate(region.neighbors):
        if context.area_name(other.code) is None:
            path = ("region", "neighbors", index, "code")
            yield finding("unknown_region_code", path, value=other.code)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return "/" in name


def _roles(profile: Profile) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, setting in enumerate(profile.roles):
        path = ("roles", index, "role")
        if setting.role not in ROLES:
            yield finding("unknown_role", path, value=setting.role, choices=", ".join(ROLES))
        if setting.role in seen:
            yield finding("duplicate_code", path, value=setting.role)
        seen.add(setting.role)
        if setting.role in SECOND_FACTOR_ROLES and not setting.second_factor:
            yield finding("second_factor_required", ("roles", index), value=setting.role)


def _policies(profile: Profile) -> Iterator[Finding]:
    for path, (low, high) in _LIMITS.items():
        value = getattr(getattr(profile, path[0]), path[1])
        if not low <= value <= high:
            yield finding("bad_policy", path, field=path[1], value=value, low=low, high=high)


def _channels(profile: Profile) -> Iterator[Finding]:
    seen = set()
    for index, setting in enumerate(profile.channels):
        if setting.channel in seen:
            path = ("channels", index, "channel")
            yield finding("duplicate_code", path, value=setting.channel.value)
        seen.add(setting.channel)


def _words(value: Any, path: Path) -> Iterator[Finding]:
    """Walk the whole profile: no empty sentence, the same places in both languages."""
    if isinstance(value, Words):
        yield from _one_sentence(value, path)
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            # The national taxonomy has a test of its own.
            if field != "taxonomy":
                yield from _words(getattr(value, field), (*path, field))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _words(item, (*path, index))


def _one_sentence(words: Words, path: Path) -> Iterator[Finding]:
    said = {language: getattr(words, language) for language in LANGUAGES}
    for language, text in said.items():
        if not text.strip():
            yield finding("missing_translation", (*path, language), language=language)
    wanted = {name for text in said.values() for name in _PLACE.findall(text)}
    for language, text in said.items():
        for name in sorted(wanted - set(_PLACE.findall(text))):
            yield finding("placeholder", (*path, language), name=name, language=language)


def _greeting(profile: Profile) -> Iterator[Finding]:
    name = DAYPART.strip("{}")
    template = profile.greeting.template
    if DAYPART not in template.id and DAYPART not in template.en:
        for language in LANGUAGES:
            path = ("greeting", "template", language)
            yield finding("placeholder", path, name=name, language=language)
    starts = [part.starts for part in profile.greeting.day_parts]
    twice = sorted({one.isoformat("minutes") for one in starts if starts.count(one) > 1})
    if not starts or twice:
        yield finding("day_part", ("greeting", "day_parts"), value=", ".join(twice) or "—")
