"""A known event, told to callers before the queue: given, heard beforehand, ended, counted."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.regions import queries as regions
from siaga.telephony import live_queries
from siaga.telephony.asterisk import centre, prompts
from siaga.telephony.asterisk.installation import find_program
from siaga.telephony.errors import NoTelephone
from siaga.telephony.notices import queries, services
from siaga.telephony.notices.models import TEXT_LENGTH_MAX
from siaga.telephony.notices.types import NoticeView
from siaga.telephony.plan import plan_of
from siaga.triage import queries as triage
from siaga.triage.types import IncidentView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control import attention
from siaga.web.control.answers import REFUSED, told_in
from siaga.web.control.pages import shown
from siaga.web.control.phone.live import asked_for

INCIDENTS_MAX = 40
RECENT_MAX = 8
SPOKEN_WITHIN = timedelta(seconds=15)


class NoticeForm(forms.Form):
    """What callers are told."""

    text = forms.CharField(
        label=gettext_lazy("What callers are told"),
        max_length=TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One or two sentences: what is known and that help is on its way. That 1 is for "
            "another matter is said by itself afterwards."
        ),
    )
    incident = forms.ChoiceField(
        label=gettext_lazy("About the incident"),
        required=False,
        help_text=gettext_lazy("Its page then tells how many further callers there were."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice with the words around it."""

    item: NoticeView
    incident: IncidentView | None
    by: str


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def page(request: RegionRequest, region: str) -> HttpResponse:
    """The notice that is given, how many heard it, and a new one; POST gives it."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        if regions.profile(request.region_id).phone is None:
            raise NoTelephone
        with told_in(form):
            asked = services.give(
                request.region_id,
                form.cleaned_data["text"],
                incident_id=_incident_id(request, form.cleaned_data["incident"]),
                by=request.viewer.actor,
                now=clock.now(),
            )
        if not form.errors:
            return _looked_after(request, asked, _("Callers hear it from now on."))
    words = {"tab": "notices", "form": form, "asked": asked_for(request), **gathered(request)}
    status = REFUSED if form.errors else 200
    return shown(request, "control/phone/notices.html", words, status=status)


@require_safe
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def again(request: RegionRequest, region: str) -> HttpResponse:
    """Only what changes by itself."""
    return shown(request, "control/phone/_notice.html", gathered(request))


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def end(request: RegionRequest, region: str) -> HttpResponse:
    """The greeting is followed by the queue again."""
    asked = services.end(request.region_id, by=request.viewer.actor, now=clock.now())
    return _looked_after(request, asked, _("Callers hear no notice any more."))


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def hear(request: RegionRequest, region: str) -> HttpResponse:
    """The words as callers would hear them."""
    plan = plan_of(regions.profile(request.region_id))
    if plan is None:
        raise NoTelephone
    text = services.clean(request.POST.get("text", ""))
    home = centre.home()
    voice = find_program("espeak-ng", home)
    spoken = prompts.speak_notice(plan, home, text, voice)
    return HttpResponse(Path(f"{spoken}.wav").read_bytes(), content_type="audio/wav")


def gathered(request: RegionRequest) -> dict[str, Any]:
    """The notices, and what Asterisk says about the present one."""
    region_id = request.region_id
    found = queries.recent(region_id, limit=RECENT_MAX)
    ids = {item.incident_id for item in found if item.incident_id}
    seen = triage.incidents_in(region_id, triage.visible_ids(request.viewer, ids))
    names = accounts.person_names({item.given_by for item in found if item.given_by})
    told = [
        Told(
            item=item,
            incident=seen.get(item.incident_id) if item.incident_id else None,
            by=names.get(item.given_by, "") if item.given_by else "",
        )
        for item in found
    ]
    picture = live_queries.live(request.viewer)
    current = next((one for one in told if one.item.ended_at is None), None)
    heard = current is not None and picture.notice == current.item.text
    late = current is not None and clock.now() - current.item.given_at > SPOKEN_WITHIN
    return {
        "telephone": regions.profile(region_id).phone,
        "current": current,
        "former": [one for one in told if one is not current],
        "picture": picture,
        "is_heard": heard,
        "is_missing": picture.connected and not heard and late,
    }


def _form(request: RegionRequest) -> NoticeForm:
    viewer = request.viewer
    form = NoticeForm(request.POST or None, initial=_initial(request))
    places = [
        (
            str(item.id),
            f"{item.code} · {attention.type_name(viewer, item.type_code)} · {item.place.text}",
        )
        for item in triage.board(viewer, limit=INCIDENTS_MAX)
    ]
    form.fields["incident"].choices = [("", _("no particular one")), *places]  # type: ignore[attr-defined]
    return form


def _initial(request: RegionRequest) -> dict[str, str]:
    """From an incident's page: its words, to be bettered by a person."""
    incident_id = _incident_id(request, request.GET.get("incident", ""))
    if incident_id is None:
        return {}
    item = triage.incident_for(request.viewer, incident_id)
    kind = attention.type_name(request.viewer, item.type_code)
    text = _("%(kind)s, %(place)s: known to us, help is on its way.") % {
        "kind": kind,
        "place": item.place.text,
    }
    return {"incident": str(item.id), "text": text}


def _incident_id(request: RegionRequest, said: str) -> UUID | None:
    try:
        return triage.incident_for(request.viewer, UUID(said)).id
    except (ValueError, NotFound):
        return None


def _looked_after(request: RegionRequest, asked: UUID, said: str) -> HttpResponse:
    url = reverse("control:phone_notices", args=[request.region_id])
    return HttpResponseRedirect(f"{url}?asked={asked}&said={said}")
