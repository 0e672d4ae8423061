"""Whether dialplan, queues, endpoints and names.py say the same; prompts and modules exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from siaga.telephony import names
from siaga.telephony.asterisk.config import render
from siaga.telephony.asterisk.config.core import MODULES
from siaga.telephony.asterisk.prompts import GREETING_SECONDS_MAX, too_long
from siaga.telephony.asterisk.site import Site
from siaga.telephony.names import Mark, Variable
from siaga.telephony.types import PhonePlan

_CONTEXT = re.compile(r"^\[([\w-]+)\]$", re.MULTILINE)
_LABEL = re.compile(r"^(?:exten =>| same =>)[^(\n]*\(([\w-]+)\)", re.MULTILINE)
_JUMP = re.compile(r"\b(?:Goto|Gosub)\(([\w$-]+),([\w${}]+),(\w+)")
_CONDITIONAL = re.compile(r"\?([\w-]+),([\w${}]+),(\w+)\)$", re.MULTILINE)
_MARK = re.compile(r"(?:CELGenUserEvent\(|Mark: )(SIAGA_\w+)")
_VARIABLE = re.compile(r"\bSet\((?:SHARED\()?_{0,2}(SIAGA_\w+)")
_PROMPT = re.compile(r"\b(?:Playback|Background)\((/[^),]+)\)")


def check(plans: Sequence[PhonePlan], site: Site) -> Iterator[str]:
    """Everything that does not fit, in words for an administrator."""
    texts = render(plans, site)
    dialplan = texts["extensions.conf"]
    yield from wrong_names(dialplan)
    yield from lost_jumps(dialplan)
    yield from missing_endpoints(plans, texts)
    for name in sorted(set(_PROMPT.findall(dialplan))):
        if "$" not in name and not Path(f"{name}.wav").exists():
            yield f"prompt {Path(name).relative_to(site.home)}.wav is missing: siaga phone render"
    for module in MODULES:
        if not site.installation.has_module(module):
            yield f"this Asterisk has no {module}: use a newer one or install its module"


def advise(plans: Sequence[PhonePlan], site: Site) -> Iterator[str]:
    """What works, but could be better."""
    for plan in plans:
        for name in too_long(plan, site.home):
            yield f"{plan.region}: {name} lasts more than {GREETING_SECONDS_MAX:.0f} seconds"


def wrong_names(dialplan: str) -> Iterator[str]:
    """Marks and variables of ours that names.py does not know, and marks that nobody makes."""
    used = set(_MARK.findall(dialplan))
    for name in sorted(used - set(Mark)):
        yield f"the mark {name} is not in names.py"
    for name in sorted(set(Mark) - used):
        yield f"no dialplan makes the mark {name}"
    for name in sorted(set(_VARIABLE.findall(dialplan)) - set(Variable)):
        yield f"the variable {name} is not in names.py"


def lost_jumps(dialplan: str) -> Iterator[str]:
    """Jumps to contexts or labels that do not exist."""
    contexts = set(_CONTEXT.findall(dialplan))
    labels = set(_LABEL.findall(dialplan)) | {"1"}
    for target, _, label in (*_JUMP.findall(dialplan), *_CONDITIONAL.findall(dialplan)):
        if "$" not in target and target not in contexts:
            yield f"a jump leads to the context {target}, which does not exist"
        if label not in labels:
            yield f"a jump leads to the label {label}, which does not exist"


def missing_endpoints(plans: Sequence[PhonePlan], texts: Mapping[str, str]) -> Iterator[str]:
    """Endpoints and queues that Python will ask for by name."""
    endpoints = set(_CONTEXT.findall(texts["pjsip.conf"].replace("](base)", "]")))
    queues = set(_CONTEXT.findall(texts["queues.conf"]))
    for plan in plans:
        kinds = (names.position, names.desk, names.spare)
        wanted = [one(plan.region, n + 1) for n in range(plan.positions) for one in kinds]
        for name in (*wanted, names.trunk(plan.region)):
            if name not in endpoints:
                yield f"the endpoint {name} is not rendered"
        if names.queue(plan.region) not in queues:
            yield f"the queue {names.queue(plan.region)} is not rendered"
