"""Said at start: guides and notices must be whole, or a call taker stands there without words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

from siaga.protocols.content.library import read_library
from siaga.protocols.content.sources import Problem
from siaga.protocols.notices import read_notices


@register("siaga")
def content_is_whole(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every guide and notice has its words in both languages, sound conditions, known types."""
    root = Path(settings.CONTENT_DIR)
    return [
        *(_message(problem, "protocols.E001") for problem in read_library(root).problems),
        *(_message(problem, "protocols.E002") for problem in read_notices(root).problems),
    ]


def _message(problem: Problem, identity: str) -> CheckMessage:
    shape = checks.Error if problem.grave else checks.Warning
    name = f"{problem.path.parent.name}/{problem.path.name}"
    number = identity if problem.grave else identity.replace("E", "W")
    return shape(f"{name}: {problem.text}", hint=problem.cure, id=number)
