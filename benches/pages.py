"""Pages with ten thousand and with a million incidents: the ratio must stay near one.

The value is the median with many, the limit the median with few, in the same run and process.
`--size` makes the larger past smaller, for a quick look.
"""

from collections.abc import Callable, Iterator

from django.test import Client

from benches._crowd import LARGE, OPEN, REGION, SMALL, desk, fill, middle, milliseconds, page
from benches.harness import Line, Options, Stand, bench, percentile
from siaga.accounts.types import Viewer
from siaga.intake.models import Contact
from siaga.intake.types import LocationState, Place
from siaga.kernel import clock
from siaga.kernel.geometry import Point
from siaga.kernel.tenancy import acting_in
from siaga.regions import queries as region_queries
from siaga.triage import queries as triage_queries

REPEATS = 40


@bench("board")
def board(stand: Stand, options: Options) -> Iterator[Line]:
    """The dispatcher's board."""
    yield from _compare("board", stand, options, lambda client, _: _pages(client, "board/"))


@bench("console")
def console(stand: Stand, options: Options) -> Iterator[Line]:
    """The desk, and a contact on it."""

    def calls(client: Client, _: Viewer) -> dict[str, Callable[[], object]]:
        with acting_in(REGION):
            waiting = Contact.objects.filter(state="waiting").first()
        assert waiting is not None
        return _pages(client, "console/", f"console/contacts/{waiting.id}/")

    yield from _compare("console", stand, options, calls)


@bench("search")
def search(stand: Stand, options: Options) -> Iterator[Line]:
    """Looking for a place, a type, and an incident by its code."""

    def calls(_: Client, viewer: Viewer) -> dict[str, Callable[[], object]]:
        def place() -> object:
            with acting_in(REGION):
                return region_queries.search_places(REGION, "dsn krajan tamansari dekat pasar")

        def case_type() -> object:
            with acting_in(REGION):
                return region_queries.search_case_types(REGION, "kobong")

        def by_code() -> object:
            with acting_in(REGION):
                return triage_queries.incident_by_code(viewer, "BEN-5000")

        def similar() -> object:
            at = Place(point=Point(-8.21, 114.3), state=LocationState.KNOWN)
            with acting_in(REGION):
                return triage_queries.similar(
                    viewer, type_code="POHON-TUMBANG", place=at, now=clock.now()
                )

        return {"place": place, "type": case_type, "incident": by_code, "similar": similar}

    yield from _compare("search", stand, options, calls)


def _pages(client: Client, *paths: str) -> dict[str, Callable[[], object]]:
    return {path: page(client, f"/{REGION}/{path}") for path in paths}


def _compare(
    name: str,
    stand: Stand,
    options: Options,
    calls: Callable[[Client, Viewer], dict[str, Callable[[], object]]],
) -> Iterator[Line]:
    large = options.size or LARGE
    repeats = REPEATS * options.repeats
    fill(stand, 1, SMALL)
    client, viewer = desk()
    few = {key: milliseconds(call, repeats) for key, call in calls(client, viewer).items()}
    fill(stand, SMALL + 1, large)
    many = {key: milliseconds(call, repeats) for key, call in calls(client, viewer).items()}
    for key, values in many.items():
        yield Line(
            bench=name,
            value=middle(values),
            unit="ms",
            limit=middle(few[key]),
            n=len(values),
            details={
                "what": key,
                "incidents": large,
                "against_incidents": SMALL,
                "open": OPEN,
                "p95": round(percentile(values, 95), 2),
                "p95_few": round(percentile(few[key], 95), 2),
            },
        )
