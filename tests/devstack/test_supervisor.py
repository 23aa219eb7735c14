"""The supervisor, on programs of one line."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from altis.devstack.errors import StackError
from altis.devstack.interrupt import Interrupt
from altis.devstack.process import RUN_MARK, Command, carriers
from altis.devstack.supervisor import Supervisor
from altis.devstack.unit import Phase, Plan
from tests.devstack.stacks import until

_RUN = "supervisor-test"
MakePlan = Callable[..., Plan]


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    """One that is stopped whatever happens."""
    made = Supervisor(Interrupt(), lambda: None)
    yield made
    made.stop()


@pytest.fixture
def plan(tmp_path: Path) -> MakePlan:
    """A unit that runs a line of shell."""

    def make(name: str, script: str, **options: object) -> Plan:
        command = Command(
            argv=["/bin/sh", "-c", script],
            log=tmp_path / f"{name}.log",
            cwd=tmp_path,
            env={"PATH": os.defpath, RUN_MARK: _RUN},
        )
        return Plan(**{"name": name, "command": lambda: command, "is_ready": lambda _pid: True, **options})  # type: ignore[arg-type]  # options of any kind

    return make


def _tick_until_replaced(supervisor: Supervisor, name: str, pid: int) -> None:
    def is_replaced() -> bool:
        supervisor.tick()
        return bool(supervisor.processes().get(name, {"pid": pid})["pid"] != pid)

    assert until(is_replaced)


def test_dead_unit_is_started_again(supervisor: Supervisor, plan: MakePlan) -> None:
    supervisor.bring_up([plan("one", "exec sleep 60")])
    first = supervisor.processes()["one"]["pid"]

    os.kill(first, signal.SIGKILL)
    _tick_until_replaced(supervisor, "one", first)

    assert len(supervisor.processes()) == 1


def test_unit_that_never_starts_ends_the_start_with_its_last_words(supervisor: Supervisor, plan: MakePlan) -> None:
    broken = plan("two", "echo no such thing; exit 7", is_ready=lambda _pid: False, first_lives=2)

    with pytest.raises(StackError, match=r"(?s)two does not start \(exit code 7\).*no such thing"):
        supervisor.bring_up([broken])

    assert supervisor.processes() == {}


def test_unit_that_does_not_answer_is_killed(
    supervisor: Supervisor, plan: MakePlan, capsys: pytest.CaptureFixture[str]
) -> None:
    deaf = plan("three", "exec sleep 60", is_ready=lambda _pid: False, ready_seconds=0.2, first_lives=1)

    with pytest.raises(StackError, match="three does not start"):
        supervisor.bring_up([deaf])

    assert "three     does not answer after 0 s: killed" in capsys.readouterr().out


def test_unit_that_cannot_answer_counts_as_started_after_a_while(supervisor: Supervisor, plan: MakePlan) -> None:
    quiet = plan("seven", "exec sleep 60", is_ready=lambda _pid: False, patience=0.2)

    supervisor.bring_up([quiet])

    assert list(supervisor.processes()) == ["seven"]


def test_stop_leaves_no_process_not_even_of_a_stubborn_family(
    supervisor: Supervisor, plan: MakePlan, capsys: pytest.CaptureFixture[str]
) -> None:
    stubborn = plan("four", "trap '' TERM; sleep 60 & sleep 60 & echo; while :; do sleep 1; done", stop_seconds=0.3)
    supervisor.bring_up([stubborn, plan("five", "sleep 60 & wait")])
    assert until(lambda: len(list(carriers(_RUN))) >= 5)

    supervisor.stop()

    assert until(lambda: not list(carriers(_RUN)))
    assert "did not stop in 0 s: killed" in capsys.readouterr().out


def test_lower_rounds_stop_first(supervisor: Supervisor, plan: MakePlan, tmp_path: Path) -> None:
    script = "trap 'echo {0} >>order; exit' TERM; echo; while :; do sleep 0.05; done"
    plans = [plan(name, script.format(name), stop_round=number) for name, number in (("db", 3), ("job", 2), ("api", 1))]
    supervisor.bring_up(plans)
    assert until(lambda: all((tmp_path / f"{name}.log").read_text() for name in ("db", "job", "api")))

    supervisor.stop()

    assert (tmp_path / "order").read_text().split() == ["api", "job", "db"]


def test_restarts_wait_longer_each_time(
    supervisor: Supervisor, plan: MakePlan, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.bring_up([plan("six", "exec sleep 60")])
    shown = ""

    for _ in range(3):
        pid = supervisor.processes()["six"]["pid"]
        os.kill(pid, signal.SIGKILL)
        _tick_until_replaced(supervisor, "six", pid)
        shown += capsys.readouterr().out

    assert re.findall(r"six +ended \(SIGKILL\): starting it again in ([\d.]+) s", shown) == ["0.2", "0.5", "1"]


def test_restarts_wait_as_long_as_the_plan_says(
    supervisor: Supervisor, plan: MakePlan, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.bring_up([plan("eight", "exec sleep 60", back_off=(0.1, 0.3), calm_seconds=30)])

    for _ in range(3):
        pid = supervisor.processes()["eight"]["pid"]
        os.kill(pid, signal.SIGKILL)
        _tick_until_replaced(supervisor, "eight", pid)

    assert re.findall(r"starting it again in ([\d.]+) s", capsys.readouterr().out) == ["0.1", "0.3", "0.3"]


def test_held_unit_stays_down_until_it_is_released(supervisor: Supervisor, plan: MakePlan) -> None:
    supervisor.bring_up([plan("nine", "sleep 60 & wait", back_off=(0.0,))])
    first = supervisor.processes()["nine"]["pid"]

    supervisor.unit("nine").hold()
    for _ in range(5):
        supervisor.tick()

    assert supervisor.processes() == {}
    assert until(lambda: not list(carriers(_RUN)))

    supervisor.unit("nine").release()
    supervisor.tick()

    assert supervisor.processes()["nine"]["pid"] != first
    assert supervisor.unit("nine").phase is Phase.UP


def test_unit_that_was_dying_when_it_was_held_stays_down(supervisor: Supervisor, plan: MakePlan) -> None:
    supervisor.bring_up([plan("ten", "exec sleep 60", back_off=(0.0,))])
    os.kill(supervisor.processes()["ten"]["pid"], signal.SIGKILL)

    supervisor.unit("ten").hold()
    supervisor.tick()

    assert supervisor.processes() == {}


def test_release_of_a_running_unit_changes_nothing(supervisor: Supervisor, plan: MakePlan) -> None:
    supervisor.bring_up([plan("eleven", "exec sleep 60")])
    before = supervisor.processes()

    supervisor.unit("eleven").release()

    assert supervisor.processes() == before


def test_spare_unit_is_added_without_being_started(supervisor: Supervisor, plan: MakePlan) -> None:
    supervisor.add_held(plan("twelve", "exec sleep 60"))
    supervisor.tick()
    assert supervisor.processes() == {}

    supervisor.unit("twelve").release()

    assert list(supervisor.processes()) == [unit.plan.name for unit in supervisor.units()] == ["twelve"]


def test_unit_of_an_unknown_name_is_an_error(supervisor: Supervisor) -> None:
    with pytest.raises(KeyError):
        supervisor.unit("nobody")
