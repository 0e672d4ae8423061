"""Forms that change the profile: an agency, a case type, a landmark, an alias."""

from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import InvalidField
from siaga.kernel.types import Urgency
from siaga.regions.types import Agency, AreaNode, CaseType, Landmark, Period, Profile
from siaga.web.control import schedules, wording
from siaga.web.shared.marks import URGENCIES

CONTACT_ROWS = 5
_DAY = {"type": "date"}


def _choices(words: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(getattr(key, "value", key)), label) for key, label in words.items()]


def _date() -> forms.DateField:
    return forms.DateField(required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))


class PreviewedForm(forms.Form):
    """A form whose effect is shown before it is applied.

    `seen` is the digest of what was shown: what was changed afterwards is shown again first.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def digest(self) -> str:
        """Of everything typed."""
        typed = {k: str(v) for k, v in self.cleaned_data.items() if k not in ("seen", "version")}
        return sha256(repr(sorted(typed.items())).encode()).hexdigest()[:32]


class AgencyForm(PreviewedForm):
    """A body that acts, as the administrator edits it. Clocks of its own stay as they are."""

    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Small letters and dashes; it never changes.")
    )
    name_id = forms.CharField(label=_("Name in Indonesian"), max_length=160)
    name_en = forms.CharField(label=_("Name in English"), max_length=160)
    short_name = forms.CharField(label=_("Short name"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(wording.AGENCY_KINDS))
    mandates = forms.MultipleChoiceField(
        label=_("What it is there for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    areas = forms.MultipleChoiceField(
        label=_("Where"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means everywhere in the region."),
    )
    always = forms.BooleanField(label=_("On duty day and night"), required=False)
    periods = forms.CharField(
        label=_("Duty hours"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One line for each part of the week, such as: Sen–Jum 07.30–16.00"),
    )
    holidays_as_usual = forms.BooleanField(label=_("Also on days off"), required=False)
    off_duty_to = forms.ChoiceField(label=_("Outside duty hours, who stands in"), required=False)
    parent = forms.ChoiceField(label=_("Part of"), required=False)
    clearance = forms.ChoiceField(label=_("May be sent"), choices=_choices(wording.CLEARANCES))
    units = forms.IntegerField(label=_("Units"), required=False, min_value=0, max_value=999)
    agreement_reference = forms.CharField(
        label=_("Agreement (MoU)"), required=False, max_length=160
    )
    agreement_from = _date()
    agreement_until = _date()
    active = forms.BooleanField(label=_("Gets new assignments"), required=False, initial=True)

    def __init__(self, *args: Any, profile: Profile, agency: Agency | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "id"
        self._agency = agency
        self._rows: list[int] = []
        self.fields["agreement_from"].label = _("Agreement from")
        self.fields["agreement_until"].label = _("Agreement until")
        if agency is not None:
            self.fields["code"].disabled = True
        self.fields["mandates"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name.said_in(language)) for one in profile.taxonomy.mandates
        ]
        self.fields["areas"].choices = [(a.code, a.name) for a in profile.areas]  # type: ignore[attr-defined]
        others = [(o.code, o.short_name) for o in profile.agencies if o != agency]
        for name in ("off_duty_to", "parent"):
            self.fields[name].choices = [("", "–"), *others]  # type: ignore[attr-defined]
        for row in range(max(CONTACT_ROWS, len(agency.contacts) + 1 if agency else 0)):
            self._add_row(row)
        self.row_count = row + 1

    def _add_row(self, row: int) -> None:
        self.fields[f"contact_{row}_role"] = forms.ChoiceField(
            label=_("Who"), choices=_choices(wording.LADDER_ROLES), required=False
        )
        self.fields[f"contact_{row}_name"] = forms.CharField(
            label=_("Name"), max_length=120, required=False
        )
        self.fields[f"contact_{row}_channel"] = forms.ChoiceField(
            label=_("Reached by"), choices=_choices(wording.LADDER_CHANNELS), required=False
        )
        self.fields[f"contact_{row}_address"] = forms.CharField(
            label=_("Number or address"), max_length=120, required=False
        )

    def rows(self) -> list[list[forms.BoundField]]:
        """The ladder as rows of fields, for the template."""
        names = ("role", "name", "channel", "address")
        return [[self[f"contact_{row}_{name}"] for name in names] for row in range(self.row_count)]

    def field_at(self, path: tuple[str | int, ...]) -> str | None:
        """Where in the ladder a finding belongs."""
        if "contacts" not in path:
            return None
        rest = path[path.index("contacts") + 1 :]
        index = rest[0] if rest and isinstance(rest[0], int) else 0
        row = self._rows[index] if index < len(self._rows) else 0
        name = rest[1] if len(rest) > 1 else "name"
        return f"contact_{row}_{name}" if f"contact_{row}_{name}" in self.fields else None

    def clean_periods(self) -> tuple[Period, ...]:
        """The lines as periods."""
        try:
            return schedules.periods(self.cleaned_data["periods"])
        except InvalidField as refusal:
            raise forms.ValidationError(refusal.message) from refusal

    def data_of(self) -> dict[str, Any]:
        """Plain data for `regions.services.typed`."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "code": self._agency.code if self._agency else data["code"],
            "name": {"id": data["name_id"], "en": data["name_en"]},
            "short_name": data["short_name"],
            "kind": data["kind"],
            "mandates": data["mandates"],
            "areas": data["areas"],
            "duty": _duty(data),
            "off_duty_to": data["off_duty_to"] or None,
            "contacts": self._contacts(),
            "parent": data["parent"] or None,
            "clearance": data["clearance"],
            "units": data["units"],
            "active": data["active"],
        }
        if data["agreement_reference"]:
            found["agreement"] = {
                "reference": data["agreement_reference"],
                "valid_from": data["agreement_from"],
                "valid_until": data["agreement_until"],
            }
        return found

    def clean(self) -> dict[str, Any]:
        """An agreement has a beginning."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("agreement_reference") and not data.get("agreement_from"):
            self.add_error("agreement_from", _("Say from when the agreement holds."))
        return data

    def _contacts(self) -> list[dict[str, Any]]:
        former = self._agency.contacts if self._agency else ()
        samples = {(one.name, one.address) for one in former if one.sample}
        found, self._rows = [], []
        for row in range(self.row_count):
            name = self.cleaned_data[f"contact_{row}_name"]
            address = self.cleaned_data[f"contact_{row}_address"]
            if name or address:
                self._rows.append(row)
                found.append(
                    {
                        "role": self.cleaned_data[f"contact_{row}_role"],
                        "name": name,
                        "channel": self.cleaned_data[f"contact_{row}_channel"],
                        "address": address,
                        "sample": (name, address) in samples,
                    }
                )
        return found


def _duty(data: dict[str, Any]) -> dict[str, Any]:
    if data["always"]:
        return {"always": True}
    return {
        "periods": [
            {"days": list(one.days), "opens": one.opens, "closes": one.closes}
            for one in data["periods"]
        ],
        "on_holidays": "as_usual" if data["holidays_as_usual"] else "closed",
    }


def agency_initial(agency: Agency) -> dict[str, Any]:
    """The agency as the form shows it."""
    found: dict[str, Any] = {
        "code": agency.code,
        "name_id": agency.name.id,
        "name_en": agency.name.en,
        "short_name": agency.short_name,
        "kind": agency.kind.value,
        "mandates": list(agency.mandates),
        "areas": list(agency.areas),
        "always": agency.duty.always,
        "periods": schedules.lines(agency.duty.periods),
        "holidays_as_usual": agency.duty.on_holidays == "as_usual",
        "off_duty_to": agency.off_duty_to or "",
        "parent": agency.parent or "",
        "clearance": agency.clearance.value,
        "units": agency.units,
        "active": agency.active,
    }
    if agency.agreement is not None:
        found["agreement_reference"] = agency.agreement.reference
        found["agreement_from"] = agency.agreement.valid_from
        found["agreement_until"] = agency.agreement.valid_until
    for row, one in enumerate(agency.contacts):
        found[f"contact_{row}_role"] = one.role
        found[f"contact_{row}_name"] = one.name
        found[f"contact_{row}_channel"] = one.channel.value
        found[f"contact_{row}_address"] = one.address
    return found


class CaseTypeForm(PreviewedForm):
    """A kind of case. What is changed here holds in this region only."""

    code = forms.RegexField(
        r"^[A-Z0-9-]+$",
        label=_("Code"),
        max_length=30,
        help_text=_("Capital letters, digits and dashes; it never changes."),
    )
    name_id = forms.CharField(label=_("Name in Indonesian"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    group = forms.ChoiceField(label=_("Group"))
    urgency = forms.ChoiceField(
        label=_("Usual urgency"),
        choices=[(u.value, f"{u.value} · {URGENCIES[u.value].label}") for u in Urgency],
    )
    most = forms.ChoiceField(label=_("At most"), choices=[(u.value, u.value) for u in Urgency])
    least = forms.ChoiceField(
        label=_("At least"), choices=[(u.value, u.value) for u in Urgency], initial="P5"
    )
    lead = forms.MultipleChoiceField(label=_("Who leads"), widget=forms.CheckboxSelectMultiple)
    support = forms.MultipleChoiceField(
        label=_("Who helps"), required=False, widget=forms.CheckboxSelectMultiple
    )
    synonyms = forms.CharField(
        label=_("What people call it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Separated by commas; the console finds the type by any of them."),
    )
    life_threat = forms.BooleanField(label=_("Threatens life"), required=False)
    confidential = forms.BooleanField(label=_("Confidential"), required=False)
    complaint_clock = forms.BooleanField(label=_("Runs on complaint clocks (P4)"), required=False)

    def __init__(self, *args: Any, profile: Profile, case: CaseType | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "id"
        self._case, self._groups = case, {one.code: one for one in profile.taxonomy.groups}
        if case is not None:
            self.fields["code"].disabled = True
        mandates = [(one.code, one.name.said_in(language)) for one in profile.taxonomy.mandates]
        self.fields["lead"].choices = mandates  # type: ignore[attr-defined]
        self.fields["support"].choices = mandates  # type: ignore[attr-defined]
        self.fields["group"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name.said_in(language)) for one in profile.taxonomy.groups
        ]

    def data_of(self) -> dict[str, Any]:
        """Plain data for `regions.services.typed`; what the form does not show stays."""
        data, former = self.cleaned_data, self._case
        words = [part.strip() for part in data["synonyms"].replace("\n", ",").split(",")]
        return {
            "code": former.code if former else data["code"],
            "group": data["group"],
            "name": {"id": data["name_id"], "en": data["name_en"]},
            "lead": data["lead"],
            "support": data["support"],
            "urgency": data["urgency"],
            "range": [data["most"], data["least"]],
            "icon": former.icon if former else self._groups[data["group"]].icon,
            "synonyms": [word for word in words if word],
            "apco": list(former.apco) if former else [],
            "life_threat": data["life_threat"],
            "confidential": data["confidential"],
            "restricted": former.restricted if former else False,
            "complaint_clock": data["complaint_clock"],
            "outcome_only": former.outcome_only if former else False,
        }


def case_initial(case: CaseType) -> dict[str, Any]:
    """The type as the form shows it."""
    return {
        "code": case.code,
        "name_id": case.name.id,
        "name_en": case.name.en,
        "group": case.group,
        "urgency": case.urgency.value,
        "most": case.range[0].value,
        "least": case.range[1].value,
        "lead": list(case.lead),
        "support": list(case.support),
        "synonyms": ", ".join(case.synonyms),
        "life_threat": case.life_threat,
        "confidential": case.confidential,
        "complaint_clock": case.complaint_clock,
    }


class LandmarkForm(PreviewedForm):
    """A place people name instead of an address."""

    name = forms.CharField(label=_("Name"), max_length=80)
    area = forms.ChoiceField(label=_("Where it lies"))
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=400,
        help_text=_("Separated by commas."),
    )
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-12, max_value=8)
    lng = forms.FloatField(label=_("Longitude"), required=False, min_value=94, max_value=142)

    def __init__(self, *args: Any, areas: tuple[AreaNode, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices(areas)  # type: ignore[attr-defined]

    def data_of(self) -> dict[str, Any]:
        """Plain data for `regions.services.typed`."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "name": data["name"],
            "area": data["area"],
            "aliases": [one.strip() for one in data["aliases"].split(",") if one.strip()],
        }
        if data["lat"] is not None:
            found["lat"] = data["lat"]
        if data["lng"] is not None:
            found["lng"] = data["lng"]
        return found


def landmark_initial(landmark: Landmark) -> dict[str, Any]:
    """The landmark as the form shows it."""
    return {
        "name": landmark.name,
        "area": landmark.area,
        "aliases": ", ".join(landmark.aliases),
        "lat": landmark.lat,
        "lng": landmark.lng,
    }


class AliasForm(forms.Form):
    """A name that from now on also means an area."""

    name = forms.CharField(label=_("What people say"), max_length=80)
    area_code = forms.ChoiceField(label=_("What it means"))

    def __init__(self, *args: Any, areas: tuple[AreaNode, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = area_choices(areas)  # type: ignore[attr-defined]


def area_choices(areas: tuple[AreaNode, ...]) -> list[Any]:
    """Every kecamatan with its desa and kelurahan below it."""
    return [
        ("", "–"),
        *(
            (
                node.area.name,
                [
                    (node.area.code, _("%(name)s (kecamatan)") % {"name": node.area.name}),
                    *((child.code, child.name) for child in node.children),
                ],
            )
            for node in areas
        ),
    ]
