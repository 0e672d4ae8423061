"""What a query costs, measured by the pages the database had to touch, not by the clock."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def pages_touched(call: Callable[[], object]) -> int:
    """How many pages the reads of this call touch, with everything in memory."""
    return sum(
        plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
        for plan in _plans(call)
    )


def indexes_used(call: Callable[[], object]) -> set[str]:
    """The names of the indexes that the reads of this call use."""
    found: set[str] = set()
    for plan in _plans(call):
        _gather(plan["Plan"], found)
    return found


def _plans(call: Callable[[], object]) -> list[dict[str, Any]]:
    with CaptureQueriesContext(connection) as seen:
        call()
    plans = []
    with connection.cursor() as cursor:
        for query in seen.captured_queries:
            if query["sql"].lstrip().startswith("SELECT"):
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
                told = cursor.fetchone()[0]
                plans += json.loads(told) if isinstance(told, str) else told
    return plans


def _gather(node: dict[str, Any], found: set[str]) -> None:
    if "Index Name" in node:
        found.add(node["Index Name"])
    for child in node.get("Plans", ()):
        _gather(child, found)
