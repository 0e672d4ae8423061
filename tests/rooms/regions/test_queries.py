"""What other rooms ask, and that no region sees another."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from siaga.journal.types import Actor
from siaga.kernel.geometry import Point
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.regions import queries, services
from siaga.regions.errors import AgencyUnknown, AreaUnknown, RegionUnknown
from siaga.regions.models import Agency, Area, CaseType, PlaceName, ProfileVersion, RoutingRule
from tests.rooms.regions.given import REGIONS, profile_of
from tests.rooms.regions.phrases import PHRASES, REPEATED, WITHOUT_PLACE

TOP_1_MIN = 0.94
TOP_5_MIN = 0.99
BY = Actor.system("test")


def test_the_four_regions_are_known_by_name(db: None) -> None:
    assert set(queries.region_ids()) == set(REGIONS)
    views = {view.id: view for view in queries.regions()}
    assert views[RegionId("kota-pekalongan")].brand == "Call Center 112 Kota Pekalongan"


@pytest.mark.parametrize("slug", REGIONS)
def test_the_profile_in_force_is_the_one_in_the_folder(db: None, slug: str) -> None:
    assert queries.profile(RegionId(slug)) == profile_of(slug)


def test_a_profile_costs_one_small_query_once_it_is_cached(
    in_banyuwangi: RegionId, django_assert_num_queries: Any
) -> None:
    cached = queries.profile(in_banyuwangi)
    with django_assert_num_queries(1):
        assert queries.profile(in_banyuwangi) is cached


def test_the_profile_is_readable_before_sign_in_without_opening_anything_else(db: None) -> None:
    assert queries.profile(RegionId("jombang")).brand.name == "Jombang Siaga 112"
    assert Agency.objects.count() == 0


def test_an_unknown_region_agency_or_area_has_a_name_of_its_own(
    in_banyuwangi: RegionId,
) -> None:
    with pytest.raises(RegionUnknown):
        queries.profile(RegionId("atlantis"))
    with pytest.raises(RegionUnknown):
        queries.version(RegionId("atlantis"))
    with pytest.raises(AgencyUnknown):
        queries.agency_id(in_banyuwangi, "nobody")
    with pytest.raises(AreaUnknown):
        queries.area(in_banyuwangi, "35.17.01")


@pytest.mark.parametrize("model", [Agency, Area, CaseType, PlaceName, ProfileVersion, RoutingRule])
def test_no_region_sees_the_rows_of_another(db: None, model: type) -> None:
    for slug in REGIONS:
        with acting_in(slug):
            seen = set(model.objects.values_list("region_id", flat=True))  # type: ignore[attr-defined]
        assert seen == {slug}
    assert not model.objects.exists()  # type: ignore[attr-defined]


def test_a_row_cannot_be_moved_into_another_region(in_banyuwangi: RegionId) -> None:
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Agency.objects.filter(code="damkar").update(region_id="jombang")


def test_the_app_role_owns_none_of_the_tables(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class"
            " WHERE relname LIKE 'regions\\_%%' AND relkind = 'r' AND relname <> %s",
            ["regions_region"],
        )
        assert cursor.fetchone() == (6, True)
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'regions\\_%%'"
            " AND tableowner = current_user"
        )
        assert cursor.fetchone() == (0,)


def test_the_tree_holds_every_desa_and_kelurahan(db: None) -> None:
    sizes = {}
    for slug in REGIONS:
        with acting_in(slug):
            tree = queries.area_tree(RegionId(slug))
            sizes[slug] = (len(tree), sum(len(node.children) for node in tree))
    assert sizes == {
        "banyuwangi": (25, 217),
        "kota-pekalongan": (4, 27),
        "jombang": (21, 306),
        "banyuasin": (21, 313),
    }


def test_an_area_knows_its_kecamatan_and_where_its_name_stands(in_banyuwangi: RegionId) -> None:
    desa = queries.area(in_banyuwangi, "35.10.09.2001")
    assert (desa.kind, desa.kecamatan, desa.parent_code) == ("desa", "Genteng", "35.10.09")
    assert desa.label_point == queries.area(in_banyuwangi, "35.10.09").label_point
    assert desa.postcode.isdigit()


def test_without_boundaries_a_point_goes_to_the_nearest_label(in_banyuwangi: RegionId) -> None:
    muncar = queries.area_at(in_banyuwangi, Point(-8.44, 114.33))
    assert muncar is not None
    assert muncar.name == "Muncar"
    assert queries.area_at(in_banyuwangi, Point(-6.2, 106.8)) is None


def found(slug: str, phrase: str) -> list[tuple[str, str]]:
    with acting_in(slug):
        search = queries.search_places(RegionId(slug), phrase)
    return [(one.name, one.kecamatan) for one in search.candidates]


def test_what_callers_say_is_found(db: None) -> None:
    answers = [(found(slug, phrase), (name, home)) for slug, phrase, name, home in PHRASES]
    missed = [(PHRASES[n], got[:2]) for n, (got, want) in enumerate(answers) if want not in got[:1]]
    top_5 = sum(want in got for got, want in answers) / len(answers)
    assert len(answers) >= 84
    assert 1 - len(missed) / len(answers) >= TOP_1_MIN, missed
    assert top_5 >= TOP_5_MIN, missed


@pytest.mark.parametrize(("slug", "phrase"), REPEATED)
def test_a_repeated_name_without_its_kecamatan_is_no_answer(
    db: None, slug: str, phrase: str
) -> None:
    with acting_in(slug):
        search = queries.search_places(RegionId(slug), phrase)
    assert search.ambiguous
    assert len({one.kecamatan for one in search.candidates[:2]}) == 2


def test_phrases_without_a_place_find_nothing(db: None) -> None:
    answered = [phrase for slug, phrase in WITHOUT_PLACE if found(slug, phrase)]
    assert len(answered) <= 1, answered


def test_landmarks_of_the_profile_are_found_by_any_of_their_names(
    in_banyuwangi: RegionId,
) -> None:
    for phrase in ("pelabuhan ketapang", "deket penyeberangan ketapang"):
        best = queries.search_places(in_banyuwangi, phrase).candidates[0]
        assert (best.kind, best.name, best.kecamatan) == (
            "landmark",
            "Pelabuhan Ketapang",
            "Kalipuro",
        )


def test_a_candidate_tells_which_words_fitted(in_banyuwangi: RegionId) -> None:
    best = queries.search_places(in_banyuwangi, "ada laka di Genteng Kulon, Pak").candidates[0]
    assert (best.name, best.matched[:2]) == ("Genteng Kulon", ("Genteng", "Kulon"))
    assert best.label_point is not None
    assert 0 < best.score <= 1


@pytest.mark.parametrize("text", ["", "   ", "???", "%", "'; DROP TABLE", "a" * 10_000, "\x00x"])
def test_any_text_may_be_searched(in_banyuwangi: RegionId, text: str) -> None:
    assert len(queries.search_places(in_banyuwangi, text, limit=3).candidates) <= 3
    assert len(queries.search_case_types(in_banyuwangi, text, limit=3)) <= 3


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("kobong", "KBK-BANGUNAN"),
        ("kebak", "KBK-BANGUNAN"),
        ("laka", "LAKA-LUKA"),
        ("ular", "HEWAN"),
        ("ula", "HEWAN"),
        ("MED-LA", "MED-LAHIR"),
        ("babaran", "MED-LAHIR"),
        ("pju", "PJU"),
        ("dalan bolong", "JALAN"),
        ("pungli", "ADUAN-KORUPSI"),
        ("ada pohon tumbang di jalan", "POHON-TUMBANG"),
        ("drown", "TENGGELAM"),
        ("kelelep", "TENGGELAM"),
        ("kdrt", "KDRT"),
        ("lupa sandi", "TOLAK-HP"),
        ("rob", "BANJIR"),
    ],
)
def test_a_type_is_found_by_a_few_letters(in_banyuwangi: RegionId, typed: str, code: str) -> None:
    hits = queries.search_case_types(in_banyuwangi, typed)
    assert code in [hit.code for hit in hits[:3]], hits
    assert len(hits) <= 8


def test_a_former_profile_can_be_read_again(in_banyuwangi: RegionId, now: datetime) -> None:
    number = queries.version(in_banyuwangi)
    before = queries.profile(in_banyuwangi)
    services.set_agency_active(in_banyuwangi, "damkar-genteng", False, by=BY, now=now)
    assert queries.profile_at_version(in_banyuwangi, number) == before
    assert queries.profile(in_banyuwangi) != before
    with pytest.raises(RegionUnknown):
        queries.profile_at_version(in_banyuwangi, 999)


BOUNDARIES = os.environ.get("SIAGA_TEST_BOUNDARIES", "")
"""A folder with NAME.districts.geojson of real regions; such files are not ours to ship."""


@pytest.mark.skipif(not BOUNDARIES, reason="SIAGA_TEST_BOUNDARIES names no folder")
@pytest.mark.parametrize("slug", REGIONS)
def test_real_boundaries_agree_with_the_labels(db: None, now: datetime, slug: str) -> None:
    name = "-".join(reversed(slug.split("-")))
    content = (Path(BOUNDARIES) / f"{name}.districts.geojson").read_bytes()
    done = services.import_boundaries(content, region_id=RegionId(slug), by=BY, now=now)
    profile = profile_of(slug)
    assert done.areas == len(profile.areas)
    with acting_in(slug):
        for area in profile.areas:
            at = queries.area_at(RegionId(slug), area.label_point)
            assert at is not None
            assert at.code == area.code
