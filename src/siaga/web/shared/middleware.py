"""Refusals that can be told become answers: a page, a toast for htmx, or JSON for an island."""

import logging
from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse

from siaga.kernel.errors import SiagaError, Unstorable
from siaga.kernel.observability import request_id
from siaga.web.shared.errors import refused
from siaga.web.shared.htmx import asks_for_fragment, toast

CONFLICT = 409
UNSTORABLE = (DataError, UnicodeEncodeError)

log = logging.getLogger("siaga.web")


class ErrorMiddleware:
    """Turns any `SiagaError` that a view let through into what the asker can show."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Our own errors and what cannot be stored; all others are Django's to report."""
        if isinstance(error, UNSTORABLE):
            log.warning("unstorable error=%s", type(error).__name__)
            error = Unstorable()
        if not isinstance(error, SiagaError):
            return None
        if "application/json" in request.headers.get("Accept", ""):
            body = {"code": error.code, "message": error.message, "reference": request_id.get()}
            return JsonResponse(body, status=error.http_status)
        if asks_for_fragment(request):
            response = HttpResponse(status=error.http_status)
            response["HX-Reswap"] = "none"
            # Somebody else was faster: what the screen shows is old, so let it look again.
            also = ("siaga:resync",) if error.http_status == CONFLICT else ()
            return toast(response, error.message, also=also)
        return refused(request, error)
