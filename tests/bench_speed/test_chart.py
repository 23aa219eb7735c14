"""The chart is one well-formed SVG, whatever was measured."""

from typing import Any
from xml.etree import ElementTree

from bench.speed.chart import chart

_ROW = {"per_s": 9000.0, "p50_ms": 3.0, "p95_ms": 8.0, "requests": 10, "errors": 0}


def _result(**parts: Any) -> dict[str, Any]:
    settings = {"interface": "rsgi", "workers": 1, "runs": 3}
    return {"at": "2026-11-22T10:00", "machine": {"cores": 2}, "settings": settings, "ratios": {}, "cases": {}} | parts


def test_chart_is_well_formed_and_shows_every_case() -> None:
    cases = {"search-hot@64": _ROW, "a<b&c@1": _ROW | {"errors": 1}}
    ratios = {"search_vs_hello": 0.3, "accept_vs_pgbench": 0.1}

    root = ElementTree.fromstring(chart(_result(cases=cases, ratios=ratios)))

    texts = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"search-hot@64", "a<b&c@1", "search vs hello", "accept vs pgbench", "0.30"} <= set(texts)
    assert "3.0 / 8.0 ms, 9,000/s" in texts


def test_ratio_below_its_goal_is_red() -> None:
    below, above = (chart(_result(ratios={"search_vs_hello": value})) for value in (0.2, 0.3))

    assert "#c0392b" in below
    assert "#c0392b" not in above


def test_chart_of_nothing_is_well_formed() -> None:
    root = ElementTree.fromstring(chart(_result()))

    assert root.tag.endswith("svg")


def test_no_bar_is_wider_than_its_place() -> None:
    cases = {f"case{n}@1": _ROW | {"p95_ms": 10.0**n} for n in range(5)}

    root = ElementTree.fromstring(chart(_result(cases=cases)))

    rects = list(root.iter("{http://www.w3.org/2000/svg}rect"))[1:]
    assert max(float(rect.attrib["width"]) for rect in rects) == 250
