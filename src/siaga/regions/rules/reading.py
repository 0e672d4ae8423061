"""From the texts of a folder to a frozen profile, or to a list of everything wrong. Pure."""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from enum import Enum
from typing import Any, get_args, get_origin

import msgspec

from siaga.regions.rules.findings import Finding, Path, finding
from siaga.regions.rules.locating import line_of, locate
from siaga.regions.types import CaseGroup, CaseType, Mandate, Profile, Taxonomy, Value

FILES: dict[str, tuple[str, ...]] = {
    "profile.toml": (
        "region",
        "brand",
        "greeting",
        "hours",
        "office_hours",
        "channels",
        "scope",
        "verification",
        "clocks",
        "complaints",
        "roles",
        "retention",
        "nuisance",
        "phone",
    ),
    "agencies.toml": ("agencies",),
    "routing.toml": ("routing",),
    "shifts.toml": ("shifts",),
    "areas.toml": ("areas", "landmarks"),
    "holidays.toml": ("holidays",),
}
LOCAL_TYPES = "types.toml"
"""The only optional file: a region's own case types, on top of the national taxonomy."""

_FIELD_TYPES = {field.name: field.type for field in msgspec.structs.fields(Profile)}
_REQUIRED = {field.name for field in msgspec.structs.fields(Profile) if field.required}
_RETRIES_MAX = 30
_UNKNOWN = re.compile(r"^Object contains unknown field `(.+?)`")
_MISSING = re.compile(r"^Object missing required field `(.+?)`")
_WORD = re.compile(r"^Invalid enum value '?(.*?)'?(?: - at|$)")
_AT = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]")


class Reading(Value, frozen=True, kw_only=True):
    """What a folder says; `profile` is None when something could not be read at all."""

    profile: Profile | None
    findings: tuple[Finding, ...]
    lines: dict[Path, tuple[str, int]]
    """File and line of every path, to place the findings of later checks."""

    def placed(self, one: Finding) -> Finding:
        """The finding with the file and line where its path stands."""
        for length in range(len(one.path), 0, -1):
            if one.path[:length] in self.lines:
                file, line = self.lines[one.path[:length]]
                return msgspec.structs.replace(one, file=file, line=line)
        name = next((n for n, keys in FILES.items() if one.path[:1] and one.path[0] in keys), "")
        return msgspec.structs.replace(one, file=name or "profile.toml", line=1)


def read_profile(texts: Mapping[str, str], national: Taxonomy) -> Reading:
    """Parse and type every file; semantic checks come later and need a whole profile."""
    findings: list[Finding] = []
    lines: dict[Path, tuple[str, int]] = {}
    values: dict[str, Any] = {}
    for name, keys in FILES.items():
        if name not in texts:
            findings.append(_at(finding("missing_file", (), name=name), name, 1))
            continue
        found = _read_file(name, texts[name], keys, lines)
        values |= found[0]
        findings += found[1]
    taxonomy = national
    if LOCAL_TYPES in texts:
        taxonomy, more = _with_local_types(texts[LOCAL_TYPES], national, lines)
        findings += more
    for key in sorted(_REQUIRED - values.keys() - {"taxonomy"}):
        name = next(n for n, keys in FILES.items() if key in keys)
        if name in texts and not any(one.path[:1] == (key,) for one in findings):
            problem = finding("missing_section", (key,), key=key, name=name)
            findings.append(_at(problem, name, 1))
    broken = any(one.severity == "error" for one in findings)
    profile = None if broken else Profile(**values, taxonomy=taxonomy)
    return Reading(profile=profile, findings=tuple(findings), lines=lines)


def read_taxonomy(text: str) -> Taxonomy:
    """The national taxonomy; it is part of the program's content and must be right."""
    raw = tomllib.loads(text)
    return msgspec.convert(
        {
            "version": raw["version"],
            "mandates": raw["mandate"],
            "groups": raw["group"],
            "types": [{**one, "source": "national"} for one in raw["type"]],
        },
        Taxonomy,
    )


def merge_types(national: Taxonomy, local: Taxonomy) -> Taxonomy:
    """The local mandates, groups and types on top; an equal code replaces."""
    return Taxonomy(
        version=national.version,
        mandates=_merged(national.mandates, local.mandates),
        groups=_merged(national.groups, local.groups),
        types=_merged(national.types, local.types),
    )


def _merged(below: tuple[Any, ...], above: tuple[Any, ...]) -> tuple[Any, ...]:
    by_code = {one.code: one for one in below}
    by_code.update({one.code: one for one in above})
    return tuple(by_code.values())


def _read_file(
    name: str, text: str, keys: tuple[str, ...], lines: dict[Path, tuple[str, int]]
) -> tuple[dict[str, Any], list[Finding]]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        return {}, [_syntax(name, str(broken))]
    here = locate(text)
    lines.update({path: (name, line) for path, line in here.items()})
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for key, value in raw.items():
        if key not in keys:
            findings.append(_unknown((key,), key, keys))
            continue
        typed, problems = convert(value, _FIELD_TYPES[key], (key,))
        findings += problems
        if not problems:
            values[key] = typed
    return values, [_at(one, name, line_of(here, one.path)) for one in findings]


