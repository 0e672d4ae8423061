"""What counts as true, and what may be sent."""

from datetime import date, datetime
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from siaga.kernel.types import Urgency
from siaga.triage import rules
from siaga.triage.types import EvidenceKind, EvidenceView, Truth


def line(kind: EvidenceKind, *, confirms: bool = True) -> EvidenceView:
    return EvidenceView(
        id=uuid4(),
        report_id=None,
        incident_id=None,
        kind=kind,
        confirms=confirms,
        note="",
        by=None,
        at=datetime(2026, 1, 1),
    )


def test_nothing_recorded_means_not_verified() -> None:
    assert rules.truth_from([]) is Truth.UNVERIFIED


@given(st.sampled_from(list(EvidenceKind)))
def test_any_confirming_line_makes_it_a1(kind: EvidenceKind) -> None:
    assert rules.truth_from([line(kind)]) is Truth.A1


def test_who_is_on_the_scene_can_take_a_confirmation_back() -> None:
    ledger = [
        line(EvidenceKind.CALLBACK),
        line(EvidenceKind.ON_SCENE_UNIT, confirms=False),
    ]
    assert rules.truth_from(ledger) is Truth.FALSE


def test_inconsistent_answers_alone_do_not_make_it_false() -> None:
    doubt = line(EvidenceKind.CONSISTENCY_QUESTIONS, confirms=False)
    assert rules.truth_from([doubt]) is Truth.UNVERIFIED


def test_false_is_never_sent_and_a1_always() -> None:
    for needs in (True, False):
        assert not rules.may_be_sent(truth=Truth.FALSE, needs_a1=needs)
        assert rules.may_be_sent(truth=Truth.A1, needs_a1=needs)
    assert rules.may_be_sent(truth=Truth.UNVERIFIED, needs_a1=False)
    assert not rules.may_be_sent(truth=Truth.UNVERIFIED, needs_a1=True)


@given(st.sampled_from(list(Urgency)), st.sampled_from(list(Urgency)))
def test_lowering_is_the_opposite_of_raising(a: Urgency, b: Urgency) -> None:
    assert rules.is_lowering(a, b) == (a.rank < b.rank)


def test_codes_read_as_people_say_them() -> None:
    assert rules.incident_code("BWI", date(2026, 11, 21), 42) == "BWI-261121-0042"
