"""Sessions and sign-ins: what is told, and how they end."""

from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from siaga.accounts import events
from siaga.accounts.models import Person
from siaga.accounts.services.telling import record_everywhere
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound


def note_sign_in(
    *, person_id: UUID, methods: tuple[str, ...], ip: str, by: Actor, now: datetime
) -> None:
    """Tell the person's regions that they opened a session."""
    with transaction.atomic():
        fact = events.SignedIn(person_id=person_id, methods=methods, ip=ip)
        record_everywhere(fact, person_id, by=by, now=now)


def note_lockout(*, username: str, ip: str, by: Actor, now: datetime) -> None:
    """Tell the regions of the person whose password was tried too often, if there is one."""
    with transaction.atomic():
        person_id = (
            Person.objects.filter(username=username.strip().lower())
            .values_list("id", flat=True)
            .first()
        )
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


def note_seen(*, session_key: str, ip: str, now: datetime) -> None:
    """Keep the session list honest; called at most once a minute for a session."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now, ip=ip)


def end_session(*, person_id: UUID, session_id: int, by: Actor, now: datetime) -> None:
    """Sign this person out of one place. Raises NotFound for another person's session."""
    with transaction.atomic():
        row = UserSession.objects.filter(user_id=person_id, id=session_id).first()
        if row is None:
            raise NotFound()
        row.end()
        fact = events.SessionsEnded(person_id=person_id, count=1)
        record_everywhere(fact, person_id, by=by, now=now)


def end_sessions(
    *, person_id: UUID, except_key: str | None = None, by: Actor, now: datetime
) -> int:
    """Sign this person out everywhere, except perhaps here; returns how many places."""
    with transaction.atomic():
        rows = list(UserSession.objects.filter(user_id=person_id).exclude(session_key=except_key))
        for row in rows:
            row.end()
        if rows:
            fact = events.SessionsEnded(person_id=person_id, count=len(rows))
            record_everywhere(fact, person_id, by=by, now=now)
        return len(rows)
