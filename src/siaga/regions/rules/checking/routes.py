"""Every accepted case finds an agency that may have it, everywhere and at any hour. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from siaga.regions.rules.admission import scope_verdict
from siaga.regions.rules.calendar import agency_on_duty, covers, local_time
from siaga.regions.rules.checking.cases import known_codes, known_groups, near
from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.findings import Finding, Path, finding
from siaga.regions.rules.routing import agencies_with, clearance_needed, route
from siaga.regions.types import CaseType, Day, Profile, RoutingRule, ScopeDecision

_SOMEBODY_AWAKE_RANK_MAX = 2


def check_rules(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    """Findings about each rule by itself."""
    seen: set[str] = set()
    for index, rule in enumerate(profile.routing):
        path = ("routing", index)
        if rule.code in seen:
            yield finding("duplicate_code", (*path, "code"), value=rule.code)
        seen.add(rule.code)
        yield from known_codes(profile, rule.types, (*path, "types"))
        yield from known_groups(profile, rule.groups, (*path, "groups"))
        if not rule.types and not rule.groups:
            yield finding("empty_rule", path)
        for place, area in enumerate(rule.areas):
            if area not in profile.areas_by_code:
                hint = near(area, profile.areas_by_code)
                yield finding("unknown_area", (*path, "areas", place), value=area, hint=hint)
        yield from _agencies(profile, rule, path)


def check_coverage(profile: Profile) -> Iterator[Finding]:
    """Gaps in type × kecamatan × time; asked of every moment that can differ from another."""
    moments = _moments(profile)
    for case in profile.taxonomy.types:
        accepted = scope_verdict(profile, case.code).decision is ScopeDecision.ACCEPT
        if case.outcome_only or not accepted:
            continue
        problem = _uncleared(profile, case) or _gap(profile, case, moments)
        if problem is not None:
            yield problem


def _agencies(profile: Profile, rule: RoutingRule, path: Path) -> Iterator[Finding]:
    known = profile.agencies_by_code
    needed = [
        clearance_needed(case)
        for case in profile.taxonomy.types
        if case.code in rule.types or case.group in rule.groups
    ]
    highest = max(needed, key=lambda one: one.rank, default=None)
    for field in ("lead", "support"):
        for place, code in enumerate(getattr(rule, field) or ()):
            where = (*path, field, place)
            if code not in known:
                yield finding("unknown_agency", where, value=code, hint=near(code, known))
            elif highest is not None and known[code].clearance.rank < highest.rank:
                told = ", ".join((*rule.types, *rule.groups))
                yield finding("not_cleared", where, value=told, agency=code, needed=highest.value)
    if not rule.lead:
        yield finding("routing_gap", path, **_told(rule.code, None, None, ()))


def _uncleared(profile: Profile, case: CaseType) -> Finding | None:
    """A confidential type whose mandated agency may not see it, unless a rule names another."""
    needed = clearance_needed(case)
    if any(case.code in rule.types and not rule.areas for rule in profile.routing):
        return None
    for mandate in case.lead:
        holders = agencies_with(profile, mandate, None)
        if holders and all(one.clearance.rank < needed.rank for one in holders):
            agency = holders[0]
            path = ("agencies", profile.agencies.index(agency), "clearance")
            return finding(
                "not_cleared", path, value=case.code, agency=agency.code, needed=needed.value
            )
    return None


def _gap(profile: Profile, case: CaseType, moments: list[datetime]) -> Finding | None:
    areas = _areas_that_matter(profile, case)
    for moment in moments:
        for area in areas:
            leads = [
                one.agency_code
                for one in route(profile, case.code, area, moment)
                if one.role == "lead"
            ]
            told = _told(case.code, area and profile.areas_by_code[area].name, None, case.lead)
            told["moment"] = _clock(profile, moment)
            if not leads:
                return finding("routing_gap", ("routing",), **told)
            urgent = case.urgency.rank <= _SOMEBODY_AWAKE_RANK_MAX
            if urgent and not any(agency_on_duty(profile, code, moment) for code in leads):
                told["agency"] = ", ".join(leads)
                return finding("nobody_on_duty", ("routing",), **told)
    return None


def _areas_that_matter(profile: Profile, case: CaseType) -> list[str | None]:
    """All kecamatan where something about this case is local; else one stands for all."""
    rules = [
        rule for rule in profile.routing if case.code in rule.types or case.group in rule.groups
    ]
    named = {code for rule in rules for code in rule.lead}
    local = any(
        agency.areas and (agency.code in named or set(agency.mandates) & {*case.lead})
        for agency in profile.agencies
    )
    ruled = any(rule.areas for rule in rules)
    every = [*profile.areas_by_code]
    return [None, *(every if local or ruled else every[:1])]


def _told(
    value: str, area: str | None, moment: str | None, mandates: tuple[str, ...]
) -> dict[str, str]:
    return {
        "value": value,
        "area": area or "—",
        "moment": moment or "—",
        "mandates": ", ".join(mandates) or "—",
    }


def _clock(profile: Profile, moment: datetime) -> str:
    local = local_time(profile, moment)
    return f"{Day.of(local.date()).value} {local:%H.%M}"


def _moments(profile: Profile) -> list[datetime]:
    """One moment for each different combination of who is on duty and which rules apply.

    A plain week and one holiday are asked at every edge of every schedule.
    """
    edges = {time(0)}
    for agency in profile.agencies:
        for period in agency.duty.periods:
            edges |= {period.opens, period.closes}
    for rule in profile.routing:
        if rule.when is not None:
            edges |= {rule.when.starts, rule.when.ends}
    chosen: dict[tuple[object, ...], datetime] = {}
    for on in _sample_days(profile):
        for edge in sorted(edges):
            moment = datetime.combine(on, edge, tzinfo=profile.zone).astimezone(UTC)
            chosen.setdefault(_signature(profile, moment), moment)
    return list(chosen.values())


def _sample_days(profile: Profile) -> list[date]:
    days_off = profile.holidays_by_date
    start = max(days_off, default=date(2026, 1, 1)) + timedelta(days=14)
    return [*(start + timedelta(days=offset) for offset in range(7)), *sorted(days_off)[:1]]


def _signature(profile: Profile, moment: datetime) -> tuple[object, ...]:
    local = local_time(profile, moment)
    windows = tuple(
        (
            covers(rule.when.starts, rule.when.ends, local.time(), begun_today=True),
            Day.of(local.date()) in rule.when.days,
        )
        for rule in profile.routing
        if rule.when is not None
    )
    duties = tuple(agency_on_duty(profile, one.code, moment) for one in profile.agencies)
    return (local.date() in profile.holidays_by_date, windows, duties)
