"""Scope, verification and a region's own case types. Pure."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from siaga.kernel.types import Urgency
from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.findings import Finding, Path, finding
from siaga.regions.types import CaseType, Profile, ScopeDecision, ScopePeriod, ScopeRule, Words

EVIDENCE = (
    "callback",
    "second_caller",
    "agency_confirm",
    "cctv",
    "media_from_reporter",
    "on_scene_unit",
    "supervisor_override",
    "consistency_questions",
)


def check(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    """Findings about what is taken on, and when it may be passed on."""
    yield from _types(profile)
    for index, period in enumerate(profile.scope):
        yield from _scope(profile, period, ("scope", index))
    yield from _verification(profile)


def known_codes(profile: Profile, codes: Iterable[str], path: Path) -> Iterator[Finding]:
    """A finding for each code that is no case type; `path` is the list's."""
    known = profile.types_by_code
    for index, code in enumerate(codes):
        if code not in known:
            yield finding("unknown_type", (*path, index), value=code, hint=near(code, known))


def known_groups(profile: Profile, codes: Iterable[str], path: Path) -> Iterator[Finding]:
    """A finding for each code that is no group of the taxonomy."""
    known = [group.code for group in profile.taxonomy.groups]
    for index, code in enumerate(codes):
        if code not in known:
            choices = ", ".join(known)
            yield finding("unknown_group", (*path, index), value=code, choices=choices)


def near(code: str, known: Iterable[str]) -> str:
    """`` (KDRT?)`` for a misspelt code, or nothing."""
    close = get_close_matches(code, list(known), n=1)
    return f" ({close[0]}?)" if close else ""


def threatens_life(case: CaseType) -> bool:
    """Whether refusing the type could cost a life."""
    return not case.outcome_only and (case.life_threat or case.urgency is Urgency.P1)


def _types(profile: Profile) -> Iterator[Finding]:
    mandates = [mandate.code for mandate in profile.taxonomy.mandates]
    groups = [group.code for group in profile.taxonomy.groups]
    local = [case for case in profile.taxonomy.types if case.source == "local"]
    for index, case in enumerate(local):
        path: Path = ("types.toml", "type", index)
        if case.group not in groups:
            choices = ", ".join(groups)
            yield finding("unknown_group", (*path, "group"), value=case.group, choices=choices)
        for field in ("lead", "support"):
            for place, code in enumerate(getattr(case, field)):
                if code not in mandates:
                    where = (*path, field, place)
                    hint = near(code, mandates)
                    yield finding("unknown_mandate", where, value=code, hint=hint)
        high, low = case.range
        if not high.rank <= case.urgency.rank <= low.rank:
            where = (*path, "range")
            yield finding("bad_range", where, urgency=case.urgency.value, low=high, high=low)


def _scope(profile: Profile, period: ScopePeriod, path: Path) -> Iterator[Finding]:
    yield from _answered(profile, period.default, period.sentence, period.refer_to, path)
    decided: dict[str, ScopeDecision] = {}
    for index, rule in enumerate(period.rules):
        where = (*path, "rules", index)
        yield from known_codes(profile, rule.types, (*where, "types"))
        yield from known_groups(profile, rule.groups, (*where, "groups"))
        yield from _answered(profile, rule.decision, rule.sentence, rule.refer_to, where)
        if not rule.types and not rule.groups:
            yield finding("empty_rule", where)
        for code in rule.types:
            if code in decided:
                yield finding("unreachable_rule", (*where, "types"), value=code)
        for case in _touched(profile, rule):
            if case.code not in decided:
                decided[case.code] = rule.decision
                if rule.decision is not ScopeDecision.ACCEPT and threatens_life(case):
                    yield finding("refused_life_threat", where, value=case.code)
    if period.default is not ScopeDecision.ACCEPT:
        for case in profile.taxonomy.types:
            if threatens_life(case) and case.code not in decided:
                yield finding("refused_life_threat", (*path, "default"), value=case.code)


def _touched(profile: Profile, rule: ScopeRule) -> Iterator[CaseType]:
    for case in profile.taxonomy.types:
        if case.code in rule.types or case.group in rule.groups:
            yield case


def _answered(
    profile: Profile,
    decision: ScopeDecision,
    sentence: Words | None,
    refer_to: str | None,
    path: Path,
) -> Iterator[Finding]:
    if decision is not ScopeDecision.ACCEPT and sentence is None:
        yield finding("missing_sentence", path)
    if refer_to is not None and refer_to not in profile.agencies_by_code:
        hint = near(refer_to, profile.agencies_by_code)
        yield finding("unknown_agency", (*path, "refer_to"), value=refer_to, hint=hint)


def _verification(profile: Profile) -> Iterator[Finding]:
    verification = profile.verification
    for field in ("a1_first_types", "a1_exempt_types"):
        codes = getattr(verification, field)
        yield from known_codes(profile, codes, ("verification", field))
    for index, kind in enumerate(verification.evidence):
        if kind not in EVIDENCE:
            path = ("verification", "evidence", index)
            yield finding("unknown_evidence", path, value=kind, choices=", ".join(EVIDENCE))
    waits = Urgency.P1 in verification.a1_first
    if waits and not verification.life_threat_bypass:
        yield finding("life_threat_waits", ("verification", "life_threat_bypass"))
