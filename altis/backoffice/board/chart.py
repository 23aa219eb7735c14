"""A chart that people can read: axes with units, a legend, and the same numbers as a table. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# Each has a contrast of 3:1 and more with the white of the light theme and with the near black of the dark one.
COLOURS = ("#2563eb", "#c2410c", "#15803d", "#9333ea", "#0f766e", "#b45309", "#dc2626", "#6b7280")
_DASHES: Sequence[list[int]] = ([], [6, 3], [2, 3], [10, 3, 2, 3])
# A line is told in the legend as it is drawn, dashes and all.
_LINES: Sequence[Mapping[str, Any]] = ({}, {"usePointStyle": True, "pointStyle": "line"})
Number = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one colour of bars."""

    name: str
    values: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart, and the table behind it. `links`: by row, the query of the list behind its first cell."""

    title: str
    says: str
    kind: str
    labels: Sequence[str]
    x: str
    y: str
    series: Sequence[Series]
    cells: Sequence[Sequence[str]]
    headers: Sequence[str]
    right: str
    link: tuple[str, str]
    stacked: bool = False
    every_label: bool = False
    links: Mapping[int, str] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """Chart.js' data, as JSON."""
        return json.dumps({"labels": list(self.labels), "datasets": [*map(self._dataset, range(len(self.series)))]})

    @property
    def options(self) -> str:
        """Chart.js' options, as JSON."""
        ticks = (
            {"autoSkip": False, "maxRotation": 60} if self.every_label else {"maxRotation": 0, "autoSkipPadding": 12}
        )
        return json.dumps(
            {
                "animation": False,
                "responsive": True,
                "maintainAspectRatio": False,
                "interaction": {"mode": "index", "intersect": False},
                "plugins": {
                    "legend": {
                        "display": len(self.series) > 1,
                        "position": "bottom",
                        "labels": {"boxWidth": 24, "boxHeight": 8, **_LINES[self.kind == "line"]},
                    }
                },
                "scales": {
                    "x": {
                        "stacked": self.stacked,
                        "title": {"display": True, "text": self.x},
                        "grid": {"display": False},
                        "ticks": ticks,
                    },
                    "y": {
                        "stacked": self.stacked,
                        "beginAtZero": True,
                        "title": {"display": True, "text": self.y},
                        "ticks": {"maxTicksLimit": 6},
                    },
                },
            }
        )

    def _dataset(self, number: int) -> dict[str, Any]:
        series, colour = self.series[number], COLOURS[number % len(COLOURS)]
        return {
            "label": series.name,
            "data": [None if value is None else float(value) for value in series.values],
            "backgroundColor": colour,
            "borderColor": colour,
            "borderWidth": 2 if self.kind == "line" else 0,
            # Not by colour alone.
            "borderDash": _DASHES[number % len(_DASHES)],
            "pointRadius": 2,
            "spanGaps": True,
            "maxBarThickness": 32,
        }
