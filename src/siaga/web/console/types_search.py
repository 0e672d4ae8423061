"""The type of a case by typing a few letters: its name, its code, or what people call it."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from siaga.accounts.types import Permission
from siaga.regions import queries as regions
from siaga.regions.types import CaseTypeHit
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console.rows import language

SHOWN_MAX = 8


@require_GET
@requires(Permission.REPORTS_READ)
def search(request: RegionRequest, region: str) -> JsonResponse:
    """Types that fit, with the words that fitted."""
    phrase = request.GET.get("q", "").strip()[:80]
    found = sorted(
        regions.search_case_types(request.region_id, phrase, limit=SHOWN_MAX), key=_order
    )
    said = language()
    items = []
    for hit in found:
        name = hit.name.said_in(said)
        also = hit.matched if hit.matched.lower() != name.lower() else ""
        items.append(
            {
                "value": hit.code,
                "label": name,
                "hint": " · ".join(part for part in (also, _secret(hit), hit.code) if part),
                "icon": hit.icon,
                "urgency": hit.urgency.value,
            }
        )
    return JsonResponse({"items": items})


def _secret(hit: CaseTypeHit) -> str:
    return _("confidential") if hit.confidential else ""


def _order(hit: CaseTypeHit) -> tuple[float, int, str]:
    """Of types that fit about as well, the more urgent one is nearer to Enter."""
    return (-round(hit.score, 1), hit.urgency.rank, hit.code)
