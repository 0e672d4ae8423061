"""A profile comes into force, is edited on the screen, learns names and boundaries."""

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, transaction

from siaga.journal import queries as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField
from siaga.kernel.geometry import Point
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId, Urgency
from siaga.regions import folders, queries, rules, services
from siaga.regions.errors import (
    AgencyUnknown,
    AreaUnknown,
    BoundariesUnreadable,
    CaseTypeUnknown,
    ProfileChangedMeanwhile,
    ProfileInvalid,
    RegionUnknown,
    RoutingRuleUnknown,
)
from siaga.regions.models import Agency as AgencyRow
from siaga.regions.models import CaseType as CaseTypeRow
from siaga.regions.models import ProfileVersion
from siaga.regions.rules.writing import write_profile
from siaga.regions.types import Agency, CaseType, Greeting, RoutingRule, Words
from tests.rooms.regions.given import at, profile_of

BY = Actor.system("test")
JOMBANG = RegionId("jombang")
NEW: dict[str, Any] = {
    "code": "tagana",
    "name": {"id": "Taruna Siaga Bencana", "en": "Disaster volunteers"},
    "short_name": "Tagana",
    "kind": "volunteer",
    "mandates": ["disaster"],
    "duty": {"always": True},
    "contacts": [{"role": "duty_officer", "name": "Piket", "channel": "phone", "address": "112"}],
}


@pytest.fixture
def now() -> datetime:
    """After whatever brought the test's database about, so that our facts are the newest."""
    return at("2026-12-08 19:30")


@pytest.fixture
def region(in_banyuwangi: RegionId) -> RegionId:
    return in_banyuwangi


def names(region_id: RegionId) -> list[str]:
    return [entry.name for entry in journal.entries(region_id, limit=20)]


def test_applying_the_same_again_changes_nothing(region: RegionId, now: datetime) -> None:
    before = queries.version(region)
    applied = services.apply_profile(queries.profile(region), by=BY, now=now)
    assert not applied.changed
    assert queries.version(region) == before


def test_an_agency_added_on_the_screen_is_in_force_at_once(region: RegionId, now: datetime) -> None:
    before = queries.version(region)
    applied = services.add_agency(region, services.typed(Agency, NEW), by=BY, now=now)
    assert applied.number == queries.version(region) == before + 1
    assert [change.line[:18] for change in applied.changes] == ["+ agencies[tagana]"]
    assert queries.profile(region).agencies_by_code["tagana"].name.en == "Disaster volunteers"
    assert AgencyRow.objects.get(id=queries.agency_id(region, "tagana")).active
    assert names(region)[0] == "regions.profile_applied"
    assert queries.edited_on_screen(region)
    newest = queries.versions(region)[0]
    assert (newest.number, newest.source, newest.actor) == (before + 1, "face", BY)


def test_what_was_edited_is_exported_again(region: RegionId, now: datetime) -> None:
    services.add_agency(region, services.typed(Agency, NEW), by=BY, now=now)
    texts = write_profile(queries.profile(region), folders.national_taxonomy())
    assert 'code = "tagana"' in texts["agencies.toml"]


def test_the_journal_keeps_no_addresses(region: RegionId, now: datetime) -> None:
    services.add_agency(region, services.typed(Agency, NEW), by=BY, now=now)
    entry = journal.entries(region, limit=1)[0]
    assert entry.data["changed"] == ["agencies[tagana]"]
    assert "Piket" not in json.dumps(entry.data)


def test_a_wrong_field_is_named_by_its_path() -> None:
    wrong = {**NEW, "kind": "circus", "contacts": [{"role": "desk", "channel": "app"}]}
    with pytest.raises(ProfileInvalid) as refused:
        services.typed(Agency, wrong)
    assert refused.value.findings[0].path in {("kind",), ("contacts", 0)}


def test_a_change_that_breaks_the_profile_leaves_everything_as_it_was(
    region: RegionId, now: datetime
) -> None:
    before = queries.profile(region)
    lost = services.typed(Agency, {**NEW, "parent": "nobody", "mandates": ["magic"]})
    with pytest.raises(ProfileInvalid) as refused:
        services.add_agency(region, lost, by=BY, now=now)
    assert {one.code for one in refused.value.findings} == {"unknown_agency", "unknown_mandate"}
    assert queries.profile(region) == before
    assert not AgencyRow.objects.filter(region_id=region, code="tagana").exists()


