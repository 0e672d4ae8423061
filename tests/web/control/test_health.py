"""The health page tells of this region, and nothing of paths, secrets or others."""

import pytest
from django.conf import settings

from tests.web.control.stage import seat, text

pytestmark = pytest.mark.django_db


def test_an_administrator_sees_how_the_house_is() -> None:
    page = text(seat("ayu").get("health/"))
    assert "tidak terlihat" in page or "belum pernah terlihat" in page, "no worker runs in tests"
    assert str(settings.SIAGA_HOME) not in page
    assert "jombang" not in page
