"""Counts what Schemathesis did, as it goes, into a file that the parent reads."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

from schemathesis.cli.commands.run.context import ExecutionContext
from schemathesis.cli.commands.run.handlers.base import EventHandler
from schemathesis.engine import events


class Tally(EventHandler[ExecutionContext]):
    """An event handler of the command line; writes `tally.json` after every scenario."""

    folder: ClassVar[Path]

    def __init__(self, *args: Any, **params: Any) -> None:
        self._statuses: dict[str, Counter[str]] = {}
        self._phases: Counter[str] = Counter()

    def handle_event(self, ctx: ExecutionContext, event: events.EngineEvent) -> None:
        """Count the requests of a scenario that has ended."""
        if not isinstance(event, events.ScenarioFinished):
            return
        recorder = event.recorder
        for case_id, interaction in recorder.interactions.items():
            case = recorder.cases.get(case_id)
            label = case.value.operation.label if case else recorder.label
            status = str(interaction.response.status_code) if interaction.response else "none"
            self._statuses.setdefault(label, Counter())[status] += 1
            self._phases[event.phase.name.lower()] += 1
        self._write()

    def shutdown(self, ctx: ExecutionContext) -> None:
        """The last word."""
        self._write()

    def _write(self) -> None:
        told = {"statuses": self._statuses, "phases": self._phases}
        # In one step: the parent reads it meanwhile.
        fresh = self.folder / "tally.new"
        fresh.write_text(json.dumps(told))
        fresh.replace(self.folder / "tally.json")
