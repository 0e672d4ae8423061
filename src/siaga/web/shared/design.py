"""The design page: every component, in both themes, and a specimen of each shell."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from siaga.kernel import clock
from siaga.web.shared.design_samples import samples
from siaga.web.shared.htmx import toast

SCREENS = ("console", "board", "agency", "citizen")
_EXAMPLE = {"id": "", "brand": "Kabupaten Contoh Respon"}


def _ensure_allowed() -> None:
    if not (settings.DEBUG or getattr(settings, "SIAGA_DEMO", False)):
        raise Http404


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Only in the demo and in development; elsewhere it is not found."""
    _ensure_allowed()
    return render(request, "siaga/design/page.html", {**samples(clock.now()), "screens": SCREENS})


@require_safe
def screen(request: HttpRequest, name: str) -> HttpResponse:
    """One shell filled with invented people, to look at the whole."""
    _ensure_allowed()
    if name not in SCREENS:
        raise Http404
    context = {**samples(clock.now()), "region": _EXAMPLE}
    return render(request, f"siaga/design/{name}.html", context)


@require_safe
def areas(request: HttpRequest) -> JsonResponse:
    """Label points for the specimen map."""
    _ensure_allowed()
    places = [
        ("Wongsorejo", 114.40, -7.99),
        ("Kalipuro", 114.36, -8.13),
        ("Glagah", 114.28, -8.21),
        ("Kabat", 114.32, -8.27),
        ("Rogojampi", 114.30, -8.31),
        ("Srono", 114.27, -8.40),
        ("Muncar", 114.33, -8.43),
        ("Genteng", 114.15, -8.37),
        ("Glenmore", 114.05, -8.31),
        ("Kalibaru", 113.98, -8.29),
        ("Pesanggaran", 114.08, -8.55),
        ("Tegaldlimo", 114.35, -8.53),
        ("Songgon", 114.19, -8.22),
        ("Bangorejo", 114.17, -8.50),
    ]
    labels = [{"name": name, "lng": lng, "lat": lat} for name, lng, lat in places]
    return JsonResponse({"center": [114.2, -8.3], "zoom": 8.6, "labels": labels, "polygons": None})


@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """Incidents for the specimen map."""
    _ensure_allowed()
    rows = [
        ("P1", 114.372, -8.215, "Kebakaran bangunan"),
        ("P2", 114.32, -8.29, "Pohon tumbang"),
        ("P3", 114.15, -8.37, "Tawon"),
        ("P4", 114.30, -8.33, "Lampu jalan mati"),
        ("P5", 114.27, -8.41, "Permintaan informasi"),
    ]
    items = [
        {"id": str(n), "urgency": urgency, "lng": lng, "lat": lat, "title": title, "url": "#"}
        for n, (urgency, lng, lat, title) in enumerate(rows)
    ]
    return JsonResponse({"items": items})


@require_safe
def options(request: HttpRequest) -> JsonResponse:
    """Suggestions for the specimen combobox."""
    _ensure_allowed()
    kinds = [
        ("KBK-BANGUNAN", "Kebakaran bangunan", "structure fire", "flame", "P1"),
        ("KBK-LAHAN", "Kebakaran lahan/hutan", "wild fire", "flame", "P2"),
        ("LAKA-LUKA", "Kecelakaan lalu lintas, ada korban", "road crash", "car-crash", "P1"),
        ("POHON-TUMBANG", "Pohon tumbang", "fallen tree", "tree-fallen", "P2"),
        ("HEWAN", "Hewan liar/ular/buaya", "wild animal", "snake", "P3"),
        ("PJU", "Lampu jalan mati", "street lamp out", "lamp", "P4"),
    ]
    wanted = request.GET.get("q", "").lower()
    items = [
        {"value": code, "label": label, "hint": f"{code} · {hint}", "icon": icon, "urgency": level}
        for code, label, hint, icon, level in kinds
        if wanted in f"{code} {label} {hint}".lower()
    ]
    return JsonResponse({"items": items, "note": ""})


@require_POST
def said(request: HttpRequest) -> HttpResponse:
    """A message that can be undone, to try the toast; undoing it is this same address."""
    _ensure_allowed()
    answer = HttpResponse(status=204)
    return toast(answer, _("Marked as ghost call."), undo_url=reverse("design-said"))
