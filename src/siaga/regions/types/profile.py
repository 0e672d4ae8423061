"""A region's whole profile, as read from its folder and as stored in every version."""

from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from siaga.kernel.geometry import Point
from siaga.kernel.types import Channel, RegionId, Urgency
from siaga.regions.types.agencies import AckClock, Agency
from siaga.regions.types.cases import CaseType, Taxonomy
from siaga.regions.types.words import Day, Holiday, Schedule, Value, Words


class Neighbor(Value, frozen=True, kw_only=True):
    """Another 112 centre, for calls that land on the wrong side of a border."""

    name: str
    code: str
    phone: str = ""


class RegionInfo(Value, frozen=True, kw_only=True):
    """Who the region is. `id` is the folder's name and the key of every row."""

    id: RegionId
    code: str
    name: str
    province: str
    timezone: str
    prefix: str
    languages: tuple[str, ...] = ("id", "en")
    abbreviations: tuple[str, ...] = ()
    """What people write for the bare name of the region; the place search reads it so."""
    local_languages: tuple[str, ...] = ()
    neighbors: tuple[Neighbor, ...] = ()

    @property
    def bare_name(self) -> str:
        """The name without Kabupaten or Kota."""
        return self.name.removeprefix("Kabupaten ").removeprefix("Kota ")


class Brand(Value, frozen=True, kw_only=True):
    """What people know the centre by."""

    name: str
    owner: str
    tagline: Words
    number: str = "112"
    seat: str = ""
    fallback_numbers: tuple[str, ...] = ()


class DayPart(Value, frozen=True, kw_only=True):
    """From this local time on, people are greeted so; the last one runs past midnight."""

    starts: time
    name: Words


class Greeting(Value, frozen=True, kw_only=True):
    """`template` holds the place `{daypart}`."""

    template: Words
    day_parts: tuple[DayPart, ...]


class OutOfHours(Value, frozen=True, kw_only=True):
    """What a citizen meets when nobody is at the desk."""

    behavior: Literal["none", "notice", "notice_then_forward"] = "none"
    notice: Words | None = None
    forward_phone: str = ""
    forward_sample: bool = False


class HoursPeriod(Value, frozen=True, kw_only=True):
    """Opening hours with effective dates; `valid_until` is the last day, None is open-ended."""

    valid_from: date
    valid_until: date | None = None
    schedule: Schedule
    outside: OutOfHours = OutOfHours()


class ChannelSetting(Value, frozen=True, kw_only=True):
    """A door of the centre; `address` is what citizens see (number, handle, path)."""

    channel: Channel
    active: bool = True
    address: str = ""
    note: Words | None = None


class ScopeDecision(StrEnum):
    """Taken on, passed to where it belongs, or kindly refused."""

    ACCEPT = "accept"
    REFER = "refer"
    REFUSE = "refuse"


class ScopeRule(Value, frozen=True, kw_only=True):
    """The first rule naming the type, or its group, decides."""

    types: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    decision: ScopeDecision
    sentence: Words | None = None
    refer_to: str | None = None


class ScopePeriod(Value, frozen=True, kw_only=True):
    """What the centre takes on, with effective dates."""

    valid_from: date
    valid_until: date | None = None
    default: ScopeDecision = ScopeDecision.ACCEPT
    sentence: Words | None = None
    refer_to: str | None = None
    rules: tuple[ScopeRule, ...] = ()


class Verification(Value, frozen=True, kw_only=True):
    """Which cases wait for A1 before an agency is called, and what may pass at once."""

    a1_first: tuple[Urgency, ...] = ()
    a1_first_types: tuple[str, ...] = ()
    a1_exempt_types: tuple[str, ...] = ()
    life_threat_bypass: bool = True
    bypass_urgencies: tuple[Urgency, ...] = (Urgency.P1,)
    evidence: tuple[str, ...] = ()
    consistency_questions: int = 2


class ComplaintClocks(Value, frozen=True, kw_only=True):
    """The clocks of SP4N-LAPOR: working days for the office, calendar days for the reporter."""

    verify_working_days: int = 3
    follow_up_working_days: int = 5
    reporter_answer_days: int = 10
    resolve_working_days: int = 14


class Shift(Value, frozen=True, kw_only=True):
    """One turn of duty; `ends` at or before `starts` means the next morning."""

    code: str
    name: Words
    days: tuple[Day, ...] = tuple(Day)
    starts: time
    ends: time
    break_minutes: int = 0
    seats: int = 1


class ShiftPlan(Value, frozen=True, kw_only=True):
    """The shifts in force between two dates."""

    valid_from: date
    valid_until: date | None = None
    shifts: tuple[Shift, ...]


