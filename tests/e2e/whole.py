"""The whole program around one database: every process, the stand-in, people for each role."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
from django.db import connections

from siaga.accounts import queries as account_queries
from siaga.accounts import services as accounts_services
from siaga.accounts.types import Role, Scope
from siaga.config import lifeline
from siaga.config.demo import people
from siaga.config.demo.people import DemoPerson, DemoRegion
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.messaging.whatsapp.account import WhatsAppAccount, parse
from siaga.messaging.whatsapp.standin.accounts import write_demo_secrets
from siaga.regions import queries as regions
from tests.databases import PROJECT, TestDatabase
from tests.waiting import wait_until

START_SECONDS_MAX = 240.0
HOLDERS = (Role.CALL_TAKER, Role.AUDITOR)
STOP_SECONDS_MAX = 20.0
ASK_SECONDS_MAX = 30.0
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Whole:
    """A running centre with four regions."""

    url: str
    standin_url: str
    database: TestDatabase
    regions: Mapping[str, DemoRegion]
    tokens: Mapping[tuple[str, Role], str]
    accounts: Mapping[str, WhatsAppAccount]
    process: subprocess.Popen[bytes]

    def person(self, region: str, role: str, agency: str | None = None) -> DemoPerson:
        """Somebody who works there."""
        return next(
            one
            for one in self.regions[region].people
            if one.role == role and (agency is None or one.agency == agency)
        )

    def api(self, token: str) -> httpx.Client:
        """The API as this token sees it."""
        return httpx.Client(
            base_url=f"{self.url}/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=ASK_SECONDS_MAX,
        )

    def desk(self, region: str) -> httpx.Client:
        """The API as the region's dispatcher sees it."""
        return self.api(self.regions[region].desk_token)

    def named(self, region: str) -> httpx.Client:
        """The API as the supervisor sees it, who is named for confidential cases."""
        return self.api(self.regions[region].supervisor_token)

    def holder(self, region: str, role: Role) -> httpx.Client:
        """The API as a call taker or an auditor sees it."""
        return self.api(self.tokens[region, role])

    @contextmanager
    def signed_in(self, person: DemoPerson) -> Iterator[httpx.Client]:
        """A browser without a screen, signed in."""
        headers = {"Referer": f"{self.url}/", "Accept-Language": "id"}
        with httpx.Client(base_url=self.url, timeout=ASK_SECONDS_MAX, headers=headers) as client:
            self._sign_in(client, person)
            yield client

    def _sign_in(self, client: httpx.Client, person: DemoPerson) -> None:
        token = csrf_of(client.get("/accounts/login/"))
        answer = client.post(
            "/accounts/login/",
            data={
                "login": person.username,
                "password": person.password,
                "csrfmiddlewaretoken": token,
            },
        )
        assert answer.status_code == 302, answer.text[:2000]

    def citizen_writes(self, region: str, number: str, text: str, **more: Any) -> None:
        """A message on WhatsApp, delivered as a signed webhook."""
        given = {"kind": "text", "from": number, "name": "Pak Slamet", "text": text, **more}
        phone_number_id = self.accounts[region].phone_number_id
        answer = httpx.post(
            f"{self.standin_url}/standin/inject/{phone_number_id}",
            json=given,
            timeout=ASK_SECONDS_MAX,
        )
        assert answer.json()["status"] == 200, answer.text

    def received_by(self, number: str) -> list[str]:
        """What the citizen with this number was sent, oldest first."""
        answer = httpx.get(
            f"{self.standin_url}/standin/messages", params={"to": number}, timeout=ASK_SECONDS_MAX
        )
        return [json.dumps(item["content"], ensure_ascii=False) for item in answer.json()["items"]]

    def child(self, name: str) -> psutil.Process | None:
        """The process that `siaga run` keeps for this part, if it lives at the moment."""
        for process in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if name in process.cmdline():  # a dead one has none
                    return process
        return None


def csrf_of(answer: httpx.Response) -> str:
    """The token of a page's form."""
    found = _CSRF.search(answer.text)
    assert found is not None, answer.text[:2000]
    return found[1]


@contextmanager
def whole_program(database: TestDatabase, home: Path) -> Iterator[Whole]:
    """`siaga run` and the stand-in, until the end; the default connection is the database's."""
    port, standin_port = _free_ports()
    url, standin_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{standin_port}"
    secrets = home / "secrets.toml"
    write_demo_secrets(secrets, regions.region_ids(), standin_url)
    settled = {one.region: one for one in people.settle(home, clock.now())}
    tokens = {(region, role): _token(region, role) for region in settled for role in HOLDERS}
    connections.close_all()
    environment = _environment(database, home, url)
    webhooks = ("--webhooks", f"{url}/in/whatsapp")
    with (
        _program(home, environment, "run", "--no-setup", "--port", str(port)) as process,
        _program(
            home, environment, "whatsapp-standin", "--port", str(standin_port), *webhooks
        ) as standin,
    ):
        for address, running in ((url, process), (standin_url, standin)):
            _wait_for(f"{address}/healthz", running, home)
        accounts = parse(secrets.read_bytes())
        yield Whole(url, standin_url, database, settled, tokens, accounts, process)


def _token(region: str, role: Role) -> str:
    region_id, now = RegionId(region), clock.now()
    with acting_in(region_id):
        person = next(
            one for one in account_queries.people(region_id, now, limit=100) if role in one.roles
        )
        return accounts_services.issue_token(
            region_id=region_id,
            name=f"test {role}",
            scopes=(Scope.READ, Scope.TRANSITION),
            expires_at=now + timedelta(days=1),
            person_id=person.id,
            by=Actor.system("test"),
            now=now,
        ).secret


def _environment(database: TestDatabase, home: Path, url: str) -> dict[str, str]:
    environment = {
        **os.environ,
        **database.env,
        "DJANGO_SETTINGS_MODULE": "siaga.config.testing",
        "PYTHONPYCACHEPREFIX": str(Path(os.environ["SIAGA_HOME"]) / "pycache"),
        "SIAGA_HOME": str(home),
        "SIAGA_SECRETS": str(home / "secrets.toml"),
        "SIAGA_DEMO": "1",
        "SIAGA_PUBLIC_URL": url,
        # Should the tests be killed, the program ends with them.
        lifeline.VARIABLE: "1",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


@contextmanager
def _program(
    home: Path, environment: dict[str, str], *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    with _log(home, arguments[0]).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "siaga.config.cli", *arguments],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdin is not None
        process.stdin.close()


def _log(home: Path, name: str) -> Path:
    return home / f"{name}.log"


def _wait_for(address: str, process: subprocess.Popen[bytes], home: Path) -> None:
    def answers() -> bool:
        ended = process.poll() is not None
        assert not ended, "".join(log.read_text()[-2000:] for log in home.glob("*.log"))
        try:
            return httpx.get(address, timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    wait_until(answers, START_SECONDS_MAX)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        for probe in (first, second):
            probe.bind(("127.0.0.1", 0))
        return int(first.getsockname()[1]), int(second.getsockname()[1])
