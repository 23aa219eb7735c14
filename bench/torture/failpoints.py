"""Arms the failpoints of the running processes through the file that they watch (altis/store/failpoints.py)."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Failpoints:
    """The orders in the file, and what they have done so far."""

    def __init__(self, file: Path, *, seed: int) -> None:
        self.file = file
        self._seed = seed
        self.disarm()

    def arm(self, points: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace all orders: `{"pay.after_confirm": {"do": "kill9", "chance": 0.1, "most": 1}}`.

        `most` counts from now, unlike in the file itself.
        """
        before = Counter(point for point, _, _ in self.struck())
        orders = {point: dict(order) for point, order in points.items()}
        for point, order in orders.items():
            if "most" in order:
                order["most"] += before[point]
        draft = self.file.with_suffix(".draft")
        draft.write_text(json.dumps({"seed": self._seed, "points": orders}))
        draft.replace(self.file)

    def disarm(self) -> None:
        """No orders. A process that hangs goes on."""
        self.arm({})

    def struck(self) -> list[tuple[str, str, int]]:
        """Every strike since the start: point, what it did, and to which process."""
        log = self.file.with_name(f"{self.file.name}.struck")
        lines = log.read_text().splitlines() if log.exists() else []
        return [(point, do, int(pid)) for point, do, pid in (line.split() for line in lines)]
