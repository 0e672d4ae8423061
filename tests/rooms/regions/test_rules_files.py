"""Profiles as files: lines, reading, writing, and what differs."""

import string
import tomllib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.kernel.types import Urgency
from siaga.regions import folders
from siaga.regions.rules.differing import differences
from siaga.regions.rules.findings import dotted
from siaga.regions.rules.locating import line_of, locate
from siaga.regions.rules.reading import read_profile
from siaga.regions.rules.writing import write_profile
from siaga.regions.types import (
    Agency,
    AgencyContact,
    AgencyKind,
    CaseType,
    Holiday,
    Landmark,
    Profile,
    RoutingRule,
    Schedule,
    ScopeDecision,
    ScopeRule,
    Words,
)
from tests.rooms.regions.given import REGIONS, UNHURRIED, profile_of, texts_of

NATIONAL = folders.national_taxonomy()
# Anything people may paste: quotes, backslashes, line breaks, brackets, other scripts.
TEXT = st.text(min_size=1, max_size=60)
CODE = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=20)
WORDS = st.builds(Words, id=TEXT, en=TEXT)
SCHEDULES = st.builds(Schedule)
AGENCIES = st.builds(
    Agency,
    code=CODE,
    name=WORDS,
    short_name=TEXT,
    kind=st.sampled_from(AgencyKind),
    mandates=st.tuples(CODE, CODE),
    duty=SCHEDULES,
    contacts=st.lists(st.builds(AgencyContact, name=TEXT, address=TEXT), max_size=3).map(tuple),
    agreement=st.none(),
    clocks=st.just(()),
    units=st.none() | st.integers(0, 9),
)
RULES = st.builds(RoutingRule, code=CODE, lead=st.tuples(CODE), reason=WORDS, when=st.none())
SCOPES = st.builds(ScopeRule, decision=st.sampled_from(ScopeDecision), sentence=WORDS)
HOLIDAYS = st.builds(Holiday, name=WORDS)
LANDMARKS = st.builds(
    Landmark,
    name=TEXT,
    area=CODE,
    aliases=st.lists(TEXT, max_size=4).map(tuple),
    lat=st.none() | st.floats(-11, 6),
    lng=st.none() | st.floats(95, 141),
)
TYPES = st.builds(
    CaseType,
    code=CODE,
    name=WORDS,
    lead=st.tuples(CODE),
    range=st.just((Urgency.P1, Urgency.P5)),
    icon=CODE,
    source=st.just("local"),
)


PARTS = st.fixed_dictionaries(
    {
        "slug": st.sampled_from(REGIONS),
        "name": TEXT,
        "agencies": st.lists(AGENCIES, max_size=2),
        "routing": st.lists(RULES, max_size=2),
        "scope": st.lists(SCOPES, max_size=2),
        "holidays": st.lists(HOLIDAYS, max_size=2),
        "landmarks": st.lists(LANDMARKS, max_size=2),
        "types": st.lists(TYPES, max_size=2, unique_by=lambda one: one.code),
    }
)


def built(parts: dict[str, Any]) -> Profile:
    base = profile_of(parts["slug"])
    scope = msgspec.structs.replace(base.scope[-1], rules=tuple(parts["scope"]))
    types = (*NATIONAL.types, *parts["types"])
    return msgspec.structs.replace(
        base,
        brand=msgspec.structs.replace(base.brand, name=parts["name"]),
        agencies=(*base.agencies[:2], *parts["agencies"]),
        routing=(*base.routing[:1], *parts["routing"]),
        scope=(scope,),
        holidays=tuple(parts["holidays"]),
        landmarks=tuple(parts["landmarks"]),
        taxonomy=msgspec.structs.replace(NATIONAL, types=types),
    )


@pytest.mark.parametrize("slug", REGIONS)
def test_a_reference_profile_survives_writing_and_reading(slug: str) -> None:
    texts = write_profile(profile_of(slug), NATIONAL)
    reading = read_profile(texts, NATIONAL)
    assert reading.findings == ()
    assert reading.profile == profile_of(slug)


@UNHURRIED
@given(PARTS)
def test_any_profile_survives_writing_and_reading(parts: dict[str, Any]) -> None:
    profile = built(parts)
    texts = write_profile(profile, NATIONAL)
    reading = read_profile(texts, NATIONAL)
    assert reading.findings == ()
    assert reading.profile == profile
    assert write_profile(reading.profile, NATIONAL) == texts


