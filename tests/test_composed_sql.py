"""What bandit cannot judge by itself: SQL that is put together, and the reasons for what it must not see."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
JUDGED = ("altis", "catalog", "offers", "orders", "payments", "bench", "deploy")


# SQL that a function puts together, and of what. A value always goes as a parameter.
OF_OUR_OWN_NAMES = {
    "altis/devstack/postgres.py:probe",  # the name of the database, a constant
    "altis/insight/invariants/bank.py:_moved_since",  # a column of the query around it
    "altis/insight/invariants/invariant.py:payment_among",  # the same
    "altis/insight/invariants/money.py:_told",  # names of tables and types, called at import
    "altis/insight/projections/writing.py:_add",  # a model's table and columns
    "altis/store/reading.py:_reading",  # the same, and a constant of the caller's
    "altis/store/rows.py:_recordset",  # a model's table and columns
    "altis/store/transition.py:_moving",  # a model's table and columns
}


def _function_around(path: Path, line: int) -> str:
    """The function that the line stands in; empty for what runs at import, before there is any caller."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    around = [node.name for node in functions if node.lineno <= line <= (node.end_lineno or node.lineno)]
    return around[-1] if around else ""


def _composed_sql(paths: list[str], root: Path) -> set[str]:
    """The functions that put SQL together."""
    command = [sys.executable, "-m", "bandit", "-q", "-t", "B608", "-f", "json", *paths]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [(Path(one["filename"]), one["line_number"]) for one in json.loads(ran.stdout)["results"]]
    named = [(path.relative_to(root).as_posix(), _function_around(path, line)) for path, line in found]
    return {f"{path}:{name}" for path, name in named if name}


def test_sql_is_put_together_at_import_or_of_our_own_names() -> None:
    written = [path for folder in JUDGED for path in (ROOT / folder).rglob("*.py")]
    sql = re.compile(r"(SELECT|INSERT|UPDATE|DELETE)\b")
    likely = [str(path) for path in written if sql.search(path.read_text(encoding="utf-8"))]

    assert _composed_sql(likely, ROOT) == OF_OUR_OWN_NAMES


def test_sql_put_together_from_an_argument_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "careless.py"
    path.write_text("def find(name: str) -> str:\n    return f\"SELECT id FROM people WHERE name = '{name}'\"\n")

    assert _composed_sql([str(path)], tmp_path) == {"careless.py:find"}


def test_what_bandit_must_not_see_has_a_reason() -> None:
    marks = [
        line.strip()
        for folder in JUDGED
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "# nosec" in line
    ]

    assert len(marks) > 10
    assert [mark for mark in marks if not re.search(r"# nosec B\d{3}(?:,? B\d{3})* [#-] .{4,}", mark)] == []
