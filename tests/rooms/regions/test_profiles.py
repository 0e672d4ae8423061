"""The four reference regions are what the field says they are, from configuration alone."""

from datetime import date

import phonenumbers
import pytest

from siaga.kernel.types import Channel, Urgency
from siaga.regions import folders, rules
from siaga.regions.rules.findings import errors_in
from siaga.regions.types import AgencyKind, Clearance, ScopeDecision
from tests.rooms.regions.given import PROFILES, REGIONS, TODAY, at, profile_of


@pytest.mark.parametrize("slug", REGIONS)
def test_a_reference_profile_has_no_mistake(slug: str) -> None:
    (folder,) = folders.check_folders([PROFILES / slug], today=TODAY)
    assert errors_in(folder.findings) == ()
    assert folder.profile is not None
    assert folder.profile.region.id == slug


def test_codes_and_prefixes_are_those_of_the_regions() -> None:
    told = {slug: profile_of(slug).region for slug in REGIONS}
    assert {slug: (one.code, one.prefix) for slug, one in told.items()} == {
        "banyuwangi": ("35.10", "BWI"),
        "kota-pekalongan": ("33.75", "PKL"),
        "jombang": ("35.17", "JBG"),
        "banyuasin": ("16.07", "BYA"),
    }


def test_kecamatan_are_complete() -> None:
    assert [len(profile_of(slug).areas) for slug in REGIONS] == [25, 4, 21, 21]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-21 00:30", "Banyuwangi Respon, selamat malam."),
        ("2026-11-21 03:59", "Banyuwangi Respon, selamat malam."),
        ("2026-11-21 04:00", "Banyuwangi Respon, selamat pagi."),
        ("2026-11-21 11:00", "Banyuwangi Respon, selamat siang."),
        ("2026-11-21 15:00", "Banyuwangi Respon, selamat sore."),
        ("2026-11-21 23:59", "Banyuwangi Respon, selamat malam."),
    ],
)
def test_banyuwangi_greets_by_the_time_of_day(moment: str, said: str) -> None:
    assert rules.greeting(profile_of("banyuwangi"), at(moment)).id == said


def test_after_midnight_the_english_greeting_is_still_the_evening() -> None:
    greeting = rules.greeting(profile_of("banyuwangi"), at("2026-11-21 00:30"))
    assert greeting.en == "Banyuwangi Respon, good evening."


@pytest.mark.parametrize(
    ("slug", "moment", "code"),
    [
        ("banyuwangi", "2026-11-21 06:59", "malam"),
        ("banyuwangi", "2026-11-21 07:00", "pagi"),
        ("banyuwangi", "2026-11-21 14:00", "siang"),
        ("banyuwangi", "2026-11-21 21:00", "malam"),
        ("kota-pekalongan", "2026-11-21 07:30", "pagi"),
        ("kota-pekalongan", "2026-11-21 16:00", "siang"),
        ("kota-pekalongan", "2026-11-21 23:30", "malam"),
        ("kota-pekalongan", "2021-06-01 09:00", "kantor"),
        ("banyuasin", "2026-11-20 09:00", "siang"),
    ],
)
def test_shifts_are_those_of_the_region(slug: str, moment: str, code: str) -> None:
    shift = rules.shift_at(profile_of(slug), at(moment))
    assert shift is not None
    assert shift.code == code
    assert shift.starts_at <= at(moment) < shift.ends_at


def test_jombang_has_three_shifts_and_interns_with_limits() -> None:
    profile = profile_of("jombang")
    assert len(rules.shifts_on(profile, TODAY)) == 3
    intern = next(one for one in profile.roles if one.role == "restricted_call_taker")
    assert {"bulk_export", "block_number", "close_serious"} <= set(intern.forbids)


def test_pekalongan_was_an_office_before_2022() -> None:
    profile = profile_of("kota-pekalongan")
    assert not rules.is_open(profile, at("2021-12-30 20:00"))
    assert rules.is_open(profile, at("2021-12-30 10:00"))
    assert rules.is_open(profile, at("2022-01-01 02:00"))
    outside = rules.out_of_hours(profile, at("2021-12-30 20:00"))
    assert outside is not None
    assert outside.behavior == "notice"


def test_banyuasin_is_forwarded_outside_its_hours() -> None:
    profile = profile_of("banyuasin")
    assert rules.is_open(profile, at("2026-11-20 15:59"))
    for closed in ("2026-11-20 16:00", "2026-11-21 10:00", "2026-12-25 10:00"):
        assert not rules.is_open(profile, at(closed))
        outside = rules.out_of_hours(profile, at(closed))
        assert outside is not None
        assert outside.behavior == "notice_then_forward"
        assert outside.forward_phone
        assert outside.notice is not None
    assert rules.next_opening(profile, at("2026-11-20 18:00")) == at("2026-11-23 08:00")


