"""Everything the stand-in remembers: accounts, persons, messages, files, its clock.

Only who wrote when outlives it, if it is given a file: the service does not forget that either.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from siaga.kernel import clock
from siaga.messaging.whatsapp.standin.accounts import StandInAccount
from siaga.messaging.whatsapp.standin.bodies import Person
from siaga.messaging.whatsapp.standin.outgoing import Order, Refused

WINDOW = timedelta(hours=24)
_KEPT_MAX = 10_000


@dataclass(slots=True)
class Sent:
    """A message a business handed over."""

    wamid: str
    phone_number_id: str
    to: str
    kind: str
    content: dict[str, Any]
    reference: str
    at: datetime
    statuses: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the inspection door."""
        return {
            "wamid": self.wamid,
            "phone_number_id": self.phone_number_id,
            "to": self.to,
            "type": self.kind,
            "content": self.content,
            "reference": self.reference,
            "at": self.at.isoformat(),
            "statuses": list(self.statuses),
        }


@dataclass(frozen=True, slots=True)
class StoredFile:
    data: bytes
    mime_type: str

    @property
    def sha256(self) -> str:
        """As the service gives it, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(slots=True)
class Behaviour:
    """How the stand-in plays; changed through its control door."""

    statuses: tuple[str, ...] = ("sent", "delivered", "read")
    delay_seconds: float = 0.05
    refuse_next: list[tuple[int, int]] = field(default_factory=list)
    unreachable: set[str] = field(default_factory=set)
    # The real service reports a closed window sometimes at once, sometimes by a status.
    window_error_by_status: bool = False


@dataclass(slots=True)
class Exchange:
    """The whole memory of one stand-in."""

    accounts: dict[str, StandInAccount]
    behaviour: Behaviour = field(default_factory=Behaviour)
    sent: list[Sent] = field(default_factory=list)
    received: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    files: dict[str, StoredFile] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    last_written_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    ahead: timedelta = timedelta()
    memory: Path | None = None

    def __post_init__(self) -> None:
        if self.memory is not None and self.memory.exists():
            for line in self.memory.read_bytes().splitlines():
                number, key, at = msgspec.json.decode(line, type=tuple[str, str, datetime])
                self.last_written_at[number, key] = at
            self.memory.unlink()
            for (number, key), at in self.last_written_at.items():
                if self.is_window_open(number, key):
                    self._note(number, key, at)

    def now(self) -> datetime:
        """The stand-in's own time, which a test may push forward."""
        return clock.now() + self.ahead

    def timestamp(self) -> int:
        """Seconds, as in the webhooks."""
        return int(self.now().timestamp())

    def account_of_token(self, authorization: str | None) -> StandInAccount:
        """The account this bearer speaks for. Raises Refused 190."""
        for account in self.accounts.values():
            if secrets.compare_digest(f"Bearer {account.access_token}", authorization or ""):
                return account
        raise Refused(190, "Access token is missing or wrong.", 401)

    def met(self, phone_number_id: str, person: Person) -> None:
        """A person wrote: known from now on, and the 24 hours begin again."""
        for key in person.keys:
            self.persons[key] = person
            self.last_written_at[phone_number_id, key] = self.now()
            self._note(phone_number_id, key, self.now())

    def _note(self, phone_number_id: str, key: str, at: datetime) -> None:
        if self.memory is not None:
            with self.memory.open("ab") as file:
                file.write(msgspec.json.encode((phone_number_id, key, at)) + b"\n")

    def person(self, key: str) -> Person:
        """Whoever goes by this id."""
        known = self.persons.get(key)
        if known is not None:
            return known
        return Person(user_id=key) if "." in key else Person(wa_id=key)

    def is_window_open(self, phone_number_id: str, key: str) -> bool:
        """Whether the person wrote to this number within 24 hours."""
        wrote_at = self.last_written_at.get((phone_number_id, key))
        return wrote_at is not None and self.now() - wrote_at < WINDOW

    def accept(self, account: StandInAccount, order: Order) -> Sent:
        """Take a well-formed message. Raises Refused."""
        if self.behaviour.refuse_next:
            code, status = self.behaviour.refuse_next.pop(0)
            raise Refused(code, "Asked for by the control door.", status)
        closed = not order.is_template and not self.is_window_open(
            account.phone_number_id, order.to
        )
        if closed and not self.behaviour.window_error_by_status:
            raise Refused(131047, "More than 24 hours have passed since the customer last replied.")
        sent = Sent(
            wamid=new_wamid(),
            phone_number_id=account.phone_number_id,
            to=order.to,
            kind=order.kind,
            content=order.content,
            reference=order.reference,
            at=self.now(),
        )
        self.sent.append(sent)
        del self.sent[:-_KEPT_MAX]
        return sent

    def fate_of(self, sent: Sent) -> list[tuple[str, int]]:
        """The statuses that will be told, each with an error code or 0."""
        if sent.to in self.behaviour.unreachable:
            return [("failed", 131026)]
        if sent.kind != "template" and not self.is_window_open(sent.phone_number_id, sent.to):
            return [("failed", 131047)]
        return [(status, 0) for status in self.behaviour.statuses]

    def keep_file(self, data: bytes, mime_type: str) -> str:
        """Store bytes and return their media id."""
        media_id = str(secrets.randbelow(9 * 10**15) + 10**15)
        self.files[media_id] = StoredFile(data, mime_type)
        return media_id

    def note_delivery(self, entry: dict[str, Any]) -> None:
        """Remember how a webhook went."""
        self.deliveries.append(entry)
        del self.deliveries[:-_KEPT_MAX]


def new_wamid() -> str:
    """A message id as the service makes them."""
    return f"wamid.{secrets.token_urlsafe(30)}"
