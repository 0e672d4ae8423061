"""A number's grade: gentle, fading, forgiven; never from silence alone of somebody in need."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from siaga.intake.reputation import NOTHING, WEIGHTS, Outcome, Policy, weigh
from siaga.intake.types import ContactDisposition as D

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
POLICY = Policy(
    flag_after=5,
    window=timedelta(hours=24),
    half_life=timedelta(hours=12),
    expires_after=timedelta(hours=24),
    may_hold=True,
)
dispositions = st.one_of(st.sampled_from(D), st.none())
outcomes = st.lists(
    st.builds(
        Outcome,
        at=st.integers(-2_000, 0).map(lambda minutes: NOW + timedelta(minutes=minutes)),
        disposition=dispositions,
        cannot_speak=st.booleans(),
    ),
    max_size=40,
)
policies = st.builds(
    Policy,
    flag_after=st.integers(2, 12),
    window=st.integers(1, 168).map(lambda hours: timedelta(hours=hours)),
    half_life=st.integers(1, 168).map(lambda hours: timedelta(hours=hours)),
    expires_after=st.integers(1, 24).map(lambda hours: timedelta(hours=hours)),
    may_hold=st.booleans(),
)


def pranks(count: int, *, every: int = 1, of: D = D.PRANK, until: int = 0) -> list[Outcome]:
    """So many calls, one each so many minutes, the last so many minutes ago."""
    return [
        Outcome(at=NOW - timedelta(minutes=until + every * number), disposition=of)
        for number in range(count)
    ]


def test_few_calls_are_nothing_and_the_regions_measure_is_a_step_later_each_time() -> None:
    assert [weigh(pranks(n), POLICY, NOW).grade for n in (0, 4, 5, 9, 10, 15, 40)] == [
        0, 0, 1, 1, 2, 3, 3,
    ]  # fmt: skip


def test_without_the_regions_wish_no_hold_is_ever_proposed() -> None:
    gentle = Policy(**{**{f: getattr(POLICY, f) for f in POLICY.__slots__}, "may_hold": False})
    assert weigh(pranks(40), gentle, NOW).grade == 2


def test_silence_counts_half_and_of_somebody_who_cannot_speak_nothing() -> None:
    assert weigh(pranks(9, of=D.GHOST), POLICY, NOW).grade == 0
    assert weigh(pranks(10, of=D.GHOST), POLICY, NOW).grade == 1
    mute = [Outcome(at=NOW, disposition=D.GHOST, cannot_speak=True) for _ in range(40)]
    assert weigh(mute, POLICY, NOW) == NOTHING


def test_it_fades_by_itself() -> None:
    found = weigh(pranks(5), POLICY, NOW)
    assert found.until is not None
    assert timedelta(hours=11) < found.until - NOW <= timedelta(hours=12)
    assert weigh(pranks(5), POLICY, found.until + timedelta(minutes=1)).grade == 0


def test_who_reported_something_since_begins_anew() -> None:
    reported = Outcome(at=NOW - timedelta(minutes=3), disposition=None)
    assert weigh([*pranks(20, until=5), reported], POLICY, NOW) == NOTHING
    assert weigh([*pranks(5, until=0, every=0), reported], POLICY, NOW).grade == 1


@given(found=outcomes, policy=policies)
def test_a_grade_always_has_an_end_within_what_the_region_allows(
    found: list[Outcome], policy: Policy
) -> None:
    made = weigh(found, policy, NOW)
    assert (made.until is None) == (made.grade == 0)
    if made.until is not None:
        assert NOW <= made.until <= NOW + policy.expires_after
        assert made.until <= NOW + policy.window


@given(found=outcomes, policy=policies)
def test_at_its_end_it_is_lower(found: list[Outcome], policy: Policy) -> None:
    made = weigh(found, policy, NOW)
    if made.until is not None:
        after = weigh(found, policy, made.until + timedelta(seconds=1))
        assert after.grade < made.grade


@given(found=outcomes, policy=policies, minutes=st.integers(1, 3_000))
def test_time_alone_never_makes_it_worse(
    found: list[Outcome], policy: Policy, minutes: int
) -> None:
    later = weigh(found, policy, NOW + timedelta(minutes=minutes))
    assert later.grade <= weigh(found, policy, NOW).grade


@given(found=outcomes, policy=policies, another=st.sampled_from(sorted(set(D) - set(WEIGHTS))))
def test_ordinary_outcomes_never_grade_anybody(
    found: list[Outcome], policy: Policy, another: D
) -> None:
    before = weigh(found, policy, NOW)
    more = [*found, Outcome(at=NOW, disposition=another)]
    assert weigh(more, policy, NOW).grade == before.grade
    ordinary = [one for one in found if one.disposition not in WEIGHTS]
    assert weigh(ordinary, policy, NOW) == NOTHING


@given(found=outcomes, policy=policies)
def test_the_order_in_which_outcomes_are_read_says_nothing(
    found: list[Outcome], policy: Policy
) -> None:
    assert weigh(reversed(found), policy, NOW) == weigh(found, policy, NOW)
