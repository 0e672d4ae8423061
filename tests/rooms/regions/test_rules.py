"""Pure decisions about a profile and a moment."""

from datetime import date, time, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.kernel.types import Urgency
from siaga.regions import rules
from siaga.regions.errors import AgencyUnknown, CaseTypeUnknown
from siaga.regions.types import (
    AgencyContact,
    Clearance,
    Day,
    EscalationAction,
    Period,
    Profile,
    RoutingRule,
    Schedule,
    Window,
    Words,
)
from tests.rooms.regions.given import REGIONS, UNHURRIED, at, profile_of

MOMENTS = st.datetimes(
    min_value=at("2026-01-01 00:00").replace(tzinfo=None),
    max_value=at("2027-12-31 00:00").replace(tzinfo=None),
).map(lambda moment: moment.replace(tzinfo=at("2026-01-01 00:00").tzinfo))
SLUGS = st.sampled_from(REGIONS)
TYPES = st.sampled_from([case.code for case in profile_of("jombang").taxonomy.types])
WHY = Words(id="Karena.", en="Because.")
SATURDAY_NIGHT = at("2026-11-21 23:15")
FRIDAY_NOON = at("2026-11-20 12:00")


def with_(profile: Profile, **changes: object) -> Profile:
    return msgspec.structs.replace(profile, **changes)


def changed_agency(profile: Profile, code: str, **changes: object) -> Profile:
    agencies = tuple(
        msgspec.structs.replace(one, **changes) if one.code == code else one
        for one in profile.agencies
    )
    return with_(profile, agencies=agencies)


# ---- calendars


@UNHURRIED
@given(SLUGS, MOMENTS)
def test_there_is_a_greeting_at_any_moment(slug: str, moment: object) -> None:
    greeting = rules.greeting(profile_of(slug), moment)
    assert "{" not in greeting.id + greeting.en


@UNHURRIED
@given(st.sampled_from(["banyuwangi", "kota-pekalongan", "jombang"]), MOMENTS)
def test_where_it_never_closes_exactly_one_shift_is_on(slug: str, moment: object) -> None:
    profile = profile_of(slug)
    assert rules.is_open(profile, moment)
    assert rules.out_of_hours(profile, moment) is None
    shift = rules.shift_at(profile, moment)
    assert shift is not None
    assert shift.starts_at <= moment < shift.ends_at
    assert rules.shift_at(profile, shift.ends_at) != shift


@UNHURRIED
@given(MOMENTS)
def test_the_next_opening_is_open_and_not_in_the_past(moment: object) -> None:
    profile = profile_of("banyuasin")
    opening = rules.next_opening(profile, moment)
    assert opening is not None
    assert opening >= moment
    assert rules.is_open(profile, opening)


@UNHURRIED
@given(SLUGS, MOMENTS, st.integers(1, 20))
def test_working_days_only_go_forward_and_end_at_closing_time(
    slug: str, moment: object, days: int
) -> None:
    profile = profile_of(slug)
    due = rules.working_days_later(profile, moment, days)
    assert due > moment
    assert rules.working_days_later(profile, moment, days + 1) > due
    on = rules.local_time(profile, due).date()
    assert rules.is_working_day(profile, on)
    assert due == rules.office_close(profile, on)


def test_working_days_pass_over_weekends_and_holidays() -> None:
    profile = profile_of("banyuwangi")
    # Wednesday 23 December 2026: Thursday is shared leave, Friday Christmas, then the weekend.
    later = rules.working_days_later(profile, at("2026-12-23 10:00"), 1)
    assert rules.local_time(profile, later).date() == date(2026, 12, 28)
    assert later == at("2026-12-28 16:00")


def test_zero_working_days_is_today_until_closing_time() -> None:
    profile = profile_of("banyuwangi")
    assert rules.working_days_later(profile, at("2026-11-20 09:00"), 0) == at("2026-11-20 16:00")
    assert rules.working_days_later(profile, at("2026-11-20 16:00"), 0) == at("2026-11-23 16:00")


def test_before_the_centre_existed_nobody_is_there() -> None:
    profile = profile_of("jombang")
    assert not rules.is_open(profile, at("2015-01-01 09:00"))
    assert rules.hours_on(profile, date(2015, 1, 1)) is None
    assert rules.shift_at(profile, at("2015-01-01 09:00")) is None


def test_a_night_that_began_on_a_holiday_is_closed_until_its_end() -> None:
    profile = profile_of("jombang")
    nights = Schedule(
        periods=(Period(days=tuple(Day), opens=time(20), closes=time(4)),), on_holidays="closed"
    )
    guarded = changed_agency(profile, "dishub", duty=nights)
    assert rules.agency_on_duty(guarded, "dishub", at("2026-12-24 02:00"))
    assert not rules.agency_on_duty(guarded, "dishub", at("2026-12-26 02:00"))
    assert not rules.agency_on_duty(guarded, "dishub", at("2026-12-24 12:00"))


