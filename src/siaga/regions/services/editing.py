"""Editing on the screen: the profile in force, plus one change, validated, is a new version.

Every function takes a typed value, returns what was applied, and raises ProfileInvalid with the
findings that the change would cause. Findings that were there before do not stand in the way:
an agreement that ran out last night must not keep anybody from adding an agency this morning.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from django.db import transaction

from siaga.journal.types import Actor
from siaga.kernel.types import RegionId
from siaga.regions import queries
from siaga.regions.errors import AgencyUnknown, CaseTypeUnknown, ProfileInvalid, RoutingRuleUnknown
from siaga.regions.rules.findings import finding
from siaga.regions.rules.reading import convert
from siaga.regions.services.applying import Applied, apply_profile
from siaga.regions.types import Agency, CaseType, Profile, RoutingRule, Taxonomy


class _TakeBack(Exception):
    """Leaves the transaction of an edit that was only tried."""


Change = Callable[[Profile], Profile]
T = TypeVar("T")

_SECTIONS = frozenset(Profile.__struct_fields__) - {"region", "taxonomy"}


def typed(kind: type[T], data: dict[str, Any]) -> T:
    """A value for the functions below from plain data, such as a form's or an API body's.

    Raises ProfileInvalid whose findings' paths are fields of `data`.
    """
    value, findings = convert(data, kind, ())
    if findings:
        raise ProfileInvalid(findings=tuple(findings))
    return value  # type: ignore[no-any-return]


def change_profile(
    region_id: RegionId,
    change: Change,
    *,
    expected_version: int | None = None,
    by: Actor,
    now: datetime,
) -> Applied:
    """Apply any change to the profile in force.

    `expected_version` is the version the person was looking at; ProfileChangedMeanwhile if
    another is in force by now.
    """
    version = expected_version or queries.version(region_id)
    changed = change(queries.profile(region_id))
    return apply_profile(changed, by=by, now=now, source="face", expected_version=version)


def tried(edit: Callable[[], Applied]) -> Applied:
    """What an edit would change, or the ProfileInvalid it would meet; nothing of it stays."""
    applied: list[Applied] = []
    try:
        with transaction.atomic():
            applied.append(edit())
            raise _TakeBack
    except _TakeBack:
        return applied[0]


def add_agency(region_id: RegionId, agency: Agency, *, by: Actor, now: datetime) -> Applied:
    """A new agency; its code must be free."""

    def add(profile: Profile) -> Profile:
        if agency.code in profile.agencies_by_code:
            _taken("agencies", agency.code)
        return msgspec.structs.replace(profile, agencies=(*profile.agencies, agency))

    return change_profile(region_id, add, by=by, now=now)


def edit_agency(region_id: RegionId, agency: Agency, *, by: Actor, now: datetime) -> Applied:
    """Replaces the agency of the same code; AgencyUnknown if there is none."""

    def edit(profile: Profile) -> Profile:
        if agency.code not in profile.agencies_by_code:
            raise AgencyUnknown(agency_code=agency.code)
        agencies = _replaced(profile.agencies, agency)
        return msgspec.structs.replace(profile, agencies=agencies)

    return change_profile(region_id, edit, by=by, now=now)


def set_agency_active(
    region_id: RegionId, agency_code: str, active: bool, *, by: Actor, now: datetime
) -> Applied:
    """Takes an agency out of routing, or brings it back; its history stays."""
    agency = queries.profile(region_id).agencies_by_code.get(agency_code)
    if agency is None:
        raise AgencyUnknown(agency_code=agency_code)
    return edit_agency(region_id, msgspec.structs.replace(agency, active=active), by=by, now=now)


def add_case_type(region_id: RegionId, case: CaseType, *, by: Actor, now: datetime) -> Applied:
    """A region's own type; its code must be free in the national taxonomy too."""

    def add(profile: Profile) -> Profile:
        if case.code in profile.types_by_code:
            _taken("type", case.code)
        types = (*profile.taxonomy.types, _local(case))
        return _with_taxonomy(profile, types=types)

    return change_profile(region_id, add, by=by, now=now)


def edit_case_type(region_id: RegionId, case: CaseType, *, by: Actor, now: datetime) -> Applied:
    """Replaces the type of the same code, for this region only."""

    def edit(profile: Profile) -> Profile:
        if case.code not in profile.types_by_code:
            raise CaseTypeUnknown(type_code=case.code)
        return _with_taxonomy(profile, types=_replaced(profile.taxonomy.types, _local(case)))

    return change_profile(region_id, edit, by=by, now=now)


def add_routing_rule(
    region_id: RegionId, rule: RoutingRule, position: int = 0, *, by: Actor, now: datetime
) -> Applied:
    """A new rule at a position, first by default, because the first that fits decides."""

    def add(profile: Profile) -> Profile:
        if any(rule.code == other.code for other in profile.routing):
            _taken("routing", rule.code)
        routing = (*profile.routing[:position], rule, *profile.routing[position:])
        return msgspec.structs.replace(profile, routing=routing)

    return change_profile(region_id, add, by=by, now=now)


def edit_routing_rule(
    region_id: RegionId, rule: RoutingRule, *, by: Actor, now: datetime
) -> Applied:
    """Replaces the rule of the same code, in its place."""

    def edit(profile: Profile) -> Profile:
        _known_rule(profile, rule.code)
        return msgspec.structs.replace(profile, routing=_replaced(profile.routing, rule))

    return change_profile(region_id, edit, by=by, now=now)


def remove_routing_rule(
    region_id: RegionId, rule_code: str, *, by: Actor, now: datetime
) -> Applied:
    """Leaves its types to later rules and the mandates."""

    def remove(profile: Profile) -> Profile:
        _known_rule(profile, rule_code)
        kept = tuple(rule for rule in profile.routing if rule.code != rule_code)
        return msgspec.structs.replace(profile, routing=kept)

    return change_profile(region_id, remove, by=by, now=now)


def edit_section(
    region_id: RegionId, section: str, value: Any, *, by: Actor, now: datetime
) -> Applied:
    """Replaces a whole section: greeting, hours, scope, verification, clocks, shifts, holidays …

    `value` is typed as the field of the profile; `region` and the taxonomy are not sections.
    """
    if section not in _SECTIONS:
        raise ProfileInvalid(findings=(finding("unknown_key", (section,), key=section, hint=""),))

    def edit(profile: Profile) -> Profile:
        return msgspec.structs.replace(profile, **{section: value})

    return change_profile(region_id, edit, by=by, now=now)


def _taken(shelf: str, code: str) -> None:
    raise ProfileInvalid(findings=(finding("duplicate_code", (shelf, "code"), value=code),))


def _known_rule(profile: Profile, code: str) -> None:
    if all(rule.code != code for rule in profile.routing):
        raise RoutingRuleUnknown(rule_code=code)


def _replaced(items: tuple[Any, ...], item: Any) -> tuple[Any, ...]:
    return tuple(item if one.code == item.code else one for one in items)


def _local(case: CaseType) -> CaseType:
    return msgspec.structs.replace(case, source="local")


def _with_taxonomy(profile: Profile, *, types: tuple[CaseType, ...]) -> Profile:
    taxonomy: Taxonomy = msgspec.structs.replace(profile.taxonomy, types=types)
    return msgspec.structs.replace(profile, taxonomy=taxonomy)
