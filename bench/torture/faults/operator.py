"""What an operator does at the wrong moment: seats taken out of sale while they are being sold, and put back."""

import random
import subprocess

import psycopg

from bench.torture.errand import Errand
from bench.torture.faults.base import Fault
from bench.torture.rig import Rig

_TRIES = 40
_ANY_CABIN = """
    SELECT flight_id, cabin, capacity, held + sold FROM catalog_inventory
    WHERE cabin <> '' AND capacity > held + sold AND capacity < 60 ORDER BY held + sold DESC, id LIMIT 5
"""


class CutCapacity(Fault):
    """A capacity falls to what is sold and held at that moment, or is refused because that has grown; then it is
    what it was. It never rises above, so that whoever counts seats knows the most that there can be.
    """

    def __init__(self, *, weight: int = 2) -> None:
        super().__init__("C7", "capacity cut under sale", target="operator", weight=weight, seconds=(2, 5))
        self._errand: Errand | None = None
        self._restore: list[str] = []

    def strike(self, rig: Rig, chance: random.Random) -> str:
        """In a thread: a management command takes a second or two."""
        number, self._restore = chance.randint(0, 4), []

        def cut() -> None:
            with psycopg.connect(rig.database_url, connect_timeout=2) as session:
                found = session.execute(_ANY_CABIN).fetchall()
            if not found:
                return
            flight, cabin, capacity, used = found[min(number, len(found) - 1)]
            self._restore = _words(capacity, flight, cabin)
            rig.manage(*_words(used, flight, cabin), timeout=30)  # a refusal is a good answer too

        self._errand = Errand(cut)
        return "one of the five fullest small cabins"

    def heal(self, rig: Rig) -> None:
        """The capacity of before."""

        def restore() -> None:
            if self._restore and rig.manage(*self._restore, timeout=30).returncode:
                raise subprocess.SubprocessError("refused")

        self._errand = Errand(restore, tries=_TRIES, after=self._errand)

    def is_over(self, rig: Rig) -> bool:
        """It is what it was."""
        return self._errand is None or self._errand.is_over


def _words(capacity: int, flight: str, cabin: str) -> list[str]:
    return ["set_capacity", str(capacity), flight, "--cabin", cabin, "--reason", "torture"]
