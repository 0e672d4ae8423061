"""The second factor has its own tests; here people come in with their password."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def password_is_enough(settings: Any) -> Iterator[None]:
    settings.SIAGA_REQUIRE_MFA = False
    cache.clear()
    yield
    cache.clear()
