"""CSV and XLSX as people exchange them: without formulas on the way out, bounded and in plain text on the way in."""

import base64
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, ClassVar
from uuid import uuid4

import openpyxl
import tablib
from django.core.cache import cache
from import_export.formats.base_formats import CSV, XLSX
from import_export.tmp_storages import BaseStorage
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from altis.shared.cards import has_card_number
from altis.shared.cells import as_written, harmless

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2_000
_MOST_COLUMNS = 50
_MOST_SCANNED = 5 * MOST_ROWS  # rows of a sheet, empty ones too
_MOST_UNPACKED = 20 * MOST_BYTES
_KEPT_SECONDS = 3600


_TOO_LONG = f"This is no such table, or it has more than {MOST_ROWS} rows."
_NO_TEXT = "A cell has a character that no text has."
_CARD = "A cell looks like a card number. None may be kept: take it out."
# What no workbook has, and what could make a small one endless.
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


class Unreadable(ValueError):
    """The file is not what it says it is, larger than it looks, or has what may not be kept; the message says which."""

    def __init__(self, words: str = _TOO_LONG) -> None:
        super().__init__(words)


def _read(dataset: Any) -> Any:
    """A table that was read, as text; raises Unreadable when it is too long: each row is checked one by one."""
    if len(dataset) > MOST_ROWS or dataset.width > _MOST_COLUMNS:
        raise Unreadable
    return _mapped(dataset, _text)


def _mapped(dataset: Any, change: Callable[[Any], str]) -> Any:
    rows = [[change(cell) for cell in row] for row in dataset]
    headers = [str(name or "") for name in dataset.headers or ()]
    dataset.wipe()
    dataset.headers = headers
    dataset.extend(rows)
    return dataset


def _text(cell: Any) -> str:
    """A cell as the same table in CSV would have it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == time.min else cell
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell)
    if "\x00" in text:
        raise Unreadable(_NO_TEXT)
    if has_card_number(text):
        raise Unreadable(_CARD)
    return as_written(text)


class PlainCSV(CSV):
    """CSV in UTF-8."""

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Any:
        """The table; raises ValueError when it is none."""
        text = in_stream.decode("utf-8-sig") if isinstance(in_stream, bytes) else in_stream
        return _read(super().create_dataset(text, **kwargs))

    def export_data(self, dataset: Any, **kwargs: Any) -> Any:
        """As text in which no cell is a formula."""
        return super().export_data(_mapped(dataset, harmless), **kwargs)


class PlainXLSX(XLSX):
    """The first sheet of a workbook."""

    def create_dataset(self, in_stream: Any) -> Any:
        """The table; raises Unreadable for a workbook that unpacks to more than forty megabytes, or is too long."""
        with zipfile.ZipFile(BytesIO(in_stream)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
                raise Unreadable
            if any(mark in parts.read(part) for part in parts.infolist() for mark in _DOCTYPES):
                raise Unreadable
        # Not as a whole: a sheet of a few bytes may say that it has a million rows.
        headers, *rows = _rows(openpyxl.load_workbook(BytesIO(in_stream), read_only=True, data_only=True).worksheets[0])
        dataset = tablib.Dataset(headers=list(headers))
        dataset.extend(rows)
        return _read(dataset)

    def export_data(self, dataset: Any, **kwargs: Any) -> Any:
        """As a workbook in which no cell is a formula, nor a character that XML does not have."""
        return super().export_data(_mapped(dataset, _writable), **kwargs)


def _writable(cell: Any) -> str:
    return str(ILLEGAL_CHARACTERS_RE.sub("", harmless(cell)))


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    """The rows of a sheet that have something in them, as wide as its headings."""
    bounds = {"max_row": _MOST_SCANNED + 1, "max_col": _MOST_COLUMNS + 1}
    scanned = list(sheet.iter_rows(values_only=True, **bounds))
    found = [row for row in scanned if any(cell not in (None, "") for cell in row)]
    if not found or len(scanned) > _MOST_SCANNED:
        raise Unreadable
    width = max(number for number, cell in enumerate(found[0], 1) if cell not in (None, ""))
    return [(*row, *[None] * width)[:width] for row in found]


FORMATS: tuple[type, ...] = (PlainCSV, PlainXLSX)


class BetweenPages(BaseStorage):
    """The file between dry run and confirmation: in the cache, which all processes share, for an hour."""

    _PREFIX: ClassVar = "import:"

    def save(self, data: str | bytes) -> None:
        """Keep it under a name that nobody guesses."""
        self.name: str = self.name or uuid4().hex
        raw = data.encode() if isinstance(data, str) else data
        cache.set(f"{self._PREFIX}{self.name}", base64.b64encode(raw).decode(), _KEPT_SECONDS)

    def read(self) -> bytes:
        """What was kept; raises Unreadable when it is gone."""
        kept = cache.get(f"{self._PREFIX}{self.name}")
        if not isinstance(kept, str):
            raise Unreadable
        return base64.b64decode(kept)

    def remove(self) -> None:
        """Once is enough."""
        cache.delete_many([f"{self._PREFIX}{self.name}"])
