"""The forms of airports and timetables, which refuse at its field what no flight could be made of."""

from collections.abc import Mapping
from typing import Any

from catalog.admin.prices import ReasonForm
from catalog.services.check_network import faults_of_airport, faults_of_schedule


class _CheckedForm(ReasonForm):
    @staticmethod
    def faults(facts: Mapping[str, Any]) -> dict[str, str]:
        """By column."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Say what is wrong beside it."""
        cleaned = super().clean()
        for name, words in self.faults(cleaned).items():
            self.add_error(name, words)
        return cleaned


class AirportForm(_CheckedForm):
    """An airport."""

    faults = staticmethod(faults_of_airport)


class ScheduleForm(_CheckedForm):
    """A flight number's timetable."""

    faults = staticmethod(faults_of_schedule)
