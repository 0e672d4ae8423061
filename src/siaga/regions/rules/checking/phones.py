"""The telephone: numbers that can be rung, addresses that exist, seats for every shift. Pure."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network

from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.findings import Finding, Path, finding
from siaga.regions.types import Phone, Profile

POSITIONS_MAX = 200
_NUMBER = re.compile(r"^\+?\d{3,15}$")
_PREFIX = re.compile(r"^\d{1,15}$")


def check(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    """Findings about the telephone, where the region has one."""
    phone = profile.phone
    if phone is None:
        return
    yield from _numbers(phone)
    yield from _addresses(phone)
    yield from _positions(profile, phone)
    if phone.sample:
        yield finding("sample_phone", ("phone", "sample"))


def check_trunks(profiles: Mapping[str, Profile]) -> dict[str, tuple[Finding, ...]]:
    """Numbers that two regions await from the same trunk, by the name of the later folder."""
    seen: dict[tuple[str, str], str] = {}
    found: dict[str, tuple[Finding, ...]] = {}
    for folder, profile in profiles.items():
        phone = profile.phone
        clashes = []
        for index, did in enumerate(phone.did if phone else ()):
            for address in phone.trunk_addresses if phone else ():
                other = seen.setdefault((address, did), folder)
                if other != folder:
                    path = ("phone", "did", index)
                    clashes.append(
                        finding("same_did_twice", path, value=did, address=address, other=other)
                    )
        found[folder] = tuple(clashes)
    return found


def _numbers(phone: Phone) -> Iterator[Finding]:
    if not phone.did or not phone.trunk_addresses:
        field = "trunk_addresses" if phone.did else "did"
        yield finding("phone_unreachable", ("phone", field), field=field)
    for index, number in enumerate(phone.did):
        yield from _number(number, ("phone", "did", index))
    for field in ("neighbor_phone", "duty_mobile", "self_test_number"):
        if number := getattr(phone, field):
            yield from _number(number, ("phone", field))
    for index, prefix in enumerate(phone.dial_allowed):
        if not _PREFIX.match(prefix):
            yield finding("bad_dial_prefix", ("phone", "dial_allowed", index), value=prefix)


def _number(number: str, path: Path) -> Iterator[Finding]:
    if not _NUMBER.match(number):
        yield finding("bad_phone_number", path, value=number)


def _addresses(phone: Phone) -> Iterator[Finding]:
    for index, address in enumerate(phone.trunk_addresses):
        if not (_is_network(address) or _is_place(address)):
            path = ("phone", "trunk_addresses", index)
            yield finding("bad_phone_address", path, value=address)
    for index, address in enumerate(phone.reserve_phones):
        if not _is_place(address):
            path = ("phone", "reserve_phones", index)
            yield finding("bad_phone_address", path, value=address)


def _is_place(text: str) -> bool:
    """`10.0.0.31` or `10.0.0.31:5062`."""
    host, colon, port = text.partition(":")
    try:
        ip_address(host)
    except ValueError:
        return False
    return not colon or (port.isascii() and port.isdigit() and 0 < int(port) < 65536)


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _positions(profile: Profile, phone: Phone) -> Iterator[Finding]:
    path = ("phone", "positions")
    if not 1 <= phone.positions <= POSITIONS_MAX:
        yield finding("bad_positions", path, value=phone.positions, high=POSITIONS_MAX)
        return
    for plan in profile.shifts:
        for shift in plan.shifts:
            if plan.valid_until is None and shift.seats > phone.positions:
                yield finding(
                    "too_few_positions",
                    path,
                    value=phone.positions,
                    shift=shift.code,
                    seats=shift.seats,
                )
