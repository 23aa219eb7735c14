"""Processor time of families of processes, and of nobody else."""

import os
import subprocess
import sys
import time
from pathlib import Path

from bench.speed.cpu import Meter, cpu_seconds, machine_busy_seconds, resident_bytes, wait_for_quiet

_BURN = "import time\nwhile time.process_time() < {seconds}: pass\n"
_PARENT = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', sys.argv[1]])\nprint(flush=True)\ninput()\n"


def test_what_an_ended_child_used_counts_for_its_family() -> None:
    burn = _BURN.format(seconds=0.2)
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, burn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()

        used = cpu_seconds(parent.pid)

        parent.communicate("\n")
    assert 0.18 <= used < 2


def test_meter_tells_groups_apart_and_knows_what_is_ours() -> None:
    idle = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    meter = Meter({"me": os.getpid, "idle": lambda: idle.pid, "nobody": lambda: None})
    time.sleep(0.1)  # until the other has started
    meter.start()
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass

    spent = meter.stop()

    idle.communicate(b"\n")
    assert spent.seconds["me"] >= 0.25
    assert spent.seconds["idle"] < spent.seconds["me"]
    assert "nobody" not in spent.seconds
    assert spent.foreign >= 0


def test_busy_time_leaves_idle_and_waiting_out(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 0 50 9000 800 0 10 40 30 0\ncpu0 1 2 3\n")

    assert machine_busy_seconds(stat) == 200 / os.sysconf("SC_CLK_TCK")


def test_resident_memory_is_in_bytes_and_nought_for_the_dead() -> None:
    assert resident_bytes(os.getpid()) > 10 * 1024 * 1024
    assert resident_bytes(2**22 + 1) == 0


def test_waiting_for_quiet_ends_though_it_never_comes() -> None:
    began = time.monotonic()

    wait_for_quiet(most_cores=-1.0, seconds=0.2, look_seconds=0.1)

    assert time.monotonic() - began < 5
