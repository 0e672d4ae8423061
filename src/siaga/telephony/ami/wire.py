"""How AMI looks on the wire. Pure.

Source: the AMI v2 specification of the Asterisk project.
"""

from collections.abc import Iterable, Mapping

END = b"\r\n\r\n"
MESSAGE_BYTES_MAX = 1 << 20

Message = dict[str, list[str]]
"""Header to values; AMI repeats a header to give several."""

Fields = Mapping[str, str | int | Iterable[str]]


class BadField(ValueError):
    """A value that would become a line of its own, and with it a command nobody gave."""


def encode(action: str, action_id: str, fields: Fields) -> bytes:
    """One action. Raises BadField for line breaks and for keys that are no words."""
    lines = [f"Action: {_word(action)}", f"ActionID: {_clean('ActionID', action_id)}"]
    for key, given in fields.items():
        values = [str(given)] if isinstance(given, str | int) else list(given)
        lines += [f"{_word(key)}: {_clean(key, value)}" for value in values]
    return "\r\n".join(lines).encode() + END


def decode(block: bytes) -> Message:
    """One message without its end. Bytes that are no UTF-8 stay visible."""
    found: Message = {}
    for line in block.decode("utf-8", "backslashreplace").split("\r\n"):
        key, colon, value = line.partition(":")
        if colon:
            found.setdefault(key, []).append(value.removeprefix(" "))
    return found


def one(message: Message, key: str) -> str:
    """The first value of a header, or nothing."""
    return message.get(key, [""])[0]


def _word(key: str) -> str:
    if not key.isascii() or not key.replace("-", "").isalnum():
        raise BadField(f"{key!r} is no header")
    return key


def _clean(key: str, value: str) -> str:
    if any(ord(letter) < ord(" ") for letter in value):
        raise BadField(f"{key} holds a line break or another control character")
    return value