def test_the_refusal_speaks_the_readers_language(region: RegionId, now: datetime) -> None:
    lost = services.typed(Agency, {**NEW, "parent": "nobody"})
    with pytest.raises(ProfileInvalid) as refused:
        services.add_agency(region, lost, by=BY, now=now)
    assert "nobody" in refused.value.message


def test_an_agreement_that_ran_out_does_not_stop_other_edits(
    region: RegionId, now: datetime
) -> None:
    late = at("2031-02-01 09:00")
    services.add_agency(region, services.typed(Agency, NEW), by=BY, now=late)
    assert "tagana" in queries.profile(region).agencies_by_code
    smaller = msgspec.structs.replace(profile_of("banyuwangi"), landmarks=())
    with pytest.raises(ProfileInvalid):
        services.apply_profile(smaller, by=BY, now=late, source="folder")


def test_a_code_that_is_taken_is_refused(region: RegionId, now: datetime) -> None:
    taken = services.typed(Agency, {**NEW, "code": "damkar"})
    with pytest.raises(ProfileInvalid) as refused:
        services.add_agency(region, taken, by=BY, now=now)
    assert refused.value.findings[0].code == "duplicate_code"


def test_two_people_editing_the_same_version_do_not_overwrite_each_other(
    region: RegionId, now: datetime
) -> None:
    seen = queries.version(region)
    services.add_agency(region, services.typed(Agency, NEW), by=BY, now=now)
    with pytest.raises(ProfileChangedMeanwhile):
        services.change_profile(
            region, lambda profile: profile, expected_version=seen, by=BY, now=now
        )


def test_an_agency_out_of_service_leaves_routing_but_not_history(
    region: RegionId, now: datetime
) -> None:
    services.set_agency_active(region, "damkar-genteng", False, by=BY, now=now)
    routed = rules.route(queries.profile(region), "KBK-BANGUNAN", "35.10.09", now)
    assert routed[0].agency_code == "damkar"
    assert not AgencyRow.objects.get(region_id=region, code="damkar-genteng").active
    with pytest.raises(AgencyUnknown):
        services.set_agency_active(region, "nobody", False, by=BY, now=now)


def test_the_last_agency_that_may_lead_an_emergency_cannot_be_switched_off(
    region: RegionId, now: datetime
) -> None:
    with pytest.raises(ProfileInvalid) as refused:
        services.set_agency_active(region, "psc119", False, by=BY, now=now)
    assert "routing_gap" in {one.code for one in refused.value.findings}


def own_type() -> CaseType:
    return services.typed(
        CaseType,
        {
            "code": "LOK-WISATA",
            "group": "rescue",
            "name": {"id": "Wisatawan tersesat", "en": "Stranded tourist"},
            "lead": ["search_and_rescue"],
            "urgency": "P2",
            "range": ["P1", "P3"],
            "icon": "map-search",
            "synonyms": ["turis hilang"],
        },
    )


def test_a_type_of_the_regions_own_is_found_routed_and_projected(
    region: RegionId, now: datetime
) -> None:
    services.add_case_type(region, own_type(), by=BY, now=now)
    assert queries.search_case_types(region, "turis")[0].code == "LOK-WISATA"
    assert rules.route(queries.profile(region), "LOK-WISATA", None, now)[0].agency_code == (
        "basarnas"
    )
    assert CaseTypeRow.objects.get(region_id=region, code="LOK-WISATA").name_en
    changed = msgspec.structs.replace(own_type(), urgency=Urgency.P3)
    services.edit_case_type(region, changed, by=BY, now=now)
    assert queries.profile(region).types_by_code["LOK-WISATA"].urgency == "P3"
    with pytest.raises(ProfileInvalid):
        services.add_case_type(region, own_type(), by=BY, now=now)
    with pytest.raises(CaseTypeUnknown):
        other = msgspec.structs.replace(own_type(), code="LOK-LAIN")
        services.edit_case_type(region, other, by=BY, now=now)


