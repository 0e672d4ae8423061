"""Broken profiles: each mistake has its own message, its line and its cure."""

import re
from datetime import date
from pathlib import Path

import pytest

from siaga.regions import folders
from siaga.regions.rules.findings import errors_in
from siaga.regions.rules.sentences import SENTENCES
from tests.rooms.regions.broken import BROKEN, BWI, JBG, Break
from tests.rooms.regions.given import PROFILES, findings_of, texts_of


def broken(slug: str, breaking: Break) -> dict[str, str]:
    name, old, new = breaking
    texts = texts_of(slug)
    assert old in texts[name], f"{slug}/{name} no longer holds {old!r}"
    return {**texts, name: texts[name].replace(old, new, 1)}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_profile_gives_its_own_message_with_line_and_cure(name: str) -> None:
    slug, breaking, code, words = BROKEN[name]
    texts = broken(slug, breaking)
    found = [one for one in findings_of(texts) if one.code == code and one.severity == "error"]
    assert found, [one.said_in("en") for one in findings_of(texts)]
    lines = {one.line: texts[one.file].split("\n")[one.line - 1] for one in found}
    assert any(words in line for line in lines.values()), lines
    for one in found:
        for language in ("id", "en"):
            said = one.said_in(language)
            assert re.match(rf"^{one.file}:{one.line}: \[{code}\] \S", said), said
            assert one.cure.said_in(language)
            assert "{" not in said.replace("{daypart}", "")


def test_messages_of_the_broken_profiles_differ() -> None:
    said = {name: BROKEN[name][2] for name in BROKEN}
    assert len(set(said.values())) >= 40


def test_every_kind_of_mistake_is_tried_here_or_below() -> None:
    tried = {code for _, _, code, _ in BROKEN.values()}
    elsewhere = {
        "missing_file",
        "same_region_twice",
        "holidays_missing",
        "bad_range",
        "unreachable_rule",
        "life_threat_waits",
        "missing_agreement",
        "no_contact",
        "sample_contacts",
        "area_name",
        "sample_phone",
        "same_did_twice",
    }
    assert set(SENTENCES) == tried | elsewhere


def test_several_mistakes_are_told_at_once() -> None:
    texts = texts_of(BWI)
    texts["agencies.toml"] = texts["agencies.toml"].replace('kind = "opd"', 'kind = "opdd"')
    texts["routing.toml"] = texts["routing.toml"].replace("reason", "raeson", 2)
    found = findings_of(texts)
    assert len([one for one in found if one.code == "wrong_word"]) > 10
    assert any("(reason?)" in one.cure.en for one in found if one.code == "unknown_key")


def test_a_missing_file_is_named() -> None:
    texts = texts_of(BWI)
    del texts["routing.toml"]
    (one,) = [one for one in findings_of(texts) if one.severity == "error"]
    assert (one.code, one.file) == ("missing_file", "routing.toml")


def test_the_day_decides_about_agreements_and_holidays() -> None:
    texts = texts_of(BWI)
    codes = {one.code for one in findings_of(texts, date(2029, 1, 1))}
    assert {"expired_agreement", "holidays_missing"} <= codes


def test_warnings_do_not_forbid() -> None:
    texts = texts_of(BWI)
    texts["agencies.toml"] = re.sub(r"agreement = .*PLN.*\n", "", texts["agencies.toml"])
    texts["areas.toml"] = texts["areas.toml"].replace('"Muncar"', '"Moentjar"', 1)
    texts["profile.toml"] = texts["profile.toml"].replace(
        "life_threat_bypass = true", "life_threat_bypass = false"
    )
    found = findings_of(texts)
    codes = {one.code for one in found}
    assert {"missing_agreement", "area_name", "life_threat_waits", "sample_contacts"} <= codes
    assert errors_in(found) == ()


def test_a_rule_behind_another_is_unreachable() -> None:
    texts = texts_of(JBG)
    texts["profile.toml"] = texts["profile.toml"].replace(
        'types = ["TOLAK-HP"]', 'types = ["TOLAK-HP", "TOLAK-BARANG"]'
    )
    assert "unreachable_rule" in {one.code for one in findings_of(texts)}


def test_an_agency_without_contacts_is_refused() -> None:
    texts = texts_of(BWI)
    texts["agencies.toml"] = re.sub(
        r"contacts = \[\n(.*\n)*?\]", "contacts = []", texts["agencies.toml"], count=1
    )
    assert "no_contact" in {one.code for one in findings_of(texts)}


LOCAL = """
[[type]]
code = "LOK-KAPAL-WISATA"
group = "rescue"
name = { id = "Kapal wisata mogok", en = "Stranded tour boat" }
lead = ["search_and_rescue"]
urgency = "P2"
range = ["P1", "P3"]
icon = "speedboat"
"""


def test_a_region_may_have_its_own_types() -> None:
    texts = {**texts_of(BWI), "types.toml": LOCAL}
    assert errors_in(findings_of(texts)) == ()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('range = ["P1", "P3"]', 'range = ["P3", "P4"]', "bad_range"),
        ('"search_and_rescue"', '"search_and_rescu"', "unknown_mandate"),
        ('group = "rescue"', 'group = "boats"', "unknown_group"),
        ("icon", "ikon", "unknown_key"),
        ("[[type]]", "[[type", "syntax"),
        ("[[type]]", "[[typo]]", "unknown_key"),
    ],
)
def test_mistakes_in_own_types_are_placed_there(old: str, new: str, code: str) -> None:
    texts = {**texts_of(BWI), "types.toml": LOCAL.replace(old, new)}
    found = [one for one in findings_of(texts) if one.code == code]
    assert found
    assert all(one.file == "types.toml" and one.line > 1 for one in found)


def test_the_same_own_type_twice_is_refused() -> None:
    texts = {**texts_of(BWI), "types.toml": LOCAL + LOCAL}
    assert "duplicate_code" in {one.code for one in findings_of(texts)}


def test_two_folders_may_not_be_the_same_region(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        for file, text in texts_of(JBG).items():
            (tmp_path / name / file).write_text(text)
    first, second = folders.check_folders(
        [tmp_path / "one", tmp_path / "two"], today=date(2026, 11, 21)
    )
    assert first.profile is not None
    assert second.profile is None
    clashes = [one for one in second.findings if one.code == "same_region_twice"]
    assert {one.path[-1] for one in clashes} == {"id", "code", "prefix"}
    assert all(one.file == "profile.toml" for one in clashes)


def test_all_reference_profiles_stand_together() -> None:
    checked = folders.check_folders(sorted(PROFILES.glob("*/")), today=date(2026, 11, 21))
    assert all(one.profile is not None for one in checked)


def test_two_regions_may_not_await_one_number_from_one_trunk(tmp_path: Path) -> None:
    for slug in (BWI, JBG):
        (tmp_path / slug).mkdir()
        for file, text in texts_of(slug).items():
            same = text.replace("192.0.2.48", "192.0.2.16")
            (tmp_path / slug / file).write_text(same)
    first, second = folders.check_folders(
        [tmp_path / BWI, tmp_path / JBG], today=date(2026, 11, 21)
    )
    assert first.profile is not None
    assert second.profile is None
    (clash,) = [one for one in second.findings if one.code == "same_did_twice"]
    lines = (tmp_path / JBG / "profile.toml").read_text().split("\n")
    assert lines[clash.line - 1].startswith("did = ")


def test_a_region_may_have_no_telephone() -> None:
    texts = texts_of(BWI)
    texts["profile.toml"] = texts["profile.toml"].split("[phone]")[0]
    assert not errors_in(findings_of(texts))