def test_an_inactive_agency_is_never_on_duty() -> None:
    profile = changed_agency(profile_of("jombang"), "bpbd", active=False)
    assert not rules.agency_on_duty(profile, "bpbd", FRIDAY_NOON)
    with pytest.raises(AgencyUnknown):
        rules.agency_on_duty(profile, "nowhere", FRIDAY_NOON)


# ---- admission


@UNHURRIED
@given(SLUGS, TYPES, st.sampled_from(list(Urgency)))
def test_what_bypasses_never_waits(slug: str, code: str, urgency: Urgency) -> None:
    profile = profile_of(slug)
    if rules.bypasses_a1(profile, code, urgency):
        assert not rules.needs_a1(profile, code, urgency)


@UNHURRIED
@given(SLUGS, TYPES)
def test_nobody_is_refused_without_a_sentence(slug: str, code: str) -> None:
    verdict = rules.scope_verdict(profile_of(slug), code)
    assert verdict.decision == "accept" or verdict.sentence is not None


def test_a_region_may_forbid_the_bypass() -> None:
    profile = profile_of("banyuwangi")
    strict = with_(
        profile,
        verification=msgspec.structs.replace(profile.verification, life_threat_bypass=False),
    )
    assert not rules.bypasses_a1(strict, "MED-HENTI", Urgency.P1)
    assert rules.needs_a1(strict, "MED-HENTI", Urgency.P1)


def test_a_flood_raised_to_p1_goes_at_once() -> None:
    profile = profile_of("banyuwangi")
    assert rules.needs_a1(profile, "BANJIR", Urgency.P2)
    assert not rules.needs_a1(profile, "BANJIR", Urgency.P1)


def test_a_life_threat_lowered_to_p2_still_does_not_wait() -> None:
    profile = profile_of("banyuwangi")
    assert not rules.needs_a1(profile, "MED-SESAK", Urgency.P2)
    assert rules.needs_a1(profile, "MED-SESAK", Urgency.P3)


def test_an_unknown_type_has_a_name_of_its_own() -> None:
    with pytest.raises(CaseTypeUnknown):
        rules.scope_verdict(profile_of("jombang"), "KBK-BULAN")


# ---- routing


@UNHURRIED
@given(SLUGS, TYPES, MOMENTS, st.data())
def test_every_accepted_case_has_a_lead_everywhere_and_each_agency_stands_once(
    slug: str, code: str, moment: object, data: st.DataObject
) -> None:
    profile = profile_of(slug)
    area = data.draw(st.sampled_from([None, *profile.areas_by_code]))
    routed = rules.route(profile, code, area, moment)
    codes = [one.agency_code for one in routed]
    assert len(codes) == len(set(codes))
    case = profile.types_by_code[code]
    if case.outcome_only:
        assert routed == ()
    elif rules.scope_verdict(profile, code).decision == "accept":
        assert routed[0].role == "lead"
    needed = rules.clearance_needed(case)
    for one in routed:
        agency = profile.agencies_by_code[one.agency_code]
        assert agency.active
        assert agency.clearance.rank >= needed.rank
        assert one.reason.id
        assert one.reason.en


def test_the_nearest_fire_post_leads() -> None:
    profile = profile_of("banyuwangi")
    south = rules.route(profile, "KBK-BANGUNAN", "35.10.09.2003", FRIDAY_NOON)
    town = rules.route(profile, "KBK-BANGUNAN", "35.10.16.1001", FRIDAY_NOON)
    unknown = rules.route(profile, "KBK-BANGUNAN", None, FRIDAY_NOON)
    assert south[0].agency_code == "damkar-genteng"
    assert "Genteng" in south[0].reason.id
    assert town[0].agency_code == unknown[0].agency_code == "damkar"


def test_the_time_of_day_changes_who_clears_a_fallen_tree() -> None:
    profile = profile_of("kota-pekalongan")
    assert rules.route(profile, "POHON-TUMBANG", None, FRIDAY_NOON)[0].agency_code == "dlh"
    assert rules.route(profile, "POHON-TUMBANG", None, SATURDAY_NIGHT)[0].agency_code == "bpbd"
    assert rules.route(profile, "POHON-TUMBANG", None, at("2026-12-25 10:00"))[0].agency_code == (
        "bpbd"
    )


