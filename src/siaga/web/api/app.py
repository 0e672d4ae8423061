"""The API itself: one version, bearer tokens, errors as `{code, message}`."""

from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from siaga.kernel.errors import InvalidField, SiagaError, Unstorable
from siaga.web.api import assignments, calls, contacts, incidents, journal, messages, reports
from siaga.web.api.guard import TokenAuth

api = NinjaAPI(
    title="Siaga",
    version="1",
    description="Calls, contacts, reports, incidents and assignments of the token's region.",
    auth=TokenAuth(),
    urls_namespace="api-1",
    docs_url=None,
)
for router in (calls, contacts, messages, reports, incidents, assignments, journal):
    api.add_router("", router.router)


@api.exception_handler(SiagaError)
def refused(request: HttpRequest, error: SiagaError) -> HttpResponse:
    """The same closed list of codes as everywhere; the message is in the caller's language."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if isinstance(error, InvalidField):
        body["field"] = error.field
    return api.create_response(request, body, status=error.http_status)


@api.exception_handler(DataError)
@api.exception_handler(UnicodeEncodeError)
def unstorable(request: HttpRequest, error: Exception) -> HttpResponse:
    """A NUL, half a character, a number beyond its field: the caller's mistake, nothing is kept."""
    return refused(request, Unstorable())
