"""What the regions room refuses, each with a stable code."""

from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import NotFound, SiagaError

if TYPE_CHECKING:
    from siaga.regions.rules.findings import Finding


class RegionUnknown(NotFound):
    """No profile has been applied for this region."""

    code = "regions.region_unknown"
    sentence = _("The region “%(region_id)s” is not known here.")


class CaseTypeUnknown(NotFound):
    """The taxonomy of this region has no such type."""

    code = "regions.case_type_unknown"
    sentence = _("The case type “%(type_code)s” is not in this region's taxonomy.")


class AgencyUnknown(NotFound):
    """The profile of this region has no such agency."""

    code = "regions.agency_unknown"
    sentence = _("The agency “%(agency_code)s” is not in this region's profile.")


class AreaUnknown(NotFound):
    """The code names no kecamatan, desa or kelurahan of this region."""

    code = "regions.area_unknown"
    sentence = _("The area “%(area_code)s” does not belong to this region.")


class RoutingRuleUnknown(NotFound):
    """The profile of this region has no such rule."""

    code = "regions.routing_rule_unknown"
    sentence = _("The routing rule “%(rule_code)s” is not in this region's profile.")


class ProfileInvalid(SiagaError):
    """The change would make the profile wrong; `findings` says where and how to cure it."""

    code = "regions.profile_invalid"
    http_status = 422
    sentence = _("The profile would not be valid.")

    def __init__(self, *, findings: "tuple[Finding, ...]") -> None:
        super().__init__()
        self.findings = findings

    @property
    def message(self) -> str:
        """The first mistake and its cure, in the active language."""
        language = get_language() or "id"
        told = [
            f"{one.message.said_in(language)} {one.cure.said_in(language)}" for one in self.findings
        ]
        return " ".join([str(self.sentence), *told[:1]])

    def __str__(self) -> str:
        return f"{self.code}: {'; '.join(one.said_in('en') for one in self.findings)}"


class ProfileUnreadable(SiagaError):
    """A folder of a profile cannot be read at all."""

    code = "regions.profile_unreadable"
    sentence = _("The folder %(folder)s holds no readable profile.")


class ProfileChangedMeanwhile(SiagaError):
    """Somebody else has changed the profile since it was read."""

    code = "regions.profile_changed_meanwhile"
    http_status = 409
    sentence = _("The profile was changed by somebody else. Look at it again and repeat.")


class BoundariesUnreadable(SiagaError):
    """The GeoJSON file is not usable."""

    code = "regions.boundaries_unreadable"
    http_status = 422
    sentence = _("The boundary file cannot be used: %(reason)s")
