"""The only writes of dispatch."""

from siaga.dispatch.services.answering import acknowledge, advance, decline, finish
from siaga.dispatch.services.escalating import run_step
from siaga.dispatch.services.sending import name_cleared, send, withdraw, withdraw_all

__all__ = [
    "acknowledge",
    "advance",
    "decline",
    "finish",
    "name_cleared",
    "run_step",
    "send",
    "withdraw",
    "withdraw_all",
]
