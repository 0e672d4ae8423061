"""Whose voice is listened for, and when no longer. Pure: time comes as an argument.

A listening begins when somebody talks with a caller, and again when a caller of whom nothing was
heard makes a sound later. There are never more than `at_once`; who comes later waits for a place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from siaga.kernel.types import RegionId
from siaga.telephony.hearing.judging import Judgement, Verdict

CONNECT_SECONDS = 5.0
"""Asterisk connects within a fifth of a second, or something is wrong with it."""
ROUNDS_MAX = 5
"""So often one call is listened to: noise that comes and goes must not cost for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A citizen's channel."""

    unique_id: str
    linked_id: str
    channel: str
    region: RegionId
    talks: bool = False
    verdict: Verdict | None = None
    wanted: bool = False
    rounds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """A connection that Asterisk was asked for; judged once it is there."""

    caller: str
    asked_at: float
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Listen:
    """Ask Asterisk for this caller's voice under this name."""

    caller: Caller
    name: UUID


@dataclass(frozen=True, slots=True)
class Stop:
    """Close this connection, if it is there."""

    name: UUID


@dataclass(frozen=True, slots=True)
class Tell:
    """Let it be known of this caller."""

    caller: Caller
    verdict: Verdict


Order = Listen | Stop | Tell


@dataclass
class Desk:
    """All callers and listenings of one centre; `orders()` tells what is to be done now."""

    at_once: int
    callers: dict[str, Caller] = field(default_factory=dict)
    listenings: dict[UUID, Listening] = field(default_factory=dict)

    def arrived(self, caller: Caller) -> None:
        """A call came in."""
        self.callers.setdefault(caller.unique_id, caller)

    def talks(self, unique_id: str) -> None:
        """Somebody hears this channel."""
        caller = self.callers.get(unique_id)
        if caller is not None and not caller.talks:
            self._keep(replace(caller, talks=True, wanted=caller.verdict is not Verdict.HEARD))

    def waits(self, unique_id: str) -> None:
        """Nobody hears this channel any more."""
        caller = self.callers.get(unique_id)
        if caller is not None:
            self._keep(replace(caller, talks=False, wanted=False))

    def sounds(self, unique_id: str) -> None:
        """Something is heard of a channel; perhaps it is a voice now."""
        caller = self.callers.get(unique_id)
        if caller is not None and caller.talks and caller.verdict is Verdict.UNHEARD:
            self._keep(replace(caller, wanted=True))

    def gone(self, unique_id: str) -> None:
        """The channel has ended."""
        self.callers.pop(unique_id, None)

    def found(self, callers: Iterable[Caller]) -> None:
        """What Asterisk says there is, after we came or came back."""
        known: Mapping[str, Caller] = self.callers
        self.callers = {}
        for one in callers:
            old = known.get(one.unique_id, replace(one, talks=False))
            self._keep(replace(old, verdict=old.verdict or one.verdict))
            (self.talks if one.talks else self.waits)(one.unique_id)

    def begins(self, name: UUID, now: float) -> bool:
        """A connection names itself; False for a stranger, who gets no place."""
        listening = self.listenings.get(name)
        if listening is None or listening.judgement is not None:
            return False
        self.listenings[name] = replace(listening, judgement=Judgement(since=now))
        return True

    def judged(self, name: UUID, likelihood: float) -> None:
        """One more window of its sound."""
        listening = self.listenings.get(name)
        if listening is not None and listening.judgement is not None:
            judgement = listening.judgement.after(likelihood)
            self.listenings[name] = replace(listening, judgement=judgement)

    def ends(self, name: UUID) -> None:
        """A connection is gone; what was told stays told."""
        self.listenings.pop(name, None)

    def orders(self, now: float, name: Iterable[UUID]) -> list[Order]:
        """What is to be done now; new listenings take their names from `name`."""
        return [*self._tells(now), *self._stops(now), *self._listens(now, iter(name))]

    def _tells(self, now: float) -> Iterable[Order]:
        for listening in self.listenings.values():
            caller = self.callers.get(listening.caller)
            verdict = listening.judgement.verdict(now) if listening.judgement else None
            if caller is None or verdict is None or verdict is caller.verdict:
                continue
            yield Tell(self._keep(replace(caller, verdict=verdict)), verdict)

    def _stops(self, now: float) -> Iterable[Order]:
        for name, listening in list(self.listenings.items()):
            caller, judgement = self.callers.get(listening.caller), listening.judgement
            late = judgement is None and now - listening.asked_at >= CONNECT_SECONDS
            over = judgement is not None and judgement.is_over(now)
            if late or over or caller is None or not caller.talks:
                del self.listenings[name]
                yield Stop(name)

    def _listens(self, now: float, names: Iterable[UUID]) -> Iterable[Order]:
        busy = {listening.caller for listening in self.listenings.values()}
        for name, caller in zip(names, self._wanting(busy), strict=False):
            kept = self._keep(replace(caller, wanted=False, rounds=caller.rounds + 1))
            self.listenings[name] = Listening(caller=caller.unique_id, asked_at=now)
            yield Listen(kept, name)

    def _wanting(self, busy: set[str]) -> list[Caller]:
        """Who is next, whoever was never listened to first; not more than there are places."""
        wanting = [
            one
            for one in self.callers.values()
            if one.wanted and one.unique_id not in busy and one.rounds < ROUNDS_MAX
        ]
        wanting.sort(key=lambda one: one.rounds)
        return wanting[: max(0, self.at_once - len(self.listenings))]

    def _keep(self, caller: Caller) -> Caller:
        self.callers[caller.unique_id] = caller
        return caller
