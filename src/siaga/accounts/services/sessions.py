"""Sign-ins: opened, seen, locked, unlocked and ended."""

from datetime import datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import F, QuerySet

from siaga.accounts import events, queries
from siaga.accounts.errors import TooManyAttempts
from siaga.accounts.models import Person, SignIn
from siaga.accounts.rules import UNLOCK_ATTEMPTS_MAX, locks_when_idle, session_lifetime
from siaga.accounts.services.telling import record_everywhere
from siaga.accounts.types import SessionView
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound

_NOTED_EVERY = timedelta(seconds=30)
_DEVICE_LENGTH_MAX = 200


def open_session(
    *,
    person_id: UUID,
    session_key: str,
    methods: tuple[str, ...],
    ip: str,
    device: str,
    by: Actor,
    now: datetime,
) -> UUID:
    """Remember a place where the person signed in, and tell their regions.

    How long it lasts, and whether it locks when left alone, follows from the roles held now.
    """
    roles = {item.role for item in queries.memberships(person_id, now)}
    with transaction.atomic():
        SignIn.objects.filter(person_id=person_id, expires_at__lte=now).delete()
        row = SignIn.objects.create(
            person_id=person_id,
            session_key=session_key,
            ip=ip,
            device=device[:_DEVICE_LENGTH_MAX],
            created_at=now,
            seen_at=now,
            active_at=now,
            expires_at=now + session_lifetime(roles),
            idle_lock=locks_when_idle(roles),
        )
        fact = events.SignedIn(person_id=person_id, methods=methods, ip=ip)
        record_everywhere(fact, person_id, by=by, now=now)
    return row.id


def note_seen(session: SessionView, *, ip: str, now: datetime) -> None:
    """The browser is there, whether or not anybody sits at it; written every 30 s at most."""
    if session.seen_at < now - _NOTED_EVERY:
        SignIn.objects.filter(id=session.id).update(seen_at=now, ip=ip)


def note_active(*, sign_in_id: UUID, now: datetime) -> None:
    """Somebody is at the desk. A locked desk stays locked."""
    SignIn.objects.filter(id=sign_in_id, locked_at=None, active_at__lt=now - _NOTED_EVERY).update(
        active_at=now
    )


def lock_session(*, sign_in_id: UUID, now: datetime) -> None:
    """Close the desk until its person unlocks it."""
    SignIn.objects.filter(id=sign_in_id, locked_at=None).update(locked_at=now)


def unlock_session(*, sign_in_id: UUID, secret: str, now: datetime) -> bool:
    """Open the desk with the person's PIN or password; False if the secret is wrong.

    Raises TooManyAttempts, having ended the session, and NotFound if it was ended before.
    """
    # Counted before it is checked and outside any rollback, so that parallel guesses count too.
    counted = SignIn.objects.filter(id=sign_in_id).update(unlock_failures=F("unlock_failures") + 1)
    row = SignIn.objects.filter(id=sign_in_id).select_related("person").first()
    if not counted or row is None:
        raise NotFound()
    if row.unlock_failures <= UNLOCK_ATTEMPTS_MAX and _opens(row.person, secret):
        SignIn.objects.filter(id=sign_in_id).update(
            locked_at=None, active_at=now, seen_at=now, unlock_failures=0
        )
        return True
    if row.unlock_failures >= UNLOCK_ATTEMPTS_MAX:
        by = Actor.person(row.person_id)
        end_session(person_id=row.person_id, sign_in_id=sign_in_id, by=by, now=now)
        raise TooManyAttempts()
    return False


def end_session(*, person_id: UUID, sign_in_id: UUID, by: Actor, now: datetime) -> None:
    """Sign this person out of one place. Raises NotFound for another person's sign-in."""
    with transaction.atomic():
        if not _end(SignIn.objects.filter(person_id=person_id, id=sign_in_id)):
            raise NotFound()
        fact = events.SessionsEnded(person_id=person_id, count=1)
        record_everywhere(fact, person_id, by=by, now=now)


def end_sessions(
    *, person_id: UUID, except_id: UUID | None = None, by: Actor, now: datetime
) -> int:
    """Sign this person out everywhere, except perhaps here; returns how many places."""
    with transaction.atomic():
        rows = SignIn.objects.filter(person_id=person_id)
        ended = _end(rows if except_id is None else rows.exclude(id=except_id))
        if ended:
            fact = events.SessionsEnded(person_id=person_id, count=ended)
            record_everywhere(fact, person_id, by=by, now=now)
    return ended


def forget_session(*, sign_in_id: UUID) -> None:
    """The person signed out here themselves."""
    SignIn.objects.filter(id=sign_in_id).delete()


def note_lockout(*, username: str, ip: str, by: Actor, now: datetime) -> None:
    """Tell the regions of the person whose password was tried too often, if there is one."""
    with transaction.atomic():
        known = Person.objects.filter(username=username.strip().lower())
        person_id = known.values_list("id", flat=True).first()
        if person_id is not None:
            fact = events.SignInLocked(person_id=person_id, ip=ip)
            record_everywhere(fact, person_id, by=by, now=now)


def note_second_factor(
    *, person_id: UUID, change: str, method: str, by: Actor, now: datetime
) -> None:
    """Tell the person's regions; `change` is added, removed or renewed."""
    with transaction.atomic():
        fact = events.SecondFactorChanged(person_id=person_id, change=change, method=method)
        record_everywhere(fact, person_id, by=by, now=now)


def _opens(person: Person, secret: str) -> bool:
    if person.pin and check_password(secret, person.pin):
        return True
    return check_password(secret, person.password)


def _end(rows: QuerySet[SignIn]) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    keys = list(rows.select_for_update().values_list("session_key", flat=True))
    ended, _each = rows.delete()
    for key in keys:
        store.delete(key)
    return ended
