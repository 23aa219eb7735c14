"""A copy of the audit for a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator

from altis.audit import words
from altis.audit.models import Entry
from altis.shared.cells import harmless
from altis.shared.clock import iso

MOST_ROWS = 20_000
HEADINGS = ("at", "who", "source", "did", "object", "object id", "name", "column", "before", "after", "why", "page")


def csv_lines(*, entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as lines of CSV, one for each column that changed; no cell is a formula."""
    writer = csv.writer(_Line())
    yield writer.writerow(HEADINGS)
    for entry in entries:
        yield from (writer.writerow([harmless(cell) for cell in row]) for row in _rows(entry))


def _rows(entry: Entry) -> Iterator[tuple[object, ...]]:
    head = (iso(entry.at), entry.staff or "no staff", entry.source, entry.act)
    about = (words.kind_of(entry.object_type), entry.object_id, entry.object_name)
    tail = (words.why(entry), entry.page)
    changes = list(words.differences(entry.before, entry.after)) or [("", "", "")]
    for change in changes:
        yield (*head, *about, *change, *tail)


class _Line:
    """What the writer writes is handed on at once."""

    def write(self, text: str) -> str:
        return text
