"""The guide of a type, and the guide as a screen shows it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from siaga.kernel.types import Urgency
from siaga.protocols import queries
from siaga.protocols.errors import ContentBroken
from siaga.protocols.shown import Guide
from siaga.protocols.types import Answers

TODAY = date(2026, 11, 21)


def shown(code: str | None, language: str = "id", **answers: Any) -> Guide:
    given: Answers = answers
    return queries.guide(
        queries.protocol_for(code), answers=given, base=Urgency.P3, language=language, today=TODAY
    )


@pytest.mark.parametrize("code", [None, "", "TERJEBAK", "A-LOCAL-TYPE"])
def test_a_type_without_its_own_guide_gets_the_universal_one(code: str | None) -> None:
    assert queries.protocol_for(code).slug == "universal"
    assert shown(code).is_universal


def test_the_guide_speaks_one_language() -> None:
    assert shown("KBK-BANGUNAN").title == "Kebakaran bangunan"
    assert shown("KBK-BANGUNAN", "en").title == "Building fire"


def test_an_answer_is_marked_and_raises_the_urgency_with_its_reason() -> None:
    guide = shown("KBK-BANGUNAN", people_inside="unknown")
    question = next(one for one in guide.questions if one.key == "people_inside")
    assert question.answer == "unknown"
    assert [one.chosen for one in question.choices] == [False, False, True]
    assert guide.urgency is Urgency.P1
    assert guide.raised
    assert [one.reason for one in guide.red_flags if one.raises] == [
        "Masih ada orang di dalam, atau belum pasti kosong."
    ]


def test_what_must_still_be_asked_is_listed_until_it_is_answered() -> None:
    before, after = shown("KBK-BANGUNAN"), shown("KBK-BANGUNAN", where="Pasar Rogojampi")
    assert "where" in before.missing
    assert "where" not in after.missing
    assert after.unanswered == before.unanswered - 1


def test_advice_comes_with_the_mark_that_it_is_not_approved() -> None:
    (advice,) = shown("ANGIN", trapped="yes").advice
    assert advice.needs_sign_off
    assert advice.mark == "perlu persetujuan tenaga medis"
    (advice,) = shown("ANGIN", "en", trapped="yes").advice
    assert advice.mark == "needs medical sign-off"


def test_a_consistency_question_shows_what_was_said_before() -> None:
    guide = shown("BANJIR", water_depth="waist", where="Desa Sumberagung")
    assert len(guide.consistency) == 2
    assert guide.consistency[0].earlier == (
        ("Airnya setinggi apa di tempat yang paling dalam?", "Pinggang"),
    )


def test_answers_of_the_universal_guide_are_carried_into_another() -> None:
    guide = shown("JALAN", conscious="no", anyone_hurt="yes")
    assert guide.urgency is Urgency.P1
    assert "conscious" in [one.key for one in guide.questions]
    assert "conscious" not in [one.key for one in shown("JALAN").questions]


def test_without_readable_content_the_refusal_names_the_cure(settings: Any, tmp_path: Path) -> None:
    settings.CONTENT_DIR = tmp_path
    with pytest.raises(ContentBroken):
        queries.protocol_for("JALAN")
