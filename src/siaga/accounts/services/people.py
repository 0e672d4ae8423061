"""Adding people, and what belongs to their sign-in."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from siaga.accounts import events
from siaga.accounts.errors import UsernameTaken
from siaga.accounts.models import ApiToken, Membership, Person
from siaga.accounts.passwords import ensure_good_password, ensure_good_pin, temporary_password
from siaga.accounts.rules import username_problem
from siaga.accounts.services.memberships import end
from siaga.accounts.services.sessions import end_sessions
from siaga.accounts.services.telling import (
    ensure_governed,
    locked_person_of,
    record_everywhere,
)
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField
from siaga.kernel.phones import normalize_phone
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import LANGUAGES, RegionId


def create_person(
    *,
    username: str,
    full_name: str,
    password: str,
    region_id: RegionId,
    email: str = "",
    phone: str | None = None,
    language: str = "id",
    must_change_password: bool = False,
    by: Actor,
    now: datetime,
) -> UUID:
    """Add somebody who can sign in; they see nothing until a role is granted.

    `region_id` is the region that adds them and keeps the record. Raises UsernameTaken,
    InvalidField (username, full_name, password, phone, language).
    """
    person = Person(
        username=username.strip().lower(),
        full_name=" ".join(full_name.split()),
        email=email.strip(),
        phone=_phone(phone),
        language=_language(language),
        must_change_password=must_change_password,
        password_changed_at=now,
        created_at=now,
    )
    if username_problem(person.username):
        cure = _("Two to sixty letters, digits, dots, dashes or underscores.")
        raise InvalidField(field="username", message=cure)
    if not person.full_name:
        raise InvalidField(field="full_name", message=_("The full name is missing."))
    ensure_good_password(password, person)
    person.password = make_password(password)
    with acting_in(region_id):
        try:
            with transaction.atomic():
                person.save(force_insert=True)
        except IntegrityError as refusal:
            raise UsernameTaken(username=person.username) from refusal
        fact = events.PersonAdded(
            person_id=person.id, username=person.username, full_name=person.full_name
        )
        journal.record(fact, region_id=region_id, by=by, now=now)
    return person.id


def set_language(*, person_id: UUID, language: str, by: Actor, now: datetime) -> None:
    """Choose the language in which this person reads every screen. Raises InvalidField."""
    chosen = _language(language)
    with transaction.atomic():
        changed = Person.objects.filter(id=person_id).exclude(language=chosen)
        if changed.update(language=chosen):
            fact = events.LanguageSet(person_id=person_id, language=chosen)
            record_everywhere(fact, person_id, by=by, now=now)


def set_pin(*, person_id: UUID, pin: str | None) -> None:
    """Choose the PIN that unlocks one's own desk, or none. Raises InvalidField.

    It opens nothing but a locked session of the same person, so the journal need not know.
    """
    if pin is not None:
        ensure_good_pin(pin)
    Person.objects.filter(id=person_id).update(pin=make_password(pin) if pin else "")


def note_password_changed(*, person_id: UUID, by: Actor, now: datetime) -> None:
    """The person chose a new password: the temporary one is over."""
    with transaction.atomic():
        Person.objects.filter(id=person_id).update(
            must_change_password=False, password_changed_at=now
        )
        record_everywhere(events.PasswordChanged(person_id=person_id), person_id, by=by, now=now)


def reset_password(
    *,
    person_id: UUID,
    region_id: RegionId,
    remove_second_factors: bool = False,
    by: Actor,
    now: datetime,
) -> str:
    """Give a temporary password, returned once, and end every session.

    `remove_second_factors` is for a lost telephone or key. Raises NotFound, ServesElsewhere.
    """
    temporary = temporary_password()
    with acting_in(region_id):
        person = locked_person_of(region_id, person_id)
        ensure_governed(person_id, region_id, by=by, now=now)
        person.password = make_password(temporary)
        person.pin = ""
        person.must_change_password = True
        person.password_changed_at = now
        person.save(
            update_fields=["password", "pin", "must_change_password", "password_changed_at"]
        )
        removed = 0
        if remove_second_factors:
            removed, _each = Authenticator.objects.filter(user_id=person_id).delete()
        fact = events.PasswordReset(person_id=person_id, second_factors_removed=removed)
        record_everywhere(fact, person_id, by=by, now=now)
        end_sessions(person_id=person_id, by=by, now=now)
    return temporary


def deactivate(*, person_id: UUID, region_id: RegionId, by: Actor, now: datetime) -> None:
    """End the person's roles, tokens and sessions; they can no longer sign in.

    Raises NotFound, ServesElsewhere, LastAdministrator.
    """
    with acting_in(region_id):
        person = locked_person_of(region_id, person_id)
        ensure_governed(person_id, region_id, by=by, now=now)
        if not person.is_active:
            return
        rows = Membership.objects.select_for_update().valid_at(now).filter(person_id=person_id)
        for row in rows:
            end(row, by=by, now=now)
        ApiToken.objects.filter(person_id=person_id, revoked_at=None).update(revoked_at=now)
        person.is_active = False
        person.save(update_fields=["is_active"])
        fact = events.PersonDeactivated(person_id=person_id)
        journal.record(fact, region_id=region_id, by=by, now=now)
        end_sessions(person_id=person_id, by=by, now=now)


def _phone(text: str | None) -> str | None:
    if not text:
        return None
    phone = normalize_phone(text)
    if phone is None:
        raise InvalidField(field="phone", message=_("This is no telephone number."))
    return phone


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise InvalidField(field="language", message=_("Choose Indonesian or English."))
    return text
