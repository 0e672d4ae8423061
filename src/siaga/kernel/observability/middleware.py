"""For Django: every page belongs to a request id, is counted by route and logged when it fails."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from siaga.kernel.observability import REQUEST_ID_HEADER, serving
from siaga.kernel.observability.metrics import request_seconds

SLOW_SECONDS = 1.0
_SERVER_ERROR = 500

_log = structlog.get_logger(__name__)


class RequestMiddleware:
    """First in the list: takes or makes the request id, answers with it, measures the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the request inside its id."""
        with serving(request.headers.get(REQUEST_ID_HEADER, "")) as identifier:
            began = time.perf_counter()
            response = self._get_response(request)
            self._note(request, response.status_code, time.perf_counter() - began)
            response.headers["X-Request-ID"] = identifier
            return response

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        # The name of the route, never the path: paths hold tracking codes and ids.
        route = match.view_name if match is not None and match.view_name else "-"
        method = request.method if request.method in _METHODS else "OTHER"
        request_seconds.labels(route, method, f"{status // 100}xx").observe(seconds)
        if status >= _SERVER_ERROR or seconds > SLOW_SECONDS:
            _log.warning(
                "request", route=route, method=method, status=status, seconds=round(seconds, 3)
            )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
