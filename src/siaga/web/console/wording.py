"""Short words of the desk, where the shared marks would be too long for a key."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from siaga.intake.types import ContactDisposition as D
from siaga.triage.types import EvidenceKind
from siaga.workforce.types import BreakReason, Presence

SHORT_DISPOSITIONS: dict[D, Any] = {
    D.GHOST: _("Silent"),
    D.PRANK: _("Prank"),
    D.INFORMATION: _("Info"),
    D.REFUSED: _("Refuse"),
    D.LOCKED_PHONE: _("Locked"),
    D.VENTING: _("Curhat"),
    D.DUPLICATE: _("Duplicate"),
    D.CUT_OFF: _("Cut off"),
    D.WRONG_NUMBER: _("Wrong no."),
    D.TEST: _("Test"),
}
assert SHORT_DISPOSITIONS.keys() == set(D), "outcomes without a short word"

PRESENCES: dict[Presence, Any] = {
    Presence.AVAILABLE: _("available"),
    Presence.BUSY: _("busy"),
    Presence.WRAP_UP: _("finishing"),
    Presence.BREAK: _("on a break"),
    Presence.AWAY: _("away"),
}
assert PRESENCES.keys() == set(Presence), "presences without words"

BREAK_REASONS: dict[BreakReason, Any] = {
    BreakReason.MEAL: _("meal"),
    BreakReason.PRAYER: _("prayer"),
    BreakReason.REST: _("rest"),
    BreakReason.RESTROOM: _("restroom"),
    BreakReason.BRIEFING: _("briefing"),
    BreakReason.TECHNICAL: _("technical"),
}
assert BREAK_REASONS.keys() == set(BreakReason), "breaks without words"

# What a person at the desk may write into the ledger; the others are written by what happens.
OFFERED_EVIDENCE = (
    EvidenceKind.CALLBACK,
    EvidenceKind.SECOND_CALLER,
    EvidenceKind.AGENCY_CONFIRM,
    EvidenceKind.CCTV,
    EvidenceKind.MEDIA_FROM_REPORTER,
    EvidenceKind.ON_SCENE_UNIT,
    EvidenceKind.CONSISTENCY_QUESTIONS,
    EvidenceKind.SUPERVISOR_OVERRIDE,
)
