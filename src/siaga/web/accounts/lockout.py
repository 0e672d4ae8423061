"""Too many wrong passwords: a kind page that says how long to wait."""

from datetime import timedelta
from math import ceil

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from siaga.kernel import clock
from siaga.web.accounts.desk import client_ip

_SECONDS_PER_MINUTE = 60


def username_of(request: HttpRequest, credentials: dict[str, str] | None = None) -> str | None:
    """The user name as attempts are counted: `Sari` and `sari` are one person."""
    given = (credentials or {}).get("username") or request.POST.get("login")
    return given.strip().lower() if given else None


def anonymous_client(*_args: object, **_kwargs: object) -> str:
    """What axes writes into the log instead of a name and an address."""
    return "(not logged)"


def locked_out(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: dict[str, str] | None = None,
) -> HttpResponse:
    """Replaces the answer of a locked sign-in: 429, and when it opens again."""
    wait = seconds_left(username_of(request, credentials), client_ip(request))
    context = {
        "minutes": max(1, ceil(wait / _SECONDS_PER_MINUTE)),
        "opens_at": clock.now() + timedelta(seconds=wait),
    }
    answer = render(request, "web_accounts/locked_out.html", context, status=429)
    answer["Retry-After"] = str(wait)
    return answer


def seconds_left(username: str | None, ip: str) -> int:
    """How long this name stays locked for this address."""
    lock: timedelta = settings.AXES_COOLOFF_TIME
    attempts = AccessAttempt.objects.filter(username=username, ip_address=ip or None)
    last = attempts.aggregate(last=Max("attempt_time"))["last"]
    if last is None:
        return int(lock.total_seconds())
    left: timedelta = last + lock - clock.now()
    return max(1, ceil(left.total_seconds()))
