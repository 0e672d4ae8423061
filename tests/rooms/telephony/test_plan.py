"""What the telephone is told of a region comes from its profile alone."""

from datetime import time

import msgspec

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.plan import plan_of
from tests.rooms.regions.given import REGIONS, profile_of


def test_every_reference_region_has_a_plan_with_a_ladder() -> None:
    for slug in REGIONS:
        plan = plan_of(profile_of(slug))
        assert plan is not None
        assert plan.did[0] == "112"
        assert plan.overflow.reserve and plan.overflow.neighbor and plan.overflow.mobile


def test_a_region_without_a_telephone_has_no_plan() -> None:
    assert plan_of(msgspec.structs.replace(profile_of("jombang"), phone=None)) is None


def test_the_greeting_knows_the_brand_and_the_time_of_day() -> None:
    plan = plan_of(profile_of("banyuwangi"))
    assert plan is not None
    assert [one.starts for one in plan.greetings] == sorted(one.starts for one in plan.greetings)
    assert plan.greetings[-1].starts == time(18, 30)
    assert plan.greetings[-1].text == "Banyuwangi Respon, selamat malam."


def test_hours_keep_what_a_caller_meets_outside_them() -> None:
    plan = plan_of(profile_of("banyuasin"), "en")
    assert plan is not None
    (hours,) = plan.hours
    assert hours.behavior == "notice_then_forward"
    assert hours.forward_phone.startswith("+62")
    assert hours.notice.startswith("Call Center 112 Banyuasin is open")
    assert hours.spans[0].days == (1, 2, 3, 4, 5)
    assert plan.holidays


def test_a_position_is_known_by_any_of_its_names() -> None:
    region = RegionId("kota-p2")
    endpoint = names.position(region, 7)
    for text in (endpoint, f"PJSIP/{endpoint}", f"PJSIP/{endpoint}-0000001a"):
        assert names.position_number(text) == 7
    assert names.position_number("PJSIP/trunk-kota-0000001a") is None


def test_details_of_a_mark_are_read_back() -> None:
    assert names.details("region=x;number=+62812;did=112;test=") == {
        "region": "x",
        "number": "+62812",
        "did": "112",
        "test": "",
    }
