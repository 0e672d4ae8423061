"""The door: signature, handshake, identity of a delivery."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siaga.messaging.whatsapp.webhook import challenge, external_id, sign, verify_signature

SECRET = b"app-secret"
BODY = b'{"object":"whatsapp_business_account","entry":[]}'


def test_the_right_signature_is_accepted() -> None:
    digest = hmac.new(SECRET, BODY, hashlib.sha256).hexdigest()
    assert verify_signature(SECRET, BODY, f"sha256={digest}")
    assert sign(SECRET, BODY) == f"sha256={digest}"


def test_the_letter_case_of_the_digest_does_not_matter() -> None:
    assert verify_signature(SECRET, BODY, "sha256=" + sign(SECRET, BODY)[7:].upper())


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "sha256=00",
        "sha1=" + "0" * 64,
        "sha256=" + "0" * 64,
        "sha256=" + "é" * 64,
        "sha256=" + "0" * 100_000,
        sign(b"another-secret", BODY),
        sign(SECRET, BODY + b" "),
    ],
)
def test_a_wrong_or_missing_signature_is_refused(header: str | None) -> None:
    assert not verify_signature(SECRET, BODY, header)


def test_an_empty_secret_opens_nothing() -> None:
    assert not verify_signature(b"", BODY, sign(b"", BODY))


@settings(deadline=None)
@given(st.binary(max_size=200), st.text(max_size=80))
def test_no_header_makes_it_raise(raw: bytes, header: str) -> None:
    assert verify_signature(SECRET, raw, header) in (True, False)


def test_the_handshake_echoes_the_challenge() -> None:
    query = "hub.mode=subscribe&hub.verify_token=t%C3%B6ken&hub.challenge=1158201444"
    answer = challenge(query, "töken")
    assert (answer.ok, answer.body) == (True, "1158201444")
    assert challenge(query.encode(), "töken").ok


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hub.mode=subscribe&hub.verify_token=token",
        "hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1",
        "hub.mode=unsubscribe&hub.verify_token=token&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=token&hub.challenge=<script>",
        "hub.mode=subscribe&hub.verify_token=token&hub.challenge=" + "1" * 1000,
        "&".join(f"a{number}=1" for number in range(1000)),
        "hub.verify_token=%ff%fe&hub.mode=subscribe&hub.challenge=1",
    ],
)
def test_anything_else_is_refused(query: str) -> None:
    answer = challenge(query, "token")
    assert (answer.ok, answer.body) == (False, "")


def test_a_missing_verify_token_of_ours_refuses_everybody() -> None:
    assert not challenge("hub.mode=subscribe&hub.verify_token=&hub.challenge=1", "").ok


def test_a_repeated_delivery_has_the_same_identity() -> None:
    assert external_id(BODY) == external_id(bytes(BODY)) != external_id(BODY + b" ")
