"""Which guide serves a case, read once and kept; and the guide in one language for a screen."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from siaga.kernel.types import Urgency
from siaga.protocols import rules
from siaga.protocols.content.library import Library, read_library
from siaga.protocols.errors import ContentBroken
from siaga.protocols.shown import (
    Guide,
    GuideAdvice,
    GuideChoice,
    GuideConsistency,
    GuideFlag,
    GuideQuestion,
)
from siaga.protocols.types import (
    UNIVERSAL,
    AdviceStatus,
    Answers,
    Protocol,
    Question,
    RedFlag,
    UrgencyProposal,
)
from siaga.regions.types import Words


def library() -> Library:
    """All guides with their problems; read from disk once per process."""
    return _library(Path(settings.CONTENT_DIR))


def all_protocols() -> tuple[Protocol, ...]:
    """Every sound guide, the universal one first. At most some dozens."""
    return library().protocols


def universal() -> Protocol:
    """The guide for everything that has none of its own. ContentBroken if there is none."""
    protocols = all_protocols()
    if not protocols:
        raise ContentBroken()
    return protocols[0]


def protocol_for(case_type_code: str | None) -> Protocol:
    """The guide of a type; the universal one for types without their own and for no type yet."""
    return _by_type(Path(settings.CONTENT_DIR)).get(case_type_code or "", universal())


def guide(
    protocol: Protocol, *, answers: Answers, base: Urgency, language: str, today: date
) -> Guide:
    """The guide as a screen shows it: one language, with the answers so far.

    `base` is the usual urgency of the type; `language` `id` or `en`; `today` decides whether
    approved advice is still within its review date.
    """
    say = _Speaker(language)
    proposal = rules.urgency(protocol, base, answers)
    missing = tuple(one.key for one in rules.missing_required(protocol, answers))
    return Guide(
        slug=protocol.slug,
        title=say(protocol.title),
        opening=say(protocol.opening),
        is_universal=protocol.slug == UNIVERSAL,
        questions=tuple(
            _question(question, say, answers, missing=question.key in missing)
            for question in rules.visible_questions(protocol, answers)
        ),
        unanswered=len(rules.next_questions(protocol, answers)),
        missing=missing,
        urgency=proposal.urgency,
        raised=bool(proposal.raised_by),
        red_flags=tuple(_flag(flag, say, proposal) for flag in proposal.noticed),
        consistency=_consistency(protocol, answers, say),
        tell=tuple(say(one.text) for one in rules.things_to_tell(protocol, answers)),
        advice=_advice(protocol, answers, today, say),
    )


class _Speaker:
    """Says words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, words: Words) -> str:
        return words.said_in(self.language)


@lru_cache(maxsize=4)
def _library(root: Path) -> Library:
    return read_library(root)


@lru_cache(maxsize=4)
def _by_type(root: Path) -> dict[str, Protocol]:
    return {code: item for item in _library(root).protocols for code in item.case_types}


def _question(
    question: Question, say: _Speaker, answers: Answers, *, missing: bool
) -> GuideQuestion:
    answer = rules.answer_of(question, answers)
    return GuideQuestion(
        key=question.key,
        kind=question.kind,
        ask=say(question.ask),
        hint=say(question.hint) if question.hint else "",
        required=question.required,
        missing=missing,
        fills=question.fills,
        choices=tuple(
            GuideChoice(value=one.value, label=say(one.label), chosen=one.value == answer)
            for one in question.choices
        ),
        answer="" if answer is None else str(answer),
    )


def _flag(flag: RedFlag, say: _Speaker, proposal: UrgencyProposal) -> GuideFlag:
    return GuideFlag(
        key=flag.key,
        raise_to=flag.raise_to,
        reason=say(flag.reason),
        raises=flag in proposal.raised_by,
    )


def _consistency(
    protocol: Protocol, answers: Answers, say: _Speaker
) -> tuple[GuideConsistency, ...]:
    return tuple(
        GuideConsistency(
            key=one.key,
            ask=say(one.ask),
            listen=say(one.listen),
            earlier=_earlier(protocol, one.compare_with, answers, say),
        )
        for one in rules.consistency_questions(protocol)
    )


def _earlier(
    protocol: Protocol, keys: Sequence[str], answers: Answers, say: _Speaker
) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for key in keys:
        question = protocol.questions_by_key[key]
        answer = rules.answer_of(question, answers)
        if answer is not None:
            labels = {one.value: say(one.label) for one in question.choices}
            found.append((say(question.ask), labels.get(str(answer), str(answer))))
    return tuple(found)


def _advice(
    protocol: Protocol, answers: Answers, today: date, say: _Speaker
) -> tuple[GuideAdvice, ...]:
    with translation.override(say.language):
        mark = gettext("needs medical sign-off")
    return tuple(
        GuideAdvice(
            key=given.advice.key,
            steps=tuple(say(step) for step in given.advice.steps),
            needs_sign_off=given.status is AdviceStatus.NEEDS_SIGN_OFF,
            mark=mark if given.status is AdviceStatus.NEEDS_SIGN_OFF else "",
            approver=given.advice.approval.approver,
            review_by=given.advice.approval.review_by,
        )
        for given in rules.advice_for(protocol, answers, today)
    )
