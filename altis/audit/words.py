"""The audit in words: what an object is called, and how it changed. Pure but for the names of models."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.apps import apps

from altis.audit.models import Act, Entry, Source

# Notes of pages that say fields by their names; other notes are words already.
_NOTED = dict(Act.choices)
_MOST = 3  # changes in a line
# As PostgreSQL writes an instant into JSON; Altis keeps UTC.
_INSTANT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?\+00:00$")
_CODE = re.compile(r"[a-z_]+")
NOTHING = "–"
SEALED = "sealed, see Reveals"


@cache
def kinds() -> Mapping[str, str]:
    """What each table holds one of, for people: `{"catalog_bundleitem": "bundle item"}`."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: str(model._meta.verbose_name) for model in models}


def kind_of(relation: str) -> str:
    """`catalog_bundleitem` as `bundle item`; a table that nobody knows as itself."""
    return kinds().get(relation, relation.replace("_", " "))


def shown(value: Any) -> str:
    """A value of a column as people read it: yes, no, a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _INSTANT.sub(r"\1 \2", value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[tuple[str, str, str]]:
    """Name, value before and value after of each column that is told; what came has no before, what went no after."""
    was, is_now = before or {}, after or {}
    for name in sorted({*was, *is_now}):
        yield _column(name), shown(was.get(name)), shown(is_now.get(name))


def _column(name: str) -> str:
    """`base_price_minor` as `base price, minor units`."""
    words = name.removesuffix("_minor").replace("_", " ")
    return f"{words}, minor units" if name.endswith("_minor") else words


def in_a_line(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """`base price, minor units: 3500 → 4000`, so many of them; of what came or went nothing but how much is told."""
    changes = list(differences(before, after))
    if not (before and after):
        return f"{len(changes)} values" if changes else ""
    more = f" and {len(changes) - _MOST} more" if len(changes) > _MOST else ""
    return "; ".join(f"{name}: {was} → {now}" for name, was, now in changes[:_MOST]) + more


def note_in_words(text: str) -> str:
    """What a page noted: Django's list of fields as a sentence, other words as they are."""
    try:
        parts = json.loads(text) if text.startswith("[") else None
    except ValueError:
        parts = None
    if not isinstance(parts, list):
        return text
    return " ".join(_sentence(part) for part in parts if part and isinstance(part, dict))


def _sentence(part: Mapping[str, Any]) -> str:
    act, about = next(iter(part.items()), ("", {}))
    about = about if isinstance(about, dict) else {}
    of = f" {about['name']} “{about.get('object', '')}”" if "name" in about else ""
    fields = f": {', '.join(map(str, about['fields']))}" if about.get("fields") else ""
    return f"{_NOTED.get(act, str(act))}{of}{fields}."


def why(entry: Entry) -> str:
    """The reason that was given; that of a reveal is sealed, and stands on its own page."""
    return SEALED if entry.source == Source.REVEAL else note_in_words(entry.reason)


def spoken(reason: str) -> str:
    """`new_price` as `new price`; whole sentences as they are."""
    return reason.replace("_", " ") if _CODE.fullmatch(reason) else reason
