"""The tracking page: stages with times, the agencies' clocks, messages, the objection."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siaga.followup import queries as followup_queries
from siaga.followup import services as followup
from siaga.followup.types import TrackingView
from siaga.intake import queries as intake_queries
from siaga.intake.types import ReportView
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.kernel.ids import new_id, normalize_tracking_code
from siaga.kernel.types import RegionId
from siaga.messaging import queries as messaging_queries
from siaga.messaging.types import Direction, MessageView
from siaga.messaging.webform.receiving import Submission, receive_submission
from siaga.regions import queries as region_queries
from siaga.web.accounts.access import public
from siaga.web.citizen import spam
from siaga.web.citizen.forms import CodeForm, MessageForm, ObjectionForm
from siaga.web.citizen.views.shown import region_shown
from siaga.web.citizen.wording import agency_state, stage_title

GUESSES_PER_HOUR = 60
MESSAGES_PER_HOUR = 60
MESSAGES_SHOWN_MAX = 100


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def find(request: HttpRequest, region: str) -> HttpResponse:
    """Type the code; spaces, dashes and letter case do not matter."""
    region_id = RegionId(region)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        spam.ensure_below(request, "code", GUESSES_PER_HOUR)
        code = normalize_tracking_code(form.cleaned_data["code"])
        if code and intake_queries.report_by_code(region_id, code):
            return redirect("citizen:track", region=region_id, code=code)
        form.add_error("code", NotFound().message)
    words = {"region": region_shown(region_id, clock.now()), "form": form}
    return render(request, "citizen/find.html", words, status=422 if form.errors else 200)


@require_safe
@never_cache
@public
def track(request: HttpRequest, region: str, code: str) -> HttpResponse:
    """Everything the holder of the code may see."""
    report = _report(request, region, code)
    words = _progress(report, clock.now())
    words |= {
        "region": region_shown(report.region_id, clock.now()),
        "message_form": MessageForm(initial={"submission_id": new_id()}),
        "objection_form": ObjectionForm(),
    }
    return _private(render(request, "citizen/track.html", words))


@require_safe
@never_cache
@public
def progress(request: HttpRequest, region: str, code: str) -> HttpResponse:
    """The part that changes, fetched again whenever something happens."""
    report = _report(request, region, code)
    words = _progress(report, clock.now())
    words["region"] = region_shown(report.region_id, clock.now())
    return _private(render(request, "citizen/_progress.html", words))


@require_POST
@public
def message(request: HttpRequest, region: str, code: str) -> HttpResponse:
    """The citizen writes again; it joins the conversation the call taker sees."""
    report = _report(request, region, code)
    form = MessageForm(request.POST)
    if form.is_valid():
        spam.ensure_below(request, "message", MESSAGES_PER_HOUR)
        receive_submission(
            Submission(
                region_id=report.region_id,
                key=_key(report),
                text=form.cleaned_data["text"],
                submission_id=form.cleaned_data["submission_id"],
                language=report.language,
                contact_id=report.contact_id,
            ),
            by=Actor.citizen(report.correspondent_id or report.id),
            now=clock.now(),
        )
        return _back(report)
    return _again(request, report, message_form=form)


@require_POST
@public
def objection(request: HttpRequest, region: str, code: str) -> HttpResponse:
    """It is not settled: the incident opens again."""
    report = _report(request, region, code)
    form = ObjectionForm(request.POST)
    if form.is_valid():
        followup.object_to(
            report,
            form.cleaned_data["text"],
            by=Actor.citizen(report.correspondent_id or report.id),
            now=clock.now(),
        )
        return _back(report)
    return _again(request, report, objection_form=form)


def _back(report: ReportView) -> HttpResponse:
    return redirect("citizen:track", region=report.region_id, code=report.tracking_code)


def _again(request: HttpRequest, report: ReportView, **forms: Any) -> HttpResponse:
    now = clock.now()
    words = _progress(report, now)
    words |= {
        "region": region_shown(report.region_id, now),
        "message_form": MessageForm(initial={"submission_id": new_id()}),
        "objection_form": ObjectionForm(),
        **forms,
    }
    return _private(render(request, "citizen/track.html", words, status=422))


def _report(request: HttpRequest, region: str, code: str) -> ReportView:
    """The report of this code. Wrong codes are counted, so that nobody can try them out."""
    plain = normalize_tracking_code(code)
    found = intake_queries.report_by_code(RegionId(region), plain) if plain else None
    if found is None:
        spam.ensure_below(request, "code", GUESSES_PER_HOUR)
        raise NotFound
    return found


def _key(report: ReportView) -> str:
    return report.tracking_code


def _progress(report: ReportView, now: datetime) -> dict[str, Any]:
    tracking = followup_queries.tracking(report, now)
    profile = region_queries.profile(report.region_id)
    case = profile.types_by_code.get(report.type_code)
    return {
        "tracking": tracking,
        "type_name": case.name.said_in(get_language() or "id") if case else "",
        "steps": _steps(tracking),
        "agencies": [
            {"view": item, "state": agency_state(item.state)} for item in tracking.agencies
        ],
        "conversation": [_bubble(item) for item in _conversation(report)],
        "files": _files(report),
    }


def _steps(tracking: TrackingView) -> list[dict[str, Any]]:
    reached = [index for index, item in enumerate(tracking.stages) if item.at is not None]
    last = max(reached)
    steps = []
    for index, item in enumerate(tracking.stages):
        state = "done" if item.at is not None or index < last else "next"
        if index == last and not tracking.closed:
            state = "now"
        steps.append({"title": stage_title(item.stage), "at": item.at, "state": state})
    return steps


def _conversation(report: ReportView) -> list[MessageView]:
    """Only this report's own messages; a person may have written about other things too."""
    found = messaging_queries.conversation(
        report.region_id, contact_id=report.contact_id, limit=MESSAGES_SHOWN_MAX
    )
    return sorted(found, key=lambda item: (item.at, item.id))


def _files(report: ReportView) -> int:
    return sum(len(item.media) for item in _conversation(report))


def _bubble(item: MessageView) -> dict[str, Any]:
    return {
        "text": item.text,
        "at": item.at,
        "ours": item.direction is Direction.IN,
        "state": "sent",
        "who": "",
        "attachments": (),
        "id": item.id,
    }


def _private(response: HttpResponse) -> HttpResponse:
    # The settings' "same-origin" keeps the code from other sites; "no-referrer" would also make
    # browsers hide the origin of this page's own forms, and every one of them would be refused.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
