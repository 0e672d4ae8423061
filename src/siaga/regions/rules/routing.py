"""Routing is data: type × area × time → agencies. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from siaga.regions.rules.admission import case_type
from siaga.regions.rules.calendar import agency_on_duty, covers, local_time
from siaga.regions.types import (
    Agency,
    CaseType,
    Clearance,
    Day,
    Profile,
    RoutedAgency,
    RoutingRule,
    Window,
    Words,
)

_STANDS_IN_RANK_MAX = 3  # P1 to P3 need somebody today; a complaint waits for its own office
_KECAMATAN_BLOCKS = 3
_ON_FILE = Words(
    id="Di luar jam dinas; diberi tahu untuk ditindaklanjuti pada jam dinas.",
    en="Outside duty hours; informed to follow up in duty hours.",
)


def kecamatan_of(area_code: str | None) -> str | None:
    """The kecamatan part of any deeper Kemendagri code (``35.10.16.1001`` → ``35.10.16``)."""
    if not area_code:
        return None
    blocks = area_code.split(".")
    return ".".join(blocks[:_KECAMATAN_BLOCKS]) if len(blocks) >= _KECAMATAN_BLOCKS else None


def route(
    profile: Profile, type_code: str, area_code: str | None, at: datetime
) -> tuple[RoutedAgency, ...]:
    """The agencies to propose, leads first, each once, with the reason in words.

    Explicit rules decide first, in their order; otherwise the mandates of the type, preferring
    agencies of that kecamatan. Confidential cases go only to agencies cleared for them.
    """
    case = case_type(profile, type_code)
    if case.outcome_only:
        return ()
    kecamatan = kecamatan_of(area_code)
    rule = fitting_rule(profile, case, kecamatan, at)
    leads = list(_by_rule(profile, case, rule, kecamatan)) if rule else []
    if not leads:
        rule, leads = None, list(_by_mandates(profile, case, case.lead, kecamatan))
    if rule is not None and rule.support is not None:
        named = _usable(profile, case, rule.support, kecamatan)
        helpers = [(agency, rule.reason) for agency in named]
    else:
        helpers = list(_by_mandates(profile, case, case.support, kecamatan))
    return _on_duty_now(profile, case, (leads, helpers), at)


def fitting_rule(
    profile: Profile, case: CaseType, kecamatan: str | None, at: datetime
) -> RoutingRule | None:
    """The first rule for this type, kecamatan and time; None leaves it to the mandates."""
    for rule in profile.routing:
        if case.code not in rule.types and case.group not in rule.groups:
            continue
        if rule.areas and kecamatan not in rule.areas:
            continue
        if rule.when is None or _in_window(profile, rule.when, at):
            return rule
    return None


def clearance_needed(case: CaseType) -> Clearance:
    """What an agency must be cleared for to see this type."""
    if case.restricted:
        return Clearance.RESTRICTED
    return Clearance.CONFIDENTIAL if case.confidential else Clearance.ORDINARY


def agencies_with(profile: Profile, mandate: str, kecamatan: str | None) -> list[Agency]:
    """Active agencies of a mandate for a kecamatan, the most local first.

    Without a place, only those for the whole region, or else the parents of the local ones.
    """
    holders = [one for one in profile.agencies if one.active and mandate in one.mandates]
    wide = [agency for agency in holders if not agency.areas]
    if kecamatan is not None:
        return [agency for agency in holders if kecamatan in agency.areas] + wide
    if wide:
        return wide
    parents = (profile.agencies_by_code.get(agency.parent or "") for agency in holders)
    return [parent for parent in dict.fromkeys(parents) if parent is not None and parent.active]


def _by_rule(
    profile: Profile, case: CaseType, rule: RoutingRule, kecamatan: str | None
) -> Iterator[tuple[Agency, Words]]:
    for agency in _usable(profile, case, rule.lead, kecamatan):
        yield agency, rule.reason


def _usable(
    profile: Profile, case: CaseType, codes: Iterable[str], kecamatan: str | None
) -> Iterator[Agency]:
    needed = clearance_needed(case)
    for code in codes:
        agency = profile.agencies_by_code.get(code)
        if agency is None or not agency.active or agency.clearance.rank < needed.rank:
            continue
        if kecamatan is None or not agency.areas or kecamatan in agency.areas:
            yield agency


def _by_mandates(
    profile: Profile, case: CaseType, mandates: Iterable[str], kecamatan: str | None
) -> Iterator[tuple[Agency, Words]]:
    needed = clearance_needed(case)
    for mandate in mandates:
        cleared = (
            agency
            for agency in agencies_with(profile, mandate, kecamatan)
            if agency.clearance.rank >= needed.rank
        )
        agency = next(cleared, None)
        if agency is not None:
            yield agency, _mandate_reason(profile, mandate, agency, kecamatan)


def _mandate_reason(profile: Profile, mandate: str, agency: Agency, kecamatan: str | None) -> Words:
    name = next((one.name for one in profile.taxonomy.mandates if one.code == mandate), None)
    words = name or Words(id=mandate, en=mandate)
    if agency.areas and kecamatan in profile.areas_by_code:
        area = profile.areas_by_code[kecamatan].name
        return Words(
            id=f"Sesuai tugas: {words.id}, wilayah {area}.",
            en=f"By mandate: {words.en}, area of {area}.",
        )
    return Words(id=f"Sesuai tugas: {words.id}.", en=f"By mandate: {words.en}.")


def _on_duty_now(
    profile: Profile,
    case: CaseType,
    chosen: tuple[list[tuple[Agency, Words]], list[tuple[Agency, Words]]],
    at: datetime,
) -> tuple[RoutedAgency, ...]:
    leads, helpers = chosen
    routed: dict[str, RoutedAgency] = {}

    def add(agency: Agency, role: Literal["lead", "support"], reason: Words) -> None:
        routed.setdefault(
            agency.code, RoutedAgency(agency_code=agency.code, role=role, reason=reason)
        )

    absent: list[Agency] = []
    for agency, reason in leads:
        stand_in = _stand_in(profile, case, agency, at)
        if stand_in is None:
            add(agency, "lead", reason)
        else:
            absent.append(agency)
            add(stand_in, "lead", _stands_in_for(agency))
    for agency, reason in helpers:
        add(agency, "support", reason)
    for agency in absent:
        add(agency, "support", _ON_FILE)
    return tuple(sorted(routed.values(), key=lambda one: one.role != "lead"))


def _stand_in(profile: Profile, case: CaseType, agency: Agency, at: datetime) -> Agency | None:
    if case.urgency.rank > _STANDS_IN_RANK_MAX or agency.off_duty_to is None:
        return None
    if agency_on_duty(profile, agency.code, at):
        return None
    other = profile.agencies_by_code.get(agency.off_duty_to)
    cleared = other is not None and other.clearance.rank >= clearance_needed(case).rank
    if other is None or not cleared or not agency_on_duty(profile, other.code, at):
        return None
    return other


def _stands_in_for(agency: Agency) -> Words:
    return Words(
        id=f"Menggantikan {agency.short_name} di luar jam dinas.",
        en=f"Stands in for {agency.short_name} outside duty hours.",
    )


def _in_window(profile: Profile, when: Window, at: datetime) -> bool:
    local = local_time(profile, at)
    for begun_today in (True, False):
        on = local.date() if begun_today else local.date() - timedelta(days=1)
        holiday = on in profile.holidays_by_date
        if (when.holidays == "only" and not holiday) or (when.holidays == "never" and holiday):
            continue
        if Day.of(on) in when.days and covers(
            when.starts, when.ends, local.time(), begun_today=begun_today
        ):
            return True
    return False
