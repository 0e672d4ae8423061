"""One line of the CEL file to one event. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from siaga.telephony import names

LINE_BYTES_MAX = 16_384


class BadLine(ValueError):
    """A line that is not what Asterisk writes; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CelEvent:
    """What happened to one channel; `linked_id` is the same for all channels of a call."""

    at: datetime
    kind: str
    channel: str
    unique_id: str
    linked_id: str
    peer: str = ""
    mark: names.Mark | None = None
    details: dict[str, str] = field(default_factory=dict)
    cause: int | None = None
    """Of a HANGUP: why, as Q.850 counts."""

    @property
    def is_of_the_caller(self) -> bool:
        """Whether it is the leg that began the call."""
        return self.unique_id == self.linked_id


class _Line(msgspec.Struct):
    eventtype: str
    eventtime: float | str
    linkedid: str
    uniqueid: str = ""
    channame: str = ""
    peer: str = ""
    userdeftype: str = ""
    eventextra: str = ""


class _Hangup(msgspec.Struct):
    hangupcause: int | None = None


_BEGINNING = b'{"eventtype":'
_decoder = msgspec.json.Decoder(_Line)


def read_line(raw: bytes) -> CelEvent:
    """The event of one whole line. Raises BadLine."""
    if len(raw) > LINE_BYTES_MAX:
        raise BadLine(f"{len(raw)} bytes are more than a line may have")
    try:
        line = _decoder.decode(raw)
        at = datetime.fromtimestamp(float(line.eventtime), UTC)
    except (msgspec.MsgspecError, ValueError, OverflowError, OSError) as error:
        raise BadLine(str(error)[:200]) from None
    if not line.linkedid:
        raise BadLine("no linkedid")
    mark = _mark(line)
    return CelEvent(
        at=at,
        kind=line.eventtype,
        channel=line.channame,
        unique_id=line.uniqueid,
        linked_id=line.linkedid,
        peer=line.peer,
        mark=mark,
        details=names.details(_extra(line.eventextra)) if mark else {},
        cause=_cause(line),
    )


def whole_tail(raw: bytes) -> list[CelEvent]:
    """The event at the end of a line whose beginning was cut off; none if there is none."""
    at = raw.rfind(_BEGINNING)
    if at <= 0:
        return []
    try:
        return [read_line(raw[at:])]
    except BadLine:
        return []


def _mark(line: _Line) -> names.Mark | None:
    # Asterisk gives a user event's own name as its type, and sometimes says so twice.
    for word in (line.userdeftype, line.eventtype):
        if word in names.Mark.__members__.values():
            return names.Mark(word)
    return None


def _cause(line: _Line) -> int | None:
    if line.eventtype != "HANGUP":
        return None
    try:
        return msgspec.json.decode(line.eventextra, type=_Hangup).hangupcause
    except msgspec.MsgspecError:
        return None


def _extra(text: str) -> str:
    """What the dialplan said; Asterisk wraps it in JSON of its own."""
    if not text.startswith("{"):
        return text
    try:
        wrapped = msgspec.json.decode(text, type=dict[str, str])
    except msgspec.MsgspecError:
        return text
    return wrapped.get("extra", "")
