"""`make audit`: clean, found, or not known; the third is never taken for the first."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from deploy import audit


def _package(name: str, *flaws: str, **more: Any) -> dict[str, Any]:
    vulns = [{"id": flaw, "fix_versions": ["2.0"]} for flaw in flaws]
    return {"name": name, "version": "1.0", "vulns": vulns, **more}


@pytest.mark.parametrize(
    ("packages", "code"),
    [
        ([_package("a"), _package("b")], audit.CLEAN),
        ([_package("a"), _package("b", "PYSEC-1")], audit.FOUND),
        ([_package("a"), _package("b", skip_reason="not found")], audit.UNKNOWN),
        ([_package("a", "PYSEC-1"), _package("b", skip_reason="not found")], audit.FOUND),
        ([], audit.UNKNOWN),
    ],
)
def test_an_audit_is_clean_only_when_every_package_was_looked_up(packages: list[Any], code: int) -> None:
    assert audit.judge(json.dumps({"dependencies": packages}))[0] == code


@pytest.mark.parametrize("report", ["", "{", "[]", '{"fixes": []}'])
def test_a_report_that_cannot_be_read_tells_nothing(report: str) -> None:
    assert audit.judge(report) == (
        audit.UNKNOWN,
        ["the vulnerability data could not be reached: nothing was audited"],
    )


@contextmanager
def _feed(known: Mapping[str, Any]) -> Iterator[str]:
    """A vulnerability feed that answers like OSV's; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(known.get(asked["package"]["name"], {})).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def small_lock(tmp_path: Path) -> Path:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"six==1.0 --hash=sha256:{'0' * 64}\nvine==5.1.0 --hash=sha256:{'1' * 64}\n", encoding="utf-8")
    return lock


FLAW = {
    "id": "PYSEC-1",
    "affected": [
        {
            "package": {"name": "six", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


@pytest.mark.parametrize(
    ("known", "code", "said"),
    [
        ({}, audit.CLEAN, "audit: 2 of 2 packages audited, 0 findings\n"),
        (
            {"six": {"vulns": [FLAW]}},
            audit.FOUND,
            "audit: six 1.0: PYSEC-1, fixed in 1.1\naudit: 2 of 2 packages audited, 1 findings\n",
        ),
    ],
)
def test_the_audit_asks_for_each_package(
    known: Any, code: int, said: str, small_lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with _feed(known) as url:
        ended = audit.main(["-s", "osv", "--osv-url", url], lock=small_lock)

    assert (ended, capsys.readouterr().err) == (code, said)


def test_an_audit_without_its_data_says_so_and_is_neither_clean_nor_a_finding(
    small_lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = audit.main(["-s", "osv", "--osv-url", "http://127.0.0.1:1/v1/query"], lock=small_lock)

    assert ended == audit.UNKNOWN
    assert capsys.readouterr().err.startswith("audit: the vulnerability data could not be reached: nothing was audited")
