"""Everything a whole profile can get wrong, found at noon instead of at the first fire."""

from siaga.regions.rules.checking.context import CheckContext

__all__ = ["CheckContext", "check_profile", "check_together"]


def check_profile(profile, context):  # type: ignore[no-untyped-def]
    return ()


def check_together(profiles):  # type: ignore[no-untyped-def]
    return {}
