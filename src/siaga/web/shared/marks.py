"""How the enumerations of the domain look and read: icon and words, never a hue but urgency."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of an enumeration as a person sees it."""

    icon: str
    label: str | Promise
    weight: str = ""  # "", "strong", "inverse", "done": see chip.css


URGENCIES: dict[str, Mark] = {
    "P1": Mark("alert-filled", _("Life threat now")),
    "P2": Mark("alert-triangle", _("Serious, may worsen")),
    "P3": Mark("clock", _("Needs a unit today")),
    "P4": Mark("tool", _("Service complaint")),
    "P5": Mark("info-circle", _("Information")),
}

TRUTHS: dict[str, Mark] = {
    "unverified": Mark("circle-dashed", _("not yet A1")),
    "a1": Mark("check", _("A1")),
    "false": Mark("x", _("false")),
}

CHANNELS: dict[str, Mark] = {
    "phone": Mark("phone", _("Phone")),
    "whatsapp": Mark("brand-whatsapp", _("WhatsApp")),
    "web": Mark("world", _("Website")),
    "instagram": Mark("brand-instagram", _("Instagram")),
    "x": Mark("brand-x", _("X")),
    "telegram": Mark("brand-telegram", _("Telegram")),
    "walk_in": Mark("walk", _("Walk-in")),
}

CONTACT_STATES: dict[str, Mark] = {
    "waiting": Mark("hourglass", _("waiting"), "strong"),
    "claimed": Mark("user-check", _("being handled")),
    "disposed": Mark("circle-check", _("disposed"), "done"),
    "reported": Mark("clipboard-check", _("became a report"), "done"),
}

INCIDENT_STATUSES: dict[str, Mark] = {
    "new": Mark("circle-dashed", _("new"), "strong"),
    "in_triage": Mark("list-details", _("being assessed")),
    "dispatched": Mark("send", _("sent to agencies"), "strong"),
    "acknowledged": Mark("check", _("acknowledged")),
    "en_route": Mark("truck", _("on the way")),
    "on_scene": Mark("map-pin", _("on scene")),
    "done": Mark("checks", _("done"), "done"),
    "closed": Mark("lock", _("closed"), "done"),
    "reopened": Mark("repeat", _("reopened"), "inverse"),
}

ASSIGNMENT_STATES: dict[str, Mark] = {
    "sent": Mark("send", _("not yet answered"), "strong"),
    "acknowledged": Mark("check", _("acknowledged")),
    "declined": Mark("arrow-back-up", _("declined"), "inverse"),
    "en_route": Mark("truck", _("on the way")),
    "on_scene": Mark("map-pin", _("on scene")),
    "done": Mark("checks", _("done"), "done"),
    "withdrawn": Mark("x", _("withdrawn"), "done"),
}

CONTACT_DISPOSITIONS: dict[str, Mark] = {
    "ghost": Mark("ghost", _("Ghost call")),
    "prank": Mark("prank", _("Prank")),
    "information": Mark("info-circle", _("Information given")),
    "refused": Mark("refuse", _("Refused with a reason")),
    "locked_phone": Mark("lock", _("Locked phone")),
    "venting": Mark("curhat", _("Venting, with referral")),
    "duplicate": Mark("duplicate", _("Duplicate")),
    "cut_off": Mark("phone-off", _("Cut off")),
    "wrong_number": Mark("x", _("Wrong number")),
    "test": Mark("test", _("Test")),
}

EVIDENCE_KINDS: dict[str, Mark] = {
    "callback": Mark("phone-calling", _("Call-back")),
    "second_caller": Mark("users", _("Second caller")),
    "agency_confirm": Mark("building-community", _("Confirmed by an agency")),
    "cctv": Mark("video", _("CCTV")),
    "media_from_reporter": Mark("photo", _("Photo or video from the reporter")),
    "on_scene_unit": Mark("truck", _("Unit on scene")),
    "supervisor_override": Mark("shield-check", _("Decided by the supervisor")),
    "consistency_questions": Mark("help", _("Consistency questions")),
}

INCIDENT_DISPOSITIONS: dict[str, Mark] = {
    "handled": Mark("checks", _("Handled")),
    "false_report": Mark("x", _("False report")),
    "not_found": Mark("map-pin-off", _("Nothing found on scene")),
    "duplicate": Mark("duplicate", _("Duplicate")),
    "settled_by_residents": Mark("users", _("Settled by residents")),
    "referred": Mark("transfer", _("Referred")),
    "out_of_scope": Mark("ban", _("Out of scope")),
    "test": Mark("test", _("Test")),
}

ROLES: dict[str, Mark] = {
    "call_taker": Mark("phone", _("Call taker")),
    "restricted_call_taker": Mark("school", _("Call taker in training")),
    "dispatcher": Mark("send", _("Dispatcher")),
    "supervisor": Mark("shield-check", _("Supervisor")),
    "agency_officer": Mark("truck", _("Agency officer")),
    "publisher": Mark("speakerphone", _("Publisher")),
    "auditor": Mark("search", _("Auditor")),
    "administrator": Mark("settings", _("Administrator")),
}

KINDS: dict[str, dict[str, Mark]] = {
    "urgency": URGENCIES,
    "truth": TRUTHS,
    "channel": CHANNELS,
    "contact": CONTACT_STATES,
    "incident": INCIDENT_STATUSES,
    "assignment": ASSIGNMENT_STATES,
    "contact_disposition": CONTACT_DISPOSITIONS,
    "evidence": EVIDENCE_KINDS,
    "incident_disposition": INCIDENT_DISPOSITIONS,
    "role": ROLES,
}


def mark(kind: str, value: str) -> Mark:
    """The mark of `value`, e.g. `mark("incident", "en_route")`; an unknown value shows itself."""
    return KINDS[kind].get(value, Mark("circle", value))
