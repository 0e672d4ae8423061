"""What the form knows by now: the guide, how urgent it is and why, who would be sent."""

from dataclasses import dataclass
from datetime import datetime

from siaga.kernel.types import RegionId, Urgency
from siaga.protocols import queries as protocols
from siaga.protocols import rules as protocol_rules
from siaga.protocols.shown import Guide
from siaga.protocols.types import Protocol
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.regions.types import CaseType, Clearance, Profile, ScopeDecision, ScopeVerdict
from siaga.web.console.forms import Written
from siaga.web.console.rows import agency_name, language

_NO_TYPE_YET = Urgency.P5
SILENT_TYPE = "GHOST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """An agency that may be sent, and whether it is chosen."""

    code: str
    name: str
    role: str
    reason: str
    on_duty: bool
    chosen: bool
    sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherAgency:
    """An agency nobody proposed; `cleared` is False where it may not see this type."""

    code: str
    name: str
    cleared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the answers amount to. `floor`: red flags allow nothing less urgent."""

    written: Written
    case: CaseType | None
    type_name: str
    guide: Guide
    proposed: Urgency | None
    chosen: Urgency | None
    effective: Urgency | None
    floor: Urgency | None
    lifted: bool
    refused: bool
    referred: bool
    sentence: str
    needs_a1: bool
    coherent: bool
    agencies: tuple[Tick, ...]
    others: tuple[OtherAgency, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The agencies that would be sent now."""
        return () if self.refused else tuple(tick.name for tick in self.agencies if tick.chosen)

    @property
    def waits_for_a1(self) -> bool:
        """Whether the region would hold it back as things stand."""
        return self.needs_a1 and not self.coherent


def standing(region_id: RegionId, written: Written, now: datetime) -> Standing:
    """Read the form against the profile and the guide of its type."""
    profile = regions.profile(region_id)
    case = profile.types_by_code.get(written.type_code)
    base = case.urgency if case else _NO_TYPE_YET
    guide = protocols.guide(
        _protocol(written),
        answers=written.answers,
        base=base,
        language=language(),
        today=region_rules.local_time(profile, now).date(),
    )
    flags = [flag.raise_to for flag in guide.red_flags]
    floor = min(flags, key=lambda item: item.rank) if flags else None
    proposed = guide.urgency if case or guide.raised else None
    lifted = bool(written.urgency and floor and written.urgency.rank > floor.rank)
    chosen = None if lifted else written.urgency
    effective = chosen or proposed
    verdict = region_rules.scope_verdict(profile, case.code, now) if case else None
    return Standing(
        written=written,
        case=case,
        type_name=case.name.said_in(language()) if case else "",
        guide=guide,
        proposed=proposed,
        chosen=chosen,
        effective=effective,
        floor=floor,
        lifted=lifted,
        refused=_is(verdict, ScopeDecision.REFUSE),
        referred=_is(verdict, ScopeDecision.REFER),
        sentence=verdict.sentence.said_in(language()) if verdict and verdict.sentence else "",
        needs_a1=bool(case and effective and region_rules.needs_a1(profile, case.code, effective)),
        coherent=is_coherent(guide, written),
        agencies=_ticks(profile, case, written, effective, now),
        others=other_agencies(profile, case, _named(profile, case, written, now)),
    )


def _protocol(written: Written) -> Protocol:
    return protocols.protocol_for(written.type_code or (SILENT_TYPE if written.silent else None))


def is_coherent(guide: Guide, written: Written) -> bool:
    """Whether every consistency question was asked and the answers fit."""
    keys = [question.key for question in guide.consistency]
    return bool(keys) and all(written.coherent.get(key) == "yes" for key in keys)


def raising_reasons(written: Written) -> tuple[str, ...]:
    """Why the answers raise the urgency, in words for a note."""
    protocol = _protocol(written)
    found = protocol_rules.urgency(protocol, _NO_TYPE_YET, written.answers)
    return protocol_rules.flags_with_reason(found.raised_by, language())


def other_agencies(
    profile: Profile, case: CaseType | None, named: frozenset[str]
) -> tuple[OtherAgency, ...]:
    """All other active agencies, those without clearance marked."""
    needed = region_rules.clearance_needed(case) if case else Clearance.ORDINARY
    return tuple(
        OtherAgency(
            code=agency.code,
            name=agency.short_name,
            cleared=agency.clearance.rank >= needed.rank,
        )
        for agency in sorted(profile.agencies, key=lambda one: one.short_name.lower())
        if agency.active and agency.code not in named
    )


def _ticks(
    profile: Profile,
    case: CaseType | None,
    written: Written,
    effective: Urgency | None,
    now: datetime,
) -> tuple[Tick, ...]:
    if case is None:
        return ()
    area = written.place.area_code or None
    routed = region_rules.route(profile, case.code, area, now)
    ticks = [
        Tick(
            code=item.agency_code,
            name=agency_name(profile, item.agency_code),
            role=item.role,
            reason=item.reason.said_in(language()),
            on_duty=region_rules.agency_on_duty(profile, item.agency_code, now),
            chosen=_chosen(item.agency_code, item.role, written, effective),
        )
        for item in routed
    ]
    proposed = {tick.code for tick in ticks}
    ticks += [
        Tick(
            code=code,
            name=agency_name(profile, code),
            role="support",
            reason="",
            on_duty=region_rules.agency_on_duty(profile, code, now),
            chosen=True,
        )
        for code in written.agencies
        if code not in proposed and code in profile.agencies_by_code
    ]
    return tuple(ticks)


def _chosen(code: str, role: str, written: Written, effective: Urgency | None) -> bool:
    """As the person left it; a fresh proposal is ticked if it leads, or if life is at stake."""
    if code in written.agencies_shown or code in written.agencies:
        return code in written.agencies
    return role == "lead" or effective is Urgency.P1


def _named(
    profile: Profile, case: CaseType | None, written: Written, now: datetime
) -> frozenset[str]:
    if case is None:
        return frozenset(written.agencies)
    routed = region_rules.route(profile, case.code, written.place.area_code or None, now)
    return frozenset(item.agency_code for item in routed) | frozenset(written.agencies)


def _is(verdict: ScopeVerdict | None, decision: ScopeDecision) -> bool:
    return verdict is not None and verdict.decision is decision
