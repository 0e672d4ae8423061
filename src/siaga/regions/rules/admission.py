"""What the centre takes on, and what must be true before an agency is called. Pure."""

from datetime import date, datetime

from siaga.kernel.types import Urgency
from siaga.regions.errors import CaseTypeUnknown
from siaga.regions.rules.calendar import in_force, local_time
from siaga.regions.types import (
    CaseType,
    Profile,
    ScopeDecision,
    ScopePeriod,
    ScopeVerdict,
)

LIFE_THREAT_RANK_MAX = 2


def case_type(profile: Profile, type_code: str) -> CaseType:
    """The type in this region's taxonomy; CaseTypeUnknown if there is none."""
    case = profile.types_by_code.get(type_code)
    if case is None:
        raise CaseTypeUnknown(type_code=type_code)
    return case


def scope_verdict(profile: Profile, type_code: str, at: datetime | None = None) -> ScopeVerdict:
    """Whether the type is taken on; without `at`, by the newest scope of the profile.

    Types that only end a contact (ghost, prank …) are always accepted: they ask for nothing.
    """
    case = case_type(profile, type_code)
    period = _scope_on(profile, local_time(profile, at).date() if at else None)
    if period is None or case.outcome_only:
        return ScopeVerdict(decision=ScopeDecision.ACCEPT, sentence=None, refer_to=None)
    for rule in period.rules:
        if case.code in rule.types or case.group in rule.groups:
            return ScopeVerdict(
                decision=rule.decision, sentence=rule.sentence, refer_to=rule.refer_to
            )
    return ScopeVerdict(decision=period.default, sentence=period.sentence, refer_to=period.refer_to)


def needs_a1(profile: Profile, type_code: str, urgency: Urgency) -> bool:
    """Whether an agency may be called only after the report is A1."""
    verification = profile.verification
    if type_code in verification.a1_exempt_types or bypasses_a1(profile, type_code, urgency):
        return False
    case = case_type(profile, type_code)
    return case.code in verification.a1_first_types or urgency in verification.a1_first


def bypasses_a1(profile: Profile, type_code: str, urgency: Urgency) -> bool:
    """Whether a threat to life lets it pass at once, tagged *belum A1*, with a plausible place.

    A life-threatening kind of case remains one when a person lowers it to P2.
    """
    case = case_type(profile, type_code)
    verification = profile.verification
    if not verification.life_threat_bypass:
        return False
    lowered = case.life_threat and urgency.rank <= LIFE_THREAT_RANK_MAX
    return urgency in verification.bypass_urgencies or lowered


def _scope_on(profile: Profile, on: date | None) -> ScopePeriod | None:
    if on is None:
        return max(profile.scope, key=lambda period: period.valid_from, default=None)
    return next((period for period in profile.scope if in_force(period, on)), None)
