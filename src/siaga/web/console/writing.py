"""The report form: what it begins with, its draft, and the guide that follows the answers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse, QueryDict
from django.views.decorators.http import require_POST

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake import services
from siaga.intake.errors import NotYourContact
from siaga.intake.rules import CALLS_ONLY, ONE_KEY_DISPOSITIONS
from siaga.intake.types import ContactDisposition, ContactState, ContactView, ReportView
from siaga.kernel import clock
from siaga.kernel.types import Channel, Urgency
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.regions.types import ScopeDecision
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import beside, guiding, places, rows
from siaga.web.console.forms import ANSWER, COHERENT, ReportForm, Written, as_data, draft_of
from siaga.web.console.pages import part
from siaga.web.console.wording import SHORT_DISPOSITIONS

# These need a few words more before they end a contact.
DIALOGS = {
    ContactDisposition.INFORMATION: "answer-dialog",
    ContactDisposition.REFUSED: "refuse-dialog",
    ContactDisposition.VENTING: "referral-dialog",
}


@require_POST
@requires(Permission.CONSOLE_USE, Permission.REPORTS_WRITE)
def draft(request: RegionRequest, region: str, contact_id: UUID) -> JsonResponse:
    """Keep what has been typed so far."""
    contact = intake.contact_for(request.viewer, contact_id)
    services.save_draft(
        contact.id,
        draft_of(request.POST),
        region_id=request.region_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    return JsonResponse({"saved": True})


@require_POST
@requires(Permission.CONSOLE_USE, Permission.REPORTS_WRITE)
def guide(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """The guide for what the form says now; nothing is stored."""
    contact = intake.contact_for(request.viewer, contact_id)
    written = ReportForm(request.POST).written(request.region_id)
    context = {
        "contact": contact,
        "live": True,
        **_followed(request, written),
        **beside.similar_to(request, written.type_code, written.place, contact=contact),
    }
    return part(request, "console/_guide_answer.html", context)


def ensure_mine(request: RegionRequest, contact: ContactView) -> None:
    """NotYourContact unless this person holds it."""
    if contact.claimed_by != request.viewer.person_id:
        raise NotYourContact


def context(
    request: RegionRequest, contact: ContactView, report: ReportView | None
) -> dict[str, Any]:
    """The form as it stands: the draft if there is one, else the report, else what is known."""
    kept = intake.draft(request.region_id, contact.id)
    data = as_data(kept.data) if kept else begin(request, contact, report)
    form = ReportForm(data)
    written = form.written(request.region_id)
    return {
        "form": form,
        "draft_at": kept.saved_at if kept else None,
        "outcomes": outcomes(request, contact),
        "refusals": refusals(request),
        **_followed(request, written),
    }


def begin(request: RegionRequest, contact: ContactView, report: ReportView | None) -> QueryDict:
    """The form's first content: the report filed before, or what the contact brought."""
    profile = regions.profile(request.region_id)
    if report is None:
        point = contact.point
        return as_data(
            {
                "type_code": contact.type_code,
                "type_label": rows.type_name(profile, contact.type_code),
                "lat": point.lat if point else "",
                "lng": point.lng if point else "",
                "reporter_name": contact.display_name,
                "reporter_phone": contact.phone or "",
                "confidential": contact.confidential,
            }
        )
    place = report.place
    return as_data(
        {
            "narrative": report.narrative,
            "type_code": report.type_code,
            "type_label": rows.type_name(profile, report.type_code),
            "place_value": place.area_code,
            "place_label": places.area_label(profile, place.area_code),
            "place_text": place.text,
            "lat": place.point.lat if place.point else "",
            "lng": place.point.lng if place.point else "",
            "urgency": report.urgency or "",
            "reporter_name": report.reporter_name,
            "reporter_phone": report.reporter_phone or "",
            "anonymous": report.anonymous,
            "confidential": report.confidential,
            **answers_as_fields(report.answers),
        }
    )


def answers_as_fields(answers: dict[str, Any]) -> dict[str, Any]:
    """Stored answers under the names the form has for them."""
    return {
        key if key.startswith(COHERENT) else f"{ANSWER}{key}": value
        for key, value in answers.items()
        if isinstance(value, str | int | bool)
    }


def outcomes(request: RegionRequest, contact: ContactView) -> list[dict[str, Any]]:
    """The keys that end a contact, in their order; none once it is a report."""
    if contact.state is not ContactState.CLAIMED:
        return []
    return [
        {
            "key": key,
            "value": disposition.value,
            "label": SHORT_DISPOSITIONS[disposition],
            "dialog": DIALOGS.get(disposition, ""),
        }
        for key, disposition in ONE_KEY_DISPOSITIONS.items()
        if contact.channel is Channel.PHONE or disposition not in CALLS_ONLY
    ]


def refusals(request: RegionRequest) -> list[dict[str, Any]]:
    """The region's own sentences for what it refuses or passes on, with the types they are for."""
    profile = regions.profile(request.region_id)
    now, said = clock.now(), rows.language()
    found: dict[str, dict[str, Any]] = {}
    for case in profile.taxonomy.types:
        if case.outcome_only:
            continue
        verdict = region_rules.scope_verdict(profile, case.code, now)
        if verdict.decision is ScopeDecision.ACCEPT or verdict.sentence is None:
            continue
        sentence = verdict.sentence.said_in(said)
        entry = found.setdefault(sentence, {"sentence": sentence, "codes": [], "names": []})
        entry["codes"].append(case.code)
        entry["names"].append(case.name.said_in(said))
    return list(found.values())


def _followed(request: RegionRequest, written: Written) -> dict[str, Any]:
    return {
        "standing": guiding.standing(request.region_id, written, clock.now()),
        "urgencies": list(Urgency),
    }
