"""The door for WhatsApp: what the edge needs before a body may be stored.

Pure and free of Django, because the edge answers these on every request.
"""

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qs

SIGNATURE_HEADER = "x-hub-signature-256"
SIGNATURE_PREFIX = "sha256="
SIGNATURE_HEX_LENGTH = 64

# The provider promises at most 3 MB in one notification.
WEBHOOK_BODY_BYTES_MAX = 3 * 1024 * 1024

# A challenge is a short number; whatever is longer did not come from the provider.
CHALLENGE_CHARS_MAX = 256


@dataclass(frozen=True, slots=True)
class Challenge:
    """Answer to the verification handshake: `body` is to be echoed when `ok`, else 403."""

    ok: bool
    body: str


def sign(app_secret: bytes, raw: bytes) -> str:
    """The value of the signature header for this body."""
    return SIGNATURE_PREFIX + hmac.new(app_secret, raw, hashlib.sha256).hexdigest()


def verify_signature(app_secret: bytes, raw: bytes, header: str | None) -> bool:
    """Whether the header signs exactly these bytes. Takes the same time for every answer."""
    if not app_secret or not header or not header.startswith(SIGNATURE_PREFIX):
        return False
    given = header[len(SIGNATURE_PREFIX) :].strip().lower()
    if len(given) != SIGNATURE_HEX_LENGTH or not given.isascii():
        return False
    expected = hmac.digest(app_secret, raw, "sha256").hex()
    return hmac.compare_digest(expected, given)


def challenge(query_string: str | bytes, verify_token: str) -> Challenge:
    """Answer the provider's GET handshake (`hub.mode`, `hub.verify_token`, `hub.challenge`)."""
    refused = Challenge(ok=False, body="")
    text = query_string.decode("latin-1") if isinstance(query_string, bytes) else query_string
    try:
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=16)
    except ValueError:
        return refused
    mode, token, echo = (
        fields.get(name, [""])[0] for name in ("hub.mode", "hub.verify_token", "hub.challenge")
    )
    if mode != "subscribe" or not verify_token or not echo or len(echo) > CHALLENGE_CHARS_MAX:
        return refused
    if not hmac.compare_digest(verify_token.encode(), token.encode("utf-8", "surrogatepass")):
        return refused
    # Only what cannot be markup is echoed, whatever content type the caller sends it with.
    if not all(char.isascii() and (char.isalnum() or char in "-_.") for char in echo):
        return refused
    return Challenge(ok=True, body=echo)


def external_id(raw: bytes) -> str:
    """The identity of a delivery: a retry has the same bytes, so it meets the same row."""
    return hashlib.sha256(raw).hexdigest()