def _with_local_types(
    text: str, national: Taxonomy, lines: dict[Path, tuple[str, int]]
) -> tuple[Taxonomy, list[Finding]]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        return national, [_syntax(LOCAL_TYPES, str(broken))]
    here = locate(text)
    shelves: dict[str, Any] = {
        "mandate": tuple[Mandate, ...],
        "group": tuple[CaseGroup, ...],
        "type": tuple[CaseType, ...],
    }
    found: dict[str, tuple[Any, ...]] = dict.fromkeys(shelves, ())
    findings: list[Finding] = []
    for key, value in raw.items():
        if key not in shelves:
            findings.append(_unknown((key,), key, tuple(shelves)))
            continue
        typed, problems = convert(value, shelves[key], (key,))
        findings += problems or _repeated(key, typed)
        if not problems:
            found[key] = typed
    lines.update({("types.toml", *path): (LOCAL_TYPES, line) for path, line in here.items()})
    local = Taxonomy(
        version="", mandates=found["mandate"], groups=found["group"], types=found["type"]
    )
    placed = [_at(one, LOCAL_TYPES, line_of(here, one.path)) for one in findings]
    return merge_types(national, local), placed


def _repeated(key: str, items: tuple[Any, ...]) -> list[Finding]:
    seen: set[str] = set()
    problems = []
    for index, item in enumerate(items):
        if item.code in seen:
            problems.append(finding("duplicate_code", (key, index, "code"), value=item.code))
        seen.add(item.code)
    return problems


def convert(value: Any, wanted: Any, path: Path) -> tuple[Any, list[Finding]]:
    """A typed value, or every finding in it; arrays element by element so that all are told."""
    arguments = get_args(wanted)
    if get_origin(wanted) is tuple and isinstance(value, list) and arguments[-1] is Ellipsis:
        items = [convert(item, arguments[0], (*path, i)) for i, item in enumerate(value)]
        problems = [problem for _, found in items for problem in found]
        return tuple(item for item, _ in items), problems
    problems = []
    for _ in range(_RETRIES_MAX):
        try:
            return msgspec.convert(value, wanted), problems
        except msgspec.ValidationError as wrong:
            problem, value = _explained(str(wrong), value, wanted, path)
            problems.append(problem)
            if problem.code != "unknown_key":
                break
    return None, problems


def _explained(reason: str, value: Any, wanted: Any, path: Path) -> tuple[Finding, Any]:
    at = _AT.search(reason)
    inner = _inner_path(at.group(1)) if at else ()
    whole = path + inner
    if unknown := _UNKNOWN.match(reason):
        key = unknown.group(1)
        known = _known_keys(wanted, inner)
        return _unknown((*whole, key), key, known), _without(value, inner, key)
    if missing := _MISSING.match(reason):
        key = missing.group(1)
        holder = _dig(value, inner)
        if key in ("id", "en") and isinstance(holder, dict) and set(holder) <= {"id", "en"}:
            return finding("missing_translation", (*whole, key), language=key), value
        return finding("missing_key", (*whole, key), key=key), value
    if word := _WORD.match(reason):
        choices = ", ".join(_choices(wanted, inner)) or "—"
        return finding("wrong_word", whole, value=word.group(1), choices=choices), value
    return finding("wrong_type", whole, reason=_AT.sub("", reason).replace("`", "")), value


def _inner_path(text: str) -> Path:
    return tuple(name or int(index) for name, index in _STEP.findall(text))


def _type_at(wanted: Any, inner: Path) -> Any:
    for step in inner:
        wanted = _plain(wanted)
        if isinstance(step, int):
            wanted = (get_args(wanted) or (Any,))[0]
        elif isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            fields = {field.encode_name: field.type for field in msgspec.structs.fields(wanted)}
            wanted = fields.get(step, Any)
    return _plain(wanted)


def _plain(wanted: Any) -> Any:
    options = [one for one in get_args(wanted) if one is not type(None)]
    optional = type(None) in get_args(wanted)
    return options[0] if optional and len(options) == 1 else wanted


def _known_keys(wanted: Any, inner: Path) -> tuple[str, ...]:
    struct = _type_at(wanted, inner)
    if isinstance(struct, type) and issubclass(struct, msgspec.Struct):
        return tuple(field.encode_name for field in msgspec.structs.fields(struct))
    return ()


def _choices(wanted: Any, inner: Path) -> tuple[str, ...]:
    kind = _type_at(wanted, inner)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(member.value) for member in kind)
    return tuple(str(one) for one in get_args(kind))


def _dig(value: Any, inner: Path) -> Any:
    for step in inner:
        value = value[step]
    return value


def _without(value: Any, inner: Path, key: str) -> Any:
    if not inner:
        return {name: item for name, item in value.items() if name != key}
    step, rest = inner[0], inner[1:]
    if isinstance(step, int):
        changed = list(value)
        changed[step] = _without(value[step], rest, key)
        return changed
    return {**value, step: _without(value[step], rest, key)}


def _unknown(path: Path, key: str, known: tuple[str, ...]) -> Finding:
    near = get_close_matches(key, known, n=1)
    return finding("unknown_key", path, key=key, hint=f" ({near[0]}?)" if near else "")


def _syntax(name: str, reason: str) -> Finding:
    place = re.search(r"at line (\d+)", reason)
    line = int(place.group(1)) if place else 1
    return _at(finding("syntax", (), reason=reason), name, line)


def _at(one: Finding, file: str, line: int) -> Finding:
    return msgspec.structs.replace(one, file=file, line=line)