class RoleSetting(Value, frozen=True, kw_only=True):
    """What a role is called here, whether it exists, and what it may not do."""

    role: str
    name: Words
    active: bool = True
    second_factor: bool = False
    forbids: tuple[str, ...] = ()


class Retention(Value, frozen=True, kw_only=True):
    """Days until data are destroyed; a legal hold stops the clock."""

    recordings_days: int
    media_days: int
    noise_days: int
    reports_days: int


class NuisancePolicy(Value, frozen=True, kw_only=True):
    """Graded, decaying, reversible. Numbers are never refused unless a region says so itself."""

    flag_after: int
    window_hours: int
    half_life_hours: int
    expires_after_hours: int
    hard_block: bool = False
    hard_block_hours_max: int = 24
    emergency_prompt: Words


class Window(Value, frozen=True, kw_only=True):
    """A part of the week in local time, for routing."""

    days: tuple[Day, ...] = tuple(Day)
    starts: time = time(0)
    ends: time = time(0)
    holidays: Literal["any", "only", "never"] = "any"


class RoutingRule(Value, frozen=True, kw_only=True):
    """The first rule that fits type, area and time decides; else the mandates do."""

    code: str
    types: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    when: Window | None = None
    lead: tuple[str, ...]
    support: tuple[str, ...] | None = None
    """None leaves the support to the mandates, an empty list means none."""
    reason: Words


class KecamatanArea(Value, frozen=True, kw_only=True):
    """A kecamatan with a rounded label point (0.01°)."""

    code: str
    name: str
    lat: float
    lng: float

    @property
    def label_point(self) -> Point:
        """Where its name stands on the map."""
        return Point(self.lat, self.lng)


class Landmark(Value, frozen=True, kw_only=True):
    """A place people name instead of an address; without a point it stands at its area's label."""

    name: str
    area: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lng: float | None = None


class Phone(Value, frozen=True, kw_only=True):
    """The centre's telephone: what rings where, and who is rung when nobody answers."""

    did: tuple[str, ...]
    """The numbers callers reach, as the trunk delivers them."""
    trunk_addresses: tuple[str, ...]
    """The only addresses calls may come from; the first one also takes our own calls."""
    positions: int
    reserve_phones: tuple[str, ...] = ()
    """Desk phones at a fixed address, `10.0.0.31` or `10.0.0.31:5062`."""
    neighbor_phone: str = ""
    duty_mobile: str = ""
    dial_allowed: tuple[str, ...] = ()
    """Beginnings of the numbers that may be dialled; nothing else may."""
    self_test_at: time = time(3, 10)
    """When the telephone calls itself every night, local time."""
    self_test_number: str = ""
    """A number that the carrier brings back to us: the nightly call then goes by the trunk."""
    sample: bool = False


class Profile(Value, frozen=True, kw_only=True, dict=True):
    """Everything that makes one region different from another."""

    region: RegionInfo
    brand: Brand
    greeting: Greeting
    hours: tuple[HoursPeriod, ...]
    office_hours: Schedule
    channels: tuple[ChannelSetting, ...]
    scope: tuple[ScopePeriod, ...]
    verification: Verification
    clocks: tuple[AckClock, ...]
    complaints: ComplaintClocks = ComplaintClocks()
    roles: tuple[RoleSetting, ...]
    retention: Retention
    nuisance: NuisancePolicy
    phone: Phone | None = None
    agencies: tuple[Agency, ...]
    routing: tuple[RoutingRule, ...]
    shifts: tuple[ShiftPlan, ...]
    areas: tuple[KecamatanArea, ...]
    landmarks: tuple[Landmark, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    taxonomy: Taxonomy

    @cached_property
    def zone(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.region.timezone)

    @cached_property
    def agencies_by_code(self) -> dict[str, Agency]:
        """All agencies, active or not."""
        return {agency.code: agency for agency in self.agencies}

    @cached_property
    def types_by_code(self) -> dict[str, CaseType]:
        """The effective taxonomy."""
        return {case.code: case for case in self.taxonomy.types}

    @cached_property
    def holidays_by_date(self) -> dict[date, Holiday]:
        """Days off."""
        return {holiday.on: holiday for holiday in self.holidays}

    @cached_property
    def areas_by_code(self) -> dict[str, KecamatanArea]:
        """The kecamatan."""
        return {area.code: area for area in self.areas}

    @cached_property
    def clocks_by_urgency(self) -> dict[Urgency, AckClock]:
        """The region's acknowledgement clocks."""
        return {clock.urgency: clock for clock in self.clocks}
