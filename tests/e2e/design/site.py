"""A small site around the shared parts: pages that need an island, and the servers behind them."""

import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any, ClassVar
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template import engines
from django.urls import include, path
from playwright.sync_api import Page

from siaga.web.accounts.access import public
from siaga.web.shared.htmx import toast

FACT = "intake.contact_opened"


@dataclass
class Backstage:
    """What the test sets and reads while the browser acts."""

    down: bool = False
    signed_out: bool = False
    waiting: list[str] = field(default_factory=lambda: ["first"])
    state: str = "waits"
    drafts: list[dict[str, str]] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    ghosts: int = 0
    typed: threading.Event = field(default_factory=threading.Event)
    streams: list[queue.Queue[bytes | None]] = field(default_factory=list)
    last_ids: list[str] = field(default_factory=list)
    counter: int = 0

    def tell(self, name: str, subject: str = "s-1") -> None:
        """Send one hint to every open stream."""
        self.counter += 1
        data = json.dumps({"name": name, "subjects": [subject], "at": "2026-11-21T12:30:00Z"})
        for stream in self.streams:
            stream.put(f"id: 7-{self.counter}\ndata: {data}\n\n".encode())

    def cut(self) -> None:
        """Break every stream, as a network does."""
        for stream in self.streams:
            stream.put(None)
        self.streams.clear()


class Site:
    """The one running site of a test process."""

    backstage: ClassVar[Backstage] = Backstage()


def page(body: str) -> Any:
    """A view that shows a template written right here."""
    source = "{% load i18n siaga %}" + body
    if body.startswith("{% extends"):
        head, rest = body.split("\n", 1)
        source = head + "{% load i18n siaga %}" + rest

    @public
    def view(request: HttpRequest) -> HttpResponse:
        template = engines["django"].from_string(source)
        region = {"id": "contoh", "brand": "Contoh 112"}
        return HttpResponse(template.render({"region": region}, request))

    return view


def shell(name: str, block: str, body: str) -> Any:
    """One shell with one block filled."""
    opened = f'{{% extends "siaga/shell_{name}.html" %}}\n{{% block {block} %}}'
    return page(f"{opened}{body}{{% endblock %}}")


@public
def live(request: HttpRequest) -> HttpResponse:
    """Stands for the edge."""
    stage = Site.backstage
    if stage.signed_out:
        return HttpResponse(status=401)
    if stage.down:
        return HttpResponse(status=503)
    stage.last_ids.append(request.headers.get("Last-Event-ID", ""))
    mine: queue.Queue[bytes | None] = queue.Queue()
    stage.streams.append(mine)

    def written() -> Iterator[bytes]:
        yield b"retry: 500\n\nid: 7-0\nevent: open\ndata: {}\n\n"
        while (chunk := mine.get(timeout=60)) is not None:
            yield chunk

    return StreamingHttpResponse(written(), content_type="text/event-stream")


@public
def waiting(request: HttpRequest) -> HttpResponse:
    """The fragment that live facts refresh."""
    items = "".join(
        f'<li class="row" id="c-{name}" tabindex="-1"'
        f"{' data-alarm=p1' if name == 'p1' else ''}>{name} {Site.backstage.state}</li>"
        for name in Site.backstage.waiting
    )
    return HttpResponse(items)


@public
def draft(request: HttpRequest) -> HttpResponse:
    """Takes a draft, or is away."""
    if Site.backstage.down:
        return HttpResponse(status=503)
    Site.backstage.drafts.append({name: str(value) for name, value in request.POST.items()})
    return HttpResponse(status=204)


@public
def act(request: HttpRequest, name: str) -> HttpResponse:
    """An officer's step."""
    if Site.backstage.down:
        return HttpResponse(status=503)
    if name == "refused":
        return JsonResponse({"message": "Somebody else was faster."}, status=409)
    Site.backstage.taken.append((name, request.headers.get("Idempotency-Key", "")))
    return HttpResponseRedirect("/t/arrived/")


@public
def ghost(request: HttpRequest) -> HttpResponse:
    """Disposes, with undo."""
    Site.backstage.ghosts += 1
    return toast(
        HttpResponse(status=204),
        "Marked as ghost call.",
        undo_url=f"/t/undo/?of={Site.backstage.ghosts}",
    )


