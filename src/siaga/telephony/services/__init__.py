"""The only writes of telephony."""

from siaga.telephony.services.calllog import fold_again, follow

__all__ = ["fold_again", "follow"]
