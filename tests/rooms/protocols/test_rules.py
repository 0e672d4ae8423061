"""The engine: what is asked next, and an urgency that answers raise and nothing lowers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.kernel.types import Urgency
from siaga.protocols import queries, rules
from siaga.protocols.types import (
    Advice,
    AdviceStatus,
    Answer,
    Approval,
    Choice,
    Condition,
    Protocol,
    Question,
    QuestionKind,
    RedFlag,
    Stage,
    When,
)
from siaga.regions.types import Words

TODAY = date(2026, 11, 21)
PROTOCOLS = queries.all_protocols()


def words(text: str) -> Words:
    return Words(id=text, en=text)


def yes_no(key: str, *, show_when: When | None = None, required: bool = False) -> Question:
    return Question(
        key=key,
        kind=QuestionKind.YES_NO,
        stage=Stage.MIDDLE,
        ask=words(key),
        required=required,
        show_when=show_when or When(),
        choices=tuple(Choice(value=one, label=words(one)) for one in ("yes", "no", "unknown")),
    )


def said(question: str, *accepted: str) -> When:
    return When(all_of=(Condition(question=question, accepted=accepted),))


def small_protocol(**changes: object) -> Protocol:
    fields: dict[str, object] = {
        "slug": "small",
        "version": 1,
        "title": words("small"),
        "opening": words("small"),
        "case_types": (),
        "questions": (
            yes_no("hurt", required=True),
            yes_no("conscious", show_when=said("hurt", "yes"), required=True),
            yes_no("breathing", show_when=said("conscious", "no", "unknown"), required=True),
            Question(
                key="count",
                kind=QuestionKind.NUMBER,
                stage=Stage.MIDDLE,
                ask=words("count"),
                show_when=said("hurt", "yes"),
            ),
        ),
        "red_flags": (
            RedFlag(key="hurt", raise_to=Urgency.P2, when=said("hurt", "yes"), reason=words("h")),
            RedFlag(
                key="not_breathing",
                raise_to=Urgency.P1,
                when=said("breathing", "no"),
                reason=words("b"),
            ),
            RedFlag(
                key="many",
                raise_to=Urgency.P1,
                when=When(all_of=(Condition(question="count", at_least=5),)),
                reason=words("m"),
            ),
        ),
        "consistency": (),
        "tell": (),
        "advice": (),
    }
    return Protocol(**{**fields, **changes})  # type: ignore[arg-type]


def keys(questions: tuple[Question, ...]) -> list[str]:
    return [question.key for question in questions]


def test_a_question_appears_only_when_a_former_answer_calls_for_it() -> None:
    protocol = small_protocol()
    assert keys(rules.next_questions(protocol, {})) == ["hurt"]
    assert keys(rules.next_questions(protocol, {"hurt": "yes"})) == ["conscious", "count"]
    assert keys(rules.next_questions(protocol, {"hurt": "no"})) == []


def test_the_stale_answer_of_a_hidden_question_shows_no_further_questions() -> None:
    answers = {"hurt": "no", "conscious": "no"}
    assert keys(rules.visible_questions(small_protocol(), answers)) == ["hurt"]


def test_missing_are_the_required_questions_that_make_sense_now() -> None:
    protocol = small_protocol()
    assert keys(rules.missing_required(protocol, {"hurt": "yes"})) == ["conscious"]
    assert rules.missing_required(protocol, {"hurt": "no"}) == ()


@pytest.mark.parametrize(
    ("raw", "understood"),
    [("yes", "yes"), (True, "yes"), (False, "no"), (" no ", "no"), ("maybe", None), ("", None)],
)
def test_yes_no_answers_are_understood(raw: Answer, understood: str | None) -> None:
    assert rules.answer_of(yes_no("hurt"), {"hurt": raw}) == understood


@pytest.mark.parametrize(
    ("raw", "understood"),
    [("5", 5), (5, 5), ("-1", None), ("5.5", None), ("²", None), ("٣", None), ("five", None),
     (True, None), ("9" * 40, None), ("9999999", 1_000_000)],
)  # fmt: skip
def test_numbers_are_understood(raw: Answer, understood: int | None) -> None:
    count = small_protocol().questions_by_key["count"]
    assert rules.answer_of(count, {"count": raw}) == understood


def test_the_most_urgent_red_flag_wins_and_says_why() -> None:
    proposal = rules.urgency(small_protocol(), Urgency.P4, {"hurt": "yes", "count": "7"})
    assert proposal.urgency is Urgency.P1
    assert [flag.key for flag in proposal.raised_by] == ["many", "hurt"]


def test_a_red_flag_below_the_base_is_noticed_but_raises_nothing() -> None:
    proposal = rules.urgency(small_protocol(), Urgency.P1, {"hurt": "yes"})
    assert proposal.urgency is Urgency.P1
    assert proposal.raised_by == ()
    assert [flag.key for flag in proposal.noticed] == ["hurt"]


def test_without_a_guide_the_base_stands() -> None:
    assert rules.urgency(None, Urgency.P3, {"hurt": "yes"}).urgency is Urgency.P3


def test_any_of_needs_one_and_all_of_needs_all() -> None:
    protocol = small_protocol()
    either = When(
        any_of=(
            Condition(question="hurt", accepted=("yes",)),
            Condition(question="breathing", accepted=("no",)),
        )
    )
    assert rules.holds(either, protocol, {"breathing": "no"})
    assert not rules.holds(either, protocol, {"hurt": "no"})
    both = When(all_of=either.any_of)
    assert not rules.holds(both, protocol, {"breathing": "no"})
    assert rules.holds(both, protocol, {"breathing": "no", "hurt": "yes"})


STEPS = (Words(id="Tekan.", en="Press."),)


def advice(**changes: object) -> Advice:
    approval: dict[str, object] = {
        "author": "Sari",
        "approver": "dr. Wulan",
        "approved_at": date(2026, 1, 5),
        "review_by": date(2027, 1, 5),
        "digest": rules.words_digest(STEPS),
    }
    return Advice(
        key="press",
        when=When(),
        steps=STEPS,
        approval=Approval(**{**approval, **changes}),  # type: ignore[arg-type]
    )


def test_advice_signed_for_these_words_is_approved() -> None:
    assert rules.advice_status(advice(), TODAY) is AdviceStatus.APPROVED


@pytest.mark.parametrize(
    "changes",
    [
        {"approver": ""},
        {"approver": "  "},
        {"approved_at": None},
        {"review_by": None},
        {"review_by": date(2026, 11, 20)},
        {"approved_at": date(2026, 11, 22)},
        {"digest": "the words were other ones"},
    ],
)
def test_advice_that_lacks_anything_needs_sign_off(changes: dict[str, object]) -> None:
    assert rules.advice_status(advice(**changes), TODAY) is AdviceStatus.NEEDS_SIGN_OFF


def possible_answer(question: Question) -> st.SearchStrategy[Answer]:
    nonsense = st.sampled_from(["", "?", "maybe", "-3", "1e9"])
    match question.kind:
        case QuestionKind.YES_NO | QuestionKind.CHOICE:
            return st.one_of(st.sampled_from(question.values), nonsense)
        case QuestionKind.NUMBER:
            return st.one_of(st.integers(0, 60), st.integers(0, 60).map(str), nonsense)
        case _:
            return st.text(max_size=20)


@st.composite
def answered(draw: st.DrawFn) -> tuple[Protocol, dict[str, Answer]]:
    protocol = draw(st.sampled_from(PROTOCOLS))
    chosen = draw(st.lists(st.sampled_from(protocol.questions), unique_by=lambda one: one.key))
    return protocol, {one.key: draw(possible_answer(one)) for one in chosen}


BASES = st.sampled_from(list(Urgency))


@given(answered(), BASES, st.data())
def test_a_further_answer_never_lowers_the_urgency(
    case: tuple[Protocol, dict[str, Answer]], base: Urgency, data: st.DataObject
) -> None:
    protocol, answers = case
    fewer_keys = data.draw(st.sets(st.sampled_from(sorted(answers)))) if answers else set()
    fewer = {key: value for key, value in answers.items() if key in fewer_keys}
    before = rules.urgency(protocol, base, fewer)
    after = rules.urgency(protocol, base, answers)
    assert after.urgency.rank <= before.urgency.rank <= base.rank
    assert set(after.noticed) >= set(before.noticed)


@given(answered(), BASES, st.randoms())
def test_the_order_in_which_answers_came_does_not_matter(
    case: tuple[Protocol, dict[str, Answer]], base: Urgency, chance: object
) -> None:
    protocol, answers = case
    items = list(answers.items())
    chance.shuffle(items)  # type: ignore[attr-defined]
    other = dict(items)
    assert rules.urgency(protocol, base, other) == rules.urgency(protocol, base, answers)
    assert rules.next_questions(protocol, other) == rules.next_questions(protocol, answers)
    assert rules.advice_for(protocol, other, TODAY) == rules.advice_for(protocol, answers, TODAY)


@given(answered())
def test_answering_what_is_asked_comes_to_an_end_with_nothing_missing(
    case: tuple[Protocol, dict[str, Answer]],
) -> None:
    protocol, answers = case
    for _ in range(len(protocol.questions) + 1):
        waiting = rules.next_questions(protocol, answers)
        if not waiting:
            break
        first = waiting[0]
        numbers = {QuestionKind.NUMBER: 1, QuestionKind.TEXT: "x"}
        answers = {**answers, first.key: numbers.get(first.kind) or first.values[0]}
    assert rules.next_questions(protocol, answers) == ()
    assert rules.missing_required(protocol, answers) == ()


@given(answered(), BASES)
def test_a_report_begun_under_the_universal_guide_keeps_its_urgency_under_another(
    case: tuple[Protocol, dict[str, Answer]], base: Urgency
) -> None:
    universal = PROTOCOLS[0]
    other, answers = case
    common = {
        key: value
        for key, value in answers.items()
        if key in universal.questions_by_key
        and universal.questions_by_key[key].kind is other.questions_by_key[key].kind
    }
    before = rules.urgency(universal, base, common).urgency
    assert rules.urgency(other, base, common).urgency.rank <= before.rank
