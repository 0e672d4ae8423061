"""Whom the edge believes."""

import pytest

from siaga.edge.rules import caller, parse_networks, patience_seconds, within

PROXIES = parse_networks(["10.0.0.0/8", "::1"])


def _forwarded(*values: str) -> list[tuple[bytes, bytes]]:
    return [(b"x-forwarded-for", value.encode()) for value in values]


def test_a_stranger_cannot_choose_their_address() -> None:
    who = caller("203.0.113.9", "http", _forwarded("127.0.0.1"), PROXIES)
    assert (who.address, who.veiled) == ("203.0.113.9", True)


def test_the_nearest_hop_we_do_not_trust_is_the_caller() -> None:
    hops = _forwarded("1.2.3.4, 203.0.113.9", "10.0.0.7")
    assert caller("10.0.0.1", "http", hops, PROXIES).address == "203.0.113.9"


def test_nonsense_in_the_chain_ends_it() -> None:
    hops = _forwarded("203.0.113.9, <script>, 10.0.0.7")
    assert caller("10.0.0.1", "http", hops, PROXIES).address == "10.0.0.7"


def test_only_a_trusted_proxy_tells_the_scheme() -> None:
    told = [(b"x-forwarded-proto", b"https")]
    assert caller("10.0.0.1", "http", told, PROXIES).scheme == "https"
    assert caller("203.0.113.9", "http", told, PROXIES).scheme == "http"
    assert caller("10.0.0.1", "http", [*told, *told], PROXIES).scheme == "http"


def test_an_address_written_as_version_six_is_the_same_address() -> None:
    assert within("::ffff:10.1.2.3", PROXIES)
    assert not within("not an address", PROXIES)


def test_a_unix_socket_is_our_own_proxy() -> None:
    assert caller("", "http", _forwarded("203.0.113.9"), PROXIES).address == "203.0.113.9"


def test_a_network_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        parse_networks(["10.0.0.0/99"])


def test_patience_grows_with_what_has_come() -> None:
    assert patience_seconds(0, least=10, bytes_per_second=1000) == 10
    assert patience_seconds(50_000, least=10, bytes_per_second=1000) == 60