@UNHURRIED
@given(PARTS)
def test_any_profile_survives_the_database(parts: dict[str, Any]) -> None:
    profile = built(parts)
    stored = msgspec.json.decode(msgspec.json.encode(msgspec.to_builtins(profile)))
    assert msgspec.convert(stored, Profile) == profile


@UNHURRIED
@given(PARTS, PARTS)
def test_only_equal_profiles_do_not_differ(here: dict[str, Any], there: dict[str, Any]) -> None:
    one, other = built(here), built(there)
    assert differences(one, one) == ()
    assert bool(differences(one, other)) == (one != other)


@UNHURRIED
@given(st.dictionaries(st.sampled_from(["profile.toml", "agencies.toml"]), st.text(max_size=200)))
def test_no_text_at_all_makes_reading_fail(texts: dict[str, str]) -> None:
    reading = read_profile(texts, NATIONAL)
    assert reading.profile is None
    assert reading.findings


@UNHURRIED
@given(st.data())
def test_a_value_of_any_other_kind_is_told_not_raised(data: st.DataObject) -> None:
    values = st.sampled_from(["1", '"x"', "[]", "{}", "[[1]]", "true", "2026-01-01", "nan"])
    texts = texts_of("kota-pekalongan")
    name = data.draw(st.sampled_from(["profile.toml", "agencies.toml", "routing.toml"]))
    lines = texts[name].split("\n")
    assignments = [n for n, line in enumerate(lines) if " = " in line and line[0].isalpha()]
    number = data.draw(st.sampled_from(assignments))
    lines[number] = f"{lines[number].split(' = ')[0]} = {data.draw(values)}"
    reading = read_profile({**texts, name: "\n".join(lines)}, NATIONAL)
    assert (reading.profile is None) == bool(reading.findings)


def test_a_diff_tells_paths_by_code() -> None:
    profile = profile_of("jombang")
    agency = msgspec.structs.replace(profile.agencies[0], units=9)
    changed = msgspec.structs.replace(profile, agencies=(agency, *profile.agencies[1:]))
    (change,) = differences(profile, changed)
    assert change.line == "~ agencies[psc119].units: 3 → 9"
    fewer = msgspec.structs.replace(profile, agencies=profile.agencies[1:])
    assert [one.line[:18] for one in differences(profile, fewer)] == ["- agencies[psc119]"]


def test_the_order_of_rules_is_a_difference() -> None:
    profile = profile_of("jombang")
    turned = msgspec.structs.replace(profile, routing=profile.routing[::-1])
    (change,) = differences(profile, turned)
    assert change.path == "routing"


EXAMPLE = '''# a comment with [brackets] and = signs
top = 1
[table]
words = { id = "satu = [", en = "two" }
long = [
  { code = "a" },   # one per line
  { code = "b", inner = { x = 1 } },
]
text = """
not = a key
[not.a.table]
"""
[[items]]
code = "x"
[[items.parts]]
n = 1
[[items.parts]]
n = 2
[[items]]
"quoted key" = 3
a.b = 4
[items.sub]
deep = 5
'''


def test_lines_are_found_through_tables_arrays_and_long_texts() -> None:
    lines = locate(EXAMPLE)
    tomllib.loads(EXAMPLE)
    for path, line in {
        ("top",): 2,
        ("table",): 3,
        ("table", "words", "en"): 4,
        ("table", "long"): 5,
        ("table", "long", 0): 6,
        ("table", "long", 1, "code"): 7,
        ("table", "text"): 9,
        ("items", 0, "code"): 14,
        ("items", 0, "parts", 0, "n"): 16,
        ("items", 0, "parts", 1, "n"): 18,
        ("items", 1, "quoted key"): 20,
        ("items", 1, "a", "b"): 21,
        ("items", 1, "sub", "deep"): 23,
    }.items():
        assert lines[path] == line, path
    assert ("not",) not in lines
    assert line_of(lines, ("items", 0, "parts", 1, "nowhere", 3)) == 17
    assert line_of(lines, ("nowhere",)) == 1


def test_paths_are_written_for_people() -> None:
    assert dotted(("agencies", 3, "contacts", 0, "address")) == "agencies[3].contacts[0].address"
