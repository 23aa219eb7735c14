"""Our own rules of structure, read from the source: sizes, annotations, who writes a status, what a door may do."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from altis.celery import PERIODIC, app

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("altis", "catalog", "offers", "orders", "payments")
LONGEST_FILE, LONGEST_FUNCTION = 300, 50
# What else is called a status: the HTTP status of a kept reply.
NO_LIFECYCLE = {"altis/api/claim_rows.py"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(_tree(path)) if isinstance(node, Function))


def _calls(path: Path, method: str) -> Iterator[ast.Call]:
    """Calls of `anything.method(…)` and of `method(…)`."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            called = node.func
            if method == (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")):
                yield node


def _is_door(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    app_door = parts[1] in ("api", "admin", "tasks.py", "admin.py", "management") and parts[0] != "altis"
    return app_door or "management" in parts


def test_no_file_is_too_long() -> None:
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _sources(*PRODUCT, "tests")}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{_name(path)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in _sources(*PRODUCT, "tests")
        for function in _functions(path)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def _unannotated(function: Function) -> list[str]:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    missing = [one.arg for one in every if one.annotation is None and one.arg not in ("self", "cls")]
    return missing if function.returns else [*missing, "return"]


def test_every_function_says_what_it_takes_and_gives() -> None:
    missing = {
        f"{_name(path)}:{function.name}": names
        for path in _sources(*PRODUCT)
        for function in _functions(path)
        if (names := _unannotated(function))
    }

    assert missing == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        _name(path)
        for path in _sources(*PRODUCT)
        if path.read_text(encoding="utf-8").strip() and "migrations" not in path.parts
        if not ast.get_docstring(_tree(path))
    ]

    assert silent == []


def _status_writes(path: Path) -> Iterator[int]:
    for node in ast.walk(_tree(path)):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        )
        names = [inner for target in targets for inner in ast.walk(target)]
        if any(isinstance(name, ast.Attribute) and name.attr == "status" for name in names):
            yield node.lineno  # type: ignore[attr-defined]  # assignments have one
    for call in _calls(path, "update"):
        if any(keyword.arg == "status" for keyword in call.keywords):
            yield call.lineno
    for call in _calls(path, "bulk_update"):
        if "'status'" in ast.dump(call):
            yield call.lineno


@pytest.mark.parametrize(
    "source",
    [
        "order.status = 'PAID'",
        "row.status, row.version = 'PAID', 2",
        "Order.objects.filter(pk=1).update(status='PAID')",
        "Order.objects.bulk_update(rows, ['version', 'status'])",
    ],
)
def test_a_status_written_elsewhere_would_be_seen(tmp_path: Path, source: str) -> None:
    path = tmp_path / "careless.py"
    path.write_text(f'"""Careless."""\n{source}\n', encoding="utf-8")

    assert list(_status_writes(path)) == [2]


def test_statuses_are_written_in_one_place() -> None:
    found = {_name(path): list(_status_writes(path)) for path in _sources(*PRODUCT) if "simulator" not in path.parts}

    writers = {name for name, lines in found.items() if lines}
    assert writers - NO_LIFECYCLE == {"altis/store/transition.py"}


@pytest.mark.parametrize("method", ["save", "update", "bulk_create", "bulk_update", "delete", "atomic", "command"])
def test_doors_write_nothing_themselves(method: str) -> None:
    doors = [path for path in _sources(*PRODUCT) if _is_door(path)]

    written = {_name(path): [call.lineno for call in _calls(path, method)] for path in doors}

    assert len(doors) > 20
    assert {name: lines for name, lines in written.items() if lines} == {}


def test_a_periodic_job_is_one_that_the_workers_know() -> None:
    app.loader.import_default_modules()

    assert {name for name, _ in PERIODIC} - set(app.tasks) == set()
    schedule = app.conf.beat_schedule.values()
    assert all(entry["options"]["expires"] == entry["schedule"] for entry in schedule if _is_a_period(entry))
    assert all(entry["options"]["expires"] == 3600 for entry in schedule if not _is_a_period(entry))


def _is_a_period(entry: dict[str, object]) -> bool:
    return isinstance(entry["schedule"], float)


def _settings_read() -> set[str]:
    """Names that the settings ask the environment for."""
    source = (ROOT / "altis" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r'(?:env\.\w+|_required|_key_ring)\(\s*"([A-Z_]+)"', source))


def _settings_listed() -> set[str]:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", example, flags=re.MULTILINE))


def test_every_setting_is_listed_with_its_default() -> None:
    assert _settings_read() - _settings_listed() == set()


def test_every_listed_setting_is_read_somewhere() -> None:
    readers = [*_sources(*PRODUCT), *(ROOT / "deploy").glob("*")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in readers if path.is_file())

    assert {name for name in _settings_listed() if not re.search(rf"\b{name}\b", text)} == set()


def _kept_files() -> list[Path]:
    """What the repository keeps; without git, the sources."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return _sources(*PRODUCT, "tests")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_names_a_machine_or_a_package_host() -> None:
    homes = "|".join(("/ro" + "ot/", "/wo" + "rk/", "/ho" + "me/[a-z]", "/Us" + "ers/[a-z]"))
    hosts = "|".join(("pypi" + r"\.org/simple", "python" + r"hosted\.org", "--" + "index-url", "registry" + r"\.npmjs"))
    unwanted = re.compile(rf"(?<![\w.])(?:{homes})|{hosts}".encode())

    found = {
        _name(path): match[0]
        for path in _kept_files()
        if path.is_file() and (match := unwanted.search(path.read_bytes()))
    }

    assert found == {}
