"""A region's telephone plan, from its profile and nothing else. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from siaga.regions.types import Day, HoursPeriod, Phone, Profile
from siaga.telephony.types import Greeting, Hours, Overflow, PhonePlan, Span

LOOPBACK_NETWORK = "127.0.0.0/8"
_WEEK = tuple(Day)


def plan_of(profile: Profile, language: str = "id") -> PhonePlan | None:
    """None where the profile has no telephone; `language` is what callers are greeted in."""
    phone = profile.phone
    if phone is None:
        return None
    return PhonePlan(
        region=profile.region.id,
        did=phone.did,
        trunk_addresses=phone.trunk_addresses,
        positions=phone.positions,
        language=language,
        timezone=profile.region.timezone,
        greetings=_greetings(profile, language),
        press_one=profile.nuisance.emergency_prompt.said_in(language),
        hours=tuple(_hours(period, language) for period in profile.hours),
        holidays=tuple(sorted(profile.holidays_by_date)),
        overflow=_overflow(phone),
        dial_allowed=phone.dial_allowed,
        self_test_number=phone.self_test_number,
    )


def on_loopback(plans: Sequence[PhonePlan]) -> list[PhonePlan]:
    """For a demo on one machine: any loopback address is every region's trunk, and nobody is rung
    outside of it.

    A number that several regions await cannot tell them apart there, so it is left out.
    """
    claimed = Counter(did for plan in plans for did in set(plan.did))
    return [
        replace(
            plan,
            trunk_addresses=(LOOPBACK_NETWORK,),
            overflow=Overflow(reserve=(), neighbor="", mobile=""),
            self_test_number="",
            did=tuple(did for did in plan.did if claimed[did] == 1) or plan.did,
        )
        for plan in plans
    ]


def _greetings(profile: Profile, language: str) -> tuple[Greeting, ...]:
    template = profile.greeting.template.said_in(language)
    parts = sorted(profile.greeting.day_parts, key=lambda part: part.starts)
    return tuple(
        Greeting(
            starts=part.starts, text=template.replace("{daypart}", part.name.said_in(language))
        )
        for part in parts
    )


def _hours(period: HoursPeriod, language: str) -> Hours:
    schedule, outside = period.schedule, period.outside
    return Hours(
        valid_from=period.valid_from,
        valid_until=period.valid_until,
        always=schedule.always,
        spans=tuple(
            Span(
                days=tuple(_WEEK.index(day) + 1 for day in one.days),
                opens=one.opens,
                closes=one.closes,
            )
            for one in schedule.periods
        ),
        closed_on_holidays=schedule.on_holidays == "closed",
        behavior=outside.behavior,
        notice=outside.notice.said_in(language) if outside.notice else "",
        forward_phone=outside.forward_phone,
    )


def _overflow(phone: Phone) -> Overflow:
    return Overflow(
        reserve=phone.reserve_phones, neighbor=phone.neighbor_phone, mobile=phone.duty_mobile
    )
