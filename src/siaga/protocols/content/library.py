"""All guides of a content folder, and everything that is wrong with them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from siaga.protocols.content.assembly import assemble, framed, yes_no_choices
from siaga.protocols.content.soundness import (
    condition_problems,
    logic_problems,
    shared_problems,
    wording_problems,
)
from siaga.protocols.content.sources import GuideFiles, Problem, read_folder
from siaga.protocols.types import UNIVERSAL, Protocol
from siaga.regions.types import Value


class Library(Value, frozen=True, kw_only=True):
    """The sound guides by slug (universal first), the problems of all."""

    protocols: tuple[Protocol, ...]
    problems: tuple[Problem, ...]


def read_library(root: Path) -> Library:
    """Read `root/protocols`. A guide with a grave problem is left out; its types fall back."""
    problems: list[Problem] = []
    guides = _sound_files(root / "protocols", problems)
    if UNIVERSAL not in guides:
        path = root / "protocols" / UNIVERSAL
        cure = "Restore it: every other guide rests on it."
        problems.append(Problem(path=path, text="there is no sound universal guide", cure=cure))
        return Library(protocols=(), problems=tuple(problems))
    yes_no = yes_no_choices(guides[UNIVERSAL])
    frame = guides.pop(UNIVERSAL)
    universal = assemble(frame, yes_no)
    problems.extend(condition_problems(frame, universal))
    protocols = [universal]
    for files in guides.values():
        own = assemble(files, yes_no)
        protocol = framed(own, universal, asked=files.logic.frame == "universal")
        found = list(condition_problems(files, protocol))
        problems.extend(found)
        if not found:
            protocols.append(protocol)
    guides[UNIVERSAL] = frame
    problems.extend(shared_problems(guides, protocols))
    problems.extend(_unknown_types(root, guides))
    return Library(protocols=tuple(protocols), problems=tuple(problems))


def _sound_files(folder: Path, problems: list[Problem]) -> dict[str, GuideFiles]:
    guides: dict[str, GuideFiles] = {}
    if not folder.is_dir():
        return guides
    for path in sorted(item for item in folder.iterdir() if item.is_dir()):
        files = read_folder(path)
        if isinstance(files, list):
            problems.extend(files)
            continue
        found = [*wording_problems(files), *logic_problems(files)]
        problems.extend(found)
        if not any(problem.grave for problem in found):
            guides[files.slug] = files
    return guides


def _unknown_types(root: Path, guides: dict[str, GuideFiles]) -> Iterator[Problem]:
    path = root / "taxonomy" / "case_types.toml"
    try:
        known = {item["code"] for item in tomllib.loads(path.read_text())["type"]}
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        text = f"the taxonomy could not be read: {error!r}"
        yield Problem(path=path, text=text, cure="Restore the file.")
        return
    for files in guides.values():
        for code in files.logic.case_types:
            if code not in known:
                text = f"the taxonomy has no type {code}"
                cure = "Use a code of content/taxonomy/case_types.toml."
                yield Problem(path=files.logic_path, text=text, cure=cure)
