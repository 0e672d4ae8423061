"""What a call taker has written, read from the form once and typed from then on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from siaga.intake.types import Place, Telling
from siaga.kernel.phones import normalize_phone
from siaga.kernel.types import RegionId, Urgency
from siaga.regions import queries as regions
from siaga.triage.types import EvidenceKind, IncidentDisposition
from siaga.web.console.places import place_from, point_from
from siaga.web.console.wording import OFFERED_EVIDENCE

ANSWER = "q_"
COHERENT = "c_"
SILENT = "silent"
ANSWERS_MAX = 120
DRAFT_CHARACTERS_MAX = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The form's content. `coherent` maps consistency questions to yes or no."""

    narrative: str = ""
    type_code: str = ""
    silent: bool = False
    """The caller says nothing; as long as no type is known, the guide is the silent call's."""
    place: Place = field(default_factory=Place)
    urgency: Urgency | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    coherent: dict[str, str] = field(default_factory=dict)
    reporter_name: str = ""
    reporter_phone: str | None = None
    anonymous: bool = False
    confidential: bool = False
    agencies: tuple[str, ...] = ()
    agencies_shown: frozenset[str] = frozenset()
    note: str = ""

    def telling(self, language: str) -> Telling:
        """As intake wants it; `language` is the citizen's."""
        return Telling(
            narrative=self.narrative,
            type_code=self.type_code,
            urgency=self.urgency,
            place=self.place,
            reporter_name=self.reporter_name,
            reporter_phone=self.reporter_phone,
            anonymous=self.anonymous,
            confidential=self.confidential,
            answers={**self.answers, **_consistency(self.coherent)},
            language=language,
        )


def _consistency(coherent: Mapping[str, str]) -> dict[str, Any]:
    return {f"{COHERENT}{key}": value for key, value in coherent.items()}


class PlaceFields(forms.Form):
    """The place: searched, said in detail, or a point on the map."""

    place_value = forms.CharField(required=False, max_length=60)
    place_label = forms.CharField(required=False, max_length=160, label=_("Place"))
    place_text = forms.CharField(
        required=False,
        max_length=300,
        label=_("In detail"),
        widget=forms.TextInput(attrs={"placeholder": _("street, RT/RW, landmark, km")}),
    )
    lat = forms.CharField(required=False, max_length=20)
    lng = forms.CharField(required=False, max_length=20)

    def place(self, region_id: RegionId) -> Place:
        """The place as far as it is known."""
        said = self.cleaned_data
        return place_from(
            region_id,
            value=said.get("place_value", ""),
            label=said.get("place_label", ""),
            details=said.get("place_text", ""),
            point=point_from(said.get("lat", ""), said.get("lng", "")),
        )


class ReportForm(PlaceFields):
    """The report. Nothing is required of somebody who listens to a person in need."""

    narrative = forms.CharField(
        required=False,
        max_length=8000,
        label=_("What happened"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    type_code = forms.CharField(required=False, max_length=30)
    type_label = forms.CharField(required=False, max_length=160, label=_("Type"))
    script = forms.CharField(required=False, max_length=10)
    urgency = forms.ChoiceField(
        required=False, choices=[("", ""), *((item.value, item.value) for item in Urgency)]
    )
    reporter_name = forms.CharField(required=False, max_length=120, label=_("Reporter's name"))
    reporter_phone = forms.CharField(required=False, max_length=30, label=_("Call-back number"))
    anonymous = forms.BooleanField(required=False, label=_("Does not want to be named"))
    confidential = forms.BooleanField(required=False, label=_("Confidential"))
    note = forms.CharField(required=False, max_length=500, label=_("Note to the agencies"))

    def written(self, region_id: RegionId) -> Written:
        """The content, typed; fields that make no sense are left out."""
        self.is_valid()
        said = self.cleaned_data
        codes = regions.profile(region_id).types_by_code
        case = codes.get(said.get("type_code", ""))
        urgency = said.get("urgency", "")
        return Written(
            narrative=said.get("narrative", "").strip(),
            type_code=case.code if case and not case.outcome_only else "",
            silent=said.get("script", "") == SILENT,
            place=self.place(region_id),
            urgency=Urgency(urgency) if urgency else None,
            answers=_prefixed(self.data, ANSWER),
            coherent=_prefixed(self.data, COHERENT),
            reporter_name=said.get("reporter_name", ""),
            reporter_phone=normalize_phone(said.get("reporter_phone", "")) or None,
            anonymous=said.get("anonymous", False),
            confidential=said.get("confidential", False),
            agencies=_listed(self.data, "agencies"),
            agencies_shown=frozenset(_listed(self.data, "agencies_shown")),
            note=said.get("note", "").strip(),
        )


class EvidenceForm(forms.Form):
    """A line of the ledger."""

    kind = forms.ChoiceField(
        choices=[(item.value, item.value) for item in OFFERED_EVIDENCE], label=_("Means")
    )
    confirms = forms.ChoiceField(
        choices=[("yes", _("It is true")), ("no", _("It is not true"))],
        required=False,
        label=_("Says"),
    )
    note = forms.CharField(max_length=500, required=False, label=_("Who, and how"))

    @property
    def evidence(self) -> EvidenceKind:
        """The means that was chosen."""
        return EvidenceKind(self.cleaned_data["kind"])


class CorrectForm(PlaceFields):
    """Type, urgency and place of an incident, set right with a reason."""

    type_code = forms.CharField(max_length=30)
    urgency = forms.ChoiceField(choices=[(item.value, item.value) for item in Urgency])
    summary = forms.CharField(
        required=False,
        max_length=500,
        label=_("Summary"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason = forms.CharField(required=False, max_length=300, label=_("Reason"))


class CloseForm(forms.Form):
    """How it ended."""

    disposition = forms.ChoiceField(
        choices=[(item.value, item.value) for item in IncidentDisposition]
    )
    note = forms.CharField(required=False, max_length=500, label=_("Note"))


def draft_of(data: QueryDict) -> dict[str, list[str]]:
    """The fields to keep of an unfinished form; nothing if somebody sends a book."""
    kept = {
        key: [value for value in values if isinstance(value, str)]
        for key, values in data.lists()
        if key != "csrfmiddlewaretoken" and len(key) <= 80
    }
    size = sum(len(key) + sum(map(len, values)) for key, values in kept.items())
    return kept if size <= DRAFT_CHARACTERS_MAX else {}


def as_data(fields: Mapping[str, Any]) -> QueryDict:
    """Kept or prepared fields in the shape a form reads."""
    data = QueryDict(mutable=True)
    for key, value in fields.items():
        if isinstance(value, list):
            data.setlist(key, [str(item) for item in value])
        elif value not in (None, "", False):
            data[key] = "on" if value is True else str(value)
    return data


def _prefixed(data: Any, prefix: str) -> dict[str, str]:
    found = [(key[len(prefix) :], data[key]) for key in data if key.startswith(prefix)]
    return {key: str(value)[:2000] for key, value in found[:ANSWERS_MAX] if value}


def _listed(data: Any, name: str) -> tuple[str, ...]:
    values: Iterable[str] = data.getlist(name) if isinstance(data, QueryDict) else ()
    return tuple(dict.fromkeys(value for value in values if value))[:40]
