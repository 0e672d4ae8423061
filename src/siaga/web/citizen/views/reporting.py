"""The report form: shown, checked, stored; the citizen gets a code to follow it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from siaga.intake import queries as intake_queries
from siaga.intake import rules as intake_rules
from siaga.intake import services as intake
from siaga.intake.types import ContactId, LocationState, Place, Telling
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.errors import SiagaError
from siaga.kernel.geometry import Point
from siaga.kernel.types import RegionId
from siaga.messaging import queries as messaging_queries
from siaga.messaging import services as messaging
from siaga.messaging.errors import MediaRejected
from siaga.messaging.webform.receiving import Submission, receive_submission
from siaga.regions import queries as region_queries
from siaga.regions import rules as region_rules
from siaga.regions.types import Profile, ScopeDecision, ScopeVerdict
from siaga.web.accounts.access import public
from siaga.web.citizen import spam
from siaga.web.citizen.forms import ReportForm
from siaga.web.citizen.views.shown import region_shown

_BY = Actor.channel("web_form")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def home(request: HttpRequest, region: str) -> HttpResponse:
    """The region's page: call 112, or write here."""
    region_id, now = RegionId(region), clock.now()
    profile = region_queries.profile(region_id)
    if request.method != "POST":
        return _page(request, region_id, ReportForm(profile, initial=_initial(request)), now)
    form = ReportForm(profile, request.POST, request.FILES)
    try:
        ticket = spam.read_ticket(request.POST.get("ticket", ""), now)
        # The page may be sent twice; the first time counts and both see the same report.
        if intake_queries.report_by_code(region_id, ticket.tracking_code) is None:
            spam.ensure_welcome(
                request,
                ticket,
                answer=request.POST.get("pow", ""),
                honey=request.POST.get("website", ""),
                now=now,
            )
            if not form.is_valid():
                return _page(request, region_id, form, now, status=422)
            _store(profile, form, ticket, now)
    except MediaRejected as error:
        form.add_error("attachments", error.message)
        return _page(request, region_id, form, now, status=422)
    except (spam.PageTooOld, spam.TooMany) as error:
        form.add_error(None, error.message)
        return _page(request, region_id, form, now, status=error.http_status)
    return redirect("citizen:track", region=region_id, code=ticket.tracking_code)


@require_safe
@public
def scope(request: HttpRequest, region: str) -> HttpResponse:
    """What this centre does with the chosen kind, as a fragment below the choice."""
    profile = region_queries.profile(RegionId(region))
    verdict = _verdict(profile, request.GET.get("type_code", ""))
    sentence = ""
    if verdict and verdict.sentence and verdict.decision is not ScopeDecision.ACCEPT:
        sentence = verdict.sentence.said_in(get_language() or "id")
    return render(
        request,
        "citizen/_scope.html",
        {"sentence": sentence, "refused": verdict and verdict.decision is ScopeDecision.REFUSE},
    )


def _initial(request: HttpRequest) -> dict[str, str]:
    return {"type_code": request.GET.get("type", "")[:30]}


def _page(
    request: HttpRequest, region_id: RegionId, form: ReportForm, now: datetime, status: int = 200
) -> HttpResponse:
    ticket = spam.new_ticket(now)
    words = {
        "region": region_shown(region_id, now),
        "form": form,
        "ticket": ticket.signed,
        "work_bits": spam.WORK_BITS,
    }
    return render(request, "citizen/home.html", words, status=status)


def _store(profile: Profile, form: ReportForm, ticket: spam.Ticket, now: datetime) -> None:
    """All of it in the request's transaction, or nothing."""
    region_id, said = profile.region.id, form.cleaned_data
    media_ids, hidden = _uploads(region_id, form, now)
    place = _place(region_id, form, hidden)
    anonymous = said["anonymous"]
    received = receive_submission(
        Submission(
            region_id=region_id,
            key=ticket.tracking_code,
            text=said["narrative"],
            submission_id=ticket.submission_id,
            name="" if anonymous else said["name"],
            phone="" if anonymous else said["phone"] or "",
            language=_language(),
            point=place.point,
            place_name=place.text,
            media_ids=tuple(media_ids),
        ),
        by=_BY,
        now=now,
    )
    message = messaging_queries.message(region_id, received.message_id)
    if not received.created or message.contact_id is None:
        return
    intake.file_web_report(
        ContactId(message.contact_id),
        Telling(
            narrative=said["narrative"],
            type_code=said["type_code"],
            place=place,
            reporter_name=said["name"],
            reporter_phone=None if anonymous else said["phone"],
            anonymous=anonymous,
            confidential=said["confidential"],
            answers={"danger": True} if said["danger"] else {},
            language=_language(),
        ),
        region_id=region_id,
        tracking_code=ticket.tracking_code,
        refusal=_refusal(profile, said),
        by=_BY,
        now=now,
    )


def _uploads(
    region_id: RegionId, form: ReportForm, now: datetime
) -> tuple[list[UUID], Point | None]:
    stored = [
        messaging.store_upload(
            region_id,
            file,
            by=_BY,
            now=now,
            original_name=file.name or "",
            position_consent=form.cleaned_data["position_consent"],
        )
        for file in form.uploads()
    ]
    hidden = next((item.position for item in stored if item.position is not None), None)
    return [item.media_id for item in stored], hidden


def _place(region_id: RegionId, form: ReportForm, hidden: Point | None) -> Place:
    said = form.cleaned_data
    given = said["lat"] is not None and said["lng"] is not None
    point = Point(said["lat"], said["lng"]) if given else hidden
    area_code = said["area_code"]
    if not area_code and point is not None:
        found = region_queries.area_at(region_id, point)
        area_code = found.code if found else ""
    known = bool(point or area_code)
    return Place(
        area_code=area_code,
        text=said["place_text"],
        point=point,
        state=LocationState.KNOWN if known else LocationState.UNKNOWN,
    )


def _verdict(profile: Profile, type_code: str) -> ScopeVerdict | None:
    if not type_code:
        return None
    try:
        return region_rules.scope_verdict(profile, type_code, clock.now())
    except SiagaError:
        return None


def _refusal(profile: Profile, said: dict[str, Any]) -> str | None:
    """The region's sentence if it refuses this kind; words of danger are for a person to weigh."""
    if said["danger"] or intake_rules.has_red_flag(said["narrative"]):
        return None
    verdict = _verdict(profile, said["type_code"])
    if verdict is None or verdict.decision is not ScopeDecision.REFUSE:
        return None
    return verdict.sentence.said_in(_language()) if verdict.sentence else ""


def _language() -> str:
    return "en" if (get_language() or "id").startswith("en") else "id"
