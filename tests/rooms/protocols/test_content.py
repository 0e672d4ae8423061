"""The guides we ship are whole; a broken one is found, named, and left out."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from siaga.kernel.types import Urgency
from siaga.protocols import queries, rules
from siaga.protocols.content.library import Library, read_library
from siaga.protocols.types import UNIVERSAL, Fills, Protocol, QuestionKind, Stage

ASK_CHARACTERS_MAX = 130
SENTENCE_CHARACTERS_MAX = 200
MUST_HAVE = {
    "building-fire": "KBK-BANGUNAN",
    "road-crash": "LAKA-LUKA",
    "unconscious": "MED-HENTI",
    "childbirth": "MED-LAHIR",
    "drowning": "TENGGELAM",
    "flood": "BANJIR",
    "landslide": "LONGSOR",
    "fallen-tree": "POHON-TUMBANG",
    "animal": "HEWAN",
    "domestic-violence": "KDRT",
    "power-hazard": "LISTRIK-BAHAYA",
    "damaged-road": "JALAN",
    "silent-call": "GHOST",
    "suicide": "BUNUH-DIRI",
    "missing-person": "HILANG-ORANG",
}

every_protocol = pytest.mark.parametrize(
    "protocol", queries.all_protocols(), ids=lambda protocol: protocol.slug
)


def test_the_shipped_content_has_no_problem() -> None:
    assert read_library(Path(settings.CONTENT_DIR)).problems == ()


@pytest.mark.parametrize(("slug", "code"), MUST_HAVE.items())
def test_the_commonest_types_have_their_own_guide(slug: str, code: str) -> None:
    assert queries.protocol_for(code).slug == slug


def test_the_universal_guide_asks_the_place_first_and_the_name_last() -> None:
    keys = [question.key for question in queries.universal().questions]
    assert keys[:3] == ["where", "callback", "what"]
    assert keys[-1] == "name"


@every_protocol
def test_a_guide_asks_for_the_place_and_what_happened(protocol: Protocol) -> None:
    fills = {one.fills for one in protocol.questions if one.stage is not Stage.CARRIED}
    assert {Fills.PLACE, Fills.NARRATIVE} <= fills


@every_protocol
def test_questions_are_short_enough_for_a_stressed_call_taker(protocol: Protocol) -> None:
    for question in protocol.questions:
        for said in (question.ask.id, question.ask.en):
            assert len(said) <= ASK_CHARACTERS_MAX, said
    for tell in protocol.tell:
        assert max(len(tell.text.id), len(tell.text.en)) <= SENTENCE_CHARACTERS_MAX


@every_protocol
def test_the_two_languages_say_it_in_their_own_words(protocol: Protocol) -> None:
    for question in protocol.questions:
        assert question.ask.id != question.ask.en
    for flag in protocol.red_flags:
        assert flag.reason.id != flag.reason.en


@every_protocol
def test_a_threat_to_life_is_recognized_as_p1(protocol: Protocol) -> None:
    assert any(flag.raise_to is Urgency.P1 for flag in protocol.red_flags)
    assert rules.urgency(protocol, Urgency.P4, {"breathing": "no"}).urgency is Urgency.P1


@every_protocol
def test_every_choice_that_a_caller_may_not_know_can_be_left_open(protocol: Protocol) -> None:
    for question in protocol.questions:
        if question.kind is QuestionKind.YES_NO:
            assert question.values == ("yes", "no", "unknown")


@every_protocol
def test_no_advice_is_approved_by_us(protocol: Protocol) -> None:
    """We are no doctors: the region's medical director signs, not the program's authors."""
    assert all(not advice.approval.approver for advice in protocol.advice)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    root = Path(settings.CONTENT_DIR)
    for folder in ("protocols/universal", "protocols/drowning", "taxonomy"):
        shutil.copytree(root / folder, tmp_path / folder)
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1))


LOGIC = "protocols/drowning/protocol.toml"
INDONESIAN = "protocols/drowning/text.id.toml"
DRAFT = """author = "Siaga contributors"
approver = ""
approved_at = ""
review_by = ""
"""
APPROVED = """author = "Siaga contributors"
approver = "dr. Wulan"
approved_at = "2026-01-05"
review_by = "2027-01-05"
"""


def test_the_copied_content_is_sound(content: Path) -> None:
    library = read_library(content)
    assert library.problems == ()
    assert [item.slug for item in library.protocols] == [UNIVERSAL, "drowning"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (LOGIC, 'key = "boat"', 'key = "ship"', "questions.ship has no words"),
        (LOGIC, 'key = "boat"', 'key = "ship"', "questions.boat is not in protocol.toml"),
        (INDONESIAN, 'title = "Orang', 'titel = "Orang', "titel"),
        (INDONESIAN, 'ask = "Berapa orang?"', 'ask = " "', "questions.victim_count is empty"),
        (INDONESIAN, 'lake = "Danau, waduk, atau embung"', "", "choices.lake has no words"),
        (INDONESIAN, 'hint = "Jembatan', 'hint = "" # "Jembatan', "hint stands in one language"),
        (INDONESIAN, '  "Ganti baju basah dan selimuti.",\n', "", "a different number of steps"),
        (LOGIC, 'kind = "number"', 'kind = "numeral"', "numeral"),
        (LOGIC, '"TENGGELAM"', '"TENGELAM"', "the taxonomy has no type TENGELAM"),
        (LOGIC, 'is = ["on_boat"]', 'is = ["on_ship"]', "has no answer on_ship"),
        (LOGIC, 'question = "conscious"', 'question = "awake"', "no question awake"),
        (LOGIC, '[{ question = "children", is = ["yes"] }]', "[]", "children has no condition"),
        (LOGIC, 'question = "children", is = ["yes"]', 'question = "children", at_least = 1',
         "children is not a number"),
        (LOGIC, 'question = "children", is = ["yes"]', 'question = "victim_count", is = ["2"]',
         "victim_count is a number"),
        (LOGIC, 'question = "children", is = ["yes"]', 'question = "clothes", is = ["red"]',
         "clothes is free text"),
        (LOGIC, 'show_when = [{ question = "still_in_water", is = ["out"] }]',
         'show_when = [{ question = "children", is = ["yes"] }]', "children is asked later"),
        (LOGIC, 'raise_to = "P1"', 'raise_to = "P5"', "raises to P5"),
        (LOGIC, 'key = "children"\nraise_to', 'key = "in_water"\nraise_to',
         "in_water is used twice"),
        (LOGIC, 'compare_with = ["where", "water_kind"]', 'compare_with = ["river"]',
         "compares with unknown river"),
        (LOGIC, 'author = "Siaga contributors"', 'author = ""', "has no author"),
        (LOGIC, 'approver = ""', 'approver = "dr. Wulan"', "is half approved"),
        (LOGIC, 'approved_at = ""', 'approved_at = "yesterday"', "a date is not like"),
        (LOGIC, DRAFT, APPROVED, "the words are not those that were approved"),
        (LOGIC, DRAFT, APPROVED.replace("2027", "2025"), "review_by is not after approved_at"),
        (LOGIC, 'key = "boat"\nkind = "text"', 'key = "boat"\nkind = "yes_no"\nchoices = ["a"]',
         "choices belong to kind choice"),
        ("protocols/universal/text.en.toml", "\nno = ", "\nnope = ", "answers.no has no words"),
        ("taxonomy/case_types.toml", "version =", "version", "the taxonomy could not be read"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(content: Path, file: str, old: str, new: str, said: str) -> None:
    replace(content / file, old, new)
    found = [problem.text for problem in read_library(content).problems]
    assert found, "the mistake was not found"
    assert any(said in text for text in found), found


def without(content: Path, path: str) -> Library:
    (content / path).unlink()
    return read_library(content)


def test_a_guide_without_its_english_is_left_out_and_its_type_falls_back(content: Path) -> None:
    library = without(content, "protocols/drowning/text.en.toml")
    assert [problem.text for problem in library.problems] == ["text.en.toml is missing"]
    assert [item.slug for item in library.protocols] == [UNIVERSAL]


def test_without_a_universal_guide_there_is_none(content: Path) -> None:
    library = without(content, "protocols/universal/protocol.toml")
    assert library.protocols == ()
    assert any("universal" in problem.text for problem in library.problems)


def test_no_content_at_all_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert read_library(tmp_path).problems


def test_two_guides_for_one_type_are_found(content: Path) -> None:
    shutil.copytree(content / "protocols/drowning", content / "protocols/flooding")
    texts = [problem.text for problem in read_library(content).problems]
    assert "TENGGELAM already has the guide drowning" in texts


def test_a_key_with_two_meanings_is_found(content: Path) -> None:
    replace(content / LOGIC, 'key = "clothes"\nkind = "text"', 'key = "access"\nkind = "yes_no"')
    for language in ("id", "en"):
        path = content / f"protocols/drowning/text.{language}.toml"
        replace(path, "[questions.clothes]", "[questions.access]")
    texts = [problem.text for problem in read_library(content).problems]
    assert "access is of another kind in another guide" in texts


def sign(content: Path, digest: str) -> None:
    path = content / LOGIC
    replace(path, DRAFT, APPROVED)
    replace(path, 'approved_digest = ""', f'approved_digest = "{digest}"')


def test_a_signature_for_these_words_is_accepted_and_falls_with_them(content: Path) -> None:
    first = read_library(content).protocols[1].advice[0]
    sign(content, rules.words_digest(first.steps))
    assert read_library(content).problems == ()
    replace(content / INDONESIAN, "Tetap di darat,", "Tetaplah di darat,")
    problems = read_library(content).problems
    assert [problem.grave for problem in problems] == [False]
    assert "words are not those" in problems[0].text
