"""What views say to htmx and the islands besides the fragment itself."""

import json
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse


def asks_for_fragment(request: HttpRequest) -> bool:
    """True when htmx asked, and not merely for a boosted whole page."""
    return (
        request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    )


def trigger(response: HttpResponse, name: str, detail: object = None) -> HttpResponse:
    """Let the browser dispatch the event `name` on the element that asked, after the answer."""
    said = json.loads(response.headers.get("HX-Trigger", "{}"))
    said[name] = detail
    response["HX-Trigger"] = json.dumps(said)
    return response


def toast(
    response: HttpResponse,
    text: str,
    *,
    undo_url: str | None = None,
    seconds: int | None = None,
    also: Iterable[str] = (),
) -> HttpResponse:
    """Show `text` for a moment; with `undo_url` a key (U) takes it back within `seconds`."""
    detail: dict[str, object] = {"text": text}
    if undo_url:
        detail["undo_url"] = undo_url
    if seconds:
        detail["seconds"] = seconds
    trigger(response, "siaga:toast", detail)
    for name in also:
        trigger(response, name)
    return response


def redirect(url: str) -> HttpResponse:
    """Send the whole page elsewhere after an htmx request."""
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