def test_at_night_another_stands_in_and_the_office_is_told() -> None:
    profile = profile_of("jombang")
    routed = {one.agency_code: one for one in rules.route(profile, "DEREK", None, SATURDAY_NIGHT)}
    assert routed["satlantas"].role == "lead"
    assert "Menggantikan Dishub" in routed["satlantas"].reason.id
    assert routed["dishub"].role == "support"
    by_day = rules.route(profile, "DEREK", None, FRIDAY_NOON)
    assert by_day[0].agency_code == "dishub"


def test_a_complaint_waits_for_its_own_office() -> None:
    profile = profile_of("banyuwangi")
    assert rules.route(profile, "JALAN", None, SATURDAY_NIGHT)[0].agency_code == "dpuckpp"


def test_domestic_violence_goes_to_protection_and_police_only_if_cleared() -> None:
    profile = profile_of("banyuasin")
    leads = [
        one.agency_code
        for one in rules.route(profile, "KDRT", "16.07.10", SATURDAY_NIGHT)
        if one.role == "lead"
    ]
    assert leads == ["dp3a", "polres"]
    blind = changed_agency(profile, "polres", clearance=Clearance.ORDINARY)
    codes = [one.agency_code for one in rules.route(blind, "KDRT", "16.07.10", SATURDAY_NIGHT)]
    assert "polres" not in codes


def test_the_first_fitting_rule_decides_and_an_absent_agency_leaves_it_to_the_mandates() -> None:
    profile = profile_of("jombang")
    mine = RoutingRule(code="mine", types=("TAWON",), lead=("bpbd",), support=(), reason=WHY)
    ruled = with_(profile, routing=(mine, *profile.routing))
    assert [one.agency_code for one in rules.route(ruled, "TAWON", None, FRIDAY_NOON)] == ["bpbd"]
    without = changed_agency(ruled, "bpbd", active=False)
    assert rules.route(without, "TAWON", None, FRIDAY_NOON)[0].agency_code == "damkar"


def test_a_window_over_midnight_belongs_to_its_first_day() -> None:
    profile = profile_of("jombang")
    nights = Window(days=(Day.SAT,), starts=time(22), ends=time(4))
    rule = RoutingRule(code="n", types=("TAWON",), when=nights, lead=("bpbd",), reason=WHY)
    ruled = with_(profile, routing=(rule,))

    def lead(moment: str) -> str:
        return rules.route(ruled, "TAWON", None, at(moment))[0].agency_code

    assert lead("2026-11-21 23:00") == "bpbd"
    assert lead("2026-11-22 03:00") == "bpbd"
    assert lead("2026-11-22 23:00") == "damkar"
    assert lead("2026-11-21 03:00") == "damkar"


# ---- clocks


@UNHURRIED
@given(SLUGS, st.sampled_from(list(Urgency)), MOMENTS, st.data())
def test_a_plan_is_in_order_and_ends_with_the_supervisor_for_what_is_urgent(
    slug: str, urgency: Urgency, moment: object, data: st.DataObject
) -> None:
    profile = profile_of(slug)
    code = data.draw(st.sampled_from([one.code for one in profile.agencies]))
    plan = rules.acknowledgement_plan(profile, code, urgency, moment)
    seconds = [step.after_seconds for step in plan.steps]
    assert plan.within_seconds > 0
    assert seconds == sorted(seconds)
    if urgency.rank <= 3:
        assert plan.steps[-1].action is EscalationAction.ALARM_SUPERVISOR
        assert plan.steps[-1].to == "supervisor"
    assert {step.to for step in plan.steps} <= {code, "supervisor"}


def test_p1_is_a_minute_then_a_call_then_the_alarm() -> None:
    plan = rules.acknowledgement_plan(
        profile_of("banyuwangi"), "damkar", Urgency.P1, SATURDAY_NIGHT
    )
    assert plan.within_seconds == 60
    assert [(step.after_seconds, step.action) for step in plan.steps] == [
        (0, "notify_agency"),
        (30, "notify_again"),
        (60, "call_duty_officer"),
        (120, "alarm_supervisor"),
    ]


def test_p4_runs_to_the_close_of_the_next_working_day() -> None:
    profile = profile_of("banyuwangi")
    plan = rules.acknowledgement_plan(profile, "dpuckpp", Urgency.P4, SATURDAY_NIGHT)
    due = SATURDAY_NIGHT + timedelta(seconds=plan.within_seconds)
    assert due == at("2026-11-23 16:00")
    assert plan.steps[0].after_seconds == plan.within_seconds


def test_the_duty_officer_is_found_up_the_parents() -> None:
    profile = profile_of("banyuwangi")
    desk = (AgencyContact(role="desk", name="Meja", channel="app"),)
    post = changed_agency(profile, "damkar-genteng", contacts=desk)
    found = rules.duty_officer(post, "damkar-genteng")
    assert found is not None
    assert found == rules.duty_officer(profile, "damkar")
