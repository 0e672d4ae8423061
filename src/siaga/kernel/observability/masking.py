"""What must never reach a log: numbers, names, texts, codes and secrets. Pure.

Two nets: fields with a telling name are dropped whole, and every other text is searched for what
looks like a telephone number, a tracking code, a token or an e-mail address.
"""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "•••"
TEXT_LENGTH_MAX = 2_000
TRACEBACK_LENGTH_MAX = 20_000
DEPTH_MAX = 6

_PRIVATE_FIELDS = frozenset(
    """
    access_token address answer api_key app_secret authorization body caption cookie cookies
    credentials csrfmiddlewaretoken data email full_name landmark lat latitude lng longitude
    message_text msisdn name narrative nik note notes otp params password payload personal phone
    phone_number phones profile_name query_string raw reporter secret session session_key
    sessionid signature sql text title token totp verify_token wa_id words
    """.split()
)
_PATTERNS = (
    # What PostgreSQL tells about a row: the values themselves.
    (re.compile(r"(?:DETAIL|CONTEXT|PARAMETERS):[^\n]*"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (
        re.compile(r"(?i)([?&](?:track|token|code|q|search|key|phone)=)[^&\s\"']+"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b"), HIDDEN),
    # A citizen's tracking code opens their report.
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2,4}\b"), HIDDEN),
    # Indonesian numbers as people and machines write them, and any other long international one.
    (re.compile(r"(?<![\w-])(?:\+|00)\d[\d .()-]{6,17}\d(?![\w-])"), HIDDEN),
    (re.compile(r"(?<![\w.:-])(?:62|0)8\d[\d .-]{5,14}\d(?![\w-])"), HIDDEN),
)


def mask_text(text: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    """The text without what identifies a person, cut to a bearable length."""
    if len(text) > length_max:
        text = f"{text[:length_max]}… ({len(text)} signs)"
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def is_private(field: str) -> bool:
    """Whether a field of this name is dropped whole."""
    plain = field.lower().replace("-", "_")
    return plain in _PRIVATE_FIELDS or plain.endswith(("_secret", "_token", "_password", "_phone"))


def mask_value(value: Any, depth: int = 0) -> Any:
    """The value for a log: texts masked, private fields hidden, deep or strange things named."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"{len(value)} bytes"
    if isinstance(value, (Mapping, list, tuple, set, frozenset)):
        return _mask_many(value, depth) if depth < DEPTH_MAX else HIDDEN
    return mask_text(str(value))


def _mask_many(value: Any, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {
            str(key): HIDDEN if is_private(str(key)) else mask_value(item, depth + 1)
            for key, item in value.items()
        }
    return [mask_value(item, depth + 1) for item in value]
