"""What third parties tell by signal becomes facts: sign-ins, lock-outs, second factors."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from siaga.accounts import services
from siaga.accounts.queries import session
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.web.accounts.desk import SECONDS_KEY, SESSION_KEY, client_ip, keep_cookie


def connect() -> None:
    """Connect everything once, when the program starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="siaga.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="siaga.signed_out")
    password_changed.connect(_password_changed, dispatch_uid="siaga.password_changed")
    user_locked_out.connect(_locked_out, dispatch_uid="siaga.locked_out")
    authenticator_added.connect(_factor_added, dispatch_uid="siaga.factor_added")
    authenticator_removed.connect(_factor_removed, dispatch_uid="siaga.factor_removed")
    authenticator_reset.connect(_factor_renewed, dispatch_uid="siaga.factor_renewed")


def _signed_in(request: HttpRequest, user: AbstractBaseUser, **_more: Any) -> None:
    if request.session.session_key is None:
        request.session.save()
    now = clock.now()
    methods = [str(record["method"]) for record in get_authentication_records(request, user)]
    sign_in_id = services.open_session(
        person_id=user.pk,
        session_key=request.session.session_key or "",
        methods=tuple(dict.fromkeys(methods)),
        ip=client_ip(request),
        device=request.META.get("HTTP_USER_AGENT", ""),
        by=Actor.person(user.pk),
        now=now,
    )
    request.session[SESSION_KEY] = str(sign_in_id)
    opened = session(sign_in_id, user.pk, now)
    if opened is not None:
        request.session[SECONDS_KEY] = int((opened.expires_at - now).total_seconds())
        keep_cookie(request)


def _signed_out(request: HttpRequest, **_more: Any) -> None:
    sign_in_id = request.session.get(SESSION_KEY)
    if sign_in_id:
        services.forget_session(sign_in_id=sign_in_id)


def _password_changed(user: AbstractBaseUser, **_more: Any) -> None:
    by = Actor.person(user.pk)
    services.note_password_changed(person_id=user.pk, by=by, now=clock.now())


def _locked_out(request: HttpRequest, username: str | None, **_more: Any) -> None:
    # Told once, at the failure that locks; refused attempts afterwards add nothing.
    if username and getattr(request, "axes_failures_since_start", None):
        services.note_lockout(
            username=username,
            ip=client_ip(request),
            by=Actor.system("sign-in"),
            now=clock.now(),
        )


def _factor_added(user: AbstractBaseUser, authenticator: Any, **_more: Any) -> None:
    _tell_factor(user, "added", authenticator.type)


def _factor_removed(user: AbstractBaseUser, authenticator: Any, **_more: Any) -> None:
    _tell_factor(user, "removed", authenticator.type)


def _factor_renewed(user: AbstractBaseUser, authenticator: Any, **_more: Any) -> None:
    _tell_factor(user, "renewed", authenticator.type)


def _tell_factor(user: AbstractBaseUser, change: str, method: str) -> None:
    services.note_second_factor(
        person_id=user.pk,
        change=change,
        method=str(method),
        by=Actor.person(user.pk),
        now=clock.now(),
    )
