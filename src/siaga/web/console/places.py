"""Where: searching by a few letters, and saying a place in words."""

import re
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from siaga.accounts.types import Permission
from siaga.intake.types import LocationState, Place
from siaga.kernel.geometry import Point
from siaga.kernel.types import RegionId
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.regions.errors import AreaUnknown
from siaga.regions.types import PlaceCandidate, PlaceSearch, Profile
from siaga.web.accounts.access import RegionRequest, requires

CANDIDATES_MAX = 5
AMBIGUOUS = "?"
_VALUE = re.compile(r"(?P<code>[0-9.]{8,13})(@(?P<lat>-?[0-9.]{1,12}),(?P<lng>-?[0-9.]{1,12}))?")


@require_GET
@requires(Permission.REPORTS_READ)
def search(request: RegionRequest, region: str) -> JsonResponse:
    """Five candidates for a few letters; when they do not decide it, that can be chosen too."""
    phrase = request.GET.get("q", "").strip()[:120]
    found = regions.search_places(request.region_id, phrase, limit=CANDIDATES_MAX)
    items = [_item(candidate) for candidate in found.candidates]
    note = ""
    if found.ambiguous or not items:
        note = _not_sure(found)
        items.append(
            {
                "value": AMBIGUOUS,
                "label": phrase,
                "hint": _("Keep as said; ask again. No unit can be sent yet."),
                "icon": "help",
            }
        )
    return JsonResponse({"items": items, "note": note})


def _not_sure(found: PlaceSearch) -> str:
    if found.candidates:
        return _("Several places fit. Ask which kecamatan, or keep it as not certain.")
    return _("No such place known here. Try the kecamatan, or put a pin on the map.")


def _item(candidate: PlaceCandidate) -> dict[str, Any]:
    point = candidate.label_point
    exact = candidate.kind == "landmark" and point is not None
    value = candidate.code
    if exact and point is not None:
        value = f"{candidate.code}@{point.lat:.6f},{point.lng:.6f}"
    return {
        "value": value,
        "label": _label(candidate),
        "hint": _hint(candidate),
        "icon": "flag" if candidate.kind == "landmark" else "map-pin",
        "lat": point.lat if point else None,
        "lng": point.lng if point else None,
    }


def _label(candidate: PlaceCandidate) -> str:
    if candidate.kind == "kecamatan":
        return _("Kec. %(name)s") % {"name": candidate.name}
    return f"{candidate.name}, {candidate.kecamatan}"


def _hint(candidate: PlaceCandidate) -> str:
    kinds = {
        "kecamatan": _("kecamatan"),
        "desa": _("desa"),
        "kelurahan": _("kelurahan"),
        "landmark": _("landmark"),
    }
    return kinds[candidate.kind]


def place_from(
    region_id: RegionId,
    *,
    value: str,
    label: str,
    details: str,
    point: Point | None,
) -> Place:
    """What the fields of the form mean. A name that was typed and not chosen is not certain."""
    code, exact = _parsed(region_id, value)
    point = point or exact
    if not code and point is not None:
        area = regions.area_at(region_id, point)
        code = area.code if area else ""
    chosen = label if value and value != AMBIGUOUS else ""
    text = _joined(details, chosen or label)
    if code or point is not None:
        return Place(area_code=code, text=text, point=point, state=LocationState.KNOWN)
    state = LocationState.AMBIGUOUS if text else LocationState.UNKNOWN
    return Place(text=text, state=state)


def _parsed(region_id: RegionId, value: str) -> tuple[str, Point | None]:
    match = _VALUE.fullmatch(value.strip())
    if match is None:
        return "", None
    known = regions.profile(region_id).areas_by_code
    code = match["code"] if region_rules.kecamatan_of(match["code"]) in known else ""
    return code, point_from(match["lat"] or "", match["lng"] or "")


def point_from(lat: str, lng: str) -> Point | None:
    """A point from two fields of a form; None if they do not make one."""
    try:
        return Point(float(lat), float(lng))
    except ValueError:
        return None


def _joined(details: str, label: str) -> str:
    details, label = details.strip(), label.strip()
    if not label or label.lower() in details.lower():
        return details
    return f"{details}, {label}" if details else label


def place_words(profile: Profile, place: Place) -> str:
    """The place in a line: what was said, with the kecamatan if that does not name it."""
    area = profile.areas_by_code.get(region_rules.kecamatan_of(place.area_code) or "")
    if area is None or area.name.lower() in place.text.lower():
        return place.text
    return f"{place.text} · {area.name}" if place.text else area.name


def area_label(profile: Profile, area_code: str) -> str:
    """What the place field shows for a code that was chosen before."""
    if not area_code:
        return ""
    try:
        area = regions.area(profile.region.id, area_code)
    except AreaUnknown:
        return area_code
    if area.kind == "kecamatan":
        return _("Kec. %(name)s") % {"name": area.name}
    return f"{area.name}, {area.kecamatan}"
