"""The messaging room's stage: a secrets file, the stand-in, and hands that deliver and run jobs."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django import app as jobs_app
from procrastinate.contrib.django.models import ProcrastinateJob
from structlog.testing import capture_logs

from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.messaging import drain, jobs
from siaga.messaging.models import Inbound
from siaga.messaging.types import (
    AliasKind,
    Channel,
    Identity,
    Incoming,
    MessageKind,
)
from siaga.messaging.whatsapp import account as account_module
from siaga.messaging.whatsapp.standin import bodies
from siaga.messaging.whatsapp.standin.accounts import StandInAccount, from_secrets
from siaga.messaging.whatsapp.standin.app import StandIn
from siaga.messaging.whatsapp.standin.bodies import Person
from siaga.messaging.whatsapp.standin.server import running
from siaga.messaging.whatsapp.webhook import external_id
from tests.rooms.messaging.receiver import Receiver

REGION = "banyuwangi"
NEIGHBOUR = "jombang"
# The stand-in lives in the present, and a window of a day must not have closed meanwhile.
NOW = clock.now().replace(microsecond=0)
SLAMET = "6281200001112"
PERSON = Person(wa_id=SLAMET, name="Pak Slamet")

SECRETS = """
[whatsapp.{region}]
app_secret = "secret-of-{region}"
verify_token = "token-of-{region}"
phone_number_id = "1000{region}"
access_token = "access-of-{region}"
base_url = "{base_url}"
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Path:
    """A data folder of this test's own, with accounts for two regions."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setenv("SIAGA_SECRETS", str(tmp_path / "secrets.toml"))
    account_module._loaded.clear()
    write_secrets(tmp_path, "http://127.0.0.1:9")
    return tmp_path


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rooms after this one are not on this stage."""
    monkeypatch.setattr("siaga.journal.services.all_subscriptions", dict)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Failures made on purpose need no picture of every local variable."""
    with capture_logs():
        yield


def write_secrets(folder: Path, base_url: str) -> None:
    path = folder / "secrets.toml"
    path.write_text(
        "".join(SECRETS.format(region=one, base_url=base_url) for one in (REGION, NEIGHBOUR))
    )
    path.chmod(0o600)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def by() -> Actor:
    return Actor.person(UUID("018f0000-0000-7000-8000-000000000001"))


@pytest.fixture
def at_home(db: None) -> Iterator[None]:
    """The test acts in Banyuwangi."""
    with acting_in(REGION):
        yield


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the moment that jobs and daemons read."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(drain.clock, "now", lambda: moment)

    at(NOW)
    return at


def deliver(raw: bytes | dict[str, Any], *, region: str = REGION) -> Inbound:
    """What the edge does: store the raw body once."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    row, _ = Inbound.objects.get_or_create(
        region_id=region,
        door="whatsapp",
        external_id=external_id(body),
        defaults={"body": body, "request_id": "req-test-0001", "received_at": NOW},
    )
    return row


def incoming(**changes: Any) -> Incoming:
    """A text of Pak Slamet, unless said otherwise."""
    values: dict[str, Any] = {
        "region_id": REGION,
        "channel": Channel.WHATSAPP,
        "external_id": "wamid.first",
        "identities": (Identity(kind=AliasKind.WA_ID, external_id=SLAMET),),
        "kind": MessageKind.TEXT,
        "sent_at": NOW,
        "text": "Ada kebakaran di belakang Pasar Rogojampi",
        "profile_name": "Pak Slamet",
        "phone": f"+{SLAMET}",
    }
    return Incoming(**values | changes)


def run_jobs(*, rounds: int = 5) -> list[str]:
    """Run everything in the queue the way the worker does, in this test's transaction.

    Jobs that ask for a later moment stay in the queue. Returns what ran or waits, in order.
    """
    done = []
    for _ in range(rounds):
        waiting = list(ProcrastinateJob.objects.filter(status="todo").order_by("id").values())
        if not waiting:
            break
        for job in waiting:
            task = jobs_app.tasks[job["task_name"]]
            try:
                task(**job["args"])
            except jobs.TryLater:
                done.append(f"later:{job['task_name']}")
                continue
            done.append(job["task_name"])
            forget_job(job["id"])
        if any(name.startswith("later:") for name in done):
            break
    return done


def forget_job(job_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job_id])


def queued_jobs() -> list[tuple[str, dict[str, Any]]]:
    rows = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return [(row.task_name, row.args) for row in rows]


def text(
    business: StandInAccount,
    person: Person,
    wamid: str,
    words: str = "halo",
    at: int = int(NOW.timestamp()),
) -> dict[str, Any]:
    """A whole webhook body with one text."""
    content = {"body": words}
    message = bodies.message(person, "text", content, wamid=wamid, timestamp=at)
    return bodies.envelope(business, bodies.message_value(person, message))


class Stage:
    """The stand-in on loopback, and a receiver that plays the edge."""

    def __init__(self, standin: StandIn, url: str, receiver: Any) -> None:
        self.standin = standin
        self.exchange = standin.exchange
        self.url = url
        self.receiver = receiver

    def drain(self) -> int:
        """Store what was delivered, then read it."""
        while self.receiver.bodies:
            region, body = self.receiver.bodies.pop(0)
            deliver(body, region=region)
        return drain.drain_inbound()


@pytest.fixture
def stage(home: Path) -> Iterator[Stage]:
    """The real client's counterpart over real HTTP."""
    with ExitStack() as stack:
        receiver = Receiver()
        hooks = stack.enter_context(running(receiver))  # type: ignore[arg-type]
        accounts = from_secrets(account_module.accounts().values(), f"{hooks}/in/whatsapp")
        standin = StandIn(accounts)
        standin.exchange.behaviour.delay_seconds = 0.0
        url = stack.enter_context(running(standin))
        write_secrets(home, f"{url}/v23.0")
        yield Stage(standin, url, receiver)


@pytest.fixture
def business() -> StandInAccount:
    """Banyuwangi's number as the provider sees it."""
    return from_secrets([account_module.accounts()[REGION]], "http://127.0.0.1:9/in/whatsapp")[0]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