@public
def undo(request: HttpRequest) -> HttpResponse:
    """Takes the last step back."""
    Site.backstage.undone.append(request.GET["of"])
    return HttpResponse(status=204)


@public
def slow(request: HttpRequest) -> HttpResponse:
    """Thinks until the test has typed, then brings a field."""
    Site.backstage.typed.wait(timeout=10)
    return HttpResponse('<textarea name="story" aria-label="story" data-focus-here></textarea>')


WAIT = (
    '<ul id="list" class="rows" hx-get="/t/waiting/" hx-swap="morph:innerHTML" '
    f'hx-trigger="load, siaga:{FACT} from:body, siaga:resync from:body"></ul>'
    '<p id="own" data-live-subject="s-9"></p>'
    '<button id="g" class="button" hx-post="/t/ghost/" hx-swap="none" data-key="g">Ghost</button>'
    '<input id="typing" aria-label="text">'
    '<button class="button" hx-get="/t/slow/" hx-target="#work" data-key="c">Claim</button>'
    '<div id="work"></div>'
)
ALARM = (
    '<div id="list" hx-get="/t/waiting/" hx-trigger="siaga:live from:body"></div>'
    '<button class="button" id="touch">touch</button>'
)
DRAFT = (
    '<form id="f" class="form" data-island="draft" data-draft-id="t" data-draft-url="/t/draft/">'
    '{% csrf_token %}<textarea name="story" aria-label="story"></textarea>'
    '<input name="secret" aria-label="secret" data-draft-skip>'
    '<output class="draft-state" data-draft-state></output></form>'
)
OUTBOX = "".join(
    f'<form id="{name}" method="post" action="/t/act/{name}/" data-outbox>{{% csrf_token %}}'
    f'<button class="button">{name}</button></form>'
    for name in ("accept", "arrive", "refused")
) + (
    '{% dialog "finish" "Done" %}<form id="done" method="post" action="/t/act/done/" data-outbox>'
    '{% csrf_token %}<button class="button">done</button></form>{% enddialog %}'
    '<button class="button" id="open" data-opens="finish">Done</button>'
)
GUARD = (
    '<form data-island="pow" data-challenge="contoh.1" data-bits="12"><input name="pow" hidden>'
    '</form><div class="file-picker" data-island="preview" data-max-mb="1">'
    '<input type="file" id="file" multiple></div>'
    '<button id="here" class="button" data-island="geolocate" data-lat-field="lat" '
    'data-lng-field="lng">here</button><p data-position-note></p>'
    '<input id="lat" aria-label="lat"><input id="lng" aria-label="lng">'
)

MAP = (
    '{% url "design-areas" as areas_url %}{% url "design-points" as points_url %}'
    '{% include "siaga/c/map.html" with areas_url=areas_url points_url=points_url %}'
)

urlpatterns = [
    path("", include("siaga.web.accounts.urls")),
    path("", include("siaga.web.shared.urls")),
    path("live/<slug:name>", lambda request, name: live(request)),
    path("t/live/", shell("console", "wait", WAIT)),
    path("t/alarm/", shell("console", "wait", ALARM)),
    path("t/draft-page/", shell("console", "work", DRAFT)),
    path("t/outbox/", shell("agency", "main", OUTBOX)),
    path("t/arrived/", shell("agency", "main", "<h1>Arrived</h1>")),
    path("t/guard/", shell("citizen", "main", GUARD)),
    path("t/map/", shell("control", "main", MAP)),
    path("t/waiting/", waiting),
    path("t/draft/", draft),
    path("t/act/<slug:name>/", act),
    path("t/ghost/", ghost),
    path("t/slow/", slow),
    path("t/undo/", undo),
]
# The gate of the regions serves only views that say who may enter.
urlpatterns[2].callback.siaga_access = live.siaga_access  # type: ignore[attr-defined]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers leave in the middle of a stream; that is no news."""


def serve() -> tuple[_Server, str]:
    """Serve Django on a free port of this machine; the caller shuts it down."""
    server = make_server(
        "127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


def visit(page: Page, path: str) -> None:
    """Open a page; its islands have mounted."""
    page.goto(path)
    page.wait_for_selector("html[data-ready=true]")
