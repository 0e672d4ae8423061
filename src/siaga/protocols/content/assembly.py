"""From the files of a guide to the guide: words joined to logic, framed by the universal guide."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from siaga.protocols.content.sources import AdviceSource, GuideFiles, QuestionSource
from siaga.protocols.types import (
    YES_NO_ANSWERS,
    Advice,
    Approval,
    Choice,
    Condition,
    ConsistencyQuestion,
    Protocol,
    Question,
    QuestionKind,
    RedFlag,
    Stage,
    Tell,
    When,
)
from siaga.regions.types import Words

YesNo = tuple[Choice, ...]
_ORDER = {stage: place for place, stage in enumerate(Stage)}


def yes_no_choices(universal: GuideFiles) -> YesNo:
    """Yes, no and unknown in words, as the universal guide says them."""
    texts = {language: text.answers for language, text in universal.texts.items()}
    return tuple(Choice(value=value, label=_words(texts, value)) for value in YES_NO_ANSWERS)


def assemble(files: GuideFiles, yes_no: YesNo) -> Protocol:
    """The guide alone, without its frame. The words must have been found complete before."""
    logic, texts = files.logic, files.texts
    flags = {one: text.red_flags for one, text in texts.items()}
    told = {one: text.tell for one, text in texts.items()}
    return Protocol(
        slug=files.slug,
        version=logic.version,
        title=_words({one: {"": text.title} for one, text in texts.items()}, ""),
        opening=_words({one: {"": text.opening} for one, text in texts.items()}, ""),
        case_types=logic.case_types,
        questions=_sorted(_question(source, files, yes_no) for source in logic.questions),
        red_flags=tuple(
            RedFlag(
                key=flag.key,
                raise_to=flag.raise_to,
                when=_when(flag.when, flag.when_any),
                reason=_words(flags, flag.key),
            )
            for flag in logic.red_flags
        ),
        consistency=tuple(
            _consistency(files, one.key, one.compare_with) for one in logic.consistency
        ),
        tell=tuple(
            Tell(key=one.key, when=_when(one.when, one.when_any), text=_words(told, one.key))
            for one in logic.tell
        ),
        advice=tuple(_advice(files, source) for source in logic.advice),
    )


def framed(own: Protocol, universal: Protocol, *, asked: bool) -> Protocol:
    """The guide inside the universal opening and closing; unless `asked`, these are not asked.

    A question of its own takes the place of the universal one with the same key. What the
    universal guide asks besides is carried: known, with its red flags, so that a report that
    began under the universal guide keeps its urgency under another.
    """
    mine = own.questions_by_key
    questions: list[Question] = []
    for question in universal.questions:
        if question.key in mine:
            continue
        carried = question.stage is Stage.MIDDLE or not asked
        stage = Stage.CARRIED if carried else question.stage
        questions.append(msgspec.structs.replace(question, stage=stage))
    for question in own.questions:
        frame = universal.questions_by_key.get(question.key)
        moved = asked and frame is not None and question.stage is Stage.MIDDLE
        stage = frame.stage if frame and moved else question.stage
        questions.append(msgspec.structs.replace(question, stage=stage))
    place = {question.key: at for at, question in enumerate(universal.questions)}
    frame_stages = (Stage.OPENING, Stage.CLOSING)
    questions.sort(key=lambda one: place.get(one.key, 99) if one.stage in frame_stages else 99)
    flags = {flag.key for flag in own.red_flags}
    inherited = tuple(flag for flag in universal.red_flags if flag.key not in flags)
    return msgspec.structs.replace(
        own, questions=_sorted(questions), red_flags=own.red_flags + inherited
    )


def approval_dates(source: AdviceSource) -> tuple[date | None, date | None]:
    """Approved at and review by; ValueError for something that is no date."""
    approved_at, review_by = source.approved_at, source.review_by
    return (
        date.fromisoformat(approved_at) if approved_at else None,
        date.fromisoformat(review_by) if review_by else None,
    )


def _sorted(questions: Iterable[Question]) -> tuple[Question, ...]:
    return tuple(sorted(questions, key=lambda one: _ORDER[one.stage]))


def _words(texts: Mapping[str, Mapping[str, str]], key: str) -> Words:
    return Words(id=texts["id"][key].strip(), en=texts["en"][key].strip())


def _when(all_of: tuple[Condition, ...], any_of: tuple[Condition, ...]) -> When:
    return When(all_of=all_of, any_of=any_of)


def _question(source: QuestionSource, files: GuideFiles, yes_no: YesNo) -> Question:
    texts = {one: text.questions[source.key] for one, text in files.texts.items()}
    labels = {one: text.choices for one, text in texts.items()}
    hints = {one: {"": text.hint} for one, text in texts.items()}
    if source.kind is QuestionKind.YES_NO:
        choices = yes_no
    else:
        choices = tuple(Choice(value=one, label=_words(labels, one)) for one in source.choices)
    return Question(
        key=source.key,
        kind=source.kind,
        stage=source.stage,
        ask=_words({one: {"": text.ask} for one, text in texts.items()}, ""),
        hint=_words(hints, "") if texts["id"].hint else None,
        required=source.required,
        fills=source.fills,
        show_when=_when(source.show_when, source.show_when_any),
        choices=choices,
    )


def _consistency(files: GuideFiles, key: str, compare: tuple[str, ...]) -> ConsistencyQuestion:
    texts = {one: text.consistency[key] for one, text in files.texts.items()}
    return ConsistencyQuestion(
        key=key,
        ask=_words({one: {"": text.ask} for one, text in texts.items()}, ""),
        listen=_words({one: {"": text.listen} for one, text in texts.items()}, ""),
        compare_with=compare,
    )


def _advice(files: GuideFiles, source: AdviceSource) -> Advice:
    indonesian = files.texts["id"].advice[source.key]
    english = files.texts["en"].advice[source.key]
    approved_at, review_by = approval_dates(source)
    return Advice(
        key=source.key,
        when=_when(source.when, source.when_any),
        steps=tuple(
            Words(id=one.strip(), en=other.strip())
            for one, other in zip(indonesian, english, strict=True)
        ),
        approval=Approval(
            author=source.author,
            approver=source.approver,
            approved_at=approved_at,
            review_by=review_by,
            digest=source.approved_digest,
        ),
    )
