"""The nemesis, on a rig that only waits."""

import random
import time
from collections.abc import Callable

import pytest

from bench.torture import nemesis as module
from bench.torture.faults import all_faults
from bench.torture.faults.base import Fault, Missed
from bench.torture.nemesis import Nemesis
from bench.torture.rig import Rig


class _Sore(Fault):
    """Remembers what was done to it."""

    hits = 0

    def __init__(self, code: str, *, target: str, seconds: float = 0.0, trap: bool = False) -> None:
        super().__init__(code, "sore", target=target, seconds=(seconds, seconds))
        self.done: list[str] = []
        self.works_again, self._trap = True, trap

    def strike(self, rig: Rig, chance: random.Random) -> str:
        self.done.append("struck")
        return "particulars"

    def evidence(self, rig: Rig) -> int | None:
        return self.hits if self._trap else None

    def heal(self, rig: Rig) -> None:
        self.done.append("healed")

    def is_over(self, rig: Rig) -> bool:
        return self.works_again


class _Deaf(_Sore):
    def strike(self, rig: Rig, chance: random.Random) -> str:
        self.done.append("missed")
        raise Missed("nothing there")


class _Rig(Rig):
    """Nothing runs."""

    def __init__(self) -> None:
        self.heals = 0

    def heal(self) -> None:
        self.heals += 1

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        return condition()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """One figure: the nemesis's time in seconds."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def _nemesis(monkeypatch: pytest.MonkeyPatch, *faults: Fault, at_once: int = 2) -> Nemesis:
    monkeypatch.setattr(module, "all_faults", lambda: list(faults))
    return Nemesis(_Rig(), seed=1, every=(1, 1), at_once=at_once)


def test_strikes_lasts_and_heals(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    sore = _Sore("X1", target="x", seconds=3)
    nemesis = _nemesis(monkeypatch, sore)

    for clock[0] in (100.0, 102.9, 103.0):
        nemesis.step()

    assert sore.done == ["struck", "healed", "struck"]
    first = nemesis.strikes[0]
    assert (first.at, first.fault, first.healed_at) == (0.0, "X1 sore", 3.0)
    assert first.detail == "particulars, for 3.0 s"


def test_target_that_suffers_is_left_alone(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    one, other = _Sore("X1", target="x", seconds=9), _Sore("X2", target="x", seconds=9)
    nemesis = _nemesis(monkeypatch, one, other)

    for clock[0] in (100.0, 102.0, 104.0):
        nemesis.step()

    assert len(nemesis.strikes) == 1
    assert len(nemesis.now_broken) == 1


def test_no_more_faults_at_once_than_allowed(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    sores = [_Sore(f"X{number}", target=str(number), seconds=50) for number in range(5)]
    nemesis = _nemesis(monkeypatch, *sores, at_once=3)

    for step in range(20):
        clock[0] = 100.0 + step
        nemesis.step()

    assert len(nemesis.now_broken) == 3


def test_fault_holds_until_its_target_works_again(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    sore = _Sore("X1", target="x")
    sore.works_again = False
    nemesis = _nemesis(monkeypatch, sore)

    for clock[0] in (100.0, 101.0, 102.0):
        nemesis.step()
    assert nemesis.strikes[0].healed_at is None
    sore.works_again, clock[0] = True, 104.0
    nemesis.step()

    assert sore.done[:2] == ["struck", "healed"]
    assert nemesis.strikes[0].healed_at == 4.0


def test_strike_that_found_nothing_is_not_counted(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    nemesis = _nemesis(monkeypatch, _Deaf("X1", target="x"))

    nemesis.step()

    assert nemesis.strikes == []
    assert nemesis.now_broken == []


@pytest.mark.parametrize(("hits", "expected"), [(0, []), (2, ["particulars, for 1.0 s, hit 2"])])
def test_trap_counts_only_when_somebody_stepped_into_it(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], hits: int, expected: list[str]
) -> None:
    trap = _Sore("X1", target="x", seconds=1, trap=True)
    nemesis = _nemesis(monkeypatch, trap)
    nemesis.step()
    trap.hits = hits

    clock[0] = 101.0
    nemesis.heal_all()

    assert [strike.detail for strike in nemesis.strikes] == expected


def test_heal_all_ends_what_still_lasts(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    sore = _Sore("X1", target="x", seconds=60)
    nemesis = _nemesis(monkeypatch, sore)
    nemesis.step()

    clock[0] = 101.0
    nemesis.heal_all()

    assert sore.done == ["struck", "healed"]
    assert (nemesis.now_broken, nemesis.strikes[0].healed_at) == ([], 1.0)


def test_same_seed_strikes_in_the_same_order(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    orders = []
    for _ in range(2):
        clock[0] = 100.0
        nemesis = _nemesis(monkeypatch, *(_Sore(f"X{number}", target=str(number)) for number in range(9)))
        for step in range(30):
            clock[0] = 100.0 + step
            nemesis.step()
        orders.append([strike.fault for strike in nemesis.strikes])

    assert orders[0] == orders[1]
    assert len(set(orders[0])) > 3


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="Z9"):
        Nemesis(_Rig(), seed=1, only={"Z9"})


def test_catalogue_covers_the_matrix() -> None:
    codes = {fault.code for fault in all_faults()}

    assert codes >= {"A1", "A3", "A4", "A5", "A6", "A7", "A8", "P1", "P2", "P3", "P4", "K1", "K2", "K3", "K5"}
    assert codes >= {"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "G1", "G2", "G3", "G4", "G6", "T1", "C7"}
    assert all(fault.weight > 0 and fault.seconds[0] <= fault.seconds[1] for fault in all_faults())