def test_a_national_type_can_be_changed_for_one_region_only(
    region: RegionId, now: datetime
) -> None:
    case = queries.profile(region).types_by_code["TAWON"]
    services.edit_case_type(
        region, msgspec.structs.replace(case, urgency=Urgency.P2), by=BY, now=now
    )
    assert queries.profile(region).types_by_code["TAWON"].source == "local"
    assert queries.profile(JOMBANG).types_by_code["TAWON"].urgency == "P3"


def test_rules_can_be_added_changed_and_removed(region: RegionId, now: datetime) -> None:
    why = Words(id="Uji.", en="Trial.")
    rule = RoutingRule(code="uji", types=("TAWON",), lead=("bpbd",), support=(), reason=why)

    def lead() -> str:
        return rules.route(queries.profile(region), "TAWON", None, now)[0].agency_code

    services.add_routing_rule(region, rule, by=BY, now=now)
    assert lead() == "bpbd"
    changed = msgspec.structs.replace(rule, lead=("satpolpp",))
    services.edit_routing_rule(region, changed, by=BY, now=now)
    assert lead() == "satpolpp"
    services.remove_routing_rule(region, "uji", by=BY, now=now)
    assert lead() == "damkar"
    with pytest.raises(RoutingRuleUnknown):
        services.remove_routing_rule(region, "uji", by=BY, now=now)


def test_a_section_can_be_replaced(region: RegionId, now: datetime) -> None:
    greeting = queries.profile(region).greeting
    template = Words(id="Halo, selamat {daypart}.", en="Hello, good {daypart}.")
    new = Greeting(template=template, day_parts=greeting.day_parts)
    services.edit_section(region, "greeting", new, by=BY, now=now)
    assert rules.greeting(queries.profile(region), now).id == "Halo, selamat malam."
    for closed in ("region", "taxonomy", "nonsense"):
        with pytest.raises(ProfileInvalid):
            services.edit_section(region, closed, new, by=BY, now=now)


def test_a_version_can_never_be_changed(region: RegionId) -> None:
    versions = ProfileVersion.objects.filter(region_id=region)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        versions.update(digest="x")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        versions.delete()


def test_another_region_cannot_take_a_prefix(region: RegionId, now: datetime) -> None:
    profile = profile_of("jombang")
    info = msgspec.structs.replace(profile.region, id=RegionId("jombang-dua"))
    copy = msgspec.structs.replace(profile, region=info)
    with pytest.raises(ProfileInvalid) as refused:
        services.apply_profile(copy, by=BY, now=now)
    assert refused.value.findings[0].code == "same_region_twice"
    with pytest.raises(RegionUnknown):
        queries.profile(RegionId("jombang-dua"))


# ---- names learned from use


def test_a_learned_name_is_found_and_weighs_more_with_use(region: RegionId, now: datetime) -> None:
    def learn() -> object:
        return services.learn_alias(
            region, "Warung Mbok Yem", "35.10.09.2003", point=Point(-8.36, 114.15), by=BY, now=now
        )

    assert queries.search_places(region, "depan warung mbok yem").candidates == ()
    first = learn()
    found = queries.search_places(region, "depan warung mbok yem").candidates[0]
    assert (found.kind, found.name, found.code) == (
        "landmark",
        "Warung Mbok Yem",
        "35.10.09.2003",
    )
    assert found.label_point == Point(-8.36, 114.15)
    assert learn() == first
    again = queries.search_places(region, "depan warung mbok yem").candidates[0]
    assert again.score > found.score
    assert names(region).count("regions.alias_learned") == 1


@pytest.mark.parametrize("name", ["", "12", "0812345678", "x" * 81, "??"])
def test_what_is_no_name_is_not_learned(region: RegionId, now: datetime, name: str) -> None:
    with pytest.raises(InvalidField):
        services.learn_alias(region, name, "35.10.09", by=BY, now=now)


def test_a_name_cannot_be_learned_for_another_region(region: RegionId, now: datetime) -> None:
    with pytest.raises(AreaUnknown):
        services.learn_alias(region, "Pasar Ploso", "35.17.14", by=BY, now=now)


def test_learned_names_outlive_a_new_profile(region: RegionId, now: datetime) -> None:
    services.learn_alias(region, "Warung Mbok Yem", "35.10.09", by=BY, now=now)
    services.add_agency(region, services.typed(Agency, NEW), by=BY, now=now)
    assert queries.search_places(region, "warung mbok yem").candidates


