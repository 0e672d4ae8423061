"""Language, region and viewer of every request; the transaction in which it runs."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from siaga.accounts import queries, services
from siaga.journal.following import mark
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import LANGUAGES, RegionId
from siaga.regions import queries as regions
from siaga.web.accounts import desk, gates
from siaga.web.accounts.access import access_of

log = logging.getLogger(__name__)

NextStep = Callable[[HttpRequest], HttpResponseBase]
_REFUSED_FROM = 400
_LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600
# What remains possible at a locked desk, of the views that do not ask by themselves.
_OPEN_WHEN_LOCKED = frozenset({"account_logout", "set_language"})


class LanguageMiddleware:
    """`?lang=` for this page, else the person's own language, else the cookie, else Indonesian.

    What the browser prefers is not asked: most telephones here are sold set to English.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the chosen language, and remember one that was asked for."""
        asked = request.GET.get("lang", "")
        language = asked if asked in LANGUAGES else self._remembered(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if asked in LANGUAGES:
            remember_language(response, asked)
        self._keep(request, response)
        return response

    @staticmethod
    def _remembered(request: HttpRequest) -> str:
        own = getattr(request.user, "language", None)
        if own in LANGUAGES:
            return str(own)
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return kept if kept in LANGUAGES else settings.LANGUAGE_CODE

    @staticmethod
    def _keep(request: HttpRequest, response: HttpResponseBase) -> None:
        """What somebody signed in chooses in the browser is from now on their own language."""
        chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        person = request.user
        if chosen is None or chosen.value not in LANGUAGES or not isinstance(person.pk, UUID):
            return
        services.set_language(
            person_id=person.pk,
            language=chosen.value,
            by=Actor.person(person.pk),
            now=clock.now(),
        )


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Keep the choice in this browser for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_LANGUAGE_COOKIE_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class _Undo(Exception):
    """Leaves the transaction of a refused request, so that nothing half done remains."""


class RegionMiddleware:
    """Sets `request.region_id`, `request.viewer` and `request.desk`; guards what no view guards.

    A request below `/<region>/` runs in one transaction that sees this region only. An answer of
    400 or above undoes all it wrote.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Identify the desk, then act in the region that the address names."""
        desk.identify(request, clock.now())
        region_id = _region_of(request)
        request.region_id = region_id  # type: ignore[attr-defined]
        request.viewer = None  # type: ignore[attr-defined]
        if region_id is None:
            return self.get_response(request)
        try:
            with acting_in(region_id):
                # Before anything is read: whatever the page does not show yet comes after it.
                seen = str(mark()) if _is_page(request) else ""
                request.live_mark = seen  # type: ignore[attr-defined]
                response = self._in_region(request, region_id)
                if response.status_code >= _REFUSED_FROM:
                    raise _Undo
        except _Undo:
            pass
        return response

    def _in_region(self, request: HttpRequest, region_id: RegionId) -> HttpResponseBase:
        here = desk.desk_of(request)
        if here is not None and not desk.is_locked(request):
            viewer = queries.viewer(here.person_id, region_id, clock.now())
            request.viewer = viewer  # type: ignore[attr-defined]
        with timezone.override(_zone(region_id, clock.now().replace(second=0, microsecond=0))):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Serve no view that does not say who may enter, and none of others at a locked desk."""
        access = access_of(view)
        if access is None:
            log.error("a view without @requires, @signed_in or @public: %r", view)
            raise Http404
        if access.level == "listed" and desk.is_locked(request):
            match = request.resolver_match
            name = match.url_name if match else None
            return None if name in _OPEN_WHEN_LOCKED else gates.locked(request)
        return None


def _is_page(request: HttpRequest) -> bool:
    return request.method == "GET" and "HX-Request" not in request.headers


@lru_cache(maxsize=200)
def _zone(region_id: RegionId, _minute: datetime) -> ZoneInfo:
    """The region's own time, looked up once a minute."""
    zones = {view.id: view.timezone for view in regions.regions()}
    return ZoneInfo(zones.get(region_id, settings.TIME_ZONE))


def _region_of(request: HttpRequest) -> RegionId | None:
    try:
        region = resolve(request.path_info).kwargs.get("region")
    except Resolver404:
        return None
    return RegionId(region) if region else None
