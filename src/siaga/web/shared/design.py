"""The design page: every component, in both themes, with invented people."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Only in the demo and in development; elsewhere it is not found."""
    if not (settings.DEBUG or getattr(settings, "SIAGA_DEMO", False)):
        raise Http404
    return render(request, "siaga/design.html", {})
