"""Which agencies may find themselves in front of an emergency. Pure."""

from siaga.regions.types import Agency, Profile

_EMERGENCY_RANK_MAX = 2


def takes_emergencies(profile: Profile, agency: Agency) -> bool:
    """Whether a P1 or P2 type may reach the agency as lead, by mandate or by rule."""
    if not agency.active:
        return False
    urgent = [case for case in profile.taxonomy.types if case.range[0].rank <= _EMERGENCY_RANK_MAX]
    if any(mandate in case.lead for case in urgent for mandate in agency.mandates):
        return True
    return any(
        agency.code in rule.lead and (case.code in rule.types or case.group in rule.groups)
        for rule in profile.routing
        for case in urgent
    )
