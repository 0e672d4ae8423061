"""Acknowledgement and complaint clocks must be possible. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from siaga.kernel.types import Urgency
from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.findings import Finding, Path, finding
from siaga.regions.types import AckClock, EscalationAction, Profile

WITHIN_SECONDS_MAX = 7 * 24 * 3600
P1_WITHIN_SECONDS_MAX = 15 * 60
_ALARMED_RANK_MAX = 3
_DAYS_MAX = 366


def check(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    """Findings about clocks of the region, of agencies and of complaints."""
    yield from _clocks(profile.clocks, ("clocks",))
    have = {clock.urgency for clock in profile.clocks}
    for urgency in Urgency:
        if urgency not in have:
            yield finding("missing_clock", ("clocks",), urgency=urgency.value)
    for index, agency in enumerate(profile.agencies):
        yield from _clocks(agency.clocks, ("agencies", index, "clocks"))
    yield from _complaints(profile)


def _clocks(clocks: Sequence[AckClock], path: Path) -> Iterator[Finding]:
    seen: set[Urgency] = set()
    for index, clock in enumerate(clocks):
        if clock.urgency in seen:
            yield finding("duplicate_code", (*path, index, "urgency"), value=clock.urgency.value)
        seen.add(clock.urgency)
        for field, indonesian, english in _troubles(clock):
            where = (*path, index, field)
            yield finding("impossible_clock", where, reason_id=indonesian, reason_en=english)
    ordered = sorted(
        (index for index, clock in enumerate(clocks) if clock.within_seconds is not None),
        key=lambda index: clocks[index].urgency.rank,
    )
    for first, second in pairwise(ordered):
        one, other = clocks[first], clocks[second]
        if (one.within_seconds or 0) > (other.within_seconds or 0):
            yield finding(
                "impossible_clock",
                (*path, first, "within_seconds"),
                reason_id=f"{one.urgency} lebih lambat daripada {other.urgency}",
                reason_en=f"{one.urgency} is slower than {other.urgency}",
            )


def _troubles(clock: AckClock) -> Iterator[tuple[str, str, str]]:
    within = clock.within_seconds
    if (within is None) != clock.next_working_day:
        yield (
            "within_seconds",
            "isi within_seconds atau next_working_day, salah satu",
            "give within_seconds or next_working_day, exactly one",
        )
    if within is not None and not 0 < within <= WITHIN_SECONDS_MAX:
        yield (
            "within_seconds",
            f"{within} detik tidak di antara 1 dan {WITHIN_SECONDS_MAX}",
            f"{within} seconds is not between 1 and {WITHIN_SECONDS_MAX}",
        )
    slow = clock.next_working_day or (within or 0) > P1_WITHIN_SECONDS_MAX
    if clock.urgency is Urgency.P1 and slow:
        yield (
            "within_seconds",
            f"P1 tidak boleh lebih dari {P1_WITHIN_SECONDS_MAX} detik",
            f"P1 may not take more than {P1_WITHIN_SECONDS_MAX} seconds",
        )
    yield from _step_troubles(clock)


def _step_troubles(clock: AckClock) -> Iterator[tuple[str, str, str]]:
    seconds = [step.after_seconds for step in clock.steps]
    if not seconds:
        yield "steps", "tidak ada langkah", "there are no steps"
    if any(one < 0 or one > WITHIN_SECONDS_MAX for one in seconds):
        yield "steps", "langkah sebelum dikirim", "a step before sending or after a week"
    if any(later < earlier for earlier, later in pairwise(seconds)):
        yield "steps", "langkah tidak berurutan", "the steps are not in order"
    actions = {step.action for step in clock.steps}
    alarmed = clock.urgency.rank <= _ALARMED_RANK_MAX
    if seconds and alarmed and EscalationAction.ALARM_SUPERVISOR not in actions:
        yield (
            "steps",
            f"{clock.urgency} tidak pernah sampai ke pengawas",
            f"{clock.urgency} never reaches the supervisor",
        )


def _complaints(profile: Profile) -> Iterator[Finding]:
    clocks = profile.complaints
    days = (clocks.verify_working_days, clocks.follow_up_working_days, clocks.resolve_working_days)
    rising = list(days) == sorted(days) and clocks.reporter_answer_days > 0
    if not rising or days[0] < 1 or days[-1] > _DAYS_MAX:
        yield finding(
            "impossible_clock",
            ("complaints",),
            reason_id=f"verifikasi, tindak lanjut, selesai: {days} hari kerja",
            reason_en=f"verify, follow up, resolve: {days} working days",
        )
