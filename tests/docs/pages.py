"""The documents as text, and the few ways in which tests take them apart."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def pages() -> list[Path]:
    """Every document."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


def text(name: str) -> str:
    """A document by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def fences(name: str, language: str) -> list[str]:
    """The fenced blocks of a language, without their last line end."""
    return [body.rstrip("\n") for kind, body in _FENCE.findall(text(name)) if kind == language]


def prose(name: str) -> str:
    """A document without its fenced blocks."""
    return _FENCE.sub("", text(name))


def rows(name: str, heading: str) -> Iterator[list[str]]:
    """The cells of every table whose header row begins with `heading`, without the header."""
    inside = False
    for line in text(name).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[0] == heading:
            inside = True
        elif inside and set("".join(cells)) - set("-: "):
            yield cells
