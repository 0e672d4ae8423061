"""What to ask next and how urgent it is: pure functions of a guide and the answers so far.

Two promises hold for any answers (tests/rooms/protocols/test_rules.py): a further answer never
lowers the urgency, and the order in which answers came does not matter.
"""

import hashlib
from collections.abc import Iterable
from datetime import date

from siaga.kernel.types import Urgency
from siaga.protocols.types import (
    NO,
    YES,
    Advice,
    AdviceGiven,
    AdviceStatus,
    Answers,
    Condition,
    ConsistencyQuestion,
    Protocol,
    Question,
    QuestionKind,
    RedFlag,
    Stage,
    Tell,
    UrgencyProposal,
    When,
)
from siaga.regions.types import Words

NUMBER_MAX = 1_000_000
TEXT_CHARACTERS_MAX = 2_000
DIGEST_CHARACTERS = 16


def answer_of(question: Question, answers: Answers) -> str | int | None:
    """The answer in its proper form; None if there is none or it makes no sense here."""
    raw = answers.get(question.key)
    if isinstance(raw, bool):
        raw = (YES if raw else NO) if question.kind is QuestionKind.YES_NO else None
    if raw is None:
        return None
    text = str(raw).strip()
    match question.kind:
        case QuestionKind.YES_NO | QuestionKind.CHOICE:
            return text if text in question.values else None
        case QuestionKind.NUMBER:
            # isascii: "²" is a digit to Python but no number.
            if not (text.isascii() and text.isdigit() and len(text) <= len(str(NUMBER_MAX))):
                return None
            return min(int(text), NUMBER_MAX)
        case QuestionKind.TEXT:
            return text[:TEXT_CHARACTERS_MAX] or None


def visible_questions(protocol: Protocol, answers: Answers) -> tuple[Question, ...]:
    """The questions that make sense now, answered or not, in the order of asking.

    Of the carried ones only those that were answered under another guide.
    """
    return tuple(question for question, _ in _visible(protocol, answers))


def next_questions(protocol: Protocol, answers: Answers) -> tuple[Question, ...]:
    """The visible questions without an answer, in the order of asking."""
    return tuple(question for question, answer in _visible(protocol, answers) if answer is None)


def missing_required(protocol: Protocol, answers: Answers) -> tuple[Question, ...]:
    """What must still be asked for a complete report. It never holds up a dispatch."""
    return tuple(question for question in next_questions(protocol, answers) if question.required)


def urgency(protocol: Protocol | None, base: Urgency, answers: Answers) -> UrgencyProposal:
    """The base, raised by red flags; never lowered. Without a guide it is the base.

    Answers to questions that are no longer shown still count: a doubt goes to the safe side.
    """
    if protocol is None:
        return UrgencyProposal(urgency=base, raised_by=(), noticed=())
    noticed = tuple(flag for flag in protocol.red_flags if holds(flag.when, protocol, answers))
    raised_by = sorted(
        (flag for flag in noticed if flag.raise_to.rank < base.rank),
        key=lambda flag: flag.raise_to.rank,
    )
    return UrgencyProposal(
        urgency=raised_by[0].raise_to if raised_by else base,
        raised_by=tuple(raised_by),
        noticed=noticed,
    )


def consistency_questions(protocol: Protocol) -> tuple[ConsistencyQuestion, ...]:
    """The two questions whose answers, if they fit, count as A1 evidence."""
    return protocol.consistency


def things_to_tell(protocol: Protocol, answers: Answers) -> tuple[Tell, ...]:
    """What to say to the caller now."""
    return tuple(tell for tell in protocol.tell if holds(tell.when, protocol, answers))


def advice_for(protocol: Protocol, answers: Answers, today: date) -> tuple[AdviceGiven, ...]:
    """The advice that fits, each with its status; what is not approved must be shown as such."""
    return tuple(
        AdviceGiven(advice=advice, status=advice_status(advice, today))
        for advice in protocol.advice
        if holds(advice.when, protocol, answers)
    )


def advice_status(advice: Advice, today: date) -> AdviceStatus:
    """Approved by somebody, for these very words, and not past its review date."""
    approval = advice.approval
    approved = (
        bool(approval.approver.strip())
        and approval.approved_at is not None
        and approval.review_by is not None
        and approval.approved_at <= today <= approval.review_by
        and approval.digest == words_digest(advice.steps)
    )
    return AdviceStatus.APPROVED if approved else AdviceStatus.NEEDS_SIGN_OFF


def words_digest(steps: Iterable[Words]) -> str:
    """What an approver signs: a short digest of the steps in both languages."""
    spoken = "\n".join(f"{step.id}\n{step.en}" for step in steps)
    return hashlib.sha256(spoken.encode()).hexdigest()[:DIGEST_CHARACTERS]


def flags_with_reason(flags: Iterable[RedFlag], language: str) -> tuple[str, ...]:
    """The reasons in words, for a note or a timeline."""
    return tuple(flag.reason.said_in(language) for flag in flags)


def holds(when: When, protocol: Protocol, answers: Answers) -> bool:
    """Whether the answers fulfil it; an unanswered question fulfils nothing."""

    def met(condition: Condition) -> bool:
        question = protocol.questions_by_key.get(condition.question)
        return question is not None and _meets(condition, answer_of(question, answers))

    return all(map(met, when.all_of)) and (not when.any_of or any(map(met, when.any_of)))


def _meets(condition: Condition, answer: str | int | None) -> bool:
    if answer is None:
        return False
    if isinstance(answer, int):
        return (condition.at_least is None or answer >= condition.at_least) and (
            condition.at_most is None or answer <= condition.at_most
        )
    return answer in condition.accepted


def _visible(protocol: Protocol, answers: Answers) -> list[tuple[Question, str | int | None]]:
    """Questions with their answers. A hidden question's answer shows no further questions."""
    shown: list[tuple[Question, str | int | None]] = []
    heard: dict[str, str | int] = {}
    for question in protocol.questions:
        answer = answer_of(question, answers)
        carried = question.stage is Stage.CARRIED
        hidden = answer is None if carried else not holds(question.show_when, protocol, heard)
        if hidden:
            continue
        shown.append((question, answer))
        if answer is not None:
            heard[question.key] = answer
    return shown
