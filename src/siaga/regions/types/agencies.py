"""Agencies: who they are, what they are there for, and how to reach them at 3 in the morning."""

from datetime import date
from enum import StrEnum
from typing import Literal

from siaga.kernel.types import Urgency
from siaga.regions.types.words import Schedule, Value, Words


class AgencyKind(StrEnum):
    """The five kinds of body a centre works with."""

    OPD = "opd"
    VERTICAL = "vertical"
    BUMN = "bumn"
    VOLUNTEER = "volunteer"
    VILLAGE = "village"


class Clearance(StrEnum):
    """What an agency may be shown: ordinary cases, confidential ones, or also restricted ones."""

    ORDINARY = "ordinary"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"

    @property
    def rank(self) -> int:
        """Higher sees more."""
        return list(Clearance).index(self)


class ContactChannel(StrEnum):
    """How an agency is reached, in the order of its ladder."""

    APP = "app"
    PHONE = "phone"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    SIP = "sip"
    RADIO = "radio"
    EMAIL = "email"


class AgencyContact(Value, frozen=True, kw_only=True):
    """One rung of the ladder. `sample` marks invented addresses that must be replaced."""

    role: Literal["desk", "duty_officer", "deputy", "head"]
    name: str
    channel: ContactChannel
    address: str = ""
    sample: bool = False


class Agreement(Value, frozen=True, kw_only=True):
    """The MoU or letter on which a body outside the region's government works with the centre."""

    reference: str
    valid_from: date
    valid_until: date | None = None


class EscalationAction(StrEnum):
    """The first steps when nobody acknowledges."""

    NOTIFY_AGENCY = "notify_agency"
    NOTIFY_AGAIN = "notify_again"
    CALL_DUTY_OFFICER = "call_duty_officer"
    ALARM_SUPERVISOR = "alarm_supervisor"


class ClockStep(Value, frozen=True, kw_only=True):
    """A step of a clock, in seconds after sending (after the due moment for working-day clocks)."""

    after_seconds: int
    action: EscalationAction


class AckClock(Value, frozen=True, kw_only=True):
    """How soon an agency must acknowledge: seconds, or by the end of the next working day."""

    urgency: Urgency
    within_seconds: int | None = None
    next_working_day: bool = False
    steps: tuple[ClockStep, ...]


class Agency(Value, frozen=True, kw_only=True):
    """A body that acts. `mandates` are codes of the taxonomy; `areas` empty means everywhere."""

    code: str
    name: Words
    short_name: str
    kind: AgencyKind
    mandates: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    duty: Schedule
    off_duty_to: str | None = None
    """The agency that stands in outside duty hours."""
    contacts: tuple[AgencyContact, ...] = ()
    agreement: Agreement | None = None
    parent: str | None = None
    clearance: Clearance = Clearance.ORDINARY
    clocks: tuple[AckClock, ...] = ()
    """Replaces the region's clock of the same urgency for this agency."""
    units: int | None = None
    active: bool = True
