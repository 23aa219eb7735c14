"""The recorder: statements out of the server's log, however they came, and of the right session only."""

from pathlib import Path

import psycopg
from django.db import connection

from bench.speed.statements import Log, Statement, parse, those_about

_AT = "2026-11-22 10:00:00.000 UTC"
_LOG = f"""{_AT} [11] LOG:  statement: BEGIN
{_AT} [12] LOG:  statement: SELECT 1;
{_AT} [11] LOG:  execute <unnamed>: INSERT INTO t
\tVALUES ($1, $2, $10)
{_AT} [11] DETAIL:  Parameters: $1 = 'it''s', $2 = NULL, $10 = '[9] LOG:  x'
{_AT} [11] LOG:  execute _pg3_0: SELECT $1::text
{_AT} [11] DETAIL:  parameters: $1 = 'b'
{_AT} [13] ERROR:  deadlock detected
{_AT} [11] LOG:  duration: 3 ms
"""


def test_statements_come_by_session_with_their_parameters_filled_in() -> None:
    found = parse(_LOG)

    assert found == {
        11: [
            Statement("BEGIN"),
            Statement("INSERT INTO t\nVALUES ('it''s', NULL, '[9] LOG:  x')"),
            Statement("SELECT 'b'::text", prepared=True),
        ],
        12: [Statement("SELECT 1")],
    }


def test_only_sessions_that_speak_of_the_order_count() -> None:
    found = those_about(parse(_LOG), "it''s")

    assert [statement.text for statement in found][0] == "BEGIN"
    assert len(found) == 3
    assert those_about(parse(_LOG), "nobody") == []


def test_a_log_is_read_on_from_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text(f"{_AT} [1] LOG:  statement: BEFORE\n")
    log = Log(file)
    with file.open("a") as out:
        out.write(f"{_AT} [1] LOG:  statement: FIRST\n")

    assert log.taken() == {1: [Statement("FIRST")]}
    assert log.taken() == {}


def test_the_server_writes_its_log_as_we_read_it() -> None:
    """The format of a line is the server's own default."""
    place = connection.settings_dict
    where = {"host": place["HOST"], "port": place["PORT"], "user": place["USER"], "password": place["PASSWORD"]}
    with psycopg.connect(**where, dbname="postgres") as session:
        row = session.execute("SHOW log_line_prefix").fetchone()

    assert row == ("%m [%p] ",)
