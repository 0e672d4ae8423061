"""The only writes of the room."""

from siaga.regions.services.applying import Applied, apply_profile
from siaga.regions.services.boundaries import BoundaryImport, import_boundaries
from siaga.regions.services.editing import (
    add_agency,
    add_case_type,
    add_routing_rule,
    change_profile,
    edit_agency,
    edit_case_type,
    edit_routing_rule,
    edit_section,
    remove_routing_rule,
    set_agency_active,
    tried,
    typed,
)
from siaga.regions.services.learning import learn_alias

__all__ = [
    "Applied",
    "BoundaryImport",
    "add_agency",
    "add_case_type",
    "add_routing_rule",
    "apply_profile",
    "change_profile",
    "edit_agency",
    "edit_case_type",
    "edit_routing_rule",
    "edit_section",
    "import_boundaries",
    "learn_alias",
    "remove_routing_rule",
    "set_agency_active",
    "tried",
    "typed",
]
