"""The national taxonomy that every region stands on."""

from siaga.kernel.types import Urgency
from siaga.regions import folders

TAXONOMY = folders.national_taxonomy()
BY_CODE = {case.code: case for case in TAXONOMY.types}


def test_it_holds_the_85_types_of_the_field() -> None:
    assert len(TAXONOMY.types) == len(BY_CODE) == 85


def test_every_word_exists_in_both_languages() -> None:
    for item in (*TAXONOMY.types, *TAXONOMY.groups, *TAXONOMY.mandates):
        assert item.name.id.strip()
        assert item.name.en.strip()


def test_types_name_known_groups_and_mandates_and_each_is_used() -> None:
    groups = {group.code for group in TAXONOMY.groups}
    mandates = {mandate.code for mandate in TAXONOMY.mandates}
    used = {mandate for case in TAXONOMY.types for mandate in (*case.lead, *case.support)}
    assert {case.group for case in TAXONOMY.types} == groups
    assert used == mandates


def test_urgency_lies_within_its_range() -> None:
    for case in TAXONOMY.types:
        high, low = case.range
        assert high.rank <= case.urgency.rank <= low.rank, case.code


def test_a_threat_to_life_is_urgent_and_has_somebody_to_lead() -> None:
    for case in TAXONOMY.types:
        if case.life_threat:
            assert case.urgency is Urgency.P1, case.code
            assert case.lead, case.code


def test_confidential_and_restricted_are_exactly_those_of_the_field() -> None:
    assert {case.code for case in TAXONOMY.types if case.confidential} == {
        "KDRT",
        "KEKERASAN-SEKSUAL",
        "ANAK",
        "NARKOBA",
        "ADUAN-KORUPSI",
    }
    assert {case.code for case in TAXONOMY.types if case.restricted} == {"ADUAN-KORUPSI"}


def test_only_ways_to_end_a_contact_have_nobody_to_lead() -> None:
    assert {case.code for case in TAXONOMY.types if not case.lead} == {
        case.code for case in TAXONOMY.types if case.outcome_only
    }
    assert {case.code for case in TAXONOMY.types if case.outcome_only} == {
        "PRANK",
        "GHOST",
        "PUTUS",
        "UJI",
    }


def test_doubtful_common_codes_are_left_out() -> None:
    for code in ("MED-SETRUM", "LAKA-AIR", "BANJIR"):
        assert BY_CODE[code].apco == ()
    assert BY_CODE["KBK-BANGUNAN"].apco == ("FSTRU",)


def test_no_type_repeats_a_synonym() -> None:
    for case in TAXONOMY.types:
        said = [synonym.lower() for synonym in case.synonyms]
        assert len(said) == len(set(said)), case.code
        assert said, case.code
