"""Guides as frozen values: questions, red flags, what to say; words in both languages."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

import msgspec

from siaga.kernel.types import Urgency
from siaga.regions.types import Value, Words

Answer: TypeAlias = str | int | bool
"""As stored: `yes`/`no`/`unknown` (or a bool), a choice's value, a whole number, or free text."""

Answers: TypeAlias = Mapping[str, Answer]
"""By question key. Keys that a guide does not know are ignored, so answers survive a new guide."""

UNIVERSAL = "universal"
YES, NO, UNKNOWN = "yes", "no", "unknown"
YES_NO_ANSWERS = (YES, NO, UNKNOWN)


class QuestionKind(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


class Stage(StrEnum):
    """Where in the conversation a question stands; the order of the members is the order asked."""

    FIRST = "first"
    OPENING = "opening"
    MIDDLE = "middle"
    CLOSING = "closing"
    CARRIED = "carried"
    """Of the universal guide: not asked here, but an answer given before keeps its weight."""


class Fills(StrEnum):
    """The field of the report form that is the answer to this question."""

    PLACE = "place"
    PHONE = "phone"
    NARRATIVE = "narrative"
    NAME = "name"


class Condition(Value, frozen=True, kw_only=True):
    """Holds only once the question is answered; there is no "not answered" on purpose."""

    question: str
    accepted: tuple[str, ...] = msgspec.field(name="is", default=())
    at_least: int | None = None
    at_most: int | None = None


class When(Value, frozen=True, kw_only=True):
    """All of `all_of` and, if there are any, one of `any_of`. Empty means always."""

    all_of: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition in it."""
        return self.all_of + self.any_of


class Choice(Value, frozen=True, kw_only=True):
    """One possible answer."""

    value: str
    label: Words


class Question(Value, frozen=True, kw_only=True):
    """One thing to ask. `choices` of a yes_no question are yes, no and unknown."""

    key: str
    kind: QuestionKind
    stage: Stage
    ask: Words
    hint: Words | None = None
    """For the eyes of the call taker only."""
    required: bool = False
    fills: Fills | None = None
    show_when: When = When()
    choices: tuple[Choice, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """The values of the choices."""
        return tuple(choice.value for choice in self.choices)


class RedFlag(Value, frozen=True, kw_only=True):
    """Answers that raise the urgency to at least `raise_to`, and why."""

    key: str
    raise_to: Urgency
    when: When
    reason: Words


class ConsistencyQuestion(Value, frozen=True, kw_only=True):
    """Asked to verify (A1): the same fact from another side. `compare_with` are question keys."""

    key: str
    ask: Words
    listen: Words
    compare_with: tuple[str, ...]


class Tell(Value, frozen=True, kw_only=True):
    """A sentence to say to the caller now."""

    key: str
    when: When
    text: Words


class Approval(Value, frozen=True, kw_only=True):
    """Who wrote advice and which doctor or expert answers for it, until when."""

    author: str
    approver: str = ""
    approved_at: date | None = None
    review_by: date | None = None
    digest: str = ""
    """Digest of the words that were approved; other words are not."""


class AdviceStatus(StrEnum):
    """Whether advice may be given to a caller as it stands."""

    NEEDS_SIGN_OFF = "needs_sign_off"
    APPROVED = "approved"


class Advice(Value, frozen=True, kw_only=True):
    """What the caller can do until help comes, step by step."""

    key: str
    when: When
    steps: tuple[Words, ...]
    approval: Approval


class Protocol(Value, frozen=True, kw_only=True, dict=True):
    """A whole guide, ready to be asked; questions in the order of asking."""

    slug: str
    version: int
    title: Words
    opening: Words
    """What the call taker should bear in mind from the first word."""
    case_types: tuple[str, ...]
    questions: tuple[Question, ...]
    red_flags: tuple[RedFlag, ...]
    consistency: tuple[ConsistencyQuestion, ...]
    tell: tuple[Tell, ...]
    advice: tuple[Advice, ...]

    @cached_property
    def questions_by_key(self) -> dict[str, Question]:
        """Every question, also the carried ones."""
        return {question.key: question for question in self.questions}


class UrgencyProposal(Value, frozen=True, kw_only=True):
    """What the answers make of the usual urgency of a type."""

    urgency: Urgency
    raised_by: tuple[RedFlag, ...]
    """Red flags above the base, the most urgent first."""
    noticed: tuple[RedFlag, ...]
    """All red flags that hold, also those that the base already covers."""


class AdviceGiven(Value, frozen=True, kw_only=True):
    """Advice that fits the answers, with what is true about its approval today."""

    advice: Advice
    status: AdviceStatus
