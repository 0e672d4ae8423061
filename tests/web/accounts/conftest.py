"""Each test counts its own attempts: the counters live in the cache."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_attempts_yet() -> Iterator[None]:
    """Forget attempts of other tests, before and after."""
    cache.clear()
    yield
    cache.clear()
