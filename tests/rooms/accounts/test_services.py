"""Adding people, granting and ending roles, passwords, sign-ins and tokens."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from siaga.accounts import queries, services
from siaga.accounts.errors import (
    AgencyNeeded,
    LastAdministrator,
    OneAgencyOnly,
    ServesElsewhere,
    TooManyAttempts,
    UsernameTaken,
)
from siaga.accounts.models import Membership, Person, SignIn
from siaga.accounts.types import Permission, Role, Scope
from siaga.config import settings as production
from siaga.journal.models import JournalEntry, PersonalData
from siaga.kernel.errors import InvalidField, NotFound
from siaga.kernel.tenancy import acting_in
from tests.rooms.accounts.people import (
    BANYUWANGI,
    INSTALLER,
    JOMBANG,
    NOW,
    PASSWORD,
    Colleague,
    colleague,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def facts(region_id: str = BANYUWANGI) -> list[str]:
    with acting_in(region_id):
        entries = JournalEntry.objects.filter(name__startswith="accounts.")
        return list(entries.order_by("seq").values_list("name", flat=True))


def open_session(person: Colleague, now: object = NOW) -> UUID:
    return services.open_session(
        person_id=person.id,
        session_key=uuid4().hex,
        methods=("password",),
        ip="10.1.2.3",
        device="Mozilla/5.0 (Windows NT 10.0) Chrome/130",
        by=person.actor,
        now=now,  # type: ignore[arg-type]
    )


def test_a_person_is_added_with_a_role_and_both_are_recorded() -> None:
    colleague("sari", Role.CALL_TAKER)
    assert facts() == ["accounts.person_added", "accounts.role_granted"]


def test_names_are_kept_apart_from_the_chained_row() -> None:
    colleague("sari", Role.CALL_TAKER)
    with acting_in(BANYUWANGI):
        added = JournalEntry.objects.get(name="accounts.person_added")
        kept = PersonalData.objects.get(entry_id=added.id)
    assert set(added.data) == {"person_id"}
    assert kept.data == {"username": "sari", "full_name": "Sari"}


def test_the_user_name_is_stored_in_lower_case_and_unique_in_any() -> None:
    sari = colleague("Sari", Role.CALL_TAKER)
    assert Person.objects.get(id=sari.id).username == "sari"
    with pytest.raises(UsernameTaken):
        colleague("SARI", Role.CALL_TAKER, JOMBANG)


def test_the_database_itself_refuses_a_user_name_in_capitals() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(id=sari.id).update(username="Sari")


@pytest.mark.parametrize("password", ["sawah hijau", "password1234", "123456789012"])
def test_a_short_or_common_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        services.create_person(
            username="sari",
            full_name="Sari",
            password=password,
            region_id=BANYUWANGI,
            by=INSTALLER,
            now=NOW,
        )
    assert refusal.value.field == "password"


def test_a_long_plain_sentence_is_a_good_password(settings: Any) -> None:
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    colleague("sari", Role.CALL_TAKER)
    assert Person.objects.get(username="sari").password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "x"), ("full_name", "  "), ("phone", "12"), ("language", "jv")],
)
def test_a_wrong_field_is_named(field: str, value: str) -> None:
    values = {"username": "sari", "full_name": "Sari", "phone": None, "language": "id"}
    with pytest.raises(InvalidField) as refusal:
        services.create_person(
            **{**values, field: value},  # type: ignore[arg-type]
            password=PASSWORD,
            region_id=BANYUWANGI,
            by=INSTALLER,
            now=NOW,
        )
    assert refusal.value.field == field


def test_granting_again_changes_the_types_and_makes_no_second_row() -> None:
    ratna = colleague("ratna", Role.SUPERVISOR)
    again = services.grant(
        person_id=ratna.id,
        region_id=BANYUWANGI,
        role=Role.SUPERVISOR,
        confidential_types=["KDRT"],
        by=INSTALLER,
        now=LATER,
    )
    assert again == ratna.membership_id
    held = queries.viewer(ratna.id, BANYUWANGI, LATER)
    assert held is not None
    assert held.confidential_types == {"KDRT"}


def test_an_officer_needs_an_agency_and_a_call_taker_has_none() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    for role, agency in ((Role.AGENCY_OFFICER, None), (Role.DISPATCHER, "damkar")):
        with pytest.raises(AgencyNeeded):
            services.grant(
                person_id=sari.id,
                region_id=BANYUWANGI,
                role=role,
                agency_code=agency,
                by=INSTALLER,
                now=NOW,
            )


def test_in_one_region_a_person_speaks_for_one_agency() -> None:
    agus = colleague("agus", Role.AGENCY_OFFICER, agency_code="damkar")
    with pytest.raises(OneAgencyOnly):
        services.grant(
            person_id=agus.id,
            region_id=BANYUWANGI,
            role=Role.AGENCY_OFFICER,
            agency_code="bpbd",
            by=INSTALLER,
            now=NOW,
        )


def test_an_ended_role_allows_nothing_and_ending_it_twice_is_harmless() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    for _each in range(2):
        services.revoke(
            membership_id=sari.membership_id, region_id=BANYUWANGI, by=INSTALLER, now=LATER
        )
    assert queries.viewer(sari.id, BANYUWANGI, LATER) is None
    assert facts().count("accounts.role_revoked") == 1


def test_whoever_loses_the_last_role_is_signed_out() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    sign_in = open_session(sari)
    services.revoke(membership_id=sari.membership_id, region_id=BANYUWANGI, by=INSTALLER, now=LATER)
    assert queries.session(sign_in, sari.id, LATER) is None


def test_a_region_keeps_its_last_administrator() -> None:
    dewi = colleague("dewi", Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        services.revoke(
            membership_id=dewi.membership_id, region_id=BANYUWANGI, by=dewi.actor, now=LATER
        )
    colleague("eko", Role.ADMINISTRATOR)
    services.revoke(
        membership_id=dewi.membership_id, region_id=BANYUWANGI, by=dewi.actor, now=LATER
    )


def test_another_region_cannot_end_a_role() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    with pytest.raises(NotFound):
        services.revoke(
            membership_id=sari.membership_id, region_id=JOMBANG, by=INSTALLER, now=LATER
        )


def test_a_reset_gives_a_temporary_password_and_ends_every_session() -> None:
    dewi, sari = colleague("dewi", Role.ADMINISTRATOR), colleague("sari", Role.CALL_TAKER)
    sign_in = open_session(sari)
    temporary = services.reset_password(
        person_id=sari.id, region_id=BANYUWANGI, by=dewi.actor, now=LATER
    )
    person = Person.objects.get(id=sari.id)
    assert person.check_password(temporary)
    assert person.must_change_password
    assert queries.session(sign_in, sari.id, LATER) is None
    services.note_password_changed(person_id=sari.id, by=sari.actor, now=LATER)
    assert not Person.objects.get(id=sari.id).must_change_password


def test_an_administrator_cannot_take_over_somebody_who_serves_elsewhere_too() -> None:
    dewi, sari = colleague("dewi", Role.ADMINISTRATOR), colleague("sari", Role.CALL_TAKER)
    services.grant(person_id=sari.id, region_id=JOMBANG, role=Role.AUDITOR, by=INSTALLER, now=NOW)
    with pytest.raises(ServesElsewhere):
        services.reset_password(person_id=sari.id, region_id=BANYUWANGI, by=dewi.actor, now=LATER)
    with pytest.raises(ServesElsewhere):
        services.deactivate(person_id=sari.id, region_id=BANYUWANGI, by=dewi.actor, now=LATER)
    assert services.reset_password(person_id=sari.id, region_id=BANYUWANGI, by=INSTALLER, now=LATER)


def test_a_person_of_another_region_cannot_be_reset() -> None:
    dewi = colleague("dewi", Role.ADMINISTRATOR)
    tono = colleague("tono", Role.CALL_TAKER, JOMBANG)
    with pytest.raises(NotFound):
        services.reset_password(person_id=tono.id, region_id=BANYUWANGI, by=dewi.actor, now=LATER)


def test_deactivating_ends_roles_tokens_and_sessions() -> None:
    dewi, ratna = colleague("dewi", Role.ADMINISTRATOR), colleague("ratna", Role.SUPERVISOR)
    sign_in = open_session(ratna)
    issued = services.issue_token(
        region_id=BANYUWANGI,
        name="script",
        scopes=[Scope.READ],
        expires_at=NOW + timedelta(days=30),
        person_id=ratna.id,
        by=dewi.actor,
        now=NOW,
    )
    services.deactivate(person_id=ratna.id, region_id=BANYUWANGI, by=dewi.actor, now=LATER)
    assert queries.viewer(ratna.id, BANYUWANGI, LATER) is None
    assert queries.token(issued.secret, LATER) is None
    assert queries.session(sign_in, ratna.id, LATER) is None
    assert not Person.objects.get(id=ratna.id).is_active
    assert "accounts.person_deactivated" in facts()


def test_the_language_is_told_in_every_region_served_and_only_when_it_changes() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    services.grant(
        person_id=sari.id, region_id=JOMBANG, role=Role.CALL_TAKER, by=INSTALLER, now=NOW
    )
    for _each in range(2):
        services.set_language(person_id=sari.id, language="en", by=sari.actor, now=NOW)
    assert facts().count("accounts.language_set") == 1
    assert facts(JOMBANG).count("accounts.language_set") == 1


@pytest.mark.parametrize("pin", ["12345", "111111", "123456", "987654", "12345a", "1" * 13])
def test_a_pin_that_is_short_or_plain_is_refused(pin: str) -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    with pytest.raises(InvalidField):
        services.set_pin(person_id=sari.id, pin=pin)


def test_a_locked_desk_opens_with_pin_or_password_and_with_nothing_else() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    services.set_pin(person_id=sari.id, pin="802146")
    sign_in = open_session(sari)
    for secret in ("802146", PASSWORD):
        services.lock_session(sign_in_id=sign_in, now=NOW)
        assert not services.unlock_session(sign_in_id=sign_in, secret="802147", now=LATER)
        assert services.unlock_session(sign_in_id=sign_in, secret=secret, now=LATER)
        desk = queries.session(sign_in, sari.id, LATER)
        assert desk is not None
        assert desk.locked_at is None
        assert desk.active_at == LATER


def test_after_five_wrong_codes_the_session_is_over() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    sign_in = open_session(sari)
    services.lock_session(sign_in_id=sign_in, now=NOW)
    for _each in range(4):
        assert not services.unlock_session(sign_in_id=sign_in, secret="wrong", now=NOW)
    with pytest.raises(TooManyAttempts):
        services.unlock_session(sign_in_id=sign_in, secret="wrong", now=NOW)
    assert queries.session(sign_in, sari.id, NOW) is None


def test_activity_does_not_open_a_locked_desk() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    sign_in = open_session(sari)
    services.lock_session(sign_in_id=sign_in, now=NOW)
    services.note_active(sign_in_id=sign_in, now=LATER)
    desk = queries.session(sign_in, sari.id, LATER)
    assert desk is not None
    assert desk.locked_at == NOW


def test_nobody_ends_the_session_of_another_person() -> None:
    sari, bima = colleague("sari", Role.CALL_TAKER), colleague("bima", Role.DISPATCHER)
    sign_in = open_session(sari)
    with pytest.raises(NotFound):
        services.end_session(person_id=bima.id, sign_in_id=sign_in, by=bima.actor, now=NOW)
    assert queries.session(sign_in, sari.id, NOW) is not None


def test_signing_out_everywhere_else_keeps_this_place() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    here, there = open_session(sari), open_session(sari)
    ended = services.end_sessions(person_id=sari.id, except_id=here, by=sari.actor, now=NOW)
    assert ended == 1
    assert queries.session(there, sari.id, NOW) is None
    assert [item.id for item in queries.sessions(sari.id, NOW)] == [here]


def test_a_session_ends_by_itself_and_its_row_is_swept_at_the_next_sign_in() -> None:
    sari = colleague("sari", Role.CALL_TAKER)
    old = open_session(sari)
    tomorrow = NOW + timedelta(days=1)
    assert queries.session(old, sari.id, tomorrow) is None
    open_session(sari, tomorrow)
    assert not SignIn.objects.filter(id=old).exists()


def test_a_lock_out_is_told_in_the_persons_region_and_an_unknown_name_nowhere() -> None:
    colleague("sari", Role.CALL_TAKER)
    services.note_lockout(username=" SARI ", ip="10.9.9.9", by=INSTALLER, now=NOW)
    services.note_lockout(username="nobody", ip="10.9.9.9", by=INSTALLER, now=NOW)
    assert facts().count("accounts.sign_in_locked") == 1


def test_a_token_is_shown_once_and_stored_as_a_digest() -> None:
    ratna = colleague("ratna", Role.SUPERVISOR)
    issued = services.issue_token(
        region_id=BANYUWANGI,
        name="weekly figures",
        scopes=[Scope.READ],
        expires_at=NOW + timedelta(days=30),
        person_id=ratna.id,
        by=ratna.actor,
        now=NOW,
    )
    shown = queries.tokens(BANYUWANGI)[0]
    assert issued.secret.startswith(shown.prefix)
    assert issued.secret not in str(shown)
    holder = queries.token(issued.secret, NOW)
    assert holder is not None
    assert holder.may(Permission.REPORTS_READ)
    assert not holder.may(Permission.REPORTS_WRITE)
    assert holder.actor.person_id == ratna.id


def test_an_agencys_token_answers_its_assignments_only() -> None:
    issued = services.issue_token(
        region_id=BANYUWANGI,
        name="damkar dispatch",
        scopes=[Scope.READ, Scope.TRANSITION],
        expires_at=NOW + timedelta(days=30),
        agency_code="damkar",
        by=INSTALLER,
        now=NOW,
    )
    holder = services.use_token(issued.secret, LATER)
    assert holder is not None
    assert holder.viewer.agency_code == "damkar"
    assert holder.may(Permission.ASSIGNMENTS_ANSWER)
    assert not holder.may(Permission.CONTACTS_READ)
    assert queries.tokens(BANYUWANGI)[0].last_used_at == LATER


@pytest.mark.parametrize("case", ["expired", "revoked", "cut", "no role"])
def test_a_token_opens_nothing_when(case: str) -> None:
    ratna = colleague("ratna", Role.SUPERVISOR)
    issued = services.issue_token(
        region_id=BANYUWANGI,
        name="script",
        scopes=[Scope.READ],
        expires_at=NOW + timedelta(days=1),
        person_id=ratna.id,
        by=ratna.actor,
        now=NOW,
    )
    secret, when = issued.secret, LATER
    if case == "expired":
        when = NOW + timedelta(days=1)
    elif case == "revoked":
        services.revoke_token(token_id=issued.id, region_id=BANYUWANGI, by=INSTALLER, now=NOW)
    elif case == "cut":
        secret = secret[:-1]
    else:
        services.revoke(
            membership_id=ratna.membership_id, region_id=BANYUWANGI, by=INSTALLER, now=NOW
        )
    assert queries.token(secret, when) is None


@pytest.mark.parametrize("case", ["no scope", "no end", "two holders", "no holder"])
def test_a_token_is_refused_with(case: str) -> None:
    ratna = colleague("ratna", Role.SUPERVISOR)
    with pytest.raises(InvalidField):
        services.issue_token(
            region_id=BANYUWANGI,
            name="script",
            scopes=[] if case == "no scope" else [Scope.READ],
            expires_at=NOW + timedelta(days=4000 if case == "no end" else 30),
            person_id=None if case == "no holder" else ratna.id,
            agency_code="damkar" if case == "two holders" else None,
            by=INSTALLER,
            now=NOW,
        )


def test_nobody_gets_a_token_in_a_region_they_do_not_serve() -> None:
    tono = colleague("tono", Role.SUPERVISOR, JOMBANG)
    with pytest.raises(NotFound):
        services.issue_token(
            region_id=BANYUWANGI,
            name="script",
            scopes=[Scope.READ],
            expires_at=NOW + timedelta(days=30),
            person_id=tono.id,
            by=tono.actor,
            now=NOW,
        )


def test_the_database_refuses_a_row_for_a_region_that_is_not_acted_in() -> None:
    tono = colleague("tono", Role.CALL_TAKER, JOMBANG)
    with pytest.raises(Exception, match="row-level security"), acting_in(JOMBANG):
        Membership.objects.create(
            region_id=BANYUWANGI, person_id=tono.id, role=Role.SUPERVISOR.value, valid_from=NOW
        )
