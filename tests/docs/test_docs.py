"""The documents hold together: links lead somewhere, commands and settings exist, decisions are short."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, fences, pages, prose, rows, text

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_READERS = {"str", "int", "float", "bool", "list", "get"}  # methods of django-environ's Env, and of a mapping
_OWN_READERS = {"_required", "_key_ring", "_integer", "_size", "_size_text", "_number"}
_ENVIRONMENTS = {"env", "environ"}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    targets = [link for link in _LINK.findall(prose(str(page))) if not link.startswith(("http://", "https://"))]

    for target in targets:
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not anchor or anchor in set(_anchors(there)), target


def test_every_make_target_that_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z]+): .*## ", text("Makefile"), re.MULTILINE))

    named = {name for page in pages() for name in re.findall(r"\bmake ([a-z]+)(?=[`\s,;:.]|$)", _code(page))}
    assert named <= targets
    assert targets <= named | {"help"}


def test_every_setting_is_listed_and_every_listed_setting_is_read() -> None:
    listed = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text(".env.example"), re.MULTILINE)

    assert len(listed) == len(set(listed))
    read = {name for source in _sources() for name in _variables(source)}
    assert set(listed) == read - {"PATH", "SSL_CERT_FILE"}  # the system's own


def test_every_setting_that_the_documents_name_is_listed() -> None:
    named = {name for page in pages() for name in re.findall(r"\bALTIS_[A-Z_]+[A-Z]\b", text(str(page)))}

    listed = set(re.findall(r"[A-Z][A-Z0-9_]+(?==)", text(".env.example")))
    assert named - {"ALTIS_CHROMIUM"} <= listed  # which names a program of a developer's machine


def test_decisions_are_numbered_short_and_of_one_form() -> None:
    files = sorted((ROOT / "docs/decisions").glob("0*.md"))

    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        lines = file.read_text().splitlines()
        assert len(lines) <= 40
        assert [line for line in lines if line.startswith("## ")] == [
            "## Context",
            "## Decision",
            "## Consequences",
            "## Alternatives",
        ]
        assert f"]({file.name})" in text("docs/decisions/README.md")


def test_every_word_has_one_meaning() -> None:
    words = [row[0] for row in rows("docs/glossary.md", "Word")]

    assert len(words) > 50
    assert words == sorted(set(words), key=str.casefold)


def _code(page: Path) -> str:
    """What is set as code on a page."""
    return "\n".join([*re.findall(r"`[^`\n]+`", prose(str(page))), *fences(str(page), "sh")])


def _anchors(page: Path) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.+)$", prose(str(page)), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _sources() -> Iterator[Path]:
    for folder in ("altis", "catalog", "offers", "orders", "payments"):
        yield from (ROOT / folder).rglob("*.py")


def _variables(source: Path) -> Iterator[str]:
    """Names of environment variables that a module reads, and those of the tables that devstack goes by."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _reads_environment(node.func):
            own = isinstance(node.func, ast.Name)  # some of ours take the environment first
            yield from _names(node.args[: 2 if own else 1])
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            table = target.id if isinstance(target, ast.Name) else ""
            if table == "MAKERS":
                yield from _names([key for key in node.value.keys if key])
            elif table == "SERVICES":
                yield from _names(node.value.values)


def _names(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        # A lower-case literal is a default or a key of something else.
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isupper():
            yield node.value


def _reads_environment(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in _OWN_READERS
    if not isinstance(function, ast.Attribute) or function.attr not in _READERS:
        return False
    owner = function.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name.lstrip("_") in _ENVIRONMENTS
