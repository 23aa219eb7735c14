"""The result as one SVG: ratios to the yardsticks on the left, latencies on the right."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_WIDTH, _ROW, _HEAD, _TOP = 1160, 26, 64, 96
_LABEL, _BAR, _GAP = 190, 250, 60
_SHOWN = {
    "search_vs_hello": 0.25,
    "cold_vs_hot": 0.6,
    "flights_vs_hello": None,
    "accept_vs_pgbench": 0.2,
    "accept_vs_pgbench_64": 0.2,
    "accept_hot_vs_accept": None,
}
# Shown as numbers, with what is wanted of them.
_TOLD = {
    "search_vs_drf": "at least 20",
    "search_cpu_vs_hello": "",
    "growth_cost_10x": "",
    "growth_cost_100x": "at most 1.2",
    "two_workers_cost": "at most 1.15",
    "two_workers_reads": "at least 1.5",
}
_INK, _SOFT, _GRID = "#1d2733", "#5b6b7b", "#dde3ea"
_BLUE, _LIGHT, _RED, _PAPER = "#2f6fab", "#a9c8e6", "#c0392b", "#ffffff"


def chart(result: Mapping[str, Any]) -> str:
    """A document of its own, without fonts or scripts from elsewhere."""
    ratios = [(name, result["ratios"][name], goal) for name, goal in _SHOWN.items() if name in result["ratios"]]
    cases = [(name, row) for name, row in result["cases"].items() if row["requests"]]
    rows = max(len(ratios) + len(_TOLD) + 4, len(cases))
    height = _TOP + rows * _ROW + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{_WIDTH}" height="{height}" fill="{_PAPER}"/>',
        _text(24, 34, "Altis: what a request costs", size=19, weight="600"),
        _text(24, _HEAD - 10, _subtitle(result), fill=_SOFT),
        *_ratio_bars(24, ratios),
        *_numbers(24, _TOP + (len(ratios) + 2.5) * _ROW, result["ratios"]),
        *_latency_bars(24 + _LABEL + _BAR + _GAP, cases),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _subtitle(result: Mapping[str, Any]) -> str:
    machine, settings = result["machine"], result["settings"]
    return (
        f"{result['at'][:10]}, {machine['cores']} cores, {settings['interface']} with {settings['workers']} worker(s), "
        f"medians of {settings['runs']}; servers, database and load generator share the cores"
    )


def _ratio_bars(left: int, ratios: Sequence[tuple[str, float, float | None]]) -> list[str]:
    parts = [_text(left, _TOP - 8, "Throughput as a share of the yardstick", weight="600")]
    most = max([1.0, *(value for _, value, _ in ratios)])
    for number, (name, value, goal) in enumerate(ratios):
        y, start = _TOP + number * _ROW, left + _LABEL
        width = _BAR * value / most
        colour = _BLUE if goal is None or value >= goal else _RED
        parts += [
            _text(left, y + 17, name.replace("_", " ")),
            _bar(start, y + 5, _BAR, _GRID),
            _bar(start, y + 5, width, colour),
            _text(start + _BAR + 6, y + 17, f"{value:.2f}", fill=_SOFT),
        ]
        if goal is not None:
            at = start + _BAR * goal / most
            parts.append(f'<path d="M{at:.1f} {y + 2}v20" stroke="{_INK}" stroke-width="2"/>')
    if ratios:
        note = "The black mark is the goal; red is below it."
        parts.append(_text(left, _TOP + len(ratios) * _ROW + 20, note, fill=_SOFT))
    return parts


def _numbers(left: int, top: float, ratios: Mapping[str, float]) -> list[str]:
    found = [(name, ratios[name], bound) for name, bound in _TOLD.items() if name in ratios]
    parts = [_text(left, top - 8, "Other ratios", weight="600")] if found else []
    for number, (name, value, bound) in enumerate(found):
        y = top + number * _ROW + 17
        parts += [_text(left, y, name.replace("_", " ")), _text(left + _LABEL, y, f"{value:.2f}", weight="600")]
        parts.append(_text(left + _LABEL + 60, y, bound, fill=_SOFT))
    return parts


def _latency_bars(left: int, cases: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    parts = [_text(left, _TOP - 8, "Latency: p50 dark, p95 light (square root of ms); replies a second", weight="600")]
    longest = max([1e-9, *(row["p95_ms"] for _, row in cases)])
    for number, (name, row) in enumerate(cases):
        y, start = _TOP + number * _ROW, left + _LABEL - 30
        parts += [
            _text(left, y + 17, name, fill=_RED if row["errors"] else _INK),
            _bar(start, y + 5, _scaled(row["p95_ms"], longest), _LIGHT),
            _bar(start, y + 5, _scaled(row["p50_ms"], longest), _BLUE),
            _text(
                start + _scaled(row["p95_ms"], longest) + 6,
                y + 17,
                f"{row['p50_ms']:.1f} / {row['p95_ms']:.1f} ms, {row['per_s']:,.0f}/s",
                fill=_SOFT,
            ),
        ]
    return parts


def _scaled(value: float, longest: float) -> float:
    """By the square root: milliseconds and hundreds of them on one axis."""
    return float(_BAR * (value / longest) ** 0.5)


def _bar(x: float, y: float, width: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="16" rx="2" fill="{fill}"/>'


def _text(x: float, y: float, text: str, *, fill: str = _INK, size: int = 13, weight: str = "400") -> str:
    style = f'fill="{fill}" font-size="{size}" font-weight="{weight}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(text, quote=False)}</text>'
