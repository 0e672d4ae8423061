"""The only writes of the room."""

from siaga.regions.services.applying import Applied, apply_profile

__all__ = ["Applied", "apply_profile"]
