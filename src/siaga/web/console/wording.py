"""Short words of the desk, where the shared marks would be too long for a key."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from siaga.intake.types import ContactDisposition as D
from siaga.telephony.callbacks.types import CallbackEnd, CallbackWhy
from siaga.telephony.grades.types import Grade
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

CALLBACK_REASONS: dict[CallbackWhy, Any] = {
    CallbackWhy.CUT_OFF: _("cut off while talking"),
    CallbackWhy.UNANSWERED: _("rang, and nobody answered"),
    CallbackWhy.INSTRUCTION: _("nobody was there; heard the instruction"),
    CallbackWhy.ABANDONED: _("hung up while waiting"),
    CallbackWhy.CLOSED: _("out of hours"),
    CallbackWhy.HELD: _("held, and did not press 1"),
}
assert CALLBACK_REASONS.keys() == set(CallbackWhy), "reasons without words"
CALLBACK_ENDS: dict[CallbackEnd, Any] = {
    CallbackEnd.REACHED: _("Reached"),
    CallbackEnd.NOT_REACHED: _("Not reached"),
    CallbackEnd.WRONG_NUMBER: _("Wrong number"),
    CallbackEnd.NOT_NEEDED: _("Not needed"),
    CallbackEnd.CALLED_AGAIN: _("Called again"),
    CallbackEnd.REPORTED: _("Became a report"),
    CallbackEnd.CONTACT_ENDED: _("Contact ended"),
}
assert CALLBACK_ENDS.keys() == set(CallbackEnd), "ends without words"

GRADES: dict[Grade, Any] = {
    Grade.LATER: _("comes later in the queue"),
    Grade.ASK: _("is asked to press 1 if it is an emergency"),
    Grade.HOLD: _("held by a supervisor; pressing 1 gets through"),
}
assert GRADES.keys() == set(Grade), "grades without words"

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
