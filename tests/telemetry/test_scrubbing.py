"""The last net: what slips into a log line is masked in it, wherever in the line it stands."""

import io
import logging
import logging.config

import orjson
import pytest
import structlog

from altis.telemetry.logging import logging_config
from altis.telemetry.scrubbing import scrub

CARD = "4242424242424242"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the configured handler writes."""
    out = io.StringIO()
    formatter = logging_config(level="INFO", pretty=False)["formatters"]["line"]
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**{k: v for k, v in formatter.items() if k != "()"}))
    logger = logging.getLogger("scrubbing")
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "propagate", False)
    logger.setLevel(logging.INFO)
    return out


def test_every_value_of_a_line_is_scrubbed(written: io.StringIO) -> None:
    log = structlog.get_logger("scrubbing")

    log.info(f"for ada@example.com\n{CARD}", number=int(CARD), inner={"a": [CARD, ("x@y.example",)]}, kept=1.5, ms=12)

    line = orjson.loads(written.getvalue())
    assert line["event"] == "for [e-mail]\n[card]"
    assert (line["number"], line["inner"], line["kept"], line["ms"]) == (
        "[card]",
        {"a": ["[card]", ["[e-mail]"]]},
        1.5,
        12,
    )


def test_a_traceback_is_scrubbed(written: io.StringIO) -> None:
    try:
        raise ValueError(f"Failing row contains (ada@example.com, {CARD}).")
    except ValueError:
        logging.getLogger("scrubbing").exception("broken for %s", "ada@example.com")

    line = orjson.loads(written.getvalue())
    assert line["event"] == "broken for [e-mail]"
    assert line["exception"].endswith("ValueError: Failing row contains ([e-mail], [card]).")


def test_objects_are_scrubbed_as_they_would_be_written(written: io.StringIO) -> None:
    structlog.get_logger("scrubbing").warning("refused", error=ValueError(f"ada@example.com {CARD}"), who=None)

    line = orjson.loads(written.getvalue())
    assert (line["error"], line["who"]) == ("[e-mail] [card]", None)


@pytest.mark.parametrize(
    "text",
    [
        "ord_01kb3v5w8rj2m4n6p7q9s0t1v2 is FULFILLED",
        "2026-11-22T20:09:01.123456Z in 1763841234.123456 s",
        "worker@localhost ready",
        "v1/offers/<str:offer_id>/accept",
    ],
)
def test_what_belongs_into_a_log_stays(text: str) -> None:
    assert scrub(text) == text
