"""What callers hear, in the centre's own voice: recorded in the browser, listened to, published."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.regions import queries as regions
from siaga.telephony.voices import queries, services
from siaga.telephony.voices.types import PromptView, Version
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control.answers import REFUSED, told_in
from siaga.web.control.pages import shown

UPLOAD_BYTES_MAX = 16 * 1024 * 1024
TITLES: dict[str, Any] = {
    "waiting": _("While waiting"),
    "cannot-speak": _("After 5 5"),
    "instruction": _("When nobody can answer"),
    "joined": _("To a position: joined the queue"),
    "left": _("To a position: left the queue"),
    "not-allowed": _("To a position: number not allowed"),
    "notice-end": _("After a notice"),
    "self-test": _("The nightly self-test"),
    "place-before": _("Before the place in the queue"),
    "place-beyond": _("Before a place beyond ten"),
    "place-after": _("After the place in the queue"),
    "press-one": _("To numbers that press 1 first"),
}


class SoundForm(forms.Form):
    """A sound from the microphone or a file."""

    sound = forms.FileField(
        label=_("Sound"),
        widget=forms.ClearableFileInput(attrs={"accept": "audio/*"}),
        help_text=_("Or a WAV or FLAC file from a studio; it is made fit for telephones."),
    )

    def clean_sound(self) -> Any:
        """Not larger than a minute can be."""
        given = self.cleaned_data["sound"]
        if given.size > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(_("At most 16 MB."))
        return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A prompt with its title, and who speaks now."""

    prompt: PromptView
    title: str
    by: str


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def listed(request: RegionRequest, region: str) -> HttpResponse:
    """Every sentence, and whose voice it is heard in."""
    telephone = regions.profile(request.region_id).phone
    found = queries.listed(request.region_id) if telephone else []
    names = _names([one.current for one in found])
    words = {
        "tab": "voices",
        "telephone": telephone,
        "prompts": [
            Heard(prompt=one, title=title(one.name), by=_by(one.current, names)) for one in found
        ],
    }
    return shown(request, "control/phone/voices.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def one(request: RegionRequest, region: str, name: str) -> HttpResponse:
    """A sentence: its words, what is heard, what was recorded."""
    return _page(request, name, SoundForm())


@require_POST
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def draft(request: RegionRequest, region: str, name: str) -> HttpResponse:
    """A recording to be listened to first."""
    form = SoundForm(request.POST, request.FILES)
    if form.is_valid():
        with told_in(form):
            services.keep_draft(
                request.region_id,
                name,
                form.cleaned_data["sound"].read(),
                by=request.viewer.actor,
                now=clock.now(),
            )
    return _page(request, name, form) if form.errors else _back(request, name)


@require_POST
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def publish(request: RegionRequest, region: str, name: str) -> HttpResponse:
    """Callers hear the draft from the next playing on."""
    services.publish(request.region_id, name, by=request.viewer.actor, now=clock.now())
    return _back(request, name)


@require_POST
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def drop(request: RegionRequest, region: str, name: str) -> HttpResponse:
    """Not this recording."""
    services.drop_draft(request.region_id, name)
    return _back(request, name)


@require_POST
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def roll_back(request: RegionRequest, region: str, name: str) -> HttpResponse:
    """An earlier recording again, or the spoken voice."""
    version = request.POST.get("version", "")
    services.roll_back(request.region_id, name, version, by=request.viewer.actor, now=clock.now())
    return _back(request, name)


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def sound(request: RegionRequest, region: str, name: str, version: str) -> HttpResponse:
    """The WAV as telephones play it."""
    response = HttpResponse(
        queries.sound(request.region_id, name, version), content_type="audio/wav"
    )
    response["Cache-Control"] = "no-store"
    return response


def title(name: str) -> str:
    """What the sentence is for; greetings and notices name their time or period."""
    kind, _dash, rest = name.partition("-")
    if kind == "greeting" and rest.isdigit():
        at = f"{rest[:2]}.{rest[2:]}"
        return str(_("Greeting from %(time)s")) % {"time": at}
    if kind == "closed" and rest.isdigit():
        return str(_("Out of hours (%(number)s)")) % {"number": int(rest) + 1}
    return str(TITLES.get(name, name))


def _page(request: RegionRequest, name: str, form: SoundForm) -> HttpResponse:
    prompt = queries.one(request.region_id, name)
    names = _names([prompt.current, prompt.draft, *prompt.versions])
    words = {
        "tab": "voices",
        "prompt": prompt,
        "title": title(prompt.name),
        "form": form,
        "by": _by(prompt.current, names),
        "versions": [(item, _by(item, names)) for item in prompt.versions],
    }
    status = REFUSED if form.errors else 200
    return shown(request, "control/phone/voice.html", words, status=status)


def _back(request: RegionRequest, name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("control:voice", args=[request.region_id, name]))


def _names(versions: list[Version | None]) -> dict[UUID, str]:
    return accounts.person_names(
        {item.person_id for item in versions if item is not None and item.person_id is not None}
    )


def _by(version: Version | None, names: dict[UUID, str]) -> str:
    return names.get(version.person_id, "") if version and version.person_id else ""
