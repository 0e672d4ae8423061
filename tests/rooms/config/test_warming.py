"""Before the first page is asked for, what it needs is there."""

import pytest
from django.template import TemplateSyntaxError, engines, loader
from pytest import LogCaptureFixture

from siaga.config import warming


def test_every_template_of_ours_is_ready_before_it_is_asked_for() -> None:
    (kept,) = engines["django"].engine.template_loaders
    kept.reset()
    warming.warm()
    assert {"console/desk.html", "console/_row_head.html", "siaga/base.html"} <= set(
        kept.get_template_cache
    )


def test_a_broken_template_is_told_and_the_others_are_loaded(
    monkeypatch: pytest.MonkeyPatch, caplog: LogCaptureFixture
) -> None:
    tried: list[str] = []

    def broken(name: str) -> None:
        tried.append(name)
        raise TemplateSyntaxError("no such tag")

    monkeypatch.setattr(loader, "get_template", broken)
    warming.warm()
    assert len(tried) > 100
    assert "template_broken" in caplog.text
