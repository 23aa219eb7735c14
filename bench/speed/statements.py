"""What an accept says to PostgreSQL, recorded in the server's own log while the real API serves it.

The log is told to keep every statement of sessions that begin while `recording` is open, so an API must be started
inside it. How the product sends them does not matter: one by one, pipelined, as one large statement, with or without
parameters. Nothing of the product is changed or wrapped for it.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql

_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \w+ \[(\d+)\] (\w+):  (.*)", re.DOTALL)
_SAID = re.compile(r"(statement|execute [^:]+): (.*)", re.DOTALL)
_PLANNED_EACH_TIME = ("statement", "execute <unnamed>")
_PARAMETERS = re.compile(r"[Pp]arameters: (.*)", re.DOTALL)
_PARAMETER = re.compile(r"\$(\d+) = (NULL|'(?:[^']|'')*')")
_QUIET_SECONDS = 0.15
_MOST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the server was told it: its text with its parameters filled in, and how it came."""

    text: str
    prepared: bool = False  # planned once and run by name; everything else is planned each time


class Log:
    """The server's log from some moment on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._offset = file.stat().st_size

    def taken(self) -> dict[int, list[Statement]]:
        """What each session has said since the last call, when the server has finished writing it down."""
        self._wait()
        with self._file.open("rb") as lines:
            lines.seek(self._offset)
            text = lines.read().decode(errors="replace")
            self._offset = lines.tell()
        return parse(text)

    def _wait(self) -> None:
        size, since, ends = -1, time.monotonic(), time.monotonic() + _MOST_SECONDS
        while time.monotonic() < ends and time.monotonic() - since < _QUIET_SECONDS:
            now = self._file.stat().st_size
            if now != size:
                size, since = now, time.monotonic()
            time.sleep(0.02)


@contextmanager
def recording(database_url: str, file: Path) -> Iterator[Log]:
    """Sessions that begin inside are logged word by word; the log is this file."""
    with psycopg.connect(database_url, autocommit=True) as session:
        role = sql.Identifier(session.info.user)
        # Settings of a role win over those on the server's command line, for sessions that begin from now on.
        for setting, value in (("log_statement", "all"), ("log_error_verbosity", "default")):
            session.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(setting), value))
        try:
            yield Log(file)
        finally:
            for setting in ("log_statement", "log_error_verbosity"):
                session.execute(sql.SQL("ALTER ROLE {} RESET {}").format(role, sql.Identifier(setting)))


def parse(text: str) -> dict[int, list[Statement]]:
    """The statements in a piece of a log, by the number of the session's process.

    Empty ones, which only ask whether the server is there, are left out: pgbench cannot send them.
    """
    said: dict[int, list[Statement]] = {}
    for pid, level, message in _entries(text):
        session = said.setdefault(pid, [])
        if level == "LOG" and (match := _SAID.fullmatch(message)):
            session.append(Statement(match[2].strip().rstrip(";"), match[1] not in _PLANNED_EACH_TIME))
        elif level == "DETAIL" and session and (match := _PARAMETERS.fullmatch(message)):
            session[-1] = replace(session[-1], text=_filled(session[-1].text, match[1]))
    spoken = {pid: [each for each in statements if each.text] for pid, statements in said.items()}
    return {pid: statements for pid, statements in spoken.items() if statements}


def those_about(said: dict[int, list[Statement]], *words: str) -> list[Statement]:
    """What the sessions said that mention one of these words: an order's work, and not what goes on beside it."""
    return [
        statement
        for statements in said.values()
        if any(word in each.text for each in statements for word in words)
        for statement in statements
    ]


def _entries(text: str) -> Iterator[tuple[int, str, str]]:
    """A line of a log goes on where the next begins with a tab."""
    open_entry: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.startswith("\t") and open_entry:
            open_entry.append(line[1:])
            continue
        if open_entry and (match := _LINE.fullmatch("\n".join(open_entry))):
            yield int(match[1]), match[2], match[3]
        open_entry = [line]


def _filled(text: str, parameters: str) -> str:
    """The statement with its parameters as literals."""
    values = {int(number): value for number, value in _PARAMETER.findall(parameters)}
    return re.sub(r"\$(\d+)", lambda match: values.get(int(match[1]), match[0]), text)