def test_jombang_refuses_lost_property_and_explains() -> None:
    verdict = rules.scope_verdict(profile_of("jombang"), "TOLAK-BARANG")
    assert verdict.decision is ScopeDecision.REFUSE
    assert verdict.sentence is not None
    assert "kehilangan barang" in verdict.sentence.id
    assert "polsek" in verdict.sentence.id
    assert "certificate of loss" in verdict.sentence.en


def test_jombang_takes_emergencies_only_and_banyuasin_takes_everything() -> None:
    jombang, banyuasin = profile_of("jombang"), profile_of("banyuasin")
    assert rules.scope_verdict(jombang, "JALAN").decision is ScopeDecision.REFUSE
    assert rules.scope_verdict(jombang, "KBK-BANGUNAN").decision is ScopeDecision.ACCEPT
    for code in ("JALAN", "ADUAN-KORUPSI", "ADUAN-HUKUM", "ADUAN-DIDIK", "AIR-LANGKA"):
        assert rules.scope_verdict(banyuasin, code).decision is ScopeDecision.ACCEPT


def test_banyuwangi_left_the_rest_to_neighbors_at_its_launch() -> None:
    profile = profile_of("banyuwangi")
    launch = rules.scope_verdict(profile, "PJU", at("2020-01-10 09:00"))
    assert launch.decision is ScopeDecision.REFUSE
    assert launch.sentence is not None
    assert "gotong royong" in launch.sentence.id
    assert rules.scope_verdict(profile, "PJU", TODAY_AT).decision is ScopeDecision.ACCEPT


TODAY_AT = at("2026-11-21 19:30")


def test_a_p3_waits_for_a1_in_banyuwangi_but_not_in_pekalongan() -> None:
    assert rules.needs_a1(profile_of("banyuwangi"), "TAWON", Urgency.P3)
    assert not rules.needs_a1(profile_of("kota-pekalongan"), "TAWON", Urgency.P3)


@pytest.mark.parametrize("slug", REGIONS)
def test_a_threat_to_life_goes_at_once_everywhere(slug: str) -> None:
    profile = profile_of(slug)
    assert rules.bypasses_a1(profile, "MED-HENTI", Urgency.P1)
    assert not rules.needs_a1(profile, "MED-HENTI", Urgency.P1)


def test_corruption_in_banyuasin_goes_to_the_inspectorate_alone() -> None:
    profile = profile_of("banyuasin")
    routed = rules.route(profile, "ADUAN-KORUPSI", "16.07.03", TODAY_AT)
    assert [one.agency_code for one in routed] == ["inspektorat"]
    assert profile.agencies_by_code["inspektorat"].clearance is Clearance.RESTRICTED


def test_channels_are_those_of_the_region() -> None:
    doors = {
        slug: {one.channel for one in profile_of(slug).channels if one.active} for slug in REGIONS
    }
    assert {Channel.INSTAGRAM, Channel.X, Channel.WHATSAPP} <= doors["banyuwangi"]
    assert Channel.WALK_IN in doors["banyuasin"]
    assert all({Channel.PHONE, Channel.WHATSAPP, Channel.WEB} <= one for one in doors.values())


@pytest.mark.parametrize("slug", REGIONS)
def test_bodies_from_outside_have_an_agreement_in_force(slug: str) -> None:
    for agency in profile_of(slug).agencies:
        if agency.kind in (AgencyKind.VERTICAL, AgencyKind.BUMN):
            assert agency.agreement is not None, agency.code
            assert agency.agreement.valid_until is None or agency.agreement.valid_until > TODAY


@pytest.mark.parametrize("slug", REGIONS)
def test_no_invented_number_can_ring_anybody(slug: str) -> None:
    profile = profile_of(slug)
    numbers = [
        contact.address
        for agency in profile.agencies
        for contact in agency.contacts
        if contact.address
    ]
    numbers += [one.address for one in profile.channels if one.address.startswith("+")]
    numbers += [one.outside.forward_phone for one in profile.hours if one.outside.forward_phone]
    assert numbers
    for number in numbers:
        assert not phonenumbers.is_valid_number(phonenumbers.parse(number)), number
    for agency in profile.agencies:
        assert all(one.sample for one in agency.contacts if one.address), agency.code


@pytest.mark.parametrize("slug", REGIONS)
def test_numbers_are_never_refused_by_default(slug: str) -> None:
    nuisance = profile_of(slug).nuisance
    assert not nuisance.hard_block
    assert nuisance.expires_after_hours <= 24


def test_the_complaint_clocks_are_those_of_lapor() -> None:
    for slug in REGIONS:
        clocks = profile_of(slug).complaints
        assert (clocks.verify_working_days, clocks.follow_up_working_days) == (3, 5)
        assert clocks.reporter_answer_days == 10


def test_the_region_has_its_readme_in_indonesian() -> None:
    for slug in REGIONS:
        text = (PROFILES / slug / "README.md").read_text()
        assert "Yang masih contoh" in text


def test_holidays_are_those_of_the_joint_decree() -> None:
    days = {holiday.on for holiday in profile_of("jombang").holidays}
    assert {date(2026, 8, 17), date(2026, 12, 25), date(2027, 3, 10)} <= days
