"""Whatever is sent to any door: an answer below 500, and nothing half done."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import psycopg
import pytest
import schemathesis
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.core import NotSet
from schemathesis.generation import GenerationMode

from siaga.accounts import services as accounts
from siaga.accounts.types import Scope, Viewer
from siaga.intake import queries as intake
from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.messaging.drain import drain_inbound
from siaga.messaging.whatsapp.webhook import external_id
from siaga.web.api.app import api
from tests import cast
from tests.databases import TestDatabase
from tests.rooms.edge.doors import Door, open_door, signature, stored
from tests.rooms.test_path import contact_of, incident_on, write
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(300)
EXAMPLES_PER_OPERATION = 4
EXAMPLES_PER_ROUTE = 3
EXAMPLES_OF_WEBHOOKS = 150
HURRIED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
ODD = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "a\0b",
        "nan",
        "1e999",
        "-1",
        "0",
        "9" * 40,
        "\ud7ff\U0001f525",
        "%00",
        "../..",
        "id",
        "en",
    ]
)
WORDS = st.one_of(ODD, st.text(max_size=60), st.uuids().map(str))
FIELDS = (
    "narrative", "danger", "type_code", "area_code", "place_text", "lat", "lng", "name", "phone",
    "anonymous", "confidential", "position_consent", "ticket", "pow", "website", "text", "code",
    "submission_id", "login", "password", "next", "language", "q", "cursor", "limit", "page",
    "urgency", "agency", "kecamatan", "disposition", "words", "note", "reason", "state", "kind",
    "contact", "track", "secret", "pin", "until", "since", "search", "role", "shown",
)  # fmt: skip
QUERY = st.dictionaries(st.sampled_from(FIELDS), WORDS, max_size=6)


# -- the API ---------------------------------------------------------------------------------------


def test_no_call_of_the_api_ends_in_a_server_error_and_what_is_refused_changes_nothing(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    ratna = cast.enter("ratna", now, confidential=("ADUAN-KORUPSI",))
    real = things(in_banyuwangi, ratna, now)
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    client = Client(
        raise_request_exception=False, headers={"Authorization": f"Bearer {bearer(ratna, now)}"}
    )
    failures: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            cases = operation.as_strategy(generation_mode=mode)

            @settings(HURRIED, max_examples=EXAMPLES_PER_OPERATION)
            @given(case=cases, known=st.booleans())
            def call(case: Case, known: bool) -> None:
                if known:
                    case.path_parameters.update(
                        {name: real[name] for name in real.keys() & case.path_parameters.keys()}
                    )
                before = entries(in_banyuwangi)
                status = asked(client, case)
                if status >= 500:
                    failures.append(f"{status} {case.as_curl_command()}")
                if status >= 400 and entries(in_banyuwangi) != before:
                    failures.append(f"half done: {case.as_curl_command()}")

            call()
    assert not failures, "\n".join(sorted(set(failures))[:20])


def asked(client: Client, case: Case) -> int:
    """Send the call through every middleware; the answer's status."""
    bare = isinstance(case.body, NotSet)
    body = "" if bare else case.body if isinstance(case.body, bytes) else json.dumps(case.body)
    odd = {name: value for name, value in (case.headers or {}).items() if name != "Authorization"}
    answer = client.generic(
        case.method,
        "/api/v1" + case.formatted_path.removeprefix("/api/v1"),
        data=body,
        content_type="application/json" if bare else case.media_type or "application/json",
        headers=odd,
        query_params=case.query or None,
    )
    return answer.status_code


def things(region_id: RegionId, viewer: Viewer, now: datetime) -> dict[str, str]:
    """Real ids, so that the calls get past the first door."""
    write(region_id, "kebakaran", now)
    contact_id = contact_of(viewer)
    incident_id = incident_on(viewer, now)
    report = intake.report_of_contact(region_id, contact_id)
    assert report is not None
    return {
        "contact_id": str(contact_id),
        "report_id": str(report.id),
        "incident_id": str(incident_id),
    }


def bearer(viewer: Viewer, now: datetime) -> str:
    """A token that may read and change."""
    return accounts.issue_token(
        region_id=viewer.region_id,
        name="fuzz",
        scopes=(Scope.READ, Scope.TRANSITION),
        expires_at=clock.now() + timedelta(days=1),
        person_id=viewer.person_id,
        by=viewer.actor,
        now=now,
    ).secret


def entries(region_id: RegionId) -> UUID | None:
    """The last fact of the region; every change leaves one."""
    last = journal.entries(region_id, limit=1)
    return last[0].id if last else None


# -- the pages -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "sari", "ratna"], ids=["nobody", "call taker", "supervisor"])
def test_no_page_answers_with_a_server_error_whatever_is_asked(name: str) -> None:
    client = Client(raise_request_exception=False, headers={"Accept-Language": "id"})
    if name:
        cast.enter(name, clock.now())
        client.post("/accounts/login/", {"login": name, "password": cast.PASSWORD})
    failures: list[str] = []
    for route in sorted(set(routes(get_resolver()))):
        if not route.startswith(("accounts/logout", "api/")):
            failures += asked_oddly(client, route)
    assert not failures, "\n".join(sorted(set(failures))[:20])


