"""Identifiers: time-ordered inside, unguessable towards citizens."""

import secrets
import time
from uuid import UUID

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_TRACKING_LENGTH = 16  # 80 bits of chance
_GROUP = 4


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): millisecond time first, so that indexes grow at one end."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80
    chance = secrets.randbits(74)
    value |= 0x7 << 76
    value |= (chance >> 62) << 64
    value |= 0b10 << 62
    value |= chance & ((1 << 62) - 1)
    return UUID(int=value)


def tracking_code() -> str:
    """A code a citizen can read aloud and nobody can guess, such as ``K7QM-3F9T-XW2D-04HN``."""
    letters = [secrets.choice(_CROCKFORD) for _ in range(_TRACKING_LENGTH)]
    return "-".join(
        "".join(letters[start : start + _GROUP]) for start in range(0, _TRACKING_LENGTH, _GROUP)
    )


def normalize_tracking_code(text: str) -> str | None:
    """The code as stored, whatever spaces, dashes or letter case the citizen typed; else None."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_LOOKALIKES)
    if len(plain) != _TRACKING_LENGTH or any(sign not in _CROCKFORD for sign in plain):
        return None
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))