# ---- boundaries


def square(code: str, west: float, south: float, size: float = 0.1) -> dict[str, Any]:
    corners = [(0, 0), (size, 0), (size, size), (0, size), (0, 0)]
    ring = [[west + x, south + y] for x, y in corners]
    return {
        "type": "Feature",
        "properties": {"kode": code.replace(".", "")},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def bowtie(code: str) -> dict[str, Any]:
    feature = square(code, 114.0, -8.5)
    ring = [[114.0, -8.5], [114.1, -8.4], [114.1, -8.5], [114.0, -8.4], [114.0, -8.5]]
    feature["geometry"]["coordinates"] = [ring]
    return feature


def test_boundaries_decide_where_a_point_lies(region: RegionId, now: datetime) -> None:
    assert queries.boundaries(region)["features"] == []
    file = collection(
        square("35.10.09.2003", 114.10, -8.40),
        square("35.10.09.2004", 114.20, -8.40),
        bowtie("35.10.10"),
        square("35.17.01", 112.1, -7.6),
        square("35.10.99", 114.5, -8.4),
        {"type": "Feature", "properties": {}, "geometry": None},
    )
    done = services.import_boundaries(file, region_id=region, by=BY, now=now)
    assert (done.areas, done.repaired, done.dissolved) == (4, 1, 1)
    assert len(done.left_out) == 3
    desa = queries.area_at(region, Point(-8.35, 114.15))
    assert desa is not None
    assert (desa.code, desa.has_boundary) == ("35.10.09.2003", True)
    assert desa.label_point is not None
    glenmore = queries.area_at(region, Point(-8.49, 114.09))
    assert glenmore is not None
    assert glenmore.code == "35.10.10"
    assert queries.area_at(region, Point(-8.0, 113.0)) is None
    drawn = queries.boundaries(region)["features"]
    assert {feature["id"] for feature in drawn} == {"35.10.09", "35.10.10"}
    assert len(queries.boundaries(region, "desa")["features"]) == 2
    assert names(region)[0] == "regions.boundaries_imported"


def test_boundaries_stay_when_the_profile_changes(region: RegionId, now: datetime) -> None:
    file = collection(square("35.10.09", 114.10, -8.40))
    services.import_boundaries(file, by=BY, now=now)
    services.add_agency(region, services.typed(Agency, NEW), by=BY, now=now)
    area = queries.area(region, "35.10.09")
    assert area.has_boundary
    assert area.label_point is not None
    assert abs(area.label_point.lng - 114.15) < 0.01


def test_a_pier_just_off_the_coast_belongs_to_its_area(region: RegionId, now: datetime) -> None:
    services.import_boundaries(collection(square("35.10.09", 114.10, -8.40)), by=BY, now=now)
    pier = queries.area_at(region, Point(-8.35, 114.205))
    assert pier is not None
    assert pier.code == "35.10.09"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'{"type": "FeatureCollection", "features": []}',
        collection({"type": "Feature", "properties": {}, "geometry": None}),
        collection(square("35.10.09", -8.4, 114.1)),
        collection(square("35.10.09", 500_000, 9_000_000, 1000)),
        collection(square("11.01.01", 97.0, 3.0)),
        b'{"features": [{"id": "35.10.09", "geometry": {"type": "Polygon", "coordinates": "x"}}]}',
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    region: RegionId, now: datetime, content: bytes
) -> None:
    with pytest.raises(BoundariesUnreadable):
        services.import_boundaries(content, region_id=region, by=BY, now=now)
    assert queries.boundaries(region)["features"] == []


def test_without_a_name_the_region_is_known_by_the_codes(db: None, now: datetime) -> None:
    file = collection(square("35.17.01", 112.1, -7.6))
    assert services.import_boundaries(file, by=BY, now=now).region_id == JOMBANG
    mixed = collection(square("35.17.01", 112.1, -7.6), square("35.10.09", 114.1, -8.4))
    with pytest.raises(BoundariesUnreadable):
        services.import_boundaries(mixed, by=BY, now=now)
    with acting_in(JOMBANG):
        assert queries.area(JOMBANG, "35.17.01").has_boundary