def asked_oddly(client: Client, route: str) -> list[str]:
    """Which questions to this address ended in a server error."""
    failures: list[str] = []

    @settings(HURRIED, max_examples=EXAMPLES_PER_ROUTE)
    @given(path=paths(route), query=QUERY, body=QUERY, htmx=st.booleans())
    def ask(path: str, query: dict[str, str], body: dict[str, str], htmx: bool) -> None:
        headers = {"HX-Request": "true"} if htmx else {}
        got = client.get(path, query, headers=headers)
        posted = client.post(path, body, headers=headers, query_params=query)
        if got.status_code >= 500:
            failures.append(f"GET {route}: {path!r} {query}")
        if posted.status_code >= 500:
            failures.append(f"POST {route}: {path!r} {query} {body}")

    ask()
    return failures


Part = str | st.SearchStrategy[str]


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address of the resolver as it is written there."""
    for pattern in resolver.url_patterns:
        written = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, written)
        elif isinstance(pattern, URLPattern):
            yield written


def paths(route: str) -> st.SearchStrategy[str]:
    """Addresses that the route takes, and some that it only nearly takes."""
    parts: list[Part] = []
    rest = route
    while "<" in rest:
        plain, _, rest = rest.partition("<")
        inside, _, rest = rest.partition(">")
        kind = inside.partition(":")[0]
        parts += [plain, inserted(inside, kind)]
    parts.append(rest)
    return st.tuples(
        *(part if isinstance(part, st.SearchStrategy) else st.just(part) for part in parts)
    ).map(lambda made: "/" + "".join(made))


def inserted(inside: str, kind: str) -> st.SearchStrategy[str]:
    """What may stand in this place of an address."""
    if "region" in inside:
        return st.sampled_from(["banyuwangi", "jombang", "nowhere"])
    if kind == "uuid":
        return st.uuids().map(str)
    if kind == "int":
        return st.integers(0, 10**20).map(str)
    return WORDS.map(lambda word: quote(word, safe="") or "x")


# -- the webhook -----------------------------------------------------------------------------------


@pytest.fixture
def door(committed_db: TestDatabase, tmp_path: Path) -> Iterator[Door]:
    """The raw edge on a database of this test's own."""
    with open_door(tmp_path, committed_db.env) as opened:
        yield opened


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=12,
)
SEEN = [
    json.loads(path.read_text())
    for path in sorted((Path(__file__).parent / "whatsapp/bodies").glob("*.json"))
]


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Real bodies with something replaced, JSON of any shape, and bytes."""
    how = draw(st.sampled_from(["real", "json", "bytes"]))
    if how == "bytes":
        return draw(st.binary(max_size=300))
    if how == "json":
        return json.dumps(draw(JSON)).encode()
    whole = json.loads(json.dumps(draw(st.sampled_from(SEEN))))
    for _ in range(draw(st.integers(1, 3))):
        replace_somewhere(draw, whole)
    return json.dumps(whole).encode()


def replace_somewhere(draw: st.DrawFn, whole: Any) -> None:
    """Walk in at random and put something else there."""
    at = whole
    while True:
        keys: list[Any] = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        inner = at[key]
        if not isinstance(inner, dict | list) or draw(st.integers(0, 5)) == 0:
            at[key] = draw(JSON)
            return
        at = inner


def test_no_webhook_gets_a_server_error_and_each_200_is_stored_once_and_settled(
    door: Door, committed_db: TestDatabase
) -> None:
    accepted: set[str] = set()
    statuses: set[int] = set()
    with httpx.Client(base_url=door.url, timeout=30) as sender:

        @settings(HURRIED, max_examples=EXAMPLES_OF_WEBHOOKS)
        @given(
            body=bodies(),
            header=st.sampled_from(["right", "right", "right", "wrong", "odd", "none"]),
        )
        def post(body: bytes, header: str) -> None:
            headers = signed(body, header)
            answer = sender.post("/in/whatsapp/banyuwangi", content=body, headers=headers)
            statuses.add(answer.status_code)
            assert answer.status_code < 500
            assert (answer.status_code == 200) == (header == "right")
            if answer.status_code == 200:
                accepted.add(external_id(body))

        post()
    assert statuses >= {200, 401}
    kept = [identity for identity, _ in stored(committed_db.owner_url)]
    assert len(kept) == len(set(kept)) and set(kept) == accepted
    wait_until(lambda: drain_inbound() == 0, 60)
    assert states(committed_db) <= {"done", "quarantined", "failed"}


def signed(body: bytes, how: str) -> dict[str, bytes]:
    """The signature header, right or otherwise."""
    given_headers = {
        "right": signature(body),
        "wrong": signature(body + b"x"),
        "odd": "sha1=\u00e9".encode("utf-8").decode("latin-1"),
    }
    if how not in given_headers:
        return {}
    # Bytes, because the wire may carry what httpx would not write by itself.
    return {"X-Hub-Signature-256": given_headers[how].encode()}


def states(database: TestDatabase) -> set[str]:
    """What has become of the deliveries."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("SELECT set_config('siaga.regions', '*', true)")
        rows = connection.execute("SELECT DISTINCT state FROM messaging_inbound").fetchall()
    return {state for (state,) in rows}
