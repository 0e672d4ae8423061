"""The control face on stage: somebody of the cast signed in before a browser."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from siaga.accounts import queries, services
from siaga.accounts.types import Role, Viewer
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from tests.cast import BANYUWANGI, PASSWORD, enter

BY = Actor.system("test")


@dataclass
class Seat:
    """A signed-in person and their browser."""

    client: Client
    viewer: Viewer

    def get(self, rest: str = "", **query: Any) -> HttpResponse:
        return self.client.get(f"/banyuwangi/control/{rest}", query)

    def post(self, rest: str, data: dict[str, Any] | None = None) -> HttpResponse:
        return self.client.post(f"/banyuwangi/control/{rest}", data or {})


def seat(name: str, *, confidential: tuple[str, ...] = (), more: Role | None = None) -> Seat:
    """One of the cast, signed in; `more` is a further role."""
    viewer = enter(name, clock.now(), confidential=confidential)
    if more is not None:
        give(viewer, more)
    return Seat(signed_in(name), viewer)


def give(viewer: Viewer, role: Role, *, by: Actor = BY) -> None:
    """A further role."""
    with acting_in(viewer.region_id):
        services.grant(
            person_id=viewer.person_id,
            region_id=viewer.region_id,
            role=role,
            by=by,
            now=clock.now(),
        )


def auditor() -> Seat:
    """Somebody who may look at everything and do nothing."""
    with acting_in(BANYUWANGI):
        person_id = services.create_person(
            username="wayan",
            full_name="Wayan Auditor",
            password=PASSWORD,
            region_id=BANYUWANGI,
            by=BY,
            now=clock.now(),
        )
        services.grant(
            person_id=person_id, region_id=BANYUWANGI, role=Role.AUDITOR, by=BY, now=clock.now()
        )
        viewer = queries.viewer(person_id, BANYUWANGI, clock.now())
    assert viewer is not None
    return Seat(signed_in("wayan"), viewer)


def signed_in(name: str) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return client


def text(answer: HttpResponse) -> str:
    """What the page says."""
    return answer.content.decode()
