"""The pages for 400, 403, 404 and 500: what happened, what is safe, what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import server_error as plain_server_error

from siaga.kernel.errors import SiagaError
from siaga.kernel.observability import request_id


def _page(request: HttpRequest, status: int, **words: object) -> HttpResponse:
    words["request_id"] = request_id.get()
    return render(request, "siaga/c/error_page.html", words, status=status)


def refused(request: HttpRequest, error: SiagaError) -> HttpResponse:
    """A refusal of ours that a person reads as a page."""
    if error.http_status == 404:
        return not_found(request, error)
    return _page(
        request,
        error.http_status,
        title=_("This could not be done."),
        text=error.message,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    return _page(
        request,
        400,
        title=_("We could not read that request."),
        text=_("Nothing was changed. Go back, reload the page and try once more."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    return _page(
        request,
        403,
        title=_("This is not yours to open."),
        text=_(
            "Your account does not have the right to see this page, or it belongs to another "
            "region. If you need it for your work, ask your supervisor."
        ),
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """settings.CSRF_FAILURE_VIEW: mostly a page that stood open for very long."""
    return _page(
        request,
        403,
        title=_("This page has been open for too long."),
        text=_("Nothing was sent. Go back, reload the page and send it again."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404: the same whether a thing never was or belongs to somebody else."""
    return _page(
        request,
        404,
        title=_("There is nothing here."),
        text=_(
            "The address may be mistyped or the page may have moved. If you are following a "
            "report, check the tracking code letter by letter."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: no template machinery, for that may be what broke."""
    return plain_server_error(request)
