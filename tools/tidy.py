"""The tree's own rules, executable: what ruff, mypy and import-linter cannot say.

Run as `python tools/tidy.py`; prints every breach with its cure, exit code 1 if there is one.
Each line rule carries lines it must catch and lines it must let pass; they are tried at every run.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import messages

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "siaga"
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 500
POSITIONAL_MAX = 5  # four, and self
CABINETS_WITH_TESTS = ("rules", "services", "queries")
NOT_ROOMS = {"config", "web", "edge", "__pycache__"}
FACES = ("accounts", "shared", "console", "agency", "citizen", "control", "api")


@dataclass(frozen=True)
class LineRule:
    """Something no line of our code may say."""

    pattern: str
    say: str
    good: tuple[str, ...]
    bad: tuple[str, ...]
    suffixes: tuple[str, ...] = (".py",)
    under: tuple[str, ...] = ("src",)
    except_in: tuple[str, ...] = ()


RULES = (
    LineRule(
        r"\b(timezone\.now|datetime\.now|datetime\.utcnow|time\.time)\(",
        "read the clock through siaga.kernel.clock, once, and pass `now` on",
        good=("now = clock.now()", "started = time.monotonic()"),
        bad=("due_at = timezone.now() + grace", "now = datetime.now(UTC)"),
        except_in=("kernel/clock.py", "config/", "kernel/observability/", "kernel/postgres/"),
    ),
    LineRule(
        r"\b(mark_safe|SafeString)\(|\|\s*safe\b|\{%\s*autoescape off",
        "citizen text is never markup; build HTML in templates or with format_html",
        good=("{{ message.text }}", "format_html('<b>{}</b>', name)"),
        bad=("{{ message.text|safe }}", "return mark_safe(text)"),
        suffixes=(".py", ".html"),
    ),
    LineRule(
        r"<[^>{]*\s(style=|on[a-z]+=)[\"']|<script>|<style>|javascript:",
        "the content security policy refuses inline style and script: use a class or an island",
        good=('<button data-key="g">', '<script src="x.js"></script>'),
        bad=('<p style="color:red">', '<a onclick="go()">'),
        suffixes=(".html",),
    ),
    LineRule(
        r"(?i)\b(banyuwangi|pekalongan|jombang|banyuasin)\b",
        "code never names a region; add a word to the profile, for all",
        good=("profile.region.id",),
        bad=('if region_id == "jombang":',),
        except_in=("web/citizen/static", "demo/"),
    ),
    LineRule(
        r"\btime\.sleep\(|\basyncio\.sleep\((?!0\))",
        "tests wait for a condition, they never sleep",
        good=("wait_until(lambda: done)", "await asyncio.sleep(0)"),
        bad=("time.sleep(1)", "await asyncio.sleep(0.5)"),
        under=("tests",),
        except_in=("tests/waiting.py",),
    ),
    LineRule(
        r"(/work/|/root/|/home/[a-z]+/)",
        "no path of one machine",
        good=('Path.home() / ".local"',),
        bad=('open("/root/x")',),
        suffixes=(".py", ".md", ".toml", ".html", ".ts", ".sh", ".css", ".txt"),
        under=(
            "src",
            "tests",
            "docs",
            "tools",
            "benches",
            "profiles",
            "content",
            "frontend/islands",
        ),
        except_in=("tools/tidy.py",),
    ),
)


def main() -> int:
    """Print every breach; 1 if there is one."""
    breaches = [
        *_rules_catch_what_they_should(),
        *_shapes(),
        *_lines(),
        *_rooms(),
        *_mirrors(),
        *messages.breaches(ROOT),
    ]
    for breach in breaches:
        print(breach)
    print(f"tidy: {len(breaches)} breaches" if breaches else "tidy: all in order")
    return 1 if breaches else 0


def tracked(*suffixes: str) -> list[Path]:
    """Files of the tree that git knows or would take, with these endings."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    paths = (ROOT / line for line in listed)
    return sorted(path for path in paths if path.suffix in suffixes and path.is_file())


def _rules_catch_what_they_should() -> Iterator[str]:
    for rule in RULES:
        for line in rule.bad:
            if not re.search(rule.pattern, line):
                yield f"tools/tidy.py: the rule {rule.say!r} misses {line!r}"
        for line in rule.good:
            if re.search(rule.pattern, line):
                yield f"tools/tidy.py: the rule {rule.say!r} wrongly catches {line!r}"


def _shapes() -> Iterator[str]:
    for path in tracked(".py"):
        text = path.read_text()
        name = path.relative_to(ROOT)
        count = text.count("\n")
        if count > FILE_LINES_MAX and "migrations" not in path.parts:
            yield f"{name}: {count} lines, at most {FILE_LINES_MAX}: divide it by care"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _function_breaches(name, node)


def _function_breaches(name: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if length > FUNCTION_LINES_MAX:
        yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES_MAX}"
    positional = len(node.args.posonlyargs) + len(node.args.args)
    if positional > POSITIONAL_MAX and name.parts[0] == "src":
        yield f"{name}:{node.lineno}: {node.name} takes {positional} positional arguments"


def _lines() -> Iterator[str]:
    for rule in RULES:
        seen = re.compile(rule.pattern)
        for path in tracked(*rule.suffixes):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(rule.under) or any(part in name for part in rule.except_in):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if seen.search(line) and "tidy: allow" not in line:
                    yield f"{name}:{number}: {rule.say}"


def rooms() -> list[Path]:
    """The rooms of the house."""
    return sorted(path for path in SOURCE.iterdir() if path.is_dir() and path.name not in NOT_ROOMS)


def _rooms() -> Iterator[str]:
    for room in [*rooms(), SOURCE / "edge"]:
        if not (room / "README.md").is_file():
            yield f"src/siaga/{room.name}: README.md is missing: purpose, who enters, leaves"


def _mirrors() -> Iterator[str]:
    for room in rooms():
        for cabinet in CABINETS_WITH_TESTS:
            there = (room / f"{cabinet}.py").exists() or (room / cabinet).is_dir()
            tests = list((ROOT / "tests" / "rooms" / room.name).glob(f"test_{cabinet}*.py"))
            if there and not tests:
                yield f"tests/rooms/{room.name}/test_{cabinet}.py is missing: mirror the cabinet"
    for face in FACES:
        tests = list((ROOT / "tests" / "web" / face).glob("test_*.py"))
        if (SOURCE / "web" / face).is_dir() and not tests:
            yield f"tests/web/{face}: the face has no tests"


if __name__ == "__main__":
    sys.exit(main())
