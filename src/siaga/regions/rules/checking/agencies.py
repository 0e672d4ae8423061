"""Agencies: reachable, agreed with, and not leading back to themselves. Pure."""

import re
from collections.abc import Iterator

from siaga.regions.rules.cases_reached import takes_emergencies
from siaga.regions.rules.checking.cases import near
from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.clocks import duty_officer
from siaga.regions.rules.findings import Finding, Path, finding
from siaga.regions.types import Agency, AgencyContact, AgencyKind, ContactChannel, Profile

_PHONE = re.compile(r"^(\+\d{8,15}|1\d{2}|\d{3,7})$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_OUTSIDE = (AgencyKind.VERTICAL, AgencyKind.BUMN)


def check(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    """Findings about each agency."""
    seen: set[str] = set()
    for index, agency in enumerate(profile.agencies):
        path = ("agencies", index)
        if agency.code in seen:
            yield finding("duplicate_code", (*path, "code"), value=agency.code)
        seen.add(agency.code)
        yield from _links(profile, agency, path)
        yield from _mandates(profile, agency, path)
        yield from _agreement(agency, path, context)
        yield from _contacts(profile, agency, path)
    samples = sum(contact.sample for one in profile.agencies for contact in one.contacts)
    if samples:
        yield finding("sample_contacts", ("agencies",), count=samples)


def _links(profile: Profile, agency: Agency, path: Path) -> Iterator[Finding]:
    known = profile.agencies_by_code
    for field in ("parent", "off_duty_to"):
        code = getattr(agency, field)
        if code is None:
            continue
        if code not in known:
            yield finding("unknown_agency", (*path, field), value=code, hint=near(code, known))
        elif _leads_back(profile, agency, field):
            yield finding("agency_circle", (*path, field), field=field, value=agency.code)
    for index, area in enumerate(agency.areas):
        if area not in profile.areas_by_code:
            hint = near(area, profile.areas_by_code)
            yield finding("unknown_area", (*path, "areas", index), value=area, hint=hint)


def _leads_back(profile: Profile, agency: Agency, field: str) -> bool:
    passed: set[str] = set()
    code = getattr(agency, field)
    while code in profile.agencies_by_code and code not in passed:
        if code == agency.code:
            return True
        passed.add(code)
        code = getattr(profile.agencies_by_code[code], field)
    return False


def _mandates(profile: Profile, agency: Agency, path: Path) -> Iterator[Finding]:
    known = [mandate.code for mandate in profile.taxonomy.mandates]
    for index, code in enumerate(agency.mandates):
        if code not in known:
            where = (*path, "mandates", index)
            yield finding("unknown_mandate", where, value=code, hint=near(code, known))


def _agreement(agency: Agency, path: Path, context: CheckContext) -> Iterator[Finding]:
    agreement = agency.agreement
    if agreement is None:
        if agency.kind in _OUTSIDE and agency.active:
            yield finding("missing_agreement", path, value=agency.code)
        return
    where = (*path, "agreement", "valid_until")
    until = agreement.valid_until
    if until is not None and until < agreement.valid_from:
        yield finding("bad_dates", where, start=agreement.valid_from, until=until)
    elif until is not None and until < context.today and agency.active:
        yield finding("expired_agreement", where, reference=agreement.reference, until=until)


def _contacts(profile: Profile, agency: Agency, path: Path) -> Iterator[Finding]:
    if not agency.contacts:
        yield finding("no_contact", path, value=agency.code)
    elif takes_emergencies(profile, agency) and duty_officer(profile, agency.code) is None:
        yield finding("no_duty_officer", (*path, "contacts"), value=agency.code)
    for index, contact in enumerate(agency.contacts):
        if not _reachable(contact):
            where = (*path, "contacts", index, "address")
            yield finding("bad_address", where, value=contact.address)


def _reachable(contact: AgencyContact) -> bool:
    match contact.channel:
        case ContactChannel.APP:
            return True
        case ContactChannel.PHONE | ContactChannel.WHATSAPP:
            return bool(_PHONE.match(contact.address))
        case ContactChannel.EMAIL:
            return bool(_EMAIL.match(contact.address))
        case _:
            return bool(contact.address.strip())
