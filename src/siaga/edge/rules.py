"""Who is calling, and how long a slow sender may take. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_FORWARDING = (b"x-forwarded-for", b"forwarded", b"x-real-ip")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is at the other end, as far as we may believe it."""

    address: str
    scheme: str
    # Something stands in between that we were not told to trust.
    veiled: bool


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks such as `10.0.0.0/8`; ValueError names the one that is none."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())


def within(address: str, networks: Sequence[Network]) -> bool:
    """Whether the address is in one of the networks; anything unreadable is not."""
    found = _address(address)
    return found is not None and any(found in network for network in networks)


def caller(
    peer: str, scheme: str, headers: Sequence[tuple[bytes, bytes]], trusted: Sequence[Network]
) -> Caller:
    """The address nearest to us that we do not trust, and the scheme our proxy saw.

    Forwarding headers count only when the peer itself is a trusted proxy; otherwise anyone could
    write into them whatever they like. A peer without an address is our own unix socket.
    """
    given = {name: value for name, value in headers if name in _FORWARDING}
    if peer and not within(peer, trusted):
        return Caller(peer, scheme, veiled=bool(given))
    hops = [
        hop.strip()
        for name, value in headers
        if name == b"x-forwarded-for"
        for hop in value.decode("latin-1").split(",")
    ]
    address = peer or "127.0.0.1"
    for hop in reversed(hops):
        if _address(hop) is None:
            break
        address = hop
        if not within(hop, trusted):
            break
    told = [value for name, value in headers if name == b"x-forwarded-proto"]
    if len(told) == 1 and told[0] in {b"http", b"https"}:
        scheme = told[0].decode()
    return Caller(address, scheme, veiled=False)


def patience_seconds(received: int, *, least: float, bytes_per_second: int) -> float:
    """How long a body of which so much has come may have taken: slow is fine, stalled is not."""
    return least + received / bytes_per_second


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
