"""Changing the profile on the screen: shown first, applied once, refused at its field."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest

from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.regions import folders, queries, services
from siaga.regions.rules.reading import read_profile
from siaga.regions.types import Agency
from siaga.web.control.forms_profile import AgencyForm, agency_initial
from tests.cast import BANYUWANGI
from tests.web.control.stage import Seat, seat, text

pytestmark = pytest.mark.django_db
AGENCY = {
    "code": "tagana",
    "name_id": "Taruna Siaga Bencana",
    "name_en": "Disaster Volunteers",
    "short_name": "Tagana",
    "kind": "opd",
    "mandates": ["disaster"],
    "periods": "Sen-Jum 07.30-16.00\nSab 08:00-12:00",
    "off_duty_to": "bpbd",
    "clearance": "ordinary",
    "active": "on",
    "contact_0_role": "desk",
    "contact_0_name": "Meja Tagana",
    "contact_0_channel": "app",
    "contact_1_role": "duty_officer",
    "contact_1_name": "Petugas piket",
    "contact_1_channel": "phone",
    "contact_1_address": "+6284000399999",
}


@pytest.fixture
def ayu() -> Seat:
    return seat("ayu")


def apply(ayu: Seat, path: str, data: dict[str, Any]) -> Any:
    """Look first, then put into force what was shown."""
    looked = ayu.post(path, {**data, "preview": "1"})
    assert looked.status_code == 200, looked.context["form"].errors
    seen = {"seen": looked.context["digest"], "version": looked.context["version"]}
    return ayu.post(path, {**data, **seen, "apply": "1"})


def test_an_agency_is_shown_first_and_added_only_then(ayu: Seat) -> None:
    before = queries.version(BANYUWANGI)
    looked = ayu.post("profile/agencies/add/", {**AGENCY, "preview": "1"})
    assert "agencies[tagana]" in text(looked)
    assert queries.version(BANYUWANGI) == before
    assert "tagana" not in queries.profile(BANYUWANGI).agencies_by_code
    assert apply(ayu, "profile/agencies/add/", AGENCY).status_code == 302
    added = queries.profile(BANYUWANGI).agencies_by_code["tagana"]
    assert [len(one.days) for one in added.duty.periods] == [5, 1]
    assert added.contacts[1].address == "+6284000399999"
    assert queries.version(BANYUWANGI) == before + 1
    history = text(ayu.get("profile/versions/"))
    assert "Ayu Administrator" in history and "agencies[tagana]" in history
    assert "agencies[tagana]" in text(ayu.get(f"profile/versions/{before + 1}/"))


def test_what_was_changed_after_looking_is_shown_again(ayu: Seat) -> None:
    looked = ayu.post("profile/agencies/add/", {**AGENCY, "preview": "1"})
    seen = {"seen": looked.context["digest"], "version": looked.context["version"]}
    data = {**AGENCY, **seen, "short_name": "Lain", "apply": "1"}
    assert ayu.post("profile/agencies/add/", data).status_code == 200
    assert "tagana" not in queries.profile(BANYUWANGI).agencies_by_code


def test_whoever_was_slower_is_told(ayu: Seat) -> None:
    looked = ayu.post("profile/agencies/add/", {**AGENCY, "preview": "1"})
    other = {**AGENCY, "code": "lain", "short_name": "Lain"}
    assert apply(ayu, "profile/agencies/add/", other).status_code == 302
    seen = {"seen": looked.context["digest"], "version": looked.context["version"], "apply": "1"}
    assert ayu.post("profile/agencies/add/", {**AGENCY, **seen}).status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "damkar"}, "code"),
        ({"periods": "kapan saja"}, "periods"),
        ({"off_duty_to": "entah"}, "off_duty_to"),
        ({"contact_1_address": "nol delapan"}, "contact_1_address"),
        ({"agreement_reference": "MoU 1"}, "agreement_from"),
        ({"name_en": ""}, "name_en"),
    ],
)
def test_every_problem_stands_at_its_field(ayu: Seat, change: dict[str, str], field: str) -> None:
    answer = ayu.post("profile/agencies/add/", {**AGENCY, **change, "preview": "1"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.get(field), answer.context["form"].errors


@pytest.mark.parametrize("region_id", ["banyuwangi", "jombang", "banyuasin", "kota-pekalongan"])
def test_every_agency_passes_the_form_unchanged(region_id: str) -> None:
    profile = queries.profile(RegionId(region_id))
    for agency in profile.agencies:
        empty = AgencyForm(profile=profile, agency=agency, initial=agency_initial(agency))
        typed = {name: empty[name].value() for name in empty.fields}
        sent = {name: value for name, value in typed.items() if value not in (None, False)}
        form = AgencyForm(sent, profile=profile, agency=agency, initial=agency_initial(agency))
        assert form.is_valid(), (agency.code, form.errors)
        again = services.typed(Agency, form.data_of())
        assert msgspec.structs.replace(again, clocks=agency.clocks) == agency


def test_a_type_and_a_landmark_are_added_and_edited(ayu: Seat) -> None:
    kind = {
        "code": "GAJAH-MASUK",
        "name_id": "Gajah masuk kebun",
        "name_en": "Elephant in a garden",
        "group": queries.profile(BANYUWANGI).taxonomy.groups[0].code,
        "urgency": "P2",
        "most": "P1",
        "least": "P3",
        "lead": ["disaster"],
        "synonyms": "gajah, liman",
    }
    assert apply(ayu, "profile/types/add/", kind).status_code == 302
    added = queries.profile(BANYUWANGI).types_by_code["GAJAH-MASUK"]
    assert added.synonyms == ("gajah", "liman") and added.source == "local"
    edited = {**kind, "name_id": "Gajah masuk kampung"}
    assert apply(ayu, "profile/types/GAJAH-MASUK/", edited).status_code == 302
    assert queries.profile(BANYUWANGI).types_by_code["GAJAH-MASUK"].name.id.endswith("kampung")
    upside_down = ayu.post("profile/types/add/", {**kind, "code": "X-1", "most": "P4"})
    assert upside_down.status_code == 422
    place = {"name": "Warung Mbok Darmi", "area": "35.10.14", "aliases": "mbok darmi"}
    count = len(queries.profile(BANYUWANGI).landmarks)
    assert apply(ayu, "profile/places/add/", place).status_code == 302
    assert queries.profile(BANYUWANGI).landmarks[count].aliases == ("mbok darmi",)
    with acting_in(BANYUWANGI):
        assert queries.search_places(BANYUWANGI, "mbok darmi").candidates
    half = ayu.post("profile/places/add/", {**place, "lat": "-8.2", "preview": "1"})
    assert half.status_code == 422


def test_a_further_name_is_learned(ayu: Seat) -> None:
    data = {"name": "perempatan tugu udang", "area_code": "35.10.14"}
    assert ayu.post("profile/places/alias/", data).status_code == 302
    assert ayu.post("profile/places/alias/", {**data, "name": "12"}).status_code == 422


def test_the_exported_folder_reads_as_the_profile_in_force(ayu: Seat) -> None:
    assert apply(ayu, "profile/agencies/add/", AGENCY).status_code == 302
    packed = ZipFile(BytesIO(ayu.get("profile/export.zip").content))
    texts = {
        name.split("/")[1]: packed.read(name).decode()
        for name in packed.namelist()
        if name.startswith("banyuwangi/")
    }
    reading = read_profile(texts, folders.national_taxonomy())
    assert reading.profile == queries.profile(BANYUWANGI)


def test_a_supervisor_reads_the_profile_and_edits_nothing() -> None:
    ratna = seat("ratna")
    assert "damkar" not in text(ratna.get("profile/")).split("<main")[0]
    assert ratna.get("profile/agencies/damkar/").status_code == 403
    assert ratna.post("profile/agencies/add/", AGENCY).status_code == 403
