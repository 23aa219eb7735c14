"""Which server is started, and with how many processes."""

import os

import pytest

from altis.devstack.api_server import has_lane, server_words, workers_of


def _words(**environ: str) -> str:
    return " ".join(server_words("127.0.0.1", 8080, 2, None, environ=environ))


def test_the_lane_needs_rsgi_and_the_way_back_is_wsgi() -> None:
    assert "--interface rsgi --loop uvloop" in _words()
    assert _words().endswith("altis.rsgi:application")
    assert "--interface wsgi --blocking-threads 4" in _words(ALTIS_LANE="off")
    assert "--blocking-threads 9" in _words(ALTIS_LANE="off", ALTIS_API_THREADS="9")
    assert _words(ALTIS_LANE="off").endswith("altis.wsgi:application")


@pytest.mark.parametrize(("said", "lane"), [("on", True), ("True", True), ("1", True), ("off", False), ("no", False)])
def test_the_setting_is_read_as_the_engine_reads_it(said: str, lane: bool) -> None:
    assert has_lane({"ALTIS_LANE": said}) is lane


def test_there_is_a_process_per_core_unless_a_variable_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for cores in (None, 1, 2, 16):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        counts.append(workers_of({}))

    assert counts == [1, 1, 2, 4]
    assert [workers_of({"ALTIS_API_WORKERS": said}) for said in ("3", " 7 ", "0", "x")] == [3, 7, 4, 4]
