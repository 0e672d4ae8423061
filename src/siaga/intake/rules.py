"""Pure decisions of intake: what to look at first, what may be undone, what counts as stale."""

import re
from datetime import datetime, timedelta

from siaga.intake.types import ContactDisposition, ContactState
from siaga.kernel.types import Channel

CLAIM_STALE_SECONDS = 120
# Longer than a reload, a restarted browser or a walk to the printer.
CLAIM_RETURNS_SECONDS = 300
UNDO_SECONDS_MAX = 600
WAITING_ALARM_SECONDS = {Channel.PHONE: 20, Channel.WHATSAPP: 180, Channel.WEB: 300}
WAITING_ALARM_SECONDS_DEFAULT = 300
PREVIEW_LENGTH_MAX = 240

RANK_RINGING = 0
RANK_RED_FLAG = 1
RANK_ORDINARY = 5
RANK_REPLY = 6

# Words that move a contact forward in the queue. They never push one back, and they decide
# nothing else: on unseen texts such words find only part of the emergencies.
_RED_FLAGS = (
    "kebakaran", "kobong", "kebakar", "terbakar", "api", "geni", "meledak", "gas bocor",
    "kecelakaan", "tabrakan", "nabrak", "ditabrak", "kelindes", "laka",
    "pingsan", "tidak sadar", "ora sadar", "gak sadar", "gak napas", "tidak bernapas", "sesak",
    "serangan jantung", "stroke", "kejang", "pendarahan", "perdarahan", "berdarah",
    "melahirkan", "lahiran", "ketuban", "tenggelam", "hanyut", "kelelep", "kesetrum", "tersengat",
    "longsor", "banjir bandang", "runtuh", "ambruk", "gempa", "tsunami",
    "bunuh diri", "begal", "rampok", "ditusuk", "dibacok", "bacok", "tawuran", "dipukuli",
    "kdrt", "diperkosa", "bom", "ular", "kritis", "sekarat", "darurat",
)  # fmt: skip
_RED_FLAG_PATTERN = re.compile(r"\b(" + "|".join(map(re.escape, _RED_FLAGS)) + r")", re.IGNORECASE)

# What the region does not do: the note is the sentence that the citizen gets.
NOISE = frozenset({
    ContactDisposition.GHOST,
    ContactDisposition.PRANK,
    ContactDisposition.LOCKED_PHONE,
    ContactDisposition.WRONG_NUMBER,
    ContactDisposition.TEST,
})  # fmt: skip
"""Outcomes of what was nobody's need: its recordings are kept for `noise_days` only."""
REFUSALS = (ContactDisposition.REFUSED, ContactDisposition.LOCKED_PHONE)

ONE_KEY_DISPOSITIONS: dict[str, ContactDisposition] = {
    "g": ContactDisposition.GHOST,
    "p": ContactDisposition.PRANK,
    "i": ContactDisposition.INFORMATION,
    "x": ContactDisposition.REFUSED,
    "h": ContactDisposition.LOCKED_PHONE,
    "c": ContactDisposition.VENTING,
    "d": ContactDisposition.DUPLICATE,
    "w": ContactDisposition.WRONG_NUMBER,
    "t": ContactDisposition.TEST,
    "q": ContactDisposition.CUT_OFF,
}
CALLS_ONLY = frozenset({ContactDisposition.CUT_OFF})
"""Outcomes that nothing but a telephone call can have."""


def has_red_flag(text: str) -> bool:
    """Whether the text holds a word that speaks of danger to life."""
    return bool(_RED_FLAG_PATTERN.search(text))


def rank_of(channel: Channel, text: str, *, is_reply: bool = False) -> int:
    """Where in the queue: smaller comes first."""
    if has_red_flag(text):
        return RANK_RED_FLAG
    if channel is Channel.PHONE:
        return RANK_RINGING
    return RANK_REPLY if is_reply else RANK_ORDINARY


def waiting_alarm_at(channel: Channel, rank: int, since: datetime) -> datetime:
    """When the supervisor is alarmed because nobody has taken the contact."""
    seconds = WAITING_ALARM_SECONDS.get(channel, WAITING_ALARM_SECONDS_DEFAULT)
    if rank <= RANK_RED_FLAG:
        seconds = min(seconds, 60)
    return since + timedelta(seconds=seconds)


def is_claim_stale(seen_at: datetime | None, now: datetime) -> bool:
    """Whether the holder's screen has been silent for too long."""
    return seen_at is None or now - seen_at > timedelta(seconds=CLAIM_STALE_SECONDS)


def claim_returns_at(seen_at: datetime) -> datetime:
    """When a contact whose holder's screen stays silent goes back to the queue."""
    return seen_at + timedelta(seconds=CLAIM_RETURNS_SECONDS)


def may_undo(disposed_at: datetime, now: datetime) -> bool:
    """Whether the author may still take the outcome back."""
    return now - disposed_at <= timedelta(seconds=UNDO_SECONDS_MAX)


def is_open(state: ContactState) -> bool:
    """Whether a further message of the same person belongs to this contact."""
    return state in (ContactState.WAITING, ContactState.CLAIMED)


def preview_of(text: str) -> str:
    """One line for the queue."""
    return " ".join(text.split())[:PREVIEW_LENGTH_MAX]
